"""A path -> how the configuration file there is read, and what of it is set for which tool."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .from_build import (
    settings_of_checkstyle,
    settings_of_conf,
    settings_of_fixer,
    settings_of_gomod,
    settings_of_gradle,
    settings_of_just,
    settings_of_make,
    settings_of_maven,
    settings_of_nox,
)
from .from_ini import settings_of_ini
from .from_json import settings_of_json
from .from_script import settings_of_eslint, settings_of_prettier
from .from_toml import settings_of_toml
from .from_yaml import settings_of_yaml
from .setting import Setting

Reader = Callable[[str], list[Setting]]
Pick = tuple[str, str, str]  # the tool, the keys above its settings, what the rest of the keys must match


@lru_cache(maxsize=4096)
def reader_of(path: str) -> tuple[Reader, tuple[Pick, ...]] | None:
    """None for the many files that configure no tool."""
    name = path.rsplit("/", 1)[-1]
    if not _NAMED.fullmatch(name) and not _PLACED.fullmatch(path):
        return None
    for pattern, read, picks in _FILES:
        if pattern.fullmatch(path if "/" in pattern.pattern else name):
            return read, picks
    return None


_PYTEST = r"(?:filterwarnings|xfail_strict|strict|strict_markers|asyncio_mode|testpaths)$"
_LINT = r"(?!.*exclude)(?!src$|cache|fixable|unfixable|target)"
_FLAKE8 = r"(?:max[-_]line[-_]length|(?:extend[-_])?(?:select|ignore)|docstring[-_]convention|inline-quotes)$"
_MYPY = r"(?:strict|disallow_\w+|check_untyped_defs|warn_\w+|no_implicit_\w+|enable_error_code)$"
_ISORT = r"(?:profile|force_single_line|line_length|multi_line_output|add_imports|required_imports)$"
_PYLINT = r".*?(?:disable|enable|max-line-length|good-names|naming-style)$"

_PYPROJECT: tuple[Pick, ...] = (
    ("python", "project.requires-python", "$"),
    ("python", "tool.poetry.dependencies.python", "$"),
    ("ruff", "tool.ruff.", _LINT),
    ("black", "tool.black", r"(?:line-length|skip-string-normalization|preview)?$"),
    ("isort", "tool.isort.", _ISORT),
    ("mypy", "tool.mypy.", _MYPY),
    ("pyright", "tool.pyright.", r"typeCheckingMode|strict$"),
    ("pyright", "tool.basedpyright.", r"typeCheckingMode|strict$"),
    ("pylint", "tool.pylint.", _PYLINT),
    ("pydocstyle", "tool.pydocstyle.", r"convention$"),
    ("flake8", "tool.flake8.", _FLAKE8),
    ("pytest", "tool.pytest.", rf"(?:ini_options\.)?{_PYTEST}"),
    ("towncrier", "tool.towncrier.", r"directory|filename$"),
    ("commits", "tool.commitizen.", r"name$"),
    ("coverage", "tool.coverage.report.", r"fail_under$"),
    ("yapf", "tool.yapf.", r"based_on_style|column_limit$"),
    ("hatch", "tool.hatch.envs.", r"[\w-]+\.scripts\.tests?$"),
    ("poe", "tool.poe.tasks.", r"tests?\b"),
    ("pdm", "tool.pdm.scripts.", r"tests?\b"),
)
_INI: tuple[Pick, ...] = (
    ("python", "options.python_requires", "$"),
    ("flake8", "flake8.", _FLAKE8),
    ("isort", "isort.", _ISORT),
    ("isort", "settings.", _ISORT),
    ("mypy", "mypy.", _MYPY),
    ("pydocstyle", "pydocstyle.", r"convention$"),
    ("pycodestyle", "pycodestyle.", r"max[-_]line[-_]length$"),
    ("pylint", "pylint.", _PYLINT),
    ("pytest", "pytest.", _PYTEST),
    ("pytest", "tool:pytest.", _PYTEST),
    ("tox", "testenv.", r"commands$"),
    ("yapf", "style.", r"based_on_style|column_limit$"),
)
_PACKAGE: tuple[Pick, ...] = (
    ("npm", "scripts.", r"(?:test|lint|format|typecheck|check)$"),
    ("npm", "", r"packageManager$|type$|private$"),
    ("node", "engines.node", "$"),
    ("prettier", "prettier.", r"(?!overrides)"),
    ("eslint", "eslintConfig.", r"rules\.|extends$"),
    ("commits", "commitlint.", r"extends$"),
    ("commits", "config.commitizen.", r"path$"),
)
_CARGO: tuple[Pick, ...] = (
    ("rust", "package.", r"(?:rust-version|edition)$"),
    ("rust", "workspace.package.", r"(?:rust-version|edition)$"),
    ("clippy", "lints.", r"(?:rust|clippy|rustdoc)\.(?!.*priority)"),
    ("clippy", "workspace.lints.", r"(?:rust|clippy|rustdoc)\.(?!.*priority)"),
)
_ESLINT: tuple[Pick, ...] = (("eslint", "", r"rules\.|extends$"),)
_PRETTIER: tuple[Pick, ...] = (("prettier", "", r"(?!overrides)\w+$"),)
_GOLANGCI: tuple[Pick, ...] = (
    ("golangci", "linters.", r"(?:default|enable|disable|enable-all|disable-all|presets)$"),
    ("golangci", "formatters.", r"enable$"),
    ("golangci", "", r"(?:linters\.settings|linters-settings|formatters\.settings)\.(?!.*exclu)"),
)
_ALL_OF: dict[str, tuple[Pick, ...]] = {
    tool: ((tool, "", ""),) for tool in ("make", "just", "go", "nox", "maven", "gradle", "checkstyle")
}


def _file(
    pattern: str, read: Reader, picks: tuple[Pick, ...]
) -> tuple[re.Pattern[str], Reader, tuple[Pick, ...]]:
    return re.compile(pattern), read, picks


_EDITOR: tuple[Pick, ...] = (("editorconfig", "", r".*\.(?:indent_style|indent_size|max_line_length)$"),)
_BIOME: tuple[Pick, ...] = (("biome", "", r"(?:formatter|linter|javascript)\.(?!.*(?:ignore|includes))"),)
_TSCONFIG: tuple[Pick, ...] = (
    ("tsconfig", "compilerOptions.", r"(?:strict\w*|no[A-Z]\w+|verbatimModuleSyntax|isolatedDeclarations"
                                     r"|exactOptionalPropertyTypes|erasableSyntaxOnly)$"),
)  # fmt: skip
_COMMITLINT: tuple[Pick, ...] = (("commits", "", r"extends$"),)
_COMMITTED: tuple[Pick, ...] = (("commits", "", r"style|subject_\w+|imperative_subject$"),)
_CI: tuple[Pick, ...] = (("ci", "", r"jobs\..*\b(?:run|uses)$"),)

# A pattern with a slash speaks of the whole path, others of the name.
_FILES = (
    _file(r"pyproject\.toml", settings_of_toml, _PYPROJECT),
    _file(r"\.?ruff\.toml", settings_of_toml, (("ruff", "", _LINT),)),
    _file(r"setup\.cfg|tox\.ini|\.flake8|\.isort\.cfg|\.pydocstyle|\.style\.yapf", settings_of_ini, _INI),
    _file(r"\.?mypy\.ini|\.?pytest\.ini", settings_of_ini, _INI),
    _file(r"\.?pylintrc", settings_of_ini, (("pylint", "", _PYLINT),)),
    _file(r"pyrightconfig\.json", settings_of_json, (("pyright", "", r"typeCheckingMode|strict$"),)),
    _file(r"noxfile\.py", settings_of_nox, _ALL_OF["nox"]),
    _file(r"\.editorconfig", settings_of_ini, _EDITOR),
    _file(r"\.pre-commit-config\.yaml", settings_of_yaml, (("pre-commit", "repos.hooks.", r"id$"),)),
    _file(r"package\.json", settings_of_json, _PACKAGE),
    _file(r"composer\.json", settings_of_json, (("composer", "scripts.", r"test$"),)),
    _file(r"deno\.jsonc?", settings_of_json, (("deno", "tasks.", r"test$"),)),
    _file(r"[Tt]askfile\.ya?ml", settings_of_yaml, (("task", "tasks.", r"tests?\b"),)),
    _file(r"\.eslintrc(?:\.json)?|\.oxlintrc\.json", settings_of_json, _ESLINT),
    _file(r"\.eslintrc\.ya?ml", settings_of_yaml, _ESLINT),
    _file(r"\.eslintrc\.c?js|eslint\.config\.[cm]?[jt]s", settings_of_eslint, _ESLINT),
    _file(r"biome\.jsonc?", settings_of_json, _BIOME),
    _file(r"\.prettierrc(?:\.json5?)?", settings_of_json, _PRETTIER),
    _file(r"\.prettierrc\.ya?ml", settings_of_yaml, _PRETTIER),
    _file(r"\.prettierrc\.[cm]?js|prettier\.config\.[cm]?[jt]s", settings_of_prettier, _PRETTIER),
    _file(r"tsconfig(?:\.base)?\.json", settings_of_json, _TSCONFIG),
    _file(r"\.?commitlint(?:rc)?(?:\.json)?", settings_of_json, _COMMITLINT),
    _file(r"\.?commitlint(?:rc)?\.ya?ml", settings_of_yaml, _COMMITLINT),
    _file(r"commitlint\.config\.[cm]?[jt]s|\.commitlintrc\.[cm]?js", settings_of_eslint, _COMMITLINT),
    _file(r"committed\.toml", settings_of_toml, _COMMITTED),
    _file(r"\.clang-format", settings_of_yaml, (("clang-format", "", r"\w+$"),)),
    _file(r"\.rubocop\.yml", settings_of_yaml, (("rubocop", "", r"Layout/\w+\.\w+$|AllCops\.\w+$"),)),
    _file(r"\.scalafmt\.conf", settings_of_conf, (("scalafmt", "", ""),)),
    _file(r"\.php-cs-fixer(?:\.dist)?\.php", settings_of_fixer, (("php-cs-fixer", "", ""),)),
    _file(r"go\.mod", settings_of_gomod, _ALL_OF["go"]),
    _file(r"\.golangci\.ya?ml", settings_of_yaml, _GOLANGCI),
    _file(r"\.golangci\.toml", settings_of_toml, _GOLANGCI),
    _file(r"\.?rustfmt\.toml", settings_of_toml, (("rustfmt", "", r"(?!ignore)"),)),
    _file(r"\.?clippy\.toml", settings_of_toml, (("clippy", "", r"disallowed|allow-\w+"),)),
    _file(r"Cargo\.toml", settings_of_toml, _CARGO),
    _file(r"(?:[\w-]*[-_.])?checkstyle(?:[-_.][\w-]+)?\.xml", settings_of_checkstyle, _ALL_OF["checkstyle"]),
    _file(r"pom\.xml", settings_of_maven, _ALL_OF["maven"]),
    _file(
        r"build\.gradle(?:\.kts)?|[\w.-]*conventions?\.gradle(?:\.kts)?",
        settings_of_gradle,
        _ALL_OF["gradle"],
    ),
    _file(r"GNUmakefile|[Mm]akefile", settings_of_make, _ALL_OF["make"]),
    _file(r"[Jj]ustfile", settings_of_just, _ALL_OF["just"]),
    _file(
        r"(?:.*/)?\.changeset/config\.json",
        settings_of_json,
        (("changeset", "", r"(?:\$schema|changelog)$"),),
    ),
    _file(r"(?:.*/)?\.github/workflows/[^/]+\.ya?ml", settings_of_yaml, _CI),
)
# All of them at once, for the many files that are none of them.
_NAMED = re.compile("|".join(known[0].pattern for known in _FILES if "/" not in known[0].pattern))
_PLACED = re.compile("|".join(known[0].pattern for known in _FILES if "/" in known[0].pattern))
