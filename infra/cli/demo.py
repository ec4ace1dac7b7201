"""A newcomer's first minute: weeks of believable work on an invented portfolio, and a page that shows what came of it."""

import argparse
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from infra.cli.command import Command
from infra.cli.screen import Screen

REPORT = Path("recobro-demo.html")
SERVED_FOR = 600
"""Seconds after which the page is no longer served, so that nothing is left running behind anybody's back."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--debtors", type=_positive, default=300, metavar="N", help="how many people (%(default)s)"
    )
    parser.add_argument("--days", type=_positive, default=45, metavar="N", help="how many days (%(default)s)")
    parser.add_argument(
        "--seed", type=int, default=7, metavar="N", help="the same seed gives the same ledger (%(default)s)"
    )
    parser.add_argument("--no-serve", action="store_true", help="write the page and end")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    raise NotImplementedError


def serve(
    page: Path, screen: Screen, *, seconds: float = SERVED_FOR, told: Callable[[str], None] | None = None
) -> None:
    """Show one page at an address of this machine until Ctrl-C, at most `seconds`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _shows(page.read_bytes()))
    server.timeout = 0.5
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    screen.note(f"{page} is shown at {address} for ten minutes; Ctrl-C ends it")
    if told is not None:
        told(address)
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            server.handle_request()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def _shows(body: bytes) -> type[BaseHTTPRequestHandler]:
    class Shows(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body if self.path == "/" else b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            """Whoever watches the demo needs no access log."""

    return Shows


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not 1 or more")
    return value


COMMAND = Command(
    name="demo",
    summary="Work an invented portfolio for weeks in a minute, and look at what came of it",
    examples=(
        "recobro demo",
        "recobro demo --debtors 100 --days 30 --seed 11 --no-serve",
        "recobro demo --json --no-serve",
    ),
    options=options,
    run=run,
    has_place=False,
)
