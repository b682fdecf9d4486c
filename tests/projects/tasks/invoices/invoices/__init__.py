"""What customers are told about money."""

from invoices.receipts import receipt_line
from invoices.statements import statement_line

__all__ = ["receipt_line", "statement_line"]
