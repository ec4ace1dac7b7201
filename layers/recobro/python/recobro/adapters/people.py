"""Where the agency's people sign in: the pool's own pages ask for password and second factor, we only ever see what it vouches for.

https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from recobro.adapters.id_tokens import Expected, Keys, key_named, keys_of, named
from recobro.domain.signed_in import SignedIn
from recobro.errors import Unavailable
from recobro.ports import Forged, Http, HttpReply
from recobro.settings import SignIn

FRESH = timedelta(hours=1)
"""After so long the pool's keys are read again: one that it gave up is not believed for ever."""

ONCE_IN = timedelta(minutes=1)
"""Whoever sends tokens with names of keys that do not exist has us ask for new ones no oftener."""

SPOKEN = {"es": "es", "pt": "pt-BR", "en": "en"}
"""Our languages as the sign-in pages name them.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html#managed-login-localization
"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """id_token: says who; renewal: gets another one, as long as the pool still knows the person; empty: the one there was goes on."""

    id_token: str
    renewal: str
    who: SignedIn


class People:
    """The pool, as one function asks it. Raises Forged for what it does not vouch for, Unavailable while it cannot be asked."""

    def __init__(self, sign_in: SignIn, http: Http, public_url: str) -> None:
        self._sign_in = sign_in
        self._http = http
        self._back = f"{public_url}/console/back"
        self._out = f"{public_url}/console/out"
        self._expected = Expected(sign_in.issuer, sign_in.client)
        self._keys: Keys = {}
        self._read_at: datetime | None = None

    @property
    def url(self) -> str:
        """Of the sign-in pages, without a path."""
        return self._sign_in.url

    def door(self, state: str, nonce: str, verifier: str, language: str) -> str:
        """Where to send a browser to sign in. verifier: kept for `enter`; only its hash travels (RFC 7636 §4.2)."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._sign_in.client,
            "redirect_uri": self._back,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "lang": SPOKEN.get(language, "en"),
        }
        return f"{self._sign_in.url}/oauth2/authorize?{urlencode(asked)}"

    def way_out(self) -> str:
        """Where to send a browser so that the pool, too, forgets that it signed in."""
        asked = {"client_id": self._sign_in.client, "logout_uri": self._out}
        return f"{self._sign_in.url}/logout?{urlencode(asked)}"

    def enter(self, code: str, verifier: str, nonce: str, now: datetime) -> Tokens:
        """What the code is worth that the browser came back with."""
        told = self._asked_token(
            {
                "grant_type": "authorization_code",
                "client_id": self._sign_in.client,
                "code": code,
                "redirect_uri": self._back,
                "code_verifier": verifier,
            }
        )
        return Tokens(
            told["id_token"], told.get("refresh_token", ""), self._named(told["id_token"], now, nonce)
        )

    def renew(self, renewal: str, now: datetime) -> Tokens:
        """The pool is asked whether that person still works here."""
        told = self._asked_token(
            {"grant_type": "refresh_token", "client_id": self._sign_in.client, "refresh_token": renewal}
        )
        return Tokens(told["id_token"], told.get("refresh_token", ""), self._named(told["id_token"], now))

    def known(self, id_token: str, now: datetime) -> SignedIn:
        """Whom that token names. Asks nobody, but for keys that it has not read yet."""
        return self._named(id_token, now)

    def forget(self, renewal: str) -> None:
        """Nobody gets another token by it (RFC 7009)."""
        self._post("/oauth2/revoke", {"token": renewal, "client_id": self._sign_in.client})

    def _named(self, token: str, now: datetime, nonce: str | None = None) -> SignedIn:
        name = key_named(token)
        age = now - self._read_at if self._read_at is not None else None
        if age is None or age >= FRESH or (name not in self._keys and age >= ONCE_IN):
            reply = self._http("GET", f"{self._sign_in.issuer}/.well-known/jwks.json", {})
            if reply.status != 200:
                raise Unavailable(f"the pool's keys: {reply.status}")
            self._keys, self._read_at = keys_of(reply.body), now
        return named(token, self._keys, self._expected, now, nonce)

    def _asked_token(self, asked: Mapping[str, str]) -> dict[str, Any]:
        reply = self._post("/oauth2/token", asked)
        try:
            told = json.loads(reply.body) if reply.status == 200 else None
        except ValueError:
            told = None
        if not isinstance(told, dict) or not isinstance(told.get("id_token"), str):
            # What it said instead may name what was sent.
            raise Forged(f"the pool gave no token ({reply.status})")
        if not isinstance(told.get("refresh_token", ""), str):
            raise Forged("the pool gave a renewal that cannot be read")
        return told

    def _post(self, path: str, asked: Mapping[str, str]) -> HttpReply:
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        return self._http("POST", f"{self._sign_in.url}{path}", headers, urlencode(asked).encode())
