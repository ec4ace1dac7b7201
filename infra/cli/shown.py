"""A page is easier to look at in a browser than in a folder: shown on this machine only, and not for long."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from infra.cli.screen import Screen

SERVED_FOR = 600
"""Seconds after which the page is no longer served, so that nothing is left running behind anybody's back."""


def serve(
    page: Path,
    screen: Screen,
    *,
    seconds: float = SERVED_FOR,
    told: Callable[[str], None] = lambda address: None,
) -> None:
    """Show one page at an address of this machine until Ctrl-C, at most `seconds`. told: hears the address."""
    server = HTTPServer(("127.0.0.1", 0), _shows(page.read_bytes()))
    server.timeout = 0.5
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    screen.note(f"Look at it: {address} (for {seconds / 60:.0f} minutes; Ctrl-C ends it)")
    told(address)
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            server.handle_request()
    except KeyboardInterrupt:
        screen.note("")
    finally:
        server.server_close()


def _shows(body: bytes) -> type[BaseHTTPRequestHandler]:
    class Shows(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            found = self.path == "/"
            self.send_response(200 if found else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body) if found else 0))
            self.end_headers()
            if found:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            """Whoever looks at the page needs no access log."""

    return Shows
