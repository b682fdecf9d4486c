"""What is said about an order."""

from prices.order import calc


def summary(lines):
    return f"{len(lines)} lines, {calc(lines)} in all"
