"""A language -> how a test, an import and a question to the interpreter are written in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from tests.agent.bots.reading import Lost


@dataclass(frozen=True)
class Dialect:
    """`ask` gives a shell line that prints what a call of a function gives; `test` one test."""

    ask: Callable[[str, str, str], str]  # path, name, call
    test: Callable[[str, str, str], str]  # title, call, result as a literal
    function: Callable[[str, str, str], str]  # name, parameters, a text with {holes}
    gap: str  # between two tests


def dialect_of(path: str) -> Dialect:
    suffix = path.rpartition(".")[2]
    if suffix not in _DIALECTS:
        raise Lost(f"{path}: nobody taught me to write {suffix}")
    return _DIALECTS[suffix]


def _ask_python(path: str, name: str, call: str) -> str:
    module = path.removesuffix(".py").replace("/", ".")
    return f"python -c {shlex.quote(f'from {module} import {name}; print({call})')}"


def _ask_node(path: str, name: str, call: str) -> str:
    code = f'import {{ {name} }} from "./{path}"; console.log({call})'
    return f"node --input-type=module -e {shlex.quote(code)}"


def _python_test(title: str, call: str, result: str) -> str:
    return (
        f"def test_{re.sub(r'[^a-z0-9]+', '_', title.lower()).strip('_')}():\n    assert {call} == {result}\n"
    )


def _node_test(title: str, call: str, result: str) -> str:
    return f'test("{title}", () => {{\n  assert.equal({call}, {result});\n}});\n'


def _python_function(name: str, parameters: str, text: str) -> str:
    return f'def {name}({parameters}):\n    return f"{text}"\n'


def _node_function(name: str, parameters: str, text: str) -> str:
    holes = text.replace("{", "${")
    return f"export function {name}({parameters}) {{\n  return `{holes}`;\n}}\n"


_DIALECTS = {
    "py": Dialect(_ask_python, _python_test, _python_function, "\n\n"),
    "js": Dialect(_ask_node, _node_test, _node_function, "\n"),
}
