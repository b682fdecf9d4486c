"""Sentences about how JavaScript and TypeScript are written here."""

from __future__ import annotations

from .ecma_structure import ROWS as STRUCTURE
from .ecma_tests import ROWS as TESTS
from .words import Table, Wording, any_of, table

LANGUAGES = frozenset({"javascript", "typescript", "vue", "svelte", "astro"})


def ecma_wording(question: str, answer: str, others: list[str]) -> Wording | None:
    """Where the answer is a name, the sentence is made of it."""
    topic, _, rest = question.partition(".")
    if topic == "parameter":
        if not others:
            return None  # one word alone may be chance: nobody needed to choose
        return Wording(
            f"A parameter for the {rest} is called `{answer}`, not {any_of(others)}.", "naming", 0.3
        )
    if question == "catch.name":
        return Wording(
            f"The error that `catch` binds is called `{answer}`.", "naming", _CAUGHT.get(answer, 0.1)
        )
    if question == "logger":
        return Wording(f"Loggers are made by `{answer}(…)`.", "structure", 0.4)
    return ROWS.get((question, answer))


# What a folder may do in a way of its own; how a line is written there is chance.
PLACED = frozenset(
    "component.file component.form doc.function doc.method doc.type enum.member errorclass.name export "
    "file.header file.subject function.form import.alias import.node import.suffix import.type indent "
    "jsdoc.param jsdoc.type log module names.type object.type private props.type quotes reexport "
    "semicolons test.double test.framework test.globals test.group test.should test.word types.method "
    "types.return".split()
)
_CAUGHT = {"error": 0.4, "err": 0.4, "e": 0.4}

ROWS: Table = STRUCTURE | TESTS | table(
    ("interface.prefix", "yes", "Interfaces carry the prefix I.", "naming", 0.1),
    ("interface.prefix", "no", "Interfaces carry no prefix I.", "naming", 0.9),
    ("type.prefix", "T", "Type aliases carry the prefix T.", "naming", 0.05),
    ("generic.name", "T", "Type parameters of more than a letter begin with T (`TItem`).", "naming", 0.3),
    ("generic.name", "word", "Type parameters are words without a prefix T (`Item`).", "naming", 0.4),
    ("enum.member", "upper", "Members of enums are UPPER_CASE.", "naming", 0.4),
    ("enum.member", "pascal", "Members of enums are PascalCase.", "naming", 0.5),
    ("enum.member", "camel", "Members of enums are camelCase.", "naming", 0.1),
    ("constant.literal", "upper", "Numbers and texts at file level are UPPER_CASE constants.", "naming", 0.6),
    ("constant.literal", "camel", "Numbers and texts at file level are named in camelCase.", "naming", 0.2),
    ("private", "_", "Members not meant for others begin with an underscore.", "naming", 0.5),
    ("private.name", "_", "Members declared `private` begin with an underscore.", "naming", 0.2),
    ("private.name", "plain", "Members declared `private` carry no underscore.", "naming", 0.75),
    ("file.subject", "export", "A file that exports one thing is named after it.", "naming", 0.6),
    ("component.file", "pascal", "Files of components are named in PascalCase.", "naming", 0.6),
    ("component.file", "kebab", "Files of components are named in kebab-case.", "naming", 0.3),
    ("component.file", "camel", "Files of components are named in camelCase.", "naming", 0.1),
    ("handler.name", "handle", "Handlers of events are named `handle…`.", "naming", 0.5),
    ("handler.name", "on", "Handlers of events are named `on…`.", "naming", 0.3),
    ("catch.empty", "no", "No `catch` block is empty.", "errors", 0.9),
    ("catch.unused", "omitted", "A `catch` that ignores the error binds none (`catch {`).", "errors", 0.5),
    ("catch.unused", "bound", "A `catch` names the error even where it ignores it.", "errors", 0.3),
    ("catch.type", "unknown", "What is caught is annotated `unknown`.", "errors", 0.1),
    ("catch.type", "any", "What is caught is annotated `any`.", "errors", 0.1),
    ("throw.new", "yes", "Errors are made with `new`.", "errors", 0.95),
    ("throw.new", "no", "Errors are thrown without `new` (`throw Error(…)`).", "errors", 0.05),
    ("message.case", "upper", "Messages of errors begin with a capital.", "errors", 0.7),
    ("message.case", "lower", "Messages of errors begin in lower case.", "errors", 0.2),
    ("message.end", "none", "Messages of errors end without a period.", "errors", 0.6),
    ("message.end", "period", "Messages of errors end with a period.", "errors", 0.2),
    ("errorclass.name", "set", "Error classes set their `name`.", "errors", 0.5),
    ("doc.mood", "third", "Comments of functions speak in the third person (`Returns …`).", "docs", 0.4),
    ("doc.mood", "imperative", "Comments of functions are orders (`Return …`).", "docs", 0.3),
    ("doc.period", "yes", "Comments of functions end with a period.", "docs", 0.5),
    ("doc.period", "no", "Comments of functions end without a period.", "docs", 0.2),
    ("jsdoc.param", "yes", "A documented function describes its parameters (`@param`).", "docs", 0.4),
    ("jsdoc.param", "no", "Comments of functions are prose, without `@param`.", "docs", 0.4),
    ("jsdoc.return", "@returns", "Results are described with `@returns`, not `@return`.", "docs", 0.7),
    ("jsdoc.return", "@return", "Results are described with `@return`, not `@returns`.", "docs", 0.2),
    ("jsdoc.type", "yes", "Tags of JSDoc name types (`@param {string} name`).", "docs", 0.5),
    ("jsdoc.type", "no", "Tags of JSDoc leave types to the signature.", "docs", 0.6),
    ("jsdoc.dash", "yes", "`@param name - text`: a dash stands before what is said.", "docs", 0.4),
    ("jsdoc.dash", "no", "`@param name text`: no dash stands before what is said.", "docs", 0.4),
    ("types.return", "yes", "Exported functions declare what they return.", "docs", 0.5),
    ("types.return", "no", "What exported functions return is left to inference.", "docs", 0.3),
    ("types.method", "yes", "Methods declare what they return.", "docs", 0.5),
    ("types.method", "no", "What methods return is left to inference.", "docs", 0.2),
    ("file.header", "yes", "Each file begins with a notice of copyright or licence.", "docs", 0.15),
    ("ts.suppress", "expect-error", "Types are silenced by `@ts-expect-error`.", "docs", 0.5),
    ("ts.suppress", "ignore", "Types are silenced by `@ts-ignore`.", "docs", 0.3),
    ("todo", "owner", "What is left to do is marked `TODO(owner)`.", "docs", 0.1),
    ("todo", "colon", "What is left to do is marked `TODO:`.", "docs", 0.6),
    ("props.type", "own", "Props are a type named after their component (`ButtonProps`).", "naming", 0.5),
    ("props.type", "Props", "Props are a type called `Props`.", "naming", 0.3),
)  # fmt: skip
