"""Who was identified on the page stays so for an hour, on that browser, for that one person: nothing of it is kept by us."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LASTS = timedelta(minutes=60)
_SEAL = 16
_FORM = 32
_SEEN = re.compile(r"[0-9a-f]{1,12}")


@dataclass(frozen=True, slots=True)
class Session:
    """debtor_id: whose page is open, and until when (aware UTC)."""

    debtor_id: str
    ends_at: datetime


def issue(session: Session, key: bytes) -> str:
    """The cookie's value: URL-safe letters, sealed with HMAC-SHA256 (RFC 2104 §5), no personal data in it."""
    body = bytes.fromhex(session.debtor_id[1:].rjust(24, "0")) + int(session.ends_at.timestamp()).to_bytes(
        5, "big"
    )
    return base64.urlsafe_b64encode(body + _seal(body, key)).rstrip(b"=").decode()


def open_session(text: str, debtor_id: str, key: bytes, now: datetime) -> bool:
    """Whether that cookie opens the page of that person now."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return False
    body, seal = raw[:-_SEAL], raw[-_SEAL:]
    if len(body) != 17 or not hmac.compare_digest(seal, _seal(body, key)):
        return False
    ends_at = datetime.fromtimestamp(int.from_bytes(body[12:], "big"), UTC)
    return "d" + body[:12].hex()[1:] == debtor_id and now < ends_at


def form_key(cookie: str, key: bytes, seen: int | None = None) -> str:
    """What every form of that session carries, so that no other site can send it (OWASP: signed double-submit).

    seen: the version of the record that its page showed, sealed with the rest: what was said since, the form cannot know.
    """
    shown = "" if seen is None else f"{seen:x}"
    text = f"form\x1f{cookie}\x1f{shown}" if shown else f"form\x1f{cookie}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:_FORM] + shown


def is_form_of(cookie: str, given: str, key: bytes) -> bool:
    """Whether a form was made by the page of that session."""
    return hmac.compare_digest(given.encode(), form_key(cookie, key, seen_by(given)).encode())


def seen_by(given: str) -> int | None:
    """The version of the record that the page of a form (`is_form_of`) showed. None: forms of an older release do not say."""
    shown = given[_FORM:]
    return int(shown, 16) if _SEEN.fullmatch(shown) else None


def _seal(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"session" + body, hashlib.sha256).digest()[:_SEAL]
