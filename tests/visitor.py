"""Somebody with an old browser: follows links, fills forms in, keeps cookies, and runs no script."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

from recobro.domain.tokens import Token, sign
from recobro.entry import asked_page
from recobro.house import House
from recobro.usecases.debtor_portal import debtor_portal, unsubscribe
from recobro.usecases.portal.pay_now import pay_now
from tests.house import standing
from tests.sample import AMINTA

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="(\w*)">')
BEHIND = {"u": unsubscribe, "p": debtor_portal, "g": pay_now}


def link_to(home: House, purpose: str = "p", debtor: str = AMINTA) -> str:
    """The token in the first message that was sent to that person."""
    attempt = standing(home, debtor).attempts[0]
    token = Token(purpose, debtor, attempt.id[:7], (home.now() + timedelta(days=60)).date())
    return sign(token, home.secrets.derived("links"))


@dataclass
class Visitor:
    """token: of the link that was followed. html, status, headers: of the last answer."""

    home: House
    token: str
    purpose: str = "p"
    cookies: dict[str, str] = field(default_factory=dict)
    html: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def open(self, page: str = "", **query: str) -> "Visitor":
        return self._ask("GET", page, query=query)

    def send(self, act: str, **fields: str) -> "Visitor":
        """Post a form of the page that is open, with what it hides."""
        hidden = dict(_HIDDEN.findall(self.html))
        return self.post(act, urlencode(hidden | fields).encode())

    def upload(self, act: str, file: bytes, **fields: str) -> "Visitor":
        hidden = dict(_HIDDEN.findall(self.html))
        parts = [
            f'--sep\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in (hidden | fields).items()
        ]
        head = b'--sep\r\ncontent-disposition: form-data; name="proof"; filename="a.bin"\r\n\r\n'
        return self.post(
            act, b"".join([*parts, head, file, b"\r\n--sep--\r\n"]), "multipart/form-data; boundary=sep"
        )

    def post(self, act: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> "Visitor":
        return self._ask("POST", act, body=body, kind=kind)

    def enter(self, **answers: str) -> "Visitor":
        """Identify; by default as the sample person is identified after an SMS or WhatsApp message."""
        self.open()
        self.send("enter", **(answers or {"surname": "Prueba", "email": "aminta@example.com"}))
        return self

    @property
    def text(self) -> str:
        """What is read, without markup."""
        return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", self.html))

    def _ask(
        self,
        method: str,
        page: str,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        kind: str = "",
    ) -> "Visitor":
        route = f"{method} /{self.purpose}/{{token}}" + ("/{page}" if page else "")
        event: dict[str, Any] = {
            "routeKey": route,
            "headers": {"content-type": kind},
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "queryStringParameters": dict(query or {}),
            "pathParameters": {"token": self.token, **({"page": page} if page else {})},
            "requestContext": {"http": {"method": method}},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        answer = asked_page(self.home, event, BEHIND[self.purpose])
        self.status, self.headers = answer["statusCode"], answer["headers"]
        self.html = "" if answer.get("isBase64Encoded") else answer["body"]
        self.body = base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else b""
        for cookie in answer["cookies"]:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        to = self.headers.get("location", "")
        if self.status == 303 and to.startswith(f"/{self.purpose}/"):
            path, _, asked = to.partition("?")
            return self.open(
                path.split("/")[3] if path.count("/") > 2 else "",
                **dict(one.split("=") for one in asked.split("&") if one),
            )
        return self
