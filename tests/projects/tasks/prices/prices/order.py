"""The price of an order."""


def calc(lines):
    """The sum of the prices of all lines."""
    return sum(price * count for price, count in lines)
