"""What stands in a link that we send: whose it is and for what, signed, and nothing that a stranger could read."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from recobro.errors import InvalidInput

PURPOSES = "upg"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
SEAL = 8
"""Bytes of seal: 2⁶⁴ guesses over the network; every byte more would push a message into a second, charged part."""


@dataclass(frozen=True, slots=True)
class Token:
    """purpose: "u" (unsubscribe) | "p" (page) | "g" (paying, and nothing else). attempt: the first letters of the
    message's id, enough within one person.

    expires_on: counted in whole days, UTC.
    """

    purpose: str
    debtor_id: str
    attempt: str
    expires_on: date


def sign(token: Token, key: bytes) -> str:
    """35 URL-safe letters; HMAC-SHA256, truncated (RFC 2104 §5)."""
    days = (token.expires_on - EPOCH.date()).days
    body = bytes(
        (PURPOSES.index(token.purpose), *bytes.fromhex(token.debtor_id[1:].rjust(24, "0")))
    ) + bytes.fromhex(token.attempt[1:7])
    body += days.to_bytes(2, "big")
    return base64.urlsafe_b64encode(body + _seal(body, key)).rstrip(b"=").decode()


def read(text: str, purpose: str, key: bytes, now: datetime) -> Token:
    """Raises InvalidInput for what we did not sign, signed for something else, or signed too long ago.

    A no never comes too late: what unsubscribes binds however old it is.
    """
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise _invalid() from None
    body, seal = raw[:-SEAL], raw[-SEAL:]
    if len(body) != 18 or not hmac.compare_digest(seal, _seal(body, key)):
        raise _invalid()
    # Base64 is read past anything that is none: what else stands there would come back in an address of ours.
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise _invalid()
    expires_on = EPOCH.date() + timedelta(days=int.from_bytes(body[16:18], "big"))
    token = Token(PURPOSES[body[0]], "d" + body[1:13].hex()[1:], "a" + body[13:16].hex(), expires_on)
    if token.purpose != purpose:
        raise _invalid()
    if purpose != "u" and expires_on <= now.astimezone(UTC).date():
        raise InvalidInput("token", "has expired", "use the link in our latest message")
    return token


def _seal(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:SEAL]


def _invalid() -> InvalidInput:
    return InvalidInput("token", "is not one of ours", "use the link exactly as we sent it")
