"""The client's keys, read once per process from the one secret: hashes of addresses, signed links, gateways' secrets."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from recobro.adapters.table import in_our_words

FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class GatewayKeys:
    """secrets: live webhook secrets, newest first, none empty. api_key: for asking and for links; empty: none set."""

    secrets: tuple[str, ...]
    api_key: str = ""


class SecretKeys:
    """JSON with `root` (made at deployment) and `gateways`: {"standard/main": ["whsec_new", "whsec_old"]}, or, where the
    gateway's API is asked too, {"wompi/main": {"secrets": ["…"], "api_key": "…"}}. At most two secrets live at a time."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn
        self._read_last: Mapping[str, Any] = {}
        self._read_at: datetime | None = None

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        return self._read()

    def _read(self) -> Mapping[str, Any]:
        values: Mapping[str, Any] = json.loads(
            in_our_words(self._client.get_secret_value, SecretId=self._arn)["SecretString"]
        )
        return values

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose; knowing one tells nothing of another (HMAC as key derivation, NIST SP 800-108)."""
        return hmac.new(str(self._values["root"]).encode(), purpose.encode(), hashlib.sha256).digest()

    def _fresh(self, now: datetime) -> Mapping[str, Any]:
        if self._read_at is None or now - self._read_at >= FRESH:
            self._read_last, self._read_at = self._read(), now
        return self._read_last

    def gateway(self, gateway: str, endpoint: str, now: datetime) -> GatewayKeys:
        """The live keys of one endpoint: read again after five minutes, so that a rotation needs no deployment."""
        there = self._fresh(now).get("gateways", {}).get(f"{gateway}/{endpoint}", [])
        listed, api_key = (
            (there, "") if isinstance(there, list) else (there.get("secrets", []), there.get("api_key", ""))
        )
        # An empty key would make a signature that anybody can write (HMAC with no key).
        return GatewayKeys(tuple(str(one) for one in listed if one)[:2], str(api_key))

    def notify(self, place: str, now: datetime) -> tuple[str, ...]:
        """The live secrets by which a place of the client's knows our word, newest first: `{"notify": {"core": ["whsec_…"]}}`."""
        return tuple(str(one) for one in self._fresh(now).get("notify", {}).get(place, []) if one)[:2]

    def api_caller(self, token: str, now: datetime) -> str:
        """Whose key it is, by the hashes under `api`: {"acme core": "<sha-256 of the key>"}; empty: nobody's."""
        digest = hashlib.sha256(token.encode()).hexdigest()
        named = self._fresh(now).get("api", {})
        return next((str(who) for who, kept in named.items() if hmac.compare_digest(digest, str(kept))), "")
