"""Sentences about how Python is written here."""

from __future__ import annotations

from .python_tests import ROWS as OF_TESTS
from .python_tests import SAYING as OF_TESTS_SAYING
from .words import Saying, Wording, said_by, table


def python_wording(question: str, answer: str) -> Wording | None:
    """An answer that has no row, but whose question has a sentence to put it into, is said by that."""
    known = ROWS.get((question, answer)) or OF_TESTS.get((question, answer))
    if known:
        return known
    if question.startswith("import.late."):
        return _late_wording(question.removeprefix("import.late."), answer)
    saying = SAYING.get(question) or OF_TESTS_SAYING.get(question)
    if saying:
        return said_by(saying, answer)
    module = question.removeprefix("import.")
    return _import_wording(module, answer) if module in _USUAL_IMPORTS else None


ROWS = table(
    ("except", "named", "Handlers name what they catch; `Exception` only to raise again.", "errors", 0.6),
    ("except", "broad", "Handlers catch `Exception` and sort it out afterwards.", "errors", 0.1),
    ("except.bare", "no", "No `except:` is bare.", "errors", 0.9),
    ("ignored", "suppress", "Errors that don't matter go into `contextlib.suppress`, not `except: pass`.",
     "errors", 0.3),
    ("log.traceback", "yes", "A handler that logs an error logs its traceback (`exception`, `exc_info`).",
     "errors", 0.4),
    ("raise.from", "yes", "What is raised in a handler names its cause: `raise ... from error` (or `None`).",
     "errors", 0.4),
    ("error.text", "variable", "Messages of errors are put into a variable before they are raised.",
     "errors", 0.1),
    ("error.text", "inline", "Messages of errors are written where they are raised.", "errors", 0.9),
    ("error.start", "upper", "Messages of errors begin with a capital letter.", "errors", 0.6),
    ("error.start", "lower", "Messages of errors begin with a small letter.", "errors", 0.3),
    ("error.end", "period", "Messages of errors end with a period.", "errors", 0.3),
    ("error.end", "open", "Messages of errors end without a period.", "errors", 0.6),
    ("assert", "no", "Code outside of tests checks by raising, not with `assert`.", "errors", 0.5),
    ("doc.style", "google", "Docstrings that list parameters do it under `Args:` (Google style).",
     "docs", 0.4),
    ("doc.style", "numpy", "Docstrings that list parameters underline their sections (NumPy style).",
     "docs", 0.2),
    ("doc.style", "sphinx", "Docstrings that list parameters do it by `:param name:` (Sphinx style).",
     "docs", 0.3),
    ("doc.sections", "no", "Docstrings are prose, they do not list parameters and results.", "docs", 0.4),
    ("doc.module", "yes", "Modules begin with a docstring.", "docs", 0.4),
    ("doc.end", "period", "The first sentence of a docstring ends with a period.", "docs", 0.7),
    ("doc.end", "open", "The first line of a docstring ends without a period.", "docs", 0.1),
    ("doc.mood", "imperative", "Docstrings begin with an imperative (`Return`, not `Returns`).", "docs", 0.6),
    ("doc.mood", "third", "Docstrings begin in the third person (`Returns`, not `Return`).", "docs", 0.2),
    ("doc.open", "same", "Docstrings begin on the line of their quotes.", "docs", 0.6),
    ("doc.open", "next", "Docstrings of several lines begin below their quotes.", "docs", 0.2),
    ("doc.markup", "double", "Docstrings mark code with double backticks or roles.", "docs", 0.5),
    ("doc.markup", "single", "Docstrings mark code with single backticks.", "docs", 0.3),
    ("doc.constructor", "class", "Parameters of a constructor are told by the class, not by `__init__`.",
     "docs", 0.5),
    ("doc.constructor", "init", "Parameters of a constructor are told by `__init__`, not by the class.",
     "docs", 0.3),
    ("types.return", "yes", "Functions annotate what they return.", "docs", 0.6),
    ("types.return", "no", "Functions carry no type annotations.", "docs", 0.4),
    ("types.parameters", "yes", "Functions annotate all their parameters.", "docs", 0.6),
    ("types.union", "bar", "Optional types are written `X | None`, not `Optional[X]`.", "docs", 0.7),
    ("types.union", "typing", "Optional types are written `Optional[X]`, not `X | None`.", "docs", 0.3),
    ("types.generics", "builtin", "Generics are built in: `list[int]`, not `List[int]`.", "docs", 0.8),
    ("types.generics", "typing", "Generics come from `typing`: `List[int]`, not `list[int]`.", "docs", 0.2),
    ("types.import", "guarded", "What only annotations need is imported under `if TYPE_CHECKING:`.",
     "structure", 0.3),
    ("excuse.types", "coded", "`type: ignore` names the error it silences.", "docs", 0.5),
    ("excuse.lint", "coded", "`noqa` names the check it silences.", "docs", 0.7),
    ("future.annotations", "yes", "Modules import `annotations` from `__future__`.", "structure", 0.4),
    ("import.form", "relative", "Modules of one package import each other relatively.", "structure", 0.4),
    ("import.form", "absolute", "Modules of one package import each other by full name.", "structure", 0.5),
    ("import.names", "apart", "Each imported name has a `from ... import` of its own.", "structure", 0.05),
    ("import.names", "together", "Names from one module come in one `from ... import`.", "structure", 0.95),
    ("import.order", "sorted", "Imports are sorted.", "structure", 0.85),
    ("import.after", "2", "Two empty lines follow the imports.", "structure", 0.1),
    ("import.after", "1", "One empty line follows the imports.", "structure", 0.9),
    ("exports", "yes", "Public modules list what they offer in `__all__`.", "structure", 0.2),
    ("exports.form", "list", "`__all__` is a list.", "structure", 0.85),
    ("exports.form", "tuple", "`__all__` is a tuple.", "structure", 0.15),
    ("dataclass.frozen", "yes", "Data classes are frozen.", "structure", 0.2),
    ("dataclass.slots", "yes", "Data classes have slots.", "structure", 0.1),
    ("dataclass.kw_only", "yes", "Data classes are keyword-only.", "structure", 0.05),
    ("attrs.form", "define", "Classes of attrs are made with `define` or `frozen`.", "structure", 0.6),
    ("attrs.form", "attr.s", "Classes of attrs are made with `attr.s`.", "structure", 0.3),
    ("attrs.frozen", "yes", "Classes of attrs are frozen.", "structure", 0.3),
    ("attrs.slots", "yes", "Classes of attrs have slots.", "structure", 0.3),
    ("options.keyword", "yes", "Parameters with a default are keyword-only (after `*`).", "structure", 0.1),
    ("flags.keyword", "yes", "Flags (`= True`, `= False`) are keyword-only parameters.", "structure", 0.1),
    ("getter", "property", "Values are handed out as properties, not by `get_` methods.", "naming", 0.85),
    ("getter", "method", "Values are handed out by `get_` methods, not as properties.", "naming", 0.05),
    ("logger", "module", "Loggers are made by `logging.getLogger(__name__)`.", "structure", 0.7),
    ("logger", "other", "Loggers have names of their own, not `__name__`.", "structure", 0.2),
    ("report", "log", "What happens is logged, not printed.", "structure", 0.5),
    ("log.form", "arguments", "Calls that log hand over values as arguments (`%s`), not in an f-string.",
     "structure", 0.6),
    ("log.form", "f-string", "Messages that are logged are f-strings.", "structure", 0.3),
    ("string.form", "f-string", "Values are put into strings by f-strings.", "structure", 0.85),
    ("string.form", "format", "Values are put into strings by `.format`.", "structure", 0.1),
    ("string.form", "percent", "Values are put into strings by `%`.", "structure", 0.1),
    ("quotes", "double", "Strings stand in double quotes.", "structure", 0.8),
    ("quotes", "single", "Strings stand in single quotes.", "structure", 0.2),
    ("todo", "owner", "A TODO names its owner or issue: `TODO(name)`.", "docs", 0.2),
    ("uses.paths", "pathlib", "Paths are handled with `pathlib`, not `os.path`.", "structure", 0.6),
    ("uses.paths", "os.path", "Paths are handled with `os.path`, not `pathlib`.", "structure", 0.2),
    ("encoding", "yes", "Text files are opened with an encoding.", "structure", 0.5),
    ("subprocess.check", "yes", "`subprocess.run` says whether it checks: `check=`.", "structure", 0.4),
    ("zip.strict", "yes", "`zip` says whether lengths must agree: `strict=`.", "structure", 0.2),
    ("now", "aware", "Times of day know their time zone: `datetime.now(tz)`.", "structure", 0.5),
    ("environment", "environ", "The environment is read from `os.environ`, not by `os.getenv`.",
     "structure", 0.6),
    ("environment", "getenv", "The environment is read by `os.getenv`, not from `os.environ`.",
     "structure", 0.3),
    ("super", "bare", "`super()` is called without arguments.", "structure", 0.95),
    ("super", "named", "`super(Class, self)` names class and instance.", "structure", 0.05),
    ("warning.stacklevel", "yes", "Warnings say whose line they point at: `stacklevel=`.", "structure", 0.6),
    ("module.size", "short", "Modules have at most 200 lines.", "structure", 0.05),
    ("route.form", "async", "Routes are `async def`.", "structure", 0.5),
    ("route.form", "sync", "Routes are plain functions, not `async def`.", "structure", 0.3),
    ("depends.form", "annotated", "Dependencies are asked for by `Annotated[X, Depends(...)]`.",
     "structure", 0.4),
    ("depends.form", "default", "Dependencies are asked for by a default: `= Depends(...)`.",
     "structure", 0.4),
    ("sql.form", "select", "Queries are built by `select(...)`, not by `session.query`.", "structure", 0.5),
    ("sql.form", "query", "Queries are built by `session.query`, not by `select(...)`.", "structure", 0.3),
    ("sql.column", "Mapped", "Columns are annotated: `Mapped[X]`.", "structure", 0.4),
    ("sql.column", "Column", "Columns are made by `Column(...)`, without `Mapped`.", "structure", 0.4),
    ("pydantic.config", "model_config", "Models of pydantic are configured by `model_config`.",
     "structure", 0.6),
    ("pydantic.config", "Config", "Models of pydantic are configured by an inner `Config`.",
     "structure", 0.2),
    ("typevar.private", "yes", "Type variables are private (`_T`).", "naming", 0.3),
    ("module.private", "yes", "Modules are private (`_name.py`); packages offer what is public.",
     "naming", 0.1),
)  # fmt: skip

# Where the answer is a name of the team's own choice: the sentence, and how usual which answer is.
SAYING: dict[str, Saying] = {
    "except.name": Saying("What a handler catches is bound to `{}`.", "errors", {"e": 0.6, "exc": 0.3}),
    "warning.deprecation": Saying(
        "What is deprecated warns with `{}`.", "errors", {"DeprecationWarning": 0.85}
    ),
    "logger.name": Saying("The logger of a module is called `{}`.", "naming", {"logger": 0.7}),
    "constructor": Saying(
        "Class methods that make an instance are named `{}_...`.", "naming", {"from": 0.6}, rare=0.1
    ),
    "enum.member": Saying("Members of an enum are {} case.", "naming", {"upper": 0.9}, rare=0.1),
    "interface": Saying("Interfaces are made with `{}`.", "structure", {"ABC": 0.6}),
    "interface.name": Saying("Abstract classes are named `{}`.", "naming", {}, without=("plain",)),
    "async.twin": Saying("The async twin of a function is named `{}`.", "naming", {}),
    "model": Saying("Classes that hold data are made with `{}`.", "structure", {"dataclass": 0.6}),
    "output": Saying("Output goes through `{}`, not `print`.", "structure", {}, without=("print",)),
    "utc": Saying("UTC is written `{}`.", "structure", {"timezone.utc": 0.6, "UTC": 0.4}),
    "cache": Saying("Results are kept by `functools.{}`.", "structure", {"lru_cache": 0.5, "cache": 0.5}),
    "task": Saying(
        "Tasks are started by `{}`.", "structure", {"asyncio.create_task": 0.6, "asyncio.ensure_future": 0.2}
    ),
    "loop": Saying("The event loop is asked for by `asyncio.{}`.", "structure", {"get_running_loop": 0.6}),
}

# Of the modules that are imported in several ways: how usual it is to import names, or the module.
_USUAL_IMPORTS = {
    "typing": {"names": 0.85},
    "collections.abc": {"names": 0.9},
    "pathlib": {"names": 0.9},
    "dataclasses": {"names": 0.85},
    "datetime": {"names": 0.6, "module": 0.4},
    "unittest.mock": {"names": 0.6, "module": 0.4},
    "enum": {"names": 0.85},
    "abc": {"names": 0.85},
}


def _import_wording(module: str, form: str) -> Wording:
    usual = _USUAL_IMPORTS[module].get(form, 0.1)
    if form == "names":
        return Wording(f"Of `{module}` names are imported: `from {module} import ...`.", "structure", usual)
    name = module.rpartition(".")[2] if form == "module" else form
    return Wording(f"`{module}` is imported whole (`{name}.X`), not by names.", "structure", usual)


def _late_wording(module: str, answer: str) -> Wording | None:
    if answer == "no":
        return None
    return Wording(f"`{module}` is imported where it is used, not at the top.", "structure", 0.1)
