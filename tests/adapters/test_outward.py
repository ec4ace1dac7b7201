"""The client's own systems are reached over https, at a public address that was looked at, followed nowhere; nobody is led inside."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from recobro.adapters.outward import Outward, check_url, is_public
from recobro.errors import InvalidInput, InvariantBroken, Unavailable
from tests.adapters.test_https import Server

PUBLIC = "93.184.216.34"
INSIDE = [
    "127.0.0.1", "10.0.0.7", "172.16.4.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.9", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:93.184.216.34",
    "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:7f00:1::", "ff02::1",
]  # fmt: skip


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield running
        running.shutdown()


class Made:
    """Makes the connections to a server on this machine instead, and remembers what was asked for."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.asked: list[tuple[str, int, dict[str, Any]]] = []

    def __call__(self, address: str, port: int, **how: Any) -> urllib3.HTTPConnectionPool:
        self.asked.append((address, port, how))
        return urllib3.HTTPConnectionPool(
            "127.0.0.1", self.server.server_port, timeout=how["timeout"], retries=how["retries"]
        )


def outward(server: Server, *addresses: str) -> tuple[Outward, Made]:
    made = Made(server)
    return Outward(connect=0.5, read=0.3, resolve=lambda host, port: addresses, pool=made), made


def test_the_call_goes_to_the_address_that_was_looked_at_under_the_name_that_was_meant(
    server: Server,
) -> None:
    tell, made = outward(server, PUBLIC)
    reply = tell("POST", "https://core.example.com/hooks?a=1", {"webhook-id": "n-1"}, b"{}")
    assert reply.status == 200
    ((address, port, how),) = made.asked
    assert (address, port, how["server_hostname"], how["assert_hostname"]) == (
        PUBLIC, 443, "core.example.com", "core.example.com",
    )  # fmt: skip
    ((method, path, headers, body),) = server.asked
    assert (method, path, headers["host"], body) == ("POST", "/hooks?a=1", "core.example.com", b"{}")


def test_a_redirection_is_an_answer_and_is_not_followed(server: Server) -> None:
    server.status = 302
    tell, _ = outward(server, PUBLIC)
    assert tell("POST", "https://core.example.com/", {}, b"{}").status == 302
    assert len(server.asked) == 1


@pytest.mark.parametrize("inside", INSIDE)
def test_nobody_is_led_inside_even_beside_a_public_address(server: Server, inside: str) -> None:
    for addresses in ((inside,), (PUBLIC, inside)):
        tell, made = outward(server, *addresses)
        with pytest.raises(InvariantBroken, match="not public"):
            tell("POST", "https://core.example.com/", {}, b"{}")
        assert made.asked == []


@given(st.ip_addresses())
def test_what_is_not_global_is_never_public(address: Any) -> None:
    assert not (is_public(str(address)) and (not address.is_global or address.is_multicast))


def test_plain_http_is_refused_and_silence_is_not_now(server: Server) -> None:
    tell, _ = outward(server, PUBLIC)
    with pytest.raises(InvariantBroken):
        tell("POST", "http://core.example.com/", {}, b"{}")
    server.wait = 1.0
    with pytest.raises(Unavailable):
        tell("POST", "https://core.example.com/", {}, b"{}")
    with pytest.raises(Unavailable, match="no address"):
        Outward(resolve=_nobody)("POST", "https://core.example.com/", {}, b"{}")


def _nobody(host: str, port: int) -> list[str]:
    raise OSError("no such name")


@pytest.mark.parametrize(
    "url",
    [
        "http://core.example.com", "https://", "https://localhost/x", "https://user:secret@core.example.com/",
        "https://core.example.com/#x", "https://10.0.0.1/", "https://[::1.2]/", "https://core.example.com:port/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_before_it_is_deployed(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_url("notify[0].url", url)


def test_an_address_of_the_internet_may_be_meant() -> None:
    check_url("notify[0].url", "https://core.example.com:8443/recobro?of=acme")
