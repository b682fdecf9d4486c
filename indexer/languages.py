"""Turn a path and its first line into a Language. A new language starts in the table below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.types import FileKind


@dataclass(frozen=True, slots=True)
class Language:
    """What is known about a language.

    `grammar` is `module:function` of the wheel that holds the tree-sitter grammar; without one a file
    has no syntax tree. `queries` are files of `indexer/queries`, read one after the other.
    """

    name: str
    kind: FileKind = "code"
    grammar: str | None = None
    queries: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    shebangs: tuple[str, ...] = ()


def language_of(path: str, head: str = "") -> Language:
    """The language of a file by its name, else by the `#!` line that `head` begins with, else `text`.

    `head` is the first line or more of the text. A `.h` file is C unless `head` holds what only C++
    has, so hand in the whole text of those.
    """
    name = path.rsplit("/", 1)[-1].lower()
    if name in _BY_FILENAME:
        return _BY_FILENAME[name]
    parts = name.split(".")
    for start in range(1, len(parts)):  # the longest suffix first
        language = _BY_SUFFIX.get(".".join(parts[start:]))
        if language:
            return _CPP if name.endswith(".h") and _is_cpp(head) else language
    stem = parts[0] or "." + parts[1]  # Dockerfile.dev, .env.local
    if stem in _BY_FILENAME:
        return _BY_FILENAME[stem]
    return _BY_SHEBANG.get(_interpreter(head), TEXT)


def by_name(name: str) -> Language:
    """The language called `name`; `text` when there is none."""
    return _BY_NAME.get(name, TEXT)


def _is_cpp(head: str) -> bool:
    return _CPP_ONLY.search(head, 0, _CPP_SEARCHED) is not None


def _interpreter(head: str) -> str:
    """`#!/usr/bin/env -S python3.11 -u` -> `python`."""
    if not head.startswith("#!"):
        return ""
    words = head[2:].split("\n", 1)[0].split()
    names = [word.rsplit("/", 1)[-1] for word in words if not word.startswith("-") and "=" not in word]
    if names and names[0] == "env":
        names = names[1:]
    return re.sub(r"[\d.]+$", "", names[0]) if names else ""


_CPP_SEARCHED = 65536  # characters; a C++ header shows its colours early

# What C cannot say. `extern "C"` proves nothing: C headers carry it for C++ compilers.
_CPP_ONLY = re.compile(
    r"^[ \t]*(?:template\s*<|namespace(?:\s+\w+(?:::\w+)*)?\s*\{|using\s+(?:namespace\s+)?[\w:]+\s*[=;]"
    r"|class\s+\w[^;()=]*\{|(?:public|private|protected)\s*:|constexpr\s"
    r"|#\s*include\s*<(?:string|vector|map|memory|utility|functional|algorithm|iostream|c(?:std|type)\w*)>)"
    r"|\A.*-\*-.*C\+\+",
    re.MULTILINE,
)

LANGUAGES: tuple[Language, ...] = (
    Language(
        "python",
        grammar="tree_sitter_python:language",
        queries=("python",),
        suffixes=("py", "pyi", "pyw", "pyx", "pxd"),
        filenames=("sconstruct", "sconscript", "wscript"),
        shebangs=("python", "pypy", "uv"),
    ),
    Language(
        "javascript",
        grammar="tree_sitter_javascript:language",
        queries=("ecma", "javascript", "jsx"),
        suffixes=("js", "mjs", "cjs", "jsx", "es6"),
        shebangs=("node", "nodejs", "bun"),
    ),
    Language(
        "typescript",
        grammar="tree_sitter_typescript:language_typescript",
        queries=("ecma", "typescript"),
        suffixes=("ts", "mts", "cts"),
        shebangs=("deno", "ts-node", "tsx"),
    ),
    Language(
        "tsx",
        grammar="tree_sitter_typescript:language_tsx",
        queries=("ecma", "typescript", "jsx"),
        suffixes=("tsx",),
    ),
    Language("go", grammar="tree_sitter_go:language", queries=("go",), suffixes=("go",)),
    Language("rust", grammar="tree_sitter_rust:language", queries=("rust",), suffixes=("rs",)),
    Language("java", grammar="tree_sitter_java:language", queries=("java",), suffixes=("java",)),
    Language("c", grammar="tree_sitter_c:language", queries=("c",), suffixes=("c", "h")),
    Language(
        "cpp",
        grammar="tree_sitter_cpp:language",
        queries=("c", "cpp"),
        suffixes=(
            *("cc", "cpp", "cxx", "c++", "hpp", "hh", "hxx", "h++", "ipp", "inl", "tpp", "ixx", "cppm"),
            *("cu", "cuh", "ino", "mm"),
        ),
    ),
    Language("csharp", grammar="tree_sitter_c_sharp:language", queries=("csharp",), suffixes=("cs", "csx")),
    Language("kotlin", grammar="tree_sitter_kotlin:language", queries=("kotlin",), suffixes=("kt", "kts")),
    Language("swift", grammar="tree_sitter_swift:language", queries=("swift",), suffixes=("swift",)),
    Language(
        "scala",
        grammar="tree_sitter_scala:language",
        queries=("scala",),
        suffixes=("scala", "sc", "sbt", "mill"),
    ),
    Language(
        "ruby",
        grammar="tree_sitter_ruby:language",
        queries=("ruby",),
        suffixes=("rb", "rake", "gemspec", "ru", "podspec", "jbuilder"),
        filenames=("gemfile", "rakefile", "guardfile", "capfile", "vagrantfile", "podfile", "brewfile"),
        shebangs=("ruby", "jruby", "rake"),
    ),
    Language(
        "php",
        grammar="tree_sitter_php:language_php",
        queries=("php",),
        suffixes=("php", "php3", "php4", "php5", "phtml", "inc"),
        shebangs=("php",),
    ),
    Language(
        "elixir",
        grammar="tree_sitter_elixir:language",
        queries=("elixir",),
        suffixes=("ex", "exs"),
        shebangs=("elixir",),
    ),
    Language(
        "haskell",
        grammar="tree_sitter_haskell:language",
        queries=("haskell",),
        suffixes=("hs", "hsc", "hs-boot"),
        shebangs=("runhaskell", "runghc", "stack"),
    ),
    Language(
        "lua",
        grammar="tree_sitter_lua:language",
        queries=("lua",),
        suffixes=("lua", "luau", "rockspec"),
        shebangs=("lua", "luajit"),
    ),
    Language(
        "bash",
        grammar="tree_sitter_bash:language",
        queries=("bash",),
        suffixes=("sh", "bash", "zsh", "ksh", "bats", "ebuild"),
        filenames=(".bashrc", ".bash_profile", ".profile", ".zshrc", "pkgbuild"),
        shebangs=("sh", "bash", "zsh", "ksh", "dash", "bats"),
    ),
    Language("zig", grammar="tree_sitter_zig:language", queries=("zig",), suffixes=("zig", "zon")),
    # Files that hold code of another language: embedded.py brings out that part.
    Language("notebook", suffixes=("ipynb",)),
    Language("vue", suffixes=("vue",)),
    Language("svelte", suffixes=("svelte",)),
    Language("astro", suffixes=("astro",)),
    # Documents: Markdown is read by headings, the rest as plain text.
    Language("markdown", "docs", suffixes=("md", "markdown", "mdx", "mkd", "qmd", "rmd")),
    Language("rst", "docs", suffixes=("rst", "rest")),
    Language("asciidoc", "docs", suffixes=("adoc", "asciidoc")),
    Language("tex", "docs", suffixes=("tex", "bib", "sty")),
    Language("org", "docs", suffixes=("org",)),
    Language(
        "text",
        "docs",
        suffixes=("txt", "text", "log", "pod", "man", "rdoc", "textile", "livemd"),
        filenames=("readme", "license", "licence", "copying", "changelog", "changes", "authors", "notice"),
    ),
    # Settings and data.
    Language("yaml", "config", suffixes=("yaml", "yml")),
    Language("toml", "config", suffixes=("toml",), filenames=("pipfile", "cargo.lock", "poetry.lock")),
    Language(
        "json",
        "config",
        suffixes=("json", "jsonc", "json5", "jsonl", "ndjson", "geojson", "webmanifest"),
        filenames=(".babelrc", ".eslintrc", ".prettierrc", ".swcrc"),
    ),
    Language("xml", "config", suffixes=("xml", "xsd", "xsl", "xslt", "plist", "csproj", "props", "targets")),
    Language(
        "ini",
        "config",
        suffixes=("ini", "cfg", "conf", "properties", "editorconfig", "service", "desktop"),
        filenames=(".editorconfig", ".gitconfig", ".npmrc", ".flake8", ".pylintrc", ".coveragerc"),
    ),
    Language("env", "config", suffixes=("env",), filenames=(".env", ".envrc")),
    Language("ignore", "config", suffixes=("gitignore", "dockerignore", "npmignore", "gitattributes")),
    Language("hcl", "config", suffixes=("tf", "tfvars", "hcl")),
    Language("nix", "config", suffixes=("nix",)),
    Language("dockerfile", "config", suffixes=("dockerfile",), filenames=("dockerfile", "containerfile")),
    Language("make", "config", suffixes=("mk", "mak"), filenames=("makefile", "gnumakefile", "justfile")),
    Language("cmake", "config", suffixes=("cmake",), filenames=("cmakelists.txt",)),
    Language("bazel", "config", suffixes=("bzl", "bazel"), filenames=("build", "workspace")),
    Language("gomod", "config", filenames=("go.mod", "go.sum", "go.work")),
    Language("csv", "config", suffixes=("csv", "tsv")),
    # Code without a grammar here: plain chunks.
    Language(
        "html", suffixes=("html", "htm", "xhtml", "jinja", "jinja2", "j2", "hbs", "ejs", "erb", "djhtml")
    ),
    Language("css", suffixes=("css", "scss", "sass", "less", "styl", "pcss")),
    Language("sql", suffixes=("sql", "psql", "ddl")),
    Language("graphql", suffixes=("graphql", "gql")),
    Language("protobuf", suffixes=("proto",)),
    Language("thrift", suffixes=("thrift",)),
    Language("powershell", suffixes=("ps1", "psm1", "psd1"), shebangs=("pwsh",)),
    Language("batch", suffixes=("bat", "cmd")),
    Language("fish", suffixes=("fish",), shebangs=("fish",)),
    Language("perl", suffixes=("pl", "pm", "t"), shebangs=("perl",)),
    Language("r", suffixes=("r",), shebangs=("rscript",)),
    Language("julia", suffixes=("jl",), shebangs=("julia",)),
    Language("dart", suffixes=("dart",)),
    Language("groovy", suffixes=("groovy", "gradle"), filenames=("jenkinsfile",), shebangs=("groovy",)),
    Language("clojure", suffixes=("clj", "cljs", "cljc", "edn")),
    Language("erlang", suffixes=("erl", "hrl"), shebangs=("escript",)),
    Language("ocaml", suffixes=("ml", "mli")),
    Language("fsharp", suffixes=("fs", "fsi", "fsx")),
    Language("visualbasic", suffixes=("vb", "vbs")),
    Language("objectivec", suffixes=("m",)),
    Language("lisp", suffixes=("lisp", "cl", "el", "scm", "rkt", "ss")),
    Language("vim", suffixes=("vim",), filenames=(".vimrc",)),
    Language("assembly", suffixes=("s", "asm")),
    Language("fortran", suffixes=("f", "f90", "f95", "f03", "for")),
    Language("solidity", suffixes=("sol",)),
    Language("shader", suffixes=("glsl", "vert", "frag", "hlsl", "wgsl", "metal")),
    Language("nim", suffixes=("nim",)),
    Language("crystal", suffixes=("cr",)),
    Language("d", suffixes=("d",)),
    Language("pascal", suffixes=("pas", "pp")),
    Language("tcl", suffixes=("tcl",)),
    Language("awk", suffixes=("awk",), shebangs=("awk", "gawk")),
)

_BY_NAME = {language.name: language for language in LANGUAGES}
_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}
_BY_FILENAME = {name: language for language in LANGUAGES for name in language.filenames}
_BY_SHEBANG = {name: language for language in LANGUAGES for name in language.shebangs}
_C, _CPP = _BY_NAME["c"], _BY_NAME["cpp"]
TEXT = _BY_NAME["text"]
