"""The page at an address of this machine, through the function's own door, as API Gateway would hand requests to it."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from recobro.entry import asked_page
from recobro.house import House
from tests.visitor import BEHIND


@contextmanager
def served(home: House) -> Iterator[str]:
    """Its address, without the path."""
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer_request(self) -> None:
            url = urlsplit(self.path)
            parts = url.path.strip("/").split("/")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            purpose, token, page = (*parts, "", "", "")[:3]
            event: dict[str, Any] = {
                "routeKey": f"{self.command} /{purpose}/{{token}}",
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "cookies": [one.strip() for one in (self.headers.get("cookie") or "").split(";") if one],
                "queryStringParameters": dict(parse_qsl(url.query)),
                "pathParameters": {"token": token, "page": page},
                "requestContext": {"http": {"method": self.command}},
                "body": base64.b64encode(body).decode(),
                "isBase64Encoded": True,
            }
            with one_at_a_time:
                answer = asked_page(home, event, BEHIND[purpose])
            raw = answer["body"]
            sent = base64.b64decode(raw) if answer.get("isBase64Encoded") else raw.encode()
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            for cookie in answer["cookies"]:
                self.send_header("set-cookie", cookie)
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = answer_request  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: a path holds a person's token."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
