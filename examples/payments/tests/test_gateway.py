import pytest

from payments.errors import CardDeclined, GatewayUnavailable, InvalidRequest
from payments.gateway import HttpGateway, Request, error_for


@pytest.mark.parametrize(
    ("status", "kind"),
    [(402, CardDeclined), (429, GatewayUnavailable), (503, GatewayUnavailable), (400, InvalidRequest)],
)
def test_gateway_translates_the_status(status, kind):
    assert isinstance(error_for(status, b'{"error": {"code": "why"}}'), kind)


def test_gateway_survives_an_error_page():
    assert "unknown" in str(error_for(400, b"<html>"))


def test_gateway_names_an_unreachable_provider():
    gateway = HttpGateway("http://127.0.0.1:9", "sk_test", timeout=1.0)

    with pytest.raises(GatewayUnavailable, match="cannot reach"):
        gateway.send(Request("GET", "/charges/ch_1"))
