"""How a gateway's genuine word is described, signed and spoilt in tests, whichever gateway it is."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from recobro.ports import Endpoint, Webhook

NOW = datetime(2026, 3, 9, 18, tzinfo=UTC)
REFERENCE = "d00000000000000000000001-0a1b2c3d4e5f-1"
Payload = dict[str, Any]
"""What the gateway would write: its JSON body, its form's fields, or {"query", "body"}."""


@dataclass(frozen=True)
class Spoken:
    """payload: of a paid payment of our reference. deliver: signs it with a secret at an instant.

    told: what the parser has to make of it. signed: paths in the payload that the signature covers, where it isn't the whole
    body. header: where the signature stands ("" in the body: signature). amount: path of the amount. is_windowed: old is refused.
    nothing: how an empty secret is written; "-" where nobody can sign with one.
    """

    gateway: str
    payload: Payload
    deliver: Callable[[Payload, str, datetime], Webhook]
    told: Mapping[str, Any]
    amount: tuple[str, ...] = ()
    signed: tuple[tuple[str, ...], ...] = ()
    header: str = ""
    signature: tuple[str, ...] = ()
    secrets: tuple[str, str, str] = ("secret-one", "secret-two", "secret-three")
    merchant: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    api_key: str = "key"
    is_windowed: bool = False
    nothing: str = ""

    @property
    def endpoint(self) -> Endpoint:
        """Two live secrets; the third was once live."""
        return Endpoint("main", self.secrets[:2], self.api_key, self.merchant, self.options)

    def genuine(self, secret: str = "", at: datetime = NOW, **changes: Any) -> Webhook:
        return self.deliver({**self.payload, **changes}, secret or self.secrets[0], at)


def changed(payload: Any, path: tuple[str, ...], value: Any) -> Any:
    """The payload with another value at `path`; a number in it is a place in a list."""
    head, *rest = path
    if isinstance(payload, list):
        inner = changed(payload[int(head)], tuple(rest), value) if rest else value
        return [inner if place == int(head) else one for place, one in enumerate(payload)]
    inner = changed(payload.get(head) or {}, tuple(rest), value) if rest else value
    return {**payload, head: inner}


def at_path(payload: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        payload = payload[int(name) if isinstance(payload, list) else name]
    return payload


def as_json(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def digest(key: str | bytes, signed: bytes) -> bytes:
    return hmac.new(key.encode() if isinstance(key, str) else key, signed, hashlib.sha256).digest()


def stamped(header: str, label: str, sign: Callable[[str, bytes, datetime], tuple[str, str]]) -> Any:
    """Schemes of the family `t=…,v1=…` over "t.body"."""

    def deliver(payload: Payload, secret: str, at: datetime) -> Webhook:
        body = as_json(payload)
        stamp, made = sign(secret, body, at)
        return Webhook(body, {"content-type": "application/json", header: f"t={stamp},{label}={made}"})

    return deliver


def hex_stamped(secret: str, body: bytes, at: datetime) -> tuple[str, str]:
    stamp = str(int(at.timestamp()))
    return stamp, digest(secret, f"{stamp}.".encode() + body).hex()


def flipped(text: str) -> Iterator[str]:
    """The text with each of its characters changed in turn."""
    for place, one in enumerate(text):
        yield text[:place] + ("A" if one != "A" else "B") + text[place + 1 :]


def flipped_bytes(body: bytes) -> Iterator[bytes]:
    for place, one in enumerate(body):
        yield body[:place] + bytes([one ^ 1]) + body[place + 1 :]


def with_header(webhook: Webhook, header: str, value: str) -> Webhook:
    return replace(webhook, headers={**webhook.headers, header: value})
