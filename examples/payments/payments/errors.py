"""Everything that can go wrong while money moves.

PaymentError
├── TransientError          worth another attempt: nothing was decided yet
│   ├── GatewayTimeout
│   └── GatewayUnavailable
├── CardDeclined            the bank said no; asking again changes nothing
├── InvalidRequest          the provider did not understand us: a bug on our side
├── RetriesExhausted        a transient error that did not pass in time
├── RefundTooLarge          more would go back than was taken
├── CurrencyMismatch        two amounts that cannot be added
└── BadSignature            a webhook that the provider did not send
"""


class PaymentError(Exception):
    """Base of every error raised by this package."""


class TransientError(PaymentError):
    """The provider stumbled. The same request may succeed a moment later."""


class GatewayTimeout(TransientError):
    """No answer came in time."""


class GatewayUnavailable(TransientError):
    """The provider answered that it is overloaded or down."""


class CardDeclined(PaymentError):
    """The bank refused the card. `reason` is the provider's code."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"card declined: {reason}")
        self.reason = reason


class InvalidRequest(PaymentError):
    """The provider rejected the request as malformed."""


class RetriesExhausted(PaymentError):
    """The last of several attempts failed as well."""


class RefundTooLarge(PaymentError):
    """A refund exceeds what is left of the payment."""


class CurrencyMismatch(PaymentError):
    """Amounts in two currencies were combined."""


class BadSignature(PaymentError):
    """A webhook's signature does not match its body."""
