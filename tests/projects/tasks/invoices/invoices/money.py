"""How amounts are written."""


def format_amount(cents):
    """An amount of money as people read it: 12.50 EUR."""
    return f"{cents // 100}.{cents % 100:02d} EUR"
