"""Query -> context: search, neighbours, packs within a token budget."""
