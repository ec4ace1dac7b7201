"""Gateways say the same things in many notations; what makes no sense is refused before it can become money.

Every function raises InvalidInput, and nothing else, for whatever a body may hold.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl

from recobro.domain.money import Money, exponent
from recobro.errors import InvalidInput

LARGEST = 10**15
"""Minor units: more is no payment of a debt but a mistake, or a try."""
LONGEST = 255
"""Characters of an id or a reference; no gateway documents a longer one."""


def loaded(body: bytes | str) -> Mapping[str, Any]:
    """The JSON object of a body. A number with a point is a Decimal: no amount ever passes through a float."""
    try:
        value = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise InvalidInput(
            "body", f"is no JSON ({type(error).__name__})", "send it as it was signed"
        ) from error
    if not isinstance(value, Mapping):
        raise InvalidInput("body", "is no JSON object", "send it as it was signed")
    return value


def _no_number(text: str) -> None:
    raise ValueError(text)


def form(text: bytes | str) -> Mapping[str, str]:
    """The fields of a form or a query. Raises InvalidInput for a field given twice: which one was signed?"""
    try:
        text = text.decode() if isinstance(text, bytes) else text
        found = parse_qsl(text, keep_blank_values=True, max_num_fields=300)
    except ValueError as error:
        raise InvalidInput(
            "body", f"is no form ({type(error).__name__})", "send it as it was signed"
        ) from error
    fields = dict(found)
    if len(fields) != len(found):
        raise InvalidInput("body", "gives a field twice", "send it as it was signed")
    return fields


def part(raw: Any, *path: str) -> Mapping[str, Any]:
    """The object at `path`; empty when there is none."""
    for name in path:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw if isinstance(raw, Mapping) else {}


def first(raw: Any, name: str) -> Mapping[str, Any]:
    """The first object of the list `name`; empty when there is none."""
    value = part(raw).get(name)
    return part(value[0]) if isinstance(value, list) and value else {}


def each(raw: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects of the list `name`; none when there is no list."""
    value = part(raw).get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def text(raw: Any, *path: str) -> str:
    """The string or whole number at `path`, as text that UTF-8 can hold; empty when there is none."""
    value = part(raw, *path[:-1]).get(path[-1])
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    said = str(value).encode("utf-8", "replace").decode()
    if len(said) > LONGEST:
        raise InvalidInput(".".join(path), f"has {len(said)} characters", f"at most {LONGEST}")
    return said


def ident(raw: Any, *path: str) -> str:
    """Like `text`, where nothing works without it."""
    said = text(raw, *path)
    if not said or not said.isprintable():
        raise InvalidInput(".".join(path), "is missing", "the gateway's id")
    return said


def units(value: Any, currency: str, decimals: int, *, is_known: bool = True) -> Money:
    """What counts whole units of 10^-`decimals`, as the gateway counts that currency. is_known: False where 0 says "not told"."""
    if type(value) is not int:
        raise InvalidInput("amount", "is no whole number", "whole minor units")
    if abs(value) >= LARGEST * 100:
        raise InvalidInput("amount", "is beyond any debt", f"below {LARGEST}")
    return _money(Decimal(value).scaleb(-decimals), currency, is_known=is_known)


def amount(value: Any, currency: str, *, is_known: bool = True) -> Money:
    """What writes the amount in major units, as a number or as text ("1000.0000")."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise InvalidInput("amount", "is no number", "a decimal number")
    if isinstance(value, str) and not (value.isascii() and len(value) <= 40 and _is_plain(value)):
        raise InvalidInput("amount", "is no number", "a decimal number")
    return _money(Decimal(value), currency, is_known=is_known)


def _is_plain(value: str) -> bool:
    whole, _, decimals = value.partition(".")
    return whole.isdigit() and (decimals.isdigit() or "." not in value)


def _money(value: Decimal, currency: str, *, is_known: bool) -> Money:
    code = currency.upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise InvalidInput("currency", "is no ISO 4217 code", "three letters")
    # Judged by its size first: int(Decimal("1e999999999")) would not come back.
    # More digits than the context holds (28) would be rounded without a word.
    if not value.is_finite() or len(value.as_tuple().digits) > 28 or not -30 < value.adjusted() <= 15:
        raise InvalidInput("amount", "is beyond any debt", f"below {LARGEST}")
    minor = value.scaleb(exponent(code))
    if minor != minor.to_integral_value():
        raise InvalidInput("amount", f"is finer than {code} is counted", f"{exponent(code)} decimals")
    if not (0 if not is_known else 1) <= minor < LARGEST:
        raise InvalidInput("amount", "is not above zero, or beyond any debt", f"1 to {LARGEST} minor units")
    return Money(int(minor), code)


def major(money: Money) -> Decimal:
    """An amount of ours as gateways with decimal amounts want it."""
    return Decimal(money.minor).scaleb(-exponent(money.currency))


def counted(money: Money, decimals: int) -> int:
    """An amount of ours in units of 10^-`decimals`. Raises InvalidInput where the gateway can't say it so exactly."""
    value = major(money).scaleb(decimals)
    if value != value.to_integral_value():
        raise InvalidInput("amount", f"{money.currency} has no such parts at this gateway", "a whole amount")
    return int(value)


def unix(value: Any, name: str, *, per_second: int = 1) -> datetime:
    """Unix time in seconds, or in `per_second` parts of one, as aware UTC."""
    said = str(value) if type(value) is int else value
    if not isinstance(said, str) or not (said.isascii() and said.isdigit()) or len(said) > 17:
        raise InvalidInput(name, "is no Unix time", "seconds since 1970")
    try:
        return datetime.fromtimestamp(int(said) / per_second, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidInput(name, "is no time of ours", "seconds since 1970") from error


def iso(value: Any, name: str, zone: tzinfo = UTC) -> datetime:
    """ISO 8601 as aware UTC; zone: of a gateway that writes none."""
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(name, "is no ISO 8601 instant", "2026-03-09T18:00:00Z") from error
