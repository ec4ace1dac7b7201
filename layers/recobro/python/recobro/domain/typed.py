"""What people type into an amount or a date box, read the one way it can be meant, else not at all: then the page asks again."""

import re
from datetime import date

from recobro.domain.money import exponent
from recobro.domain.playbook import LocaleFormat

_NUMBER = re.compile(r"\d[\d.,'’\s]*")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_USUAL = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?")
LARGEST = 10**15


def amount_typed(text: str, currency: str, locale: LocaleFormat) -> int | None:
    """Minor units; None: no amount, or one that could be two. Decimals as the currency has them."""
    found = _NUMBER.findall(text[:60])
    if len(found) != 1 or "-" in text:
        return None
    body = re.sub(r"['’\s]", "", found[0]).rstrip(".,")
    whole, cents = _parts(body, exponent(currency), locale)
    if whole is None:
        return None
    digits = exponent(currency)
    minor = int(whole) * 10**digits + (int(cents.ljust(digits, "0")) if cents and digits else 0)
    return minor if 0 < minor < LARGEST else None


def _parts(body: str, digits: int, locale: LocaleFormat) -> tuple[str | None, str]:
    """(whole, decimals) of digits with dots and commas; whole None: it cannot be told."""
    marks = [one for one in body if one in ".,"]
    if not marks:
        return body, ""
    last = max(body.rfind("."), body.rfind(","))
    after, before = body[last + 1 :], body[:last]
    others = set(marks[:-1])
    if len(marks) > 1 and body[last] in others:
        # The same sign twice groups thousands, and nothing else stands behind it.
        return (
            (body.replace(body[last], ""), "")
            if len(set(marks)) == 1 and _is_grouped(body, body[last])
            else (None, "")
        )
    if others and not _is_grouped(before, next(iter(others))):
        return None, ""
    plain = re.sub(r"[.,]", "", before)
    if len(after) <= digits and after:
        return plain, after
    if len(after) == 3 and not others and (digits == 0 or body[last] == locale.group):
        return plain + after, ""
    return None, ""


def _is_grouped(text: str, sign: str) -> bool:
    first, *rest = text.split(sign)
    return 1 <= len(first) <= 3 and all(len(one) == 3 for one in rest)


def day_typed(text: str, today: date) -> date | None:
    """From a date box (ISO) or as written by hand, day first; without a year: the next such day. None: no date."""
    iso, usual = _ISO.fullmatch(text.strip()), _USUAL.fullmatch(text.strip())
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if usual is None:
            return None
        day, month = int(usual[1]), int(usual[2])
        if usual[3]:
            year = int(usual[3])
            return date(year if year > 99 else 2000 + year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
