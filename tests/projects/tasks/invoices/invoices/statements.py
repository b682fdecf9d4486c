"""Lines of statements."""

from invoices.money import format_amount


def statement_line(name, cents):
    return f"{name}: {format_amount(cents)}"
