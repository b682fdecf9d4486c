"""Lines of receipts."""

from invoices.money import format_amount


def receipt_line(name, cents):
    return f"{name} paid {format_amount(cents)}"
