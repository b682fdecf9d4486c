"""Turn an expression of the syntax tree into a chain: the names it leads through, without arguments.

    Foo(a, b).bar[0]    ->  Foo().bar[]         await self.get(x)      ->  self.get()
    a or Foo()          ->  a|Foo()             "text", [1], {}        ->  !  (of no repository)
    lambda: 1, a + b    ->  ?  (not known)      None                   ->  "" (nothing)

`|` stands between alternatives. A step `~` is an item of what is looped over, `*` makes a container of
what stands before it, `%` a mapping to it; those two come from declared types only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

UNKNOWN, OUTSIDE, NOTHING = "?", "!", ""
_LONGEST = 12  # steps; longer chains are builders whose beginning says it all
_WIDEST = 4  # alternatives


class Node(Protocol):
    """What is asked of a syntax node here."""

    @property
    def type(self) -> str: ...

    @property
    def start_byte(self) -> int: ...

    @property
    def end_byte(self) -> int: ...

    @property
    def named_children(self) -> Sequence[Node]: ...

    def child_by_field_name(self, name: str, /) -> Node | None: ...


# What is a name by itself.
_NAMES = frozenset(
    """
    identifier this self super crate type_identifier field_identifier constant package_identifier
    primitive_type
    """.split()
)
# Leads through `field` to the name in the other field.
_MEMBERS = {
    "attribute": ("object", "attribute"),
    "member_expression": ("object", "property"),
    "selector_expression": ("operand", "field"),
    "qualified_type": ("package", "name"),
    "nested_type_identifier": ("module", "name"),
    "field_access": ("object", "field"),
    "field_expression": ("value", "field"),
}
# A field of these, and then a step.
_STEPS = {
    "call": ("function", "()"),
    "call_expression": ("function", "()"),
    "new_expression": ("constructor", "()"),
    "object_creation_expression": ("type", "()"),
    "struct_expression": ("name", "()"),
    "subscript": ("value", "[]"),
    "subscript_expression": ("object", "[]"),
    "index_expression": ("operand", "[]"),
    "array_access": ("array", "[]"),
    "named_expression": ("value", ""),
    "assignment": ("right", ""),
    "reference_expression": ("value", ""),
    "unary_expression": ("operand", ""),
    "cast_expression": ("type", "()"),
    "type_assertion_expression": ("type", "()"),
    "generic_function": ("function", ""),
    "type_cast_expression": ("type", "()"),
}
# The same as their first named child.
_WRAPPED = frozenset(
    """
    await await_expression parenthesized_expression non_null_expression generic_type
    expression_list pointer_type slice_expression type_instantiation_expression
    """.split()
)
# One of two fields.
_EITHER = {
    "boolean_operator": ("left", "right"),
    "ternary_expression": ("consequence", "alternative"),
}
_LITERALS = frozenset(
    """
    string concatenated_string integer float true false list dictionary set tuple list_comprehension
    dictionary_comprehension set_comprehension generator_expression comparison_operator not_operator
    template_string number array object regex string_literal interpreted_string_literal
    raw_string_literal int_literal float_literal integer_literal boolean_literal char_literal
    character_literal decimal_integer_literal
    """.split()
)
_LISTS = frozenset({"list", "tuple", "set"})
_NOTHING = frozenset({"none", "null", "undefined", "nil", "null_literal", "ellipsis"})


def chain(node: Node, source: bytes, steps: int = _LONGEST) -> str:
    """The chain of an expression; UNKNOWN where it is none, or too long."""
    kind = node.type
    if kind in _NAMES:
        return source[node.start_byte : node.end_byte].decode("utf-8", "replace")
    if steps <= 0:
        return UNKNOWN
    if kind in _MEMBERS:
        field, named = _MEMBERS[kind]
        held, name = node.child_by_field_name(field), node.child_by_field_name(named)
        if held is None or name is None:
            return UNKNOWN
        if kind == "field_access" and name.type == "this":  # Java's Outer.this
            return step(chain(held, source, steps - 1), "()")
        return step(
            chain(held, source, steps - 1),
            "." + source[name.start_byte : name.end_byte].decode("utf-8", "replace"),
        )
    if kind == "call_expression" and source.startswith(_MAKES, node.start_byte):
        function = node.child_by_field_name("function")
        if function and function.end_byte - node.start_byte < 8:
            made = _made(node, source, steps)
            if made:
                return made
    if kind in _STEPS:
        field, after = _STEPS[kind]
        inner = node.child_by_field_name(field)
        if inner is None and kind == "unary_expression" and node.named_children:  # Rust's *x
            inner = node.named_children[0]
        return step(chain(inner, source, steps - 1), after) if inner else UNKNOWN
    if kind in _LISTS:
        return _listed(node, source, steps)
    if kind in _LITERALS:
        return OUTSIDE
    if kind in _NOTHING:
        return NOTHING
    return _composed(node, kind, source, steps)


def _composed(node: Node, kind: str, source: bytes, steps: int) -> str:
    if kind in _WRAPPED:
        children = node.named_children
        return chain(children[0], source, steps - 1) if children else UNKNOWN
    if kind == "try_expression":  # Rust's x?: what is in the result or the option
        return (
            step(chain(node.named_children[0], source, steps - 1), "[]") if node.named_children else UNKNOWN
        )
    if kind == "composite_literal":  # Go's: an object, a slice or a map
        made = node.child_by_field_name("type")
        return UNKNOWN if made is None else _of_type(made, source, steps)
    if kind in ("as_expression", "satisfies_expression"):
        children = node.named_children
        return (
            _cast(children[1], source, steps) if len(children) > 1 else chain(children[0], source, steps - 1)
        )
    if kind in _EITHER:
        sides = [node.child_by_field_name(field) for field in _EITHER[kind]]
        return either(*(chain(side, source, steps - 1) for side in sides if side))
    if kind == "conditional_expression":  # Python's: what, condition, otherwise
        children = node.named_children
        if len(children) == 3:
            return either(chain(children[0], source, steps - 1), chain(children[2], source, steps - 1))
    if kind == "scoped_type_identifier" or kind == "scoped_identifier":  # Java's: Outer.Inner, a.b.c
        first, last = node.named_children[0], node.named_children[-1]
        return step(
            chain(first, source, steps - 1),
            "." + source[last.start_byte : last.end_byte].decode("utf-8", "replace"),
        )
    if kind == "method_invocation":  # Java's; without an object it is called on what it stands in
        held, name = node.child_by_field_name("object"), node.child_by_field_name("name")
        if name is None:
            return UNKNOWN
        called = source[name.start_byte : name.end_byte].decode("utf-8", "replace") + "()"
        return step(chain(held, source, steps - 1), "." + called) if held else called
    return UNKNOWN


def _made(node: Node, source: bytes, steps: int) -> str:
    """Go's `new(T)` and `make([]T)`; JavaScript's `require("module")` and `import("module")`."""
    arguments = node.child_by_field_name("arguments")
    made = arguments.named_children[0] if arguments and arguments.named_children else None
    if made is None:
        return NOTHING
    if made.type == "string":
        return f"<{source[made.start_byte + 1 : made.end_byte - 1].decode('utf-8', 'replace')}>"
    return _of_type(made, source, steps) if made.type.endswith(("_type", "type_identifier")) else NOTHING


_MAKES = (b"new(", b"make(", b"require(", b"import(")
# What a name is not bound to but defined by.
DEFINING = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
# Functions of ECMAScript that have no name of their own: what they give back, no definition does.
NAMELESS = frozenset({"arrow_function", "function_expression", "generator_function"})


def _cast(node: Node, source: bytes, steps: int) -> str:
    """What a value is that TypeScript is told the type of."""
    if node.type in ("type_identifier", "generic_type", "nested_type_identifier"):
        return step(chain(node, source, steps - 1), "()")
    return UNKNOWN


def _of_type(node: Node, source: bytes, steps: int) -> str:
    """What a value of a type is that stands in an expression of Go."""
    element = node.child_by_field_name("value" if node.type == "map_type" else "element")
    if node.type in ("slice_type", "array_type", "implicit_length_array_type", "map_type"):
        inner = _of_type(element, source, steps - 1) if element else UNKNOWN
        return step(inner, "%" if node.type == "map_type" else "*")
    return step(chain(node, source, steps - 1), "()")


def _listed(node: Node, source: bytes, steps: int) -> str:
    """A list that is written out holds what its items are, if all of them are known."""
    children = node.named_children
    if not 0 < len(children) <= _WIDEST:
        return OUTSIDE
    held = either(*(chain(child, source, steps - 1) for child in children))
    return OUTSIDE if not held or UNKNOWN in held or OUTSIDE in held else step(held, "*")


def step(before: str, after: str) -> str:
    """Every alternative of `before`, one step further."""
    if not after:
        return before
    if "|" in before:
        return "|".join(step(part, after) for part in before.split("|"))
    if not before or before == UNKNOWN:
        return UNKNOWN
    if before[-1] == "*" and after in ("~", "[]"):
        return before[:-1]
    return before + after


def either(*chains: str) -> str:
    """What may be one or the other; nothing is no alternative."""
    if len(chains) == 1 and "|" not in chains[0]:
        return chains[0]
    parts = list(dict.fromkeys(part for text in chains for part in text.split("|") if part))
    return "|".join(parts) if len(parts) <= _WIDEST else UNKNOWN
