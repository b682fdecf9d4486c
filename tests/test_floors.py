"""The staircase: a floor imports only from floors before it, and each heavy library has one room."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("indexer", "retriever", "agent", "api")
_LLAMAINDEX = ("__init__", "embedding", "parsing", "retrieving")
ROOMS = {  # a library -> the only files that may import it
    "tree_sitter": {
        "indexer/parse.py",
        "agent/edits/syntax.py",
        "agent/suites/mutants.py",
        "retriever/check/calls.py",
    },
    "qdrant_edge": {"indexer/store/edge.py", "indexer/store/shard.py"},
    "qdrant_client": {"indexer/store/server.py"},
    "sentence_transformers": {
        "indexer/embed/sentence_transformer.py",
        "indexer/embed/static_module.py",
        "retriever/judges.py",
    },
    "watchdog": {"indexer/observe.py"},
    "llama_index": {f"retriever/llamaindex/{name}.py" for name in _LLAMAINDEX},
    "langchain_core": {"retriever/langchain.py"},
    "sqlite3": {
        "indexer/store/catalog.py",
        "indexer/store/rows.py",
        "indexer/store/troubles.py",
        "indexer/embed/cache.py",
        "agent/log/runs.py",
    },
    "tokenizers": {"retriever/tokenizer.py"},
    "tiktoken": {"retriever/tokenizer.py"},
    "tiktoken_ext": {"retriever/tokenizer.py"},
    "openai": {"indexer/embed/openai.py", "agent/model/openai.py"},
    "fastapi": {"api"},
    "pydantic": {"api"},
    "mcp": {"api/mcp/server.py", "api/mcp/door.py", "api/commands/mcp.py"},
    "mcp_types": {"api/mcp/server.py"},
    "click": {"api"},
}


def sources() -> list[Path]:
    return sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, absolute, also those inside functions."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join((*above, node.module or "")).strip(".")


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_floor_imports_only_from_floors_before_it(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    below = FLOORS[: FLOORS.index(floor) + 1]
    crossed = [m for m in imports(path) if m.split(".")[0] in FLOORS and m.split(".")[0] not in below]
    assert not crossed, f"{path.relative_to(ROOT)} (floor {floor}) imports {crossed} from a floor after it"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_each_heavy_library_lives_in_its_room(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    strays = [
        module
        for module in imports(path)
        if (rooms := ROOMS.get(module.split(".")[0]))
        and here not in rooms
        and here.split("/")[0] not in rooms
    ]
    assert not strays, f"{here} imports {strays}; that belongs in {[ROOMS[m.split('.')[0]] for m in strays]}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_doors_are_asynchronous_and_read_the_environment(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text())
    if not here.startswith("api/"):
        assert not any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(tree)), f"{here} is async"
    assert ast.get_docstring(tree) or not path.read_text().strip(), (
        f"{here} does not say what it turns into what"
    )
