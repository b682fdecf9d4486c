import pytest

from payments.errors import BadSignature, InvalidRequest
from payments.webhooks import read_event, sign

SECRET = "whsec_test"


def test_webhook_is_decoded():
    body = b'{"type": "charge.disputed", "data": {"id": "ch_1"}}'

    event = read_event(body, sign(body, SECRET), SECRET)

    assert event.type == "charge.disputed"
    assert event.data == {"id": "ch_1"}


def test_webhook_with_a_foreign_signature_is_refused():
    body = b'{"type": "charge.disputed", "data": {}}'

    with pytest.raises(BadSignature):
        read_event(body, sign(body, "another secret"), SECRET)


def test_webhook_without_a_type_is_refused():
    body = b'{"data": {}}'

    with pytest.raises(InvalidRequest):
        read_event(body, sign(body, SECRET), SECRET)
