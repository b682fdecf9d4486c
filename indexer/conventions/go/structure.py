"""Count how a Go file groups its imports, writes empty values and which libraries it settles on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...types import ParsedFile
from ..choices import Choices, count_choices
from ..lines import Lines
from ..tally import Tally

GO_CHOICES = Choices({
    "logging": (
        "log/slog", "log", "go.uber.org/zap", "github.com/sirupsen/logrus", "github.com/rs/zerolog",
        "k8s.io/klog/v2", "k8s.io/klog", "github.com/golang/glog", "github.com/go-logr/logr",
        "github.com/hashicorp/go-hclog", "github.com/charmbracelet/log",
    ),
    "cli": (
        "github.com/spf13/cobra", "github.com/urfave/cli", "github.com/urfave/cli/v2",
        "github.com/urfave/cli/v3", "github.com/alecthomas/kong", "gopkg.in/alecthomas/kingpin.v2", "flag",
    ),
    "web": (
        "github.com/gin-gonic/gin", "github.com/labstack/echo/v4", "github.com/go-chi/chi",
        "github.com/go-chi/chi/v5",
        "github.com/gorilla/mux", "github.com/gofiber/fiber/v2",
        "github.com/julienschmidt/httprouter",
    ),
    "database": (
        "database/sql", "gorm.io/gorm", "github.com/jmoiron/sqlx", "github.com/jackc/pgx/v5", "entgo.io/ent",
        "go.etcd.io/bbolt",
    ),
    "yaml": (
        "gopkg.in/yaml.v2", "gopkg.in/yaml.v3", "sigs.k8s.io/yaml", "github.com/goccy/go-yaml",
        "go.yaml.in/yaml/v3", "github.com/ghodss/yaml",
    ),
    "errors": ("errors", "github.com/pkg/errors", "github.com/cockroachdb/errors", "golang.org/x/xerrors"),
})  # fmt: skip


def count_structure(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    count_imports(parsed, tally)
    _count_empty(lines, tally)
    _count_manners(parsed, lines, tally)
    count_choices(parsed.references, GO_CHOICES, tally)


def count_imports(parsed: ParsedFile, tally: Tally) -> None:
    """Whether a blank line parts the standard library from the rest, and the rest from one's own."""
    imports = [r for r in parsed.references if r.kind == "import" and r.qualifier != "C"]
    group: dict[int, int] = {}
    at = last = 0
    for line in sorted({reference.line for reference in imports}):
        at += line - last > 1
        group[line], last = at, line
    own_folder = parsed.file.path.partition("/")[0] if "/" in parsed.file.path else ""
    standard: set[int] = set()
    own: set[int] = set()
    foreign: set[int] = set()
    for reference in imports:
        found = (
            standard
            if "." not in reference.qualifier.partition("/")[0]
            else own
            if own_folder and f"/{own_folder}/" in reference.qualifier + "/"
            else foreign
        )
        found.add(reference.line)
    _count_parted("import.groups", standard, own | foreign, group, tally)
    _count_parted("import.own", own, foreign, group, tally)


def _count_parted(question: str, one: set[int], other: set[int], group: dict[int, int], tally: Tally) -> None:
    if one and other:
        mixed = _groups(one, group) & _groups(other, group)
        tally.add(question, "together" if mixed else "apart", min(one))


def _groups(lines: Iterable[int], group: dict[int, int]) -> set[int]:
    return {group[line] for line in lines}


_ANY = re.compile(r"any\b")
_ANYTHING = re.compile(r"interface\{\}")
_MAP = re.compile(r"map\[\w[\w.]*\](?:[\w.*\[\]]{0,80}?(?:interface|struct)\{\}|[\w.*\[\]]{1,80})(\{\}|\))")


def _count_empty(lines: Lines, tally: Tally) -> None:
    code = lines.code
    for match in _ANYTHING.finditer(code):
        tally.add_at("any.word", "interface{}", lines, match.start())
    for match in _ANY.finditer(code):
        before, after = code[match.start() - 1 : match.start()], code[match.end() : match.end() + 1]
        if before in (" ", "]", "(", ".", "*", "\t") and after in (")", ",", "{", "\n", "]", " "):
            tally.add_at("any.word", "any", lines, match.start())
    for match in _MAP.finditer(code):
        made = code[match.start() - 5 : match.start()] == "make("
        if match[1] == "{}" or made:
            tally.add_at("map.empty", "make" if made else "literal", lines, match.start())


_NOLINT = re.compile(r"//\s?nolint(:[\w,-]+)?( *+//.{0,200}\w)?")


def _count_manners(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Whether the file has an `init`, and how it silences a linter."""
    init = [s.span.start for s in parsed.symbols if s.name == "init" and s.kind == "function"]
    if init or any(symbol.kind == "function" for symbol in parsed.symbols):
        tally.add("init", "yes" if init else "no", init[0] if init else 1)
    if "nolint" in lines.text:
        for match in _NOLINT.finditer(lines.text):
            line = lines.line(match.start())
            tally.add("nolint.name", "yes" if match[1] else "no", line)
            tally.add("nolint.reason", "yes" if match[2] else "no", line)
