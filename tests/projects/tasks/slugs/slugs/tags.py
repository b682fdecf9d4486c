"""Tags of a page."""


def tags(text):
    return sorted(set(text.split(",")))
