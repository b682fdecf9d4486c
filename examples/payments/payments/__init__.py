"""Take card payments and give them back."""

from payments.client import Payment, PaymentClient, Refund
from payments.errors import PaymentError
from payments.ledger import Ledger
from payments.money import Money

__all__ = ["Ledger", "Money", "Payment", "PaymentClient", "PaymentError", "Refund"]
