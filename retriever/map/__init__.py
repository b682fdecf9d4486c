"""What a repository consists of, the most central definitions first, within a budget of tokens."""

from .focus import Focus, focus_of_hits, read_focus
from .network import Network, network_of
from .page import repository_map

__all__ = ["Focus", "Network", "focus_of_hits", "network_of", "read_focus", "repository_map"]
