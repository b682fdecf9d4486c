"""A path, a size or a text -> why the file is left out of the index, or None."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .types import FileKind


class SkipReason(StrEnum):
    """Why a path is not indexed. A folder that is left out counts once, with a slash at its end."""

    IGNORED = "ignored"  # by git's rules or by .cairnignore
    BINARY = "binary"
    TOO_LARGE = "too large"
    MINIFIED = "minified"
    GENERATED = "generated"
    VENDORED = "vendored"  # the code of others, kept in this tree
    LOCK_FILE = "lock file"
    TRANSLATION = "translation"
    DATA = "data"  # drawings, tables, dumps; any data format above `data_bytes`
    SECRET_FILE = "secret file"  # holds nothing but keys or passwords
    SYMLINK = "symlink"  # what it points to is indexed where it stands, if it stands in the root
    SPECIAL = "not a regular file"
    UNREADABLE = "unreadable"
    UNREADABLE_IGNORE_FILE = "unreadable ignore file"


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What is left out. Files with a reason in `keep` are indexed all the same."""

    max_bytes: int = 2_000_000  # code written by hand stays below: RxJava's Flowable.java has 1.16 MB
    data_bytes: int = 64 * 1024  # a hand-written setting or fixture is smaller
    keep: frozenset[SkipReason] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """What the folders above a file say about it."""

    fixtures: bool = False
    locale: bool = False

    def below(self, folder: str) -> Place:
        name = folder.lower()
        fixtures = self.fixtures or name in _FIXTURES
        locale = self.locale or name in _LOCALES or name.endswith(".lproj") or name.startswith("values-")
        return self if (fixtures, locale) == (self.fixtures, self.locale) else Place(fixtures, locale)


def by_folder_name(name: str) -> SkipReason | None:
    """Folders that no one edits by hand, whatever is in them. Not `build` or `dist`: code may live there."""
    name = name.lower()
    if name in _OTHER_HISTORY:
        return SkipReason.IGNORED
    if name.endswith((".egg-info", ".dist-info")) or name == "__pycache__":
        return SkipReason.GENERATED
    return SkipReason.VENDORED if name in _PACKAGES else None


def by_folder_entries(names: set[str]) -> SkipReason | None:
    """Folders that say of themselves what they are."""
    if "pyvenv.cfg" in names:
        return SkipReason.VENDORED
    if names >= {"HEAD", "objects", "refs"}:
        return SkipReason.DATA  # a git directory, kept as a fixture
    return SkipReason.GENERATED if "CACHEDIR.TAG" in names else None


def may_be_vendored(name: str) -> bool:
    """Whether a folder of this name often holds the code of others; in a shop, `vendor` may not."""
    return name.lower() in _PERHAPS_PACKAGES


def is_vendored(names: set[str], below: set[str]) -> bool:
    """Whether a folder that may be vendored is: it has a package manager's list, or packages in it that
    bring their own licence or manifest (`below`: the names in its folders)."""
    return not names.isdisjoint(_PACKAGE_LISTS) or any(map(_PACKAGE_MARK.match, below))


def by_name(name: str, place: Place) -> SkipReason | None:
    name = name.lower()
    found = _NAMES.get(name)
    if found is None:
        suffix = name.rpartition(".")[2]
        found = _SUFFIXES.get(suffix)
        if found is None and place.locale and suffix in _LOCALE_SUFFIXES:
            return SkipReason.TRANSLATION
        if found is None and (match := _NAME_PATTERNS.search(name)):
            return SkipReason[match.lastgroup or ""]
    return found


def by_size(name: str, size: int, place: Place, options: FileOptions) -> SkipReason | None:
    if size > options.max_bytes:
        return SkipReason.TOO_LARGE
    if size > options.data_bytes and (place.fixtures or name.lower().endswith(_DATA_SUFFIXES)):
        return SkipReason.DATA
    return None


def by_text(text: str, language: str, kind: FileKind) -> SkipReason | None:
    """Minified when most of it stands in very long lines, generated when its head says so."""
    if len(text) >= _MINIFIED_FROM and language in _EVER_MINIFIED:
        long = sum(len(line) for line in text.split("\n") if len(line) > _LONG_LINE)
        if long * 2 > len(text):
            return SkipReason.MINIFIED
    head = text[:_HEAD]
    if "enerated" not in head and "GENERATED" not in head:
        return None
    opening = _opening(head, "<!--" if kind == "docs" else None)
    return SkipReason.GENERATED if _GENERATED.search(opening) else None


def _opening(head: str, only: str | None) -> str:
    """The comments before the first line of code: further down, a generator keeps what it signs with."""
    comments = []
    closer = ""  # of the block comment that a line stands in
    for line in head.split("\n"):
        line = line.strip()
        if not closer and line.startswith(only or _COMMENTS):
            closer = next((end for start, end in _BLOCKS.items() if line.startswith(start)), "")
            closer = "" if closer in line[2:] else closer
        elif closer:
            closer = "" if closer in line else closer
        elif line and not _PREAMBLE.match(line):
            break
        else:
            continue
        comments.append(line)
    return "\n".join(comments)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OTHER_HISTORY = _words(".hg .svn .jj .bzr .sl cvs")
_PACKAGES = _words(
    "node_modules bower_components jspm_packages site-packages dist-packages pods carthage elm-stuff "
    ".yarn .eggs .tox .nox .bundle .terraform .gradle"
)
_PERHAPS_PACKAGES = _words(
    "vendor vendors vendored _vendor third_party thirdparty third-party 3rdparty 3rd_party"
)
# Go, Composer, pip, govendor, Bundler; and Go's import paths
_PACKAGE_LISTS = _words(
    "modules.txt autoload.php vendor.txt vendor.json composer bundle github.com golang.org gopkg.in"
)
_PACKAGE_MARK = re.compile(
    r"(?:licen[sc]e|copying|package\.json$|bower\.json$|composer\.json$|setup\.py$|pyproject\.toml$"
    r"|cargo\.toml$|\.cargo-checksum\.json$|go\.mod$|metadata$|pkg-info$|.*\.(?:gemspec|podspec)$)",
    re.IGNORECASE,
)
_FIXTURES = _words(
    "fixtures fixture __fixtures__ testdata test-data test_data snapshots __snapshots__ cassettes "
    "golden goldens"  # not `corpus`: packages bear that name
)
_LOCALES = _words("locale locales _locales i18n l10n translations lang langs")
_LOCALE_SUFFIXES = _words("json json5 yml yaml properties strings stringsdict xml ftl arb")
_DATA_SUFFIXES = tuple(
    _words(".json .jsonc .json5 .yaml .yml .xml .xsd .plist .sql .dat .snap .ambr .har .wsdl")
)
_EVER_MINIFIED = _words("javascript css html json xml yaml")  # in others a long line is a long literal

_MINIFIED_FROM = 4_000  # characters; below, a file is one chunk or two whatever it is
_LONG_LINE = 1_000  # characters; nobody writes such lines by hand, but one may hold an embedded blob
_HEAD = 3_000  # characters in which a generator signs, below a licence

_BLOCKS = {"/*": "*/", "<!--": "-->", '"""': '"""', "'''": "'''", "{-": "-}", "(*": "*)"}
_COMMENTS = ("//", "#", "--", ";", "%", "@rem", "rem ", "dnl ", *_BLOCKS)
_PREAMBLE = re.compile(r"<\?(?:php|xml)|package\b|['\"]use strict|@charset|<!doctype", re.IGNORECASE)
_GENERATED = re.compile(
    r"generated\b.*\bdo not (?:edit|modify|change)\b|\bdo not (?:edit|modify|change)\b.*generated\b"
    r"|(?<![\w@.-])@generated(?![\w(-]|\.\w)|<auto-?generated\b"
    r"|\b(?:file|code|source|class|module|script)s? (?:is|was|are|were|has been|have been) "
    r"(?:automatically |auto-?|machine )generated\b"
    r"|\bgenerated (?:from .* by antlr|by the protocol buffer compiler|by swagger|by openapi)",
    re.IGNORECASE,
)

_NAME_PATTERNS = re.compile(
    r"(?P<MINIFIED>(?:[.-]min|\.bundle)\.(?:js|css|mjs|cjs)$)"
    r"|(?P<GENERATED>_pb2(?:_grpc)?\.pyi?$|\.pb\.\w+$|\.pb\.gw\.go$|\.pb-c\.[ch]$|\.(?:g|freezed)\.dart$"
    r"|\.g(?:\.i)?\.cs$|\.designer\.(?:cs|vb)$|\.generated\.\w+$|_generated\.(?:go|rs|h)$|^zz_generated"
    r"|\.(?:js|css|mjs|cjs|ts)\.map$)"
    r"|(?P<TRANSLATION>[._-][a-z]{2}(?:[_-][a-z]{2,4})?\.(?:properties|resx|arb)$)"
)
_NAMES = {
    name: reason
    for reason, names in {
        SkipReason.LOCK_FILE: "package-lock.json npm-shrinkwrap.json pnpm-lock.yaml go.sum go.work.sum "
        "packages.lock.json package.resolved cartfile.resolved gradle.lockfile cabal.project.freeze "
        "conda-lock.yml manifest.toml bun.lockb",
        SkipReason.SECRET_FILE: "id_rsa id_dsa id_ecdsa id_ed25519 .netrc _netrc .pgpass .htpasswd "
        ".git-credentials .dockercfg",
        SkipReason.GENERATED: ".pnp.cjs .pnp.loader.mjs .ds_store .coverage",
    }.items()
    for name in names.split()
}
_SUFFIXES = {
    suffix: reason
    for reason, suffixes in {
        SkipReason.BINARY: "png jpg jpeg gif bmp ico icns webp avif heic tif tiff psd ai eps xcf raw "
        "woff woff2 ttf otf eot fon mp3 mp4 m4a m4v avi mov mkv webm wav flac ogg ogv aac "
        "zip gz tgz bz2 xz zst lz4 7z rar tar jar war ear whl egg deb rpm apk ipa dmg iso msi cab "
        "exe dll so dylib a o obj lib pdb pyc pyo pyd class wasm bc elc beam hi nib "
        "pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub sqlite sqlite3 db mdb "
        "bin pack idx npy npz pkl pickle parquet arrow feather h5 hdf5 onnx pt pth safetensors gguf tflite "
        "mo qm shp shx dbf mmdb lzma swf fla blend fbx glb stl snk",
        SkipReason.LOCK_FILE: "lock",
        SkipReason.TRANSLATION: "po pot xlf xliff arb strings stringsdict xcstrings",
        SkipReason.DATA: "svg csv tsv psv geojson jsonl ndjson log dump ldif srt vtt crt cer csr ics vcf "
        "graffle drawio excalidraw tok",
        SkipReason.SECRET_FILE: "pem key p8 p12 pfx pkcs12 jks keystore kdbx ppk keytab gpg tfstate ovpn",
    }.items()
    for suffix in suffixes.split()
}
