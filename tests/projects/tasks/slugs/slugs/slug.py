"""A title -> what stands in an address."""


def slug(title, limit=10):
    """For instance: slug("Hello World"), slug("  Many   Words Here "), slug("abc", 2)."""
    words = title.lower().split()
    joined = "-".join(words)
    if len(joined) > limit:
        return joined[:limit].rstrip("-")
    return joined
