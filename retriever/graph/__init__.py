"""Who uses what: the edges between the definitions of a repository."""

from .graph import Graph

__all__ = ["Graph"]
