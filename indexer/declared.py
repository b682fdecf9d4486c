"""Turn a declared type of Go, TypeScript, Java or Rust, as it is written, into a chain (chains.py).

    Go          *Foo  ->  Foo()       []Foo          ->  Foo()*     map[string]Foo   ->  Foo()%
    TypeScript  Promise<Foo>          Foo | null     Foo[]          Map<string, Foo>
    Java        Foo   Optional<Foo>   ? extends Foo  List<Foo>      Map<String, Foo>
    Rust        &mut Foo  Box<Foo>    dyn Foo        Vec<Foo>       HashMap<String, Foo>

What only wraps one value (a promise, an option, a pointer) is read as that value; a type of the language
itself is OUTSIDE of every repository.
"""

from __future__ import annotations

import re

from indexer.chains import NOTHING, OUTSIDE, UNKNOWN, either, step


def go(text: str) -> str:
    text = text.strip()
    if text.startswith("("):
        return _first_result(parts_of(text[1:-1], ","))
    while text[:1] == "*":
        text = text[1:].lstrip()
    if text.startswith("..."):
        return step(go(text[3:]), "*")
    if text.startswith("["):
        return step(go(text[text.find("]") + 1 :]), "*")
    if text.startswith("map["):
        return step(go(text[_closing(text, 3) + 1 :]), "%")
    channel = _CHANNEL.match(text)
    if channel:
        return step(go(text[channel.end() :]), "*")
    head = text.partition("[")[0]
    if not _NAME.fullmatch(head) or head in _GO_SAYS_NOTHING:
        return UNKNOWN
    return OUTSIDE if head in _GO_BUILTIN else f"{head}()"


def second(text: str) -> str:
    """The second result of a function of Go; nothing where there is none."""
    results = parts_of(text[1:-1], ",") if text.startswith("(") else []
    return _first_result(results[1:]) if len(results) > 1 else NOTHING


def _first_result(results: list[str]) -> str:
    """The first of several results: `(f *Foo, err error)`, `(a, b Foo)`, `(*Foo, error)`."""
    for result in results:
        name, _, type_ = result.partition(" ")
        if type_ and _NAME.fullmatch(name) and name not in ("chan", "func", "map", "struct", "interface"):
            return go(type_)
    return go(results[0])


def ecma(text: str) -> str:
    text = text.strip().removeprefix(":").strip()
    text = _ECMA_LEADS.sub("", text)
    if text.startswith("|"):
        text = text[1:]
    parts = parts_of(text, "|")
    if len(parts) > 1:
        return either(*map(ecma, parts))
    if text.endswith("[]"):
        return step(ecma(text[:-2]), "*")
    if text.startswith("(") and text.endswith(")") and _closing(text, 0) == len(text) - 1:
        return ecma(text[1:-1])
    if text[:1] in ("'", '"', "`") or text[:1].isdigit():
        return OUTSIDE
    head, inner = _generic(text)
    if not _NAME.fullmatch(head):
        return UNKNOWN
    if head == "this":
        return "Self()"
    if head in _ECMA_NOTHING:
        return NOTHING
    if head in _ECMA_SAYS_NOTHING:
        return UNKNOWN
    if head in _ECMA_WRAPPERS and inner:
        return ecma(inner[0])
    if head in _ECMA_CONTAINERS and inner:
        return step(ecma(inner[0]), "*")
    if head in ("Map", "ReadonlyMap", "WeakMap", "Record") and len(inner) == 2:
        return step(ecma(inner[1]), "%")
    return OUTSIDE if head in _ECMA_BUILTIN else f"{head}()"


def java(text: str) -> str:
    text = _JAVA_LEADS.sub("", text.strip())
    if text.endswith(("[]", "...")):
        return step(java(text.removesuffix("...").removesuffix("[]")), "*")
    if "|" in text:  # catch (A | B e)
        return either(*map(java, parts_of(text, "|")))
    head, inner = _generic(text)
    if not _NAME.fullmatch(head) or head == "var":
        return UNKNOWN
    last = head.rpartition(".")[2]
    if (
        last in ("Optional", "CompletableFuture", "Future", "Supplier", "AtomicReference", "WeakReference")
        and inner
    ):
        return java(inner[0])
    if last in _JAVA_CONTAINERS and inner:
        return step(java(inner[0]), "*")
    if last in _JAVA_MAPPINGS and len(inner) == 2:
        return step(java(inner[1]), "%")
    if head == "void":
        return NOTHING
    return OUTSIDE if head in _JAVA_BUILTIN else f"{head}()"


def rust(text: str) -> str:
    text = _RUST_LEADS.sub("", text.strip().removeprefix("->").strip())
    if text.startswith("(") and text.endswith(")") and len(parts_of(text[1:-1], ",")) == 1:
        text = text[1:-1].strip()
    if text.startswith("["):
        return step(rust(text[1:-1].partition(";")[0]), "*")
    text = parts_of(text, "+")[0]
    head, inner = _generic(text.replace("::<", "<"))
    head = head.replace("::", ".")
    if not _NAME.fullmatch(head):
        return NOTHING if head == "" else UNKNOWN
    inner = [part for part in inner if not part.startswith("'")]
    last = head.rpartition(".")[2]
    if last in _RUST_POINTERS and inner:
        return rust(inner[0])
    if last in ("Iterator", "IntoIterator", "DoubleEndedIterator", "ExactSizeIterator") and inner:
        return step(rust(inner[0].partition("=")[2] or "?"), "*")
    if last in _RUST_CONTAINERS and inner:
        return step(rust(inner[0]), "*")
    if last in ("HashMap", "BTreeMap", "IndexMap", "FxHashMap", "AHashMap") and len(inner) > 1:
        return step(rust(inner[1]), "%")
    return OUTSIDE if head in _RUST_BUILTIN else f"{head}()"


def parts_of(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that stand in no brackets."""
    if separator not in text:
        return [text.strip()]
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter in "[(<{":
            depth += 1
        elif letter in "])}" or (letter == ">" and text[at - 1 : at] not in ("=", "-")):
            depth -= 1
        elif letter == separator and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def _generic(text: str) -> tuple[str, list[str]]:
    """`Foo<A, B>` as its name and its arguments."""
    head, opened, rest = text.partition("<")
    if not opened or not rest.endswith(">"):
        return text, []
    return head.strip(), parts_of(rest[:-1], ",")


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for at in range(start, len(text)):
        if text[at] in "[(":
            depth += 1
        elif text[at] in "])":
            depth -= 1
            if depth == 0:
                return at
    return len(text)


_NAME = re.compile(r"[\w$]+(?:\.[\w$]+)*")
_CHANNEL = re.compile(r"(?:<-\s*)?chan\b(?:\s*<-)?\s*")
_GO_SAYS_NOTHING = frozenset({"any", "interface", "func", "struct"})
_GO_BUILTIN = frozenset(
    """
    string bool byte rune error int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr
    float32 float64 complex64 complex128
    """.split()
)
_ECMA_LEADS = re.compile(r"^(?:(?:readonly|asserts|unique|abstract)\s+|\w+\s+is\s+)+")
_ECMA_NOTHING = frozenset({"null", "undefined", "void", "never"})
_ECMA_SAYS_NOTHING = frozenset({"any", "unknown", "object", "Function", "Object", "infer", "keyof", "typeof"})
_ECMA_WRAPPERS = frozenset(
    """
    Promise PromiseLike Awaited Readonly Partial Required NonNullable Omit Pick WeakRef DeepReadonly
    Ref ShallowRef Mutable Writable Draft NoInfer
    """.split()
)
_ECMA_CONTAINERS = frozenset(
    """
    Array ReadonlyArray Set ReadonlySet Iterable Iterator AsyncIterable IterableIterator Generator
    AsyncGenerator ArrayLike
    """.split()
)
_ECMA_BUILTIN = frozenset({"string", "number", "boolean", "symbol", "bigint", "true", "false"})
_JAVA_LEADS = re.compile(r"^(?:@[\w.]+(?:\([^)]*\))?\s+|final\s+|\?\s*(?:extends|super)\s+)+")
_JAVA_CONTAINERS = frozenset(
    """
    List ArrayList LinkedList Collection Set HashSet LinkedHashSet TreeSet SortedSet Iterable
    Iterator ListIterator Queue Deque ArrayDeque PriorityQueue Stack Vector Stream Enumeration
    ImmutableList ImmutableSet NavigableSet
    """.split()
)
_JAVA_MAPPINGS = frozenset(
    """
    Map HashMap LinkedHashMap TreeMap SortedMap ConcurrentMap ConcurrentHashMap NavigableMap
    ImmutableMap IdentityHashMap WeakHashMap EnumMap
    """.split()
)
_JAVA_BUILTIN = frozenset({"int", "long", "short", "byte", "char", "boolean", "float", "double"})
_RUST_LEADS = re.compile(r"^(?:&\s*(?:'\w+\s+)?|\*\s*(?:const|mut)\s+|mut\s+|dyn\s+|impl\s+|for<[^>]*>\s*)+")
# Pointers that Rust follows by itself.
_RUST_POINTERS = frozenset(
    """
    Box Rc Arc Cow Pin Ref RefMut MutexGuard RwLockReadGuard RwLockWriteGuard Lazy LazyLock
    ManuallyDrop
    """.split()
)
# What a value is taken out of: `?`, unwrap(), borrow(), an index, a loop.
_RUST_CONTAINERS = frozenset(
    """
    Vec VecDeque HashSet BTreeSet IndexSet BinaryHeap SmallVec LinkedList Option Result RefCell Cell
    Mutex RwLock OnceCell OnceLock Weak Poll MaybeUninit UnsafeCell
    """.split()
)
_RUST_BUILTIN = frozenset(
    """
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char str String
    """.split()
)
