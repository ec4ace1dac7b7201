"""The deployment's public address on this machine: gateways post to it, and links in messages open."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.local.system import LocalSystem
from recobro.errors import InvalidInput

MOST = 11 * 1024 * 1024
"""Bytes of a body that are read; API Gateway takes 10 MB."""


@contextmanager
def serving(system: LocalSystem, port: int) -> Iterator[str]:
    """Pass requests to the system's HTTP API while this lasts. Gives the address. Raises InvalidInput for a taken port."""
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _door(system))
    except OSError as error:
        raise InvalidInput(
            "--port", f"{port} cannot be had ({error.strerror})", "--port 0 takes a free one"
        ) from error
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="public address", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _door(system: LocalSystem) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        timeout = 10

        def _pass_on(self) -> None:
            length = min(int(self.headers.get("content-length") or 0), MOST)
            answer = system.http(
                self.command,
                self.path,
                dict(self.headers.items()),
                self.rfile.read(length),
                str(self.client_address[0]),
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name not in {"content-length", "connection"}:
                    self.send_header(name, value)
            for cookie in answer.cookies:
                self.send_header("set-cookie", cookie)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = _pass_on  # noqa: N815 - http.server's own names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            """A path may hold a token that opens a person's page: it is not written down."""

    return Door
