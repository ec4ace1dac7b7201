"""Where people sign in on this machine: a user pool's pages with invented people, its tokens and keys, as Cognito answers them.

No password and no second factor: whoever sits at this machine may be any of the invented. All else is looked at as the pool
would: address to go back to, code once, verifier, time.
https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from html import escape
from random import Random
from threading import RLock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from infra.local.drivers.http_api import HttpAnswer
from infra.local.inventory import Application, UserPool

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PATHS = ("/oauth2/", "/logout")
"""What the pool's own name answers, wherever this machine serves it."""

A_CODE = timedelta(minutes=5)
"""A code is good for so long, once."""


@dataclass(frozen=True)
class Invented:
    """Somebody of the agency who does not exist. groups: those of the pool that they stand in."""

    name: str
    groups: tuple[str, ...]


def invented(pool: UserPool) -> tuple[Invented, ...]:
    """One in each group, and one in none."""
    return (*(Invented(f"{one}@example.com", (one,)) for one in pool.groups), Invented("new@example.com", ()))


@dataclass(frozen=True)
class _Given:
    """What a code or a renewal stands for."""

    who: Invented
    application: str
    since: datetime
    until: datetime
    back: str = ""
    nonce: str = ""
    challenge: str = ""


class ManagedLogin:
    """The sign-in of one pool. What it gave out is forgotten when this process ends, and everybody signs in again."""

    def __init__(self, pool: UserPool, now: Callable[[], datetime], chance: Random) -> None:
        self._pool = pool
        self._now = now
        self._chance = chance
        self._given: dict[str, _Given] = {}
        self._lock = RLock()

    @property
    def url(self) -> str:
        """Of its pages, as people and functions know it."""
        return self._pool.url

    def answers(self, url: str) -> bool:
        """Whether that is an address of the pool's."""
        return url.startswith((f"{self._pool.issuer}/", f"{self._pool.url}/"))

    def http(self, method: str, url: str, body: bytes) -> tuple[int, bytes]:
        """What a function asks: keys, tokens, and to forget one."""
        with self._lock:
            if (method, url) == ("GET", f"{self._pool.issuer}/.well-known/jwks.json"):
                return 200, json.dumps({"keys": [self._public]}).encode()
            asked = dict(parse_qsl(body.decode(), keep_blank_values=True))
            path = url.removeprefix(self._pool.url)
            if (method, path) == ("POST", "/oauth2/token"):
                return self._token(asked)
            if (method, path) == ("POST", "/oauth2/revoke"):
                return self._revoked(asked)
            return 404, b""

    def page(self, method: str, target: str, body: bytes = b"") -> HttpAnswer:
        """What a browser asks: the page to sign in on, with those who may, and the way out. target: path and query."""
        path = urlsplit(target).path
        asked = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
        with self._lock:
            application = self._pool.applications.get(asked.get("client_id", ""))
            if path == "/oauth2/authorize" and application is not None and _may_ask(application, asked):
                chosen = dict(parse_qsl(body.decode())).get("who", "") if method == "POST" else ""
                who = next((one for one in invented(self._pool) if one.name == chosen), None)
                return self._choice(target) if who is None else self._back(application, who, asked)
            if (
                path == "/logout"
                and application is not None
                and asked.get("logout_uri") in application.logouts
            ):
                return HttpAnswer(302, {"location": asked["logout_uri"]})
        return HttpAnswer(400, {"content-type": "text/plain"}, b"invalid_request")

    def _choice(self, target: str) -> HttpAnswer:
        people = "".join(
            f'<p><button name="who" value="{escape(one.name)}">{escape(one.name)}</button></p>'
            for one in invented(self._pool)
        )
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            "<title>Sign in on this machine</title><h1>Sign in on this machine</h1>"
            "<p>In AWS, Amazon Cognito asks here for a password and a second factor. These people are invented.</p>"
            f'<form method="post" action="{escape(target)}">{people}</form></html>'
        )
        return HttpAnswer(200, {"content-type": "text/html; charset=utf-8"}, page.encode())

    def _back(self, application: Application, who: Invented, asked: Mapping[str, str]) -> HttpAnswer:
        now = self._now()
        code = self._keep(
            _Given(
                who,
                application.id,
                now,
                now + A_CODE,
                asked["redirect_uri"],
                asked.get("nonce", ""),
                asked["code_challenge"],
            )
        )
        told = urlencode({"code": code, "state": asked.get("state", "")})
        return HttpAnswer(302, {"location": f"{asked['redirect_uri']}?{told}"})

    def _keep(self, given: _Given) -> str:
        name = f"{self._chance.getrandbits(256):064x}"
        self._given[name] = given
        return name

    def _token(self, asked: Mapping[str, str]) -> tuple[int, bytes]:
        kind = asked.get("grant_type")
        if kind == "authorization_code":
            given = self._given.pop(asked.get("code", ""), None)
            if (
                given is None
                or not given.back
                or not _is_its_own(given, asked)
                or not self._stands(given, asked)
            ):
                return _refused("invalid_grant")
            until = self._now() + timedelta(seconds=self._application(given).renewal_seconds)
            renewal = self._keep(_Given(given.who, given.application, given.since, until))
            return self._told(given, {"refresh_token": renewal})
        if kind == "refresh_token":
            given = self._given.get(asked.get("refresh_token", ""))
            if given is None or given.back or not self._stands(given, asked):
                return _refused("invalid_grant")
            return self._told(given, {})
        return _refused("unsupported_grant_type")

    def _stands(self, given: _Given, asked: Mapping[str, str]) -> bool:
        return given.application == asked.get("client_id") and self._now() < given.until

    def _application(self, given: _Given) -> Application:
        return self._pool.applications[given.application]

    def _told(self, given: _Given, more: Mapping[str, str]) -> tuple[int, bytes]:
        seconds = self._application(given).token_seconds
        now = int(self._now().timestamp())
        claims: dict[str, Any] = {
            "sub": hashlib.sha256(given.who.name.encode()).hexdigest()[:32],
            "iss": self._pool.issuer,
            "aud": given.application,
            "token_use": "id",
            "cognito:username": given.who.name,
            "auth_time": int(given.since.timestamp()),
            "iat": now,
            "exp": now + seconds,
        }
        if given.who.groups:
            claims["cognito:groups"] = list(given.who.groups)
        if given.nonce:
            claims["nonce"] = given.nonce
        told = {"id_token": self.signed(claims), "expires_in": seconds, "token_type": "Bearer", **more}
        return 200, json.dumps(told).encode()

    def _revoked(self, asked: Mapping[str, str]) -> tuple[int, bytes]:
        given = self._given.get(asked.get("token", ""))
        if given is not None and not self._application(given).revokes:
            return _refused("unsupported_token_type")
        self._given.pop(asked.get("token", ""), None)
        return 200, b""

    def signed(self, claims: Mapping[str, Any]) -> str:
        """A token of the pool's (RFC 7515 §3.1, RS256)."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        head = {"alg": "RS256", "kid": self._public["kid"]}
        text = ".".join(_base64(json.dumps(one).encode()) for one in (head, claims))
        return f"{text}.{_base64(self._key.sign(text.encode(), PKCS1v15(), SHA256()))}"

    @cached_property
    def _key(self) -> "RSAPrivateKey":
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

        return generate_private_key(65_537, 2_048)

    @cached_property
    def _public(self) -> dict[str, str]:
        """As a JWK Set lists it (RFC 7517)."""
        numbers = self._key.public_key().public_numbers()
        modulus = _base64(numbers.n.to_bytes(256, "big"))
        name = hashlib.sha256(modulus.encode()).hexdigest()[:16]
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": modulus, "e": "AQAB"}


def _may_ask(application: Application, asked: Mapping[str, str]) -> bool:
    """A code with PKCE for an address that is known; nothing else is asked for here."""
    return (
        asked.get("response_type") == "code"
        and asked.get("redirect_uri") in application.callbacks
        and asked.get("code_challenge_method") == "S256"
        and bool(asked.get("code_challenge"))
        and set(asked.get("scope", "").split()) <= set(application.scopes)
    )


def _is_its_own(given: _Given, asked: Mapping[str, str]) -> bool:
    """RFC 7636 §4.6."""
    proof = _base64(hashlib.sha256(asked.get("code_verifier", "").encode()).digest())
    return given.back == asked.get("redirect_uri") and hmac.compare_digest(proof, given.challenge)


def _refused(error: str) -> tuple[int, bytes]:
    return 400, json.dumps({"error": error}).encode()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
