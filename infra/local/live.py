"""Keeps a deployment running beside its user: its public address answers on this machine, its schedules keep real time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.local.drivers.http_api import LARGEST, HttpAnswer
from infra.local.managed_login import PATHS
from infra.local.names_here import Names, names_at
from infra.local.system import LocalSystem

LONGEST_SLEEP = 1.0
"""Seconds after which it looks again what is due, in case the machine slept meanwhile."""


class Live:
    """The public address of a system, and the thread of its own that does what falls due. The system lives in real time."""

    def __init__(self, system: LocalSystem, port: int) -> None:
        """port: on 127.0.0.1; 0 for any that is free. Raises OSError when it is taken."""
        if system.clock.moves:
            raise ValueError("a system with a movable clock cannot be served: boot it without `start`")
        self._system = system
        self._stop = threading.Event()
        self._woken = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(system, self._woken))
        self._server.daemon_threads = True
        self._threads = [
            threading.Thread(
                target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="public address"
            ),
            threading.Thread(target=self._work, name="due work"),
        ]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer and to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is being done, then stop."""
        self._stop.set()
        self._woken.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()

    def _work(self) -> None:
        while not self._stop.is_set():
            self._woken.clear()
            self._system.drain()
            due = self._system.next_due
            wait = LONGEST_SLEEP if due is None else (due - datetime.now(UTC)).total_seconds()
            self._woken.wait(max(0.0, min(wait, LONGEST_SLEEP)))


def serve(system: LocalSystem, port: int, ready: Callable[[str], None] = lambda _url: None) -> None:
    """Run until interrupted (Ctrl-C). ready: called with the address once it answers."""
    live = Live(system, port)
    live.start()
    try:
        ready(f"http://127.0.0.1:{live.port}")
        threading.Event().wait()
    except KeyboardInterrupt:
        # Being interrupted is how it is meant to end.
        return
    finally:
        live.stop()


def _handler(system: LocalSystem, woken: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Hands each request to the deployed routes."""

        protocol_version = "HTTP/1.1"

        def answer_request(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if length > LARGEST:
                # Not worth reading: the connection ends with the refusal.
                self.close_connection = True
            body = self.rfile.read(min(length, LARGEST + 1))
            answer = self.asked(names_at(system, self.headers.get("host", "")), body)
            woken.set()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            for cookie in answer.cookies:
                self.send_header("set-cookie", cookie)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def asked(self, names: Names, body: bytes) -> HttpAnswer:
            login = system.login
            if login is not None and self.path.startswith(PATHS):
                return names.from_outside(login.page(self.command, self.path, body))
            headers = names.to_outside(dict(self.headers.items()))
            return names.from_outside(
                system.http(self.command, self.path, headers, body, self.client_address[0])
            )

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = answer_request  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: a path may hold a person's token."""

    return Handler
