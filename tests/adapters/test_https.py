"""A gateway's API is asked over a real connection: bounded in time and size, once, and an answer that fails is "not now"."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from recobro.adapters.http import MAX_REPLY, Https
from recobro.errors import InvariantBroken, Unavailable


class Server(ThreadingHTTPServer):
    """status, body, wait: how it answers; asked: what it saw."""

    status = 200
    body = b'{"ok": true}'
    wait = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone: that is what some tests are about."""


class Answers(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        time.sleep(self.server.wait)
        self.send_response(self.server.status)
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 — the names that the standard library calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — as above
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield running
        running.shutdown()


def asked(server: Server, method: str = "GET", body: bytes = b"", idempotency: str = "") -> tuple[int, bytes]:
    http = Https(connect=0.5, read=0.3, schemes=("http",))
    reply = http(
        method,
        f"http://127.0.0.1:{server.server_port}/v1/x?a=1",
        {"x-key": "k"},
        body,
        idempotency=idempotency,
    )
    return reply.status, reply.body


def test_a_question_goes_out_as_it_was_asked(server: Server) -> None:
    assert asked(server, "POST", b'{"a":1}', "once-1") == (200, b'{"ok": true}')
    method, path, headers, body = server.asked[0]

    assert (method, path, body) == ("POST", "/v1/x?a=1", b'{"a":1}')
    assert (headers["x-key"], headers["idempotency-key"]) == ("k", "once-1")


@pytest.mark.parametrize("status", [302, 400, 404, 422])
def test_a_refusal_and_a_redirection_are_answers(server: Server, status: int) -> None:
    server.status = status

    assert asked(server)[0] == status
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_by_waiting_is_not_now_and_is_not_tried_twice(server: Server, status: int) -> None:
    server.status = status
    with pytest.raises(Unavailable):
        asked(server, "POST")

    assert len(server.asked) == 1


def test_a_gateway_that_does_not_answer_in_time_is_not_now(server: Server) -> None:
    server.wait = 1
    started = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        asked(server)

    assert time.monotonic() - started < 0.9
    assert "127.0.0.1" not in str(caught.value), "an address may hold an id"


def test_a_gateway_that_is_not_there_is_not_now() -> None:
    with pytest.raises(Unavailable):
        Https(connect=0.2, read=0.2, schemes=("http",))("GET", "http://127.0.0.1:9/", {})


def test_an_answer_without_end_is_cut(server: Server) -> None:
    server.body = b"x" * (MAX_REPLY + 10)
    with pytest.raises(Unavailable):
        asked(server)


def test_a_gateway_is_only_asked_over_https(server: Server) -> None:
    with pytest.raises(InvariantBroken):
        Https()("GET", f"http://127.0.0.1:{server.server_port}/", {})
    with pytest.raises(InvariantBroken):
        Https()("GET", "file:///etc/hosts", {})
    assert server.asked == []
