"""Documents of LlamaIndex -> nodes cut along the borders of definitions, by the chunker of our own index."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from llama_index.core.bridge.pydantic import Field, field_validator
from llama_index.core.node_parser.interface import NodeParser
from llama_index.core.node_parser.node_utils import default_id_func
from llama_index.core.schema import BaseNode, Document, MetadataMode, NodeRelationship, TextNode

from indexer.chunk import CHUNK_CHARS, chunk
from indexer.errors import BadInput
from indexer.languages import LANGUAGES, Language, by_name, language_of
from indexer.parse import parse
from indexer.types import Chunk, SourceFile

_PATHS = ("file_path", "path", "file_name", "filename", "source")  # where readers say what a document is
_SHORTEST = 100  # characters; a signature is longer
_NUMBERS = ("start_line", "end_line")  # noise to an embedding


class CairnNodeParser(NodeParser):
    """Every character of a document is in exactly one node, whose offsets and lines are exact.

    The language is told by the document's metadata (`file_path`, `path`, …) or a `#!` line, else by
    `language`; a text of none is cut at blank lines. A blank document has no nodes; else nothing is left
    out and no secret hidden: that is the index's work. Ids follow from the document's id and the text,
    unless `id_func` is given.
    """

    language: str | None = Field(default=None, description="of documents that do not say theirs")
    limit: int = Field(default=CHUNK_CHARS, ge=_SHORTEST, description="characters of a node")

    @classmethod
    def class_name(cls) -> str:
        return "CairnNodeParser"

    @field_validator("language")
    @classmethod
    def _known(cls, language: str | None) -> str | None:
        names = [one.name for one in LANGUAGES]
        if language is not None and language not in names:
            raise BadInput(f"no language {language!r}; languages are {', '.join(names)}")
        return language

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any
    ) -> list[BaseNode]:
        return [made for node in nodes for made in self._cut(node)]

    def _postprocess_parsed_nodes(
        self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]
    ) -> list[BaseNode]:
        """Keep the offsets: the base class looks for the text, and finds an equal one that stands before."""
        exact = [(node.start_char_idx, node.end_char_idx) for node in nodes if isinstance(node, TextNode)]
        made: list[BaseNode] = super()._postprocess_parsed_nodes(nodes, parent_doc_map)
        for node, (start, end) in zip(made, exact, strict=True):
            assert isinstance(node, TextNode)
            node.start_char_idx, node.end_char_idx = start, end
        return made

    def _cut(self, document: BaseNode) -> list[BaseNode]:
        text = document.get_content(metadata_mode=MetadataMode.NONE)
        path = next((str(document.metadata[key]) for key in _PATHS if document.metadata.get(key)), "")
        language = self._language(path, text)
        file = SourceFile(path or "document", text, language.name, language.kind, "", len(text), 0)
        starts = [0, *accumulate(len(line) + 1 for line in file.lines)]
        starts[-1] = len(text)  # the last line may have no end
        source = document.as_related_node_info()  # hashes the whole document: once
        made: list[BaseNode] = []
        for place, found in enumerate(chunk(parse(file), document.node_id, self.limit)):
            first, last = starts[found.span.start - 1], starts[found.span.end]
            made.append(
                TextNode(
                    id_=found.id if self.id_func is default_id_func else self.id_func(place, document),
                    text=text[first:last],
                    start_char_idx=first,
                    end_char_idx=last,
                    metadata=_metadata(found),
                    excluded_embed_metadata_keys=[*document.excluded_embed_metadata_keys, *_NUMBERS],
                    excluded_llm_metadata_keys=list(document.excluded_llm_metadata_keys),
                    relationships={NodeRelationship.SOURCE: source},
                )
            )
        return made

    def _language(self, path: str, text: str) -> Language:
        told = language_of(path or "document", text)
        return by_name(self.language) if self.language and told.name == "text" else told


def _metadata(found: Chunk) -> dict[str, str | int]:
    """Strings and numbers alone: many stores take no lists. `symbols` are defined here, else stood in."""
    names = ", ".join(found.defines) or found.scope
    said: dict[str, str | int] = {"start_line": found.span.start, "end_line": found.span.end}
    said |= {"language": found.language, "kind": found.kind}
    return said | ({"symbols": names} if names else {})
