"""What stands in a link that we send: whose it is and for what, signed, and nothing that a stranger could read."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from recobro.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Token:
    """purpose: "u" (unsubscribe) | "p" (page). attempt: the message it was sent in."""

    purpose: str
    debtor_id: str
    attempt_id: str
    expires_at: datetime


def sign(token: Token, key: bytes) -> str:
    """URL-safe text; HMAC-SHA256 truncated to 128 bits (RFC 2104 §5)."""
    body = _body(token)
    return _text(body + _seal(body, key))


def read(text: str, purpose: str, key: bytes, now: datetime) -> Token:
    """Raises InvalidInput for what we did not sign, signed for something else, or signed too long ago."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise _invalid() from None
    body, seal = raw[:-16], raw[-16:]
    if len(raw) <= 16 or not hmac.compare_digest(seal, _seal(body, key)):
        raise _invalid()
    signed_purpose, debtor_id, attempt_id, expires = body.decode().split("|")
    token = Token(signed_purpose, debtor_id, attempt_id, datetime.fromtimestamp(int(expires), UTC))
    if signed_purpose != purpose:
        raise _invalid()
    if token.expires_at <= now:
        raise InvalidInput("token", "has expired", "use the link in our latest message")
    return token


def _body(token: Token) -> bytes:
    parts = (token.purpose, token.debtor_id, token.attempt_id, str(int(token.expires_at.timestamp())))
    return "|".join(parts).encode()


def _seal(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:16]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _invalid() -> InvalidInput:
    return InvalidInput("token", "is not one of ours", "use the link exactly as we sent it")
