"""What every carrier promises the person we write to: sent once, and doubt never taken for a refusal."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import urllib3
from botocore import exceptions

from recobro.adapters.channels import carrier_for, spec_for
from recobro.adapters.channels.outcomes import (
    BLOCK_CHANNEL,
    NEXT_CHANNEL,
    OPEN_CIRCUIT,
    OPTED_OUT,
    PARK,
    RETRY,
    SUPPRESS,
)
from recobro.domain.client import ChannelSetup
from recobro.errors import InvalidInput
from tests.adapters.carriers_stub import CARRIERS, MESSAGES, Wire, spec_of, violations

THENS = {RETRY, NEXT_CHANNEL, OPTED_OUT, SUPPRESS, BLOCK_CHANNEL, OPEN_CIRCUIT, PARK}
HERE = "https://carrier.example.com"

every_carrier = pytest.mark.parametrize(
    ("name", "transport"), CARRIERS, ids=[f"{name}-{transport}" for name, transport in CARRIERS]
)


def modelled_errors(name: str, transport: str) -> list[tuple[str, int]]:
    """(code, HTTP status) of every error that the operation documents. EUM's model gives no status: it is 400 or 500."""
    found = []
    for shape in Wire(name, transport).operation().error_shapes:
        told = shape.metadata.get("error", {})
        status = told.get("httpStatusCode") or (500 if shape.name.startswith("Internal") else 400)
        found.append((told.get("code", shape.name), status))
    return found


MODELLED = [
    pytest.param(name, transport, code, status, id=f"{name}-{transport}-{code}")
    for name, transport in CARRIERS
    for code, status in modelled_errors(name, transport)
]


@every_carrier
def test_an_accepted_message_brings_its_id_and_its_cost(name: str, transport: str) -> None:
    wire = Wire(name, transport)
    sent = wire.send()
    assert (sent.status, sent.provider_id, sent.code, sent.then) == ("accepted", "provider-1", "", "")
    assert sent.cost >= wire.setup.price > 0
    assert wire.calls == 1


@every_carrier
def test_a_request_keeps_within_the_service_model(name: str, transport: str) -> None:
    wire = Wire(name, transport)
    wire.send()
    assert violations(wire.operation().input_shape, wire.requests[0]) == []


@pytest.mark.parametrize(("name", "transport", "code", "status"), MODELLED)
def test_a_documented_refusal_says_what_to_do_and_a_documented_breakdown_is_doubt(
    name: str, transport: str, code: str, status: int
) -> None:
    wire = Wire(name, transport).error(code, status)
    sent = wire.send()
    assert sent.code == code
    assert wire.calls == 1, "an SDK retry may send twice"
    if status >= 500:
        assert (sent.status, sent.then) == ("unknown", "")
        assert sent.cost > 0, "what may have left may be charged"
    else:
        assert (sent.status, sent.cost) == ("refused", 0)
        assert sent.then in THENS


@every_carrier
def test_a_throttle_is_a_refusal_that_may_be_tried_again(name: str, transport: str) -> None:
    codes = [
        code for code, _ in modelled_errors(name, transport) if "Throttl" in code or "TooManyRequests" in code
    ]
    for code in [*codes, "ThrottlingException", "Throttling"]:
        wire = Wire(name, transport).error(code, 400)
        assert (wire.send().status, wire.send().then) == ("refused", RETRY)
    assert Wire(name, transport).error("SomethingNew", 429).send().then == RETRY


@every_carrier
def test_a_refusal_that_nobody_documented_waits_for_a_person(name: str, transport: str) -> None:
    sent = Wire(name, transport).error("BrandNewException", 400).send()
    assert (sent.status, sent.then, sent.code) == ("refused", PARK, "unrecognised:BrandNewException")


@every_carrier
@pytest.mark.parametrize("code", ["AccessDeniedException", "UnrecognizedClientException", "OptInRequired"])
def test_lost_permissions_stop_the_channel(name: str, transport: str, code: str) -> None:
    assert Wire(name, transport).error(code, 403).send().then == OPEN_CIRCUIT


@every_carrier
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_after_a_5xx_the_message_may_have_left(name: str, transport: str, status: int) -> None:
    for body in (b"<html>bad gateway</html>", b"", b"{}"):
        wire = Wire(name, transport)
        wire.answer = (status, {}, body)
        sent = wire.send()
        assert (sent.status, sent.then, wire.calls) == ("unknown", "", 1)


@every_carrier
def test_even_a_throttle_is_doubt_when_it_comes_as_a_5xx(name: str, transport: str) -> None:
    assert Wire(name, transport).error("ThrottlingException", 503).send().status == "unknown"


@every_carrier
@pytest.mark.parametrize(
    "error",
    [
        exceptions.ReadTimeoutError(endpoint_url=HERE),
        exceptions.ConnectionClosedError(endpoint_url=HERE),
        exceptions.HTTPClientError(error=OSError("reset")),
        exceptions.SSLError(endpoint_url=HERE, error=ssl.SSLError("decryption failed or bad record mac")),
        RuntimeError("anything else that nobody foresaw"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_connection_lost_under_way_is_doubt(name: str, transport: str, error: Exception) -> None:
    wire = Wire(name, transport)
    wire.answer = error
    sent = wire.send()
    assert (sent.status, sent.then, sent.code) == ("unknown", "", type(error).__name__)


@every_carrier
@pytest.mark.parametrize(
    "error",
    [
        exceptions.EndpointConnectionError(endpoint_url=HERE),
        exceptions.ConnectTimeoutError(endpoint_url=HERE),
        exceptions.ProxyConnectionError(proxy_url=HERE),
        exceptions.NoCredentialsError(),
        exceptions.CredentialRetrievalError(provider="env", error_msg="no"),
        exceptions.SSLError(endpoint_url=HERE, error=ssl.SSLCertVerificationError("self-signed")),
        exceptions.SSLError(
            endpoint_url=HERE, error=urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed"))
        ),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_connection_never_made_is_a_refusal_to_be_tried_again(
    name: str, transport: str, error: Exception
) -> None:
    wire = Wire(name, transport)
    wire.answer = error
    sent = wire.send()
    assert (sent.status, sent.then, sent.code, sent.cost) == ("refused", RETRY, type(error).__name__, 0)


@every_carrier
def test_a_200_that_cannot_be_read_is_never_a_refusal(name: str, transport: str) -> None:
    for body in (b"", b"{}", b"not json", b"[]", b"<a/>", b"null"):
        wire = Wire(name, transport)
        wire.answer = (200, {}, body)
        assert wire.send().status in {"accepted", "unknown"}


@pytest.mark.parametrize("name", ["voice", "whatsapp"])
def test_a_channel_that_was_not_set_up_is_parked_before_any_call(name: str) -> None:
    wire = Wire(name)
    wire.setup = ChannelSetup(enabled=True)
    sent = wire.send()
    assert (sent.status, sent.then, sent.code) == ("refused", PARK, "unrecognised:ParamValidationError")
    assert wire.calls == 0


@contextmanager
def listening(answer: bytes | None) -> Iterator[tuple[str, list[int]]]:
    """A server that reads a request's head and then closes (answer None: says nothing and holds the connection)."""
    server = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []
    seen: list[int] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            seen.append(len(connection.recv(65536)))
            held.append(connection)
            if answer is not None:
                connection.sendall(answer)
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(2)
        for connection in held:
            connection.close()


@every_carrier
def test_a_real_server_that_takes_the_request_and_hangs_up_leaves_doubt(name: str, transport: str) -> None:
    with listening(b"") as (url, seen):
        sent = Wire(name, transport, endpoint_url=url).send()
        assert (sent.status, sent.code) == ("unknown", "ConnectionClosedError")
        assert len(seen) == 1, "asked once"


@every_carrier
def test_a_real_server_that_never_answers_leaves_doubt(name: str, transport: str) -> None:
    with listening(None) as (url, seen):
        sent = Wire(name, transport, endpoint_url=url, read_timeout=0.2).send()
        assert (sent.status, sent.code) == ("unknown", "ReadTimeoutError")
        assert len(seen) == 1, "asked once"


@every_carrier
def test_a_port_where_nobody_listens_is_a_refusal(name: str, transport: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    sent = Wire(name, transport, endpoint_url=f"http://127.0.0.1:{port}").send()
    assert (sent.status, sent.then, sent.code) == ("refused", RETRY, "EndpointConnectionError")


def test_a_name_that_does_not_resolve_is_a_refusal() -> None:
    sent = Wire("email", endpoint_url="http://carrier.invalid").send()
    assert (sent.status, sent.then, sent.code) == ("refused", RETRY, "EndpointConnectionError")


@every_carrier
def test_the_registry_names_the_service_and_operation_that_is_called(name: str, transport: str) -> None:
    spec = spec_of(name, transport)
    seen: list[str] = []
    wire = Wire(name, transport)
    carrier = wire.carrier()
    wire.client.meta.events.register("before-call.*.*", lambda model, **_: seen.append(model.name))
    carrier.send(MESSAGES[name])
    assert seen == [spec.operation]
    assert wire.client.meta.service_model.service_name == spec.service


def test_a_channel_or_transport_that_does_not_exist_is_told_with_what_does() -> None:
    with pytest.raises(InvalidInput, match="one of: sms, email, whatsapp, voice, push"):
        carrier_for("fax", ChannelSetup(), lambda *_, **__: None)
    with pytest.raises(InvalidInput, match="one of: eum, sns"):
        spec_for("sms", ChannelSetup(transport="pigeon"))
