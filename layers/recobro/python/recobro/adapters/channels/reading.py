"""Carriers change what they write without asking us: what is there is read, what is missing is empty."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from recobro.errors import InvalidInput

IDS = ("debtor_id", "attempt_id")
"""What we hand a carrier to echo: with it a receipt needs no lookup."""


def part(raw: Any, *path: str) -> Mapping[str, Any]:
    """The object at `path`; empty when there is none."""
    for name in path:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw if isinstance(raw, Mapping) else {}


def text(raw: Any, *path: str) -> str:
    """The string or number at `path` as text that UTF-8 can hold; empty when there is none."""
    value = part(raw, *path[:-1]).get(path[-1])
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    return str(value).encode("utf-8", "replace").decode()


def items(raw: Any, name: str) -> list[Mapping[str, Any]]:
    """The list of objects under `name`. Raises InvalidInput when something else stands there: set it aside."""
    value = part(raw).get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise InvalidInput(name, "is not a list of objects")
    return value


def our_id(value: str) -> str:
    """An id that we handed out, as it came back; empty when it cannot be one of ours."""
    return value if value.isascii() and value.isalnum() and len(value) <= 64 else ""


def from_epoch(value: str, otherwise: datetime, *, per_second: int = 1) -> datetime:
    """Unix time, in seconds or in `per_second` parts of one, as aware UTC."""
    try:
        return datetime.fromtimestamp(int(value) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def from_iso(value: str, otherwise: datetime) -> datetime:
    """ISO-8601 as aware UTC; nanoseconds are cut to microseconds, a missing offset is UTC."""
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return otherwise


def micro_usd(*amounts: str) -> int:
    """The sum of amounts in US dollars, as whole micro-dollars; what is no amount counts nothing."""
    total = Decimal(0)
    for amount in amounts:
        try:
            value = Decimal(amount or 0)
        except InvalidOperation:
            continue
        if value.is_finite() and abs(value) < 1_000_000:
            total += value
    return int((total * 1_000_000).to_integral_value())


def fingerprint(raw: Any) -> str:
    """The same content has the same fingerprint: what a carrier sends twice without an id is still one."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest()[:32]
