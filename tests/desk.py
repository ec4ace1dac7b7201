"""Somebody of the agency with a browser, and the pool that vouches for them: invented people sign in as they would in AWS."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from infra.local.managed_login import ManagedLogin
from recobro.console_entry import answer
from recobro.house import House
from recobro.pages.desk import mark_of
from recobro.ports import HttpReply
from tests.house import Clock, house, unplugged
from tests.sample import AMINTA
from tests.user_pool import APPLICATION, OURS, pool

TASK = "read-1"
PATH = f"/console/{AMINTA}/{mark_of(TASK)}"
FORM = "application/x-www-form-urlencoded"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="(\w*)">')


@contextmanager
def staffed(clock: Clock, **more: Any) -> Iterator[tuple[House, ManagedLogin]]:
    """A house whose console is open, and its pool."""
    from random import Random

    one = pool()
    login = ManagedLogin(one, clock, Random(3))

    def http(method: str, url: str, headers: Any, body: bytes = b"", *, idempotency: str = "") -> HttpReply:
        if not login.answers(url):
            return unplugged(method, url, headers, body)
        return HttpReply(*login.http(method, url, body))

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SIGN_IN_ISSUER", one.issuer)
        patched.setenv("SIGN_IN_CLIENT", APPLICATION)
        patched.setenv("SIGN_IN_URL", one.url)
        with house(clock, http=http, **more) as opened:
            yield opened, login


@dataclass
class Agent:
    """status, html, headers, to: of the last answer."""

    home: House
    login: ManagedLogin
    cookies: dict[str, str] = field(default_factory=dict)
    status: int = 0
    html: str = ""
    to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    set_cookies: tuple[str, ...] = ()

    def sign_in(self, who: str = "agent") -> "Agent":
        self.open("/console/sign-in")
        self.choose(f"{who}@example.com")
        return self.open(self.to.removeprefix(OURS))

    def choose(self, name: str) -> "Agent":
        """On the pool's page, to which the last answer led."""
        target = self.to.removeprefix(self.login.url)
        found = self.login.page("POST", target, urlencode({"who": name}).encode())
        assert found.status == 302, found
        self.to = found.headers["location"]
        return self

    def open(self, target: str = "/console") -> "Agent":
        url = urlsplit(target)
        return self.ask("GET", url.path, dict(parse_qsl(url.query)))

    def send(self, path: str, *, origin: str = OURS, **fields: str) -> "Agent":
        """Post a form of the page that is open, with what it hides."""
        hidden = dict(_HIDDEN.findall(self.html))
        return self.ask("POST", path, body=urlencode({**hidden, **fields}), origin=origin)

    def ask(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: str = "", origin: str = ""
    ) -> "Agent":
        self._take(*self._asked(method, path, dict(query or {}), body, origin))
        return self

    def _asked(
        self, method: str, path: str, query: dict[str, str], body: str, origin: str
    ) -> tuple[int, Mapping[str, str], str, Sequence[str]]:
        """Status, headers, body and cookies of an answer."""
        parts = path.strip("/").split("/")[1:]
        names = ("page",) if len(parts) == 1 else ("debtor", "task", "act")
        event: dict[str, Any] = {
            "routeKey": f"{method} /console",
            "headers": {"origin": origin, "content-type": FORM},
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "queryStringParameters": query,
            "pathParameters": dict(zip(names, parts, strict=False)),
            "requestContext": {"http": {"method": method}},
            "body": body,
            "isBase64Encoded": False,
        }
        told = answer(self.home, event)
        return told["statusCode"], told["headers"], told["body"], told["cookies"]

    def _take(self, status: int, headers: Mapping[str, str], html: str, cookies: Sequence[str]) -> None:
        self.status, self.html, self.headers = status, html, headers
        self.to = headers.get("location", "")
        self.set_cookies = tuple(cookies)
        for one in self.set_cookies:
            name, _, value = one.partition(";")[0].partition("=")
            if "Max-Age=0" in one:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

    def cookie_header(self) -> dict[str, str]:
        """As a browser sends it."""
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def sees(self, text: str) -> bool:
        return text in unescape(self.html)
