"""A call to the wrong number tells a stranger of a debt: a phone is exact, in today's form, or it is not used.

Spreadsheets shorten numbers, three countries changed how mobiles are written, and files mix all the ages.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from recobro.domain.phone_forms import canonical
from recobro.intake.outcome import BadCell
from recobro.intake.words import trimmed

_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_POINT_ZERO = re.compile(r"(\+?\d{7,15})[.,]0+")
_SEPARATORS = re.compile(r"\s*[/;|\n]\s*|\s+(?:y|o|e|ou|or|and)\s+", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:tel[eé]?(?:fono|fone)?|cel(?:ular)?|m[oó]vil|mobile|whats?app|wa|phone|fone|casa)[\s.:]*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"[\s,;]*(?:ext(?:ensi[oó]n)?|anexo|ramal|int(?:erno)?|x)\.?\s*:?\s*\d{1,6}$", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]")

_MX_OLD = re.compile(r"(?:(?:\+|00)?521|01|04[45])([2-9]\d{9})")
"""044/045 (mobile from a landline), 01 (long distance) and +52 1 (mobile from abroad) ended on 3 August 2019."""
_BR_OLD = re.compile(r"(?:(?:\+|00)?55|0(?:\d\d)?)?([1-9]\d)([6-9]\d{7})")
"""Mobiles of eight digits got a 9 before them, state by state until November 2016 (ANATEL resolution 553/2010)."""

_OLD = {"MX": _MX_OLD, "BR": _BR_OLD}

_LINES = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "home"}
_PERSONAL = frozenset({
    PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
})  # fmt: skip


def each_phone(text: str) -> tuple[str, ...]:
    """The numbers that people wrote into one cell, still as written."""
    whole = trimmed(text).lstrip("'")
    return tuple(part for part in _SEPARATORS.split(whole) if part) if len(whole) > 12 else (whole,)


def to_phone(text: str, country: str, line: str = "") -> tuple[str, str]:
    """One number as (E.164, line).

    country: ISO code of numbers without one. line: what the column says, "mobile" | "home" | "work" | "shared" | "".
    Returned line: also "unknown". Raises BadCell for what cannot be dialled.
    """
    return _one(_unmangled(text), country, line)


def _unmangled(text: str) -> str:
    """Undo what a spreadsheet did to a number, where it can be undone."""
    point_zero = _POINT_ZERO.fullmatch(text)
    if point_zero is not None:
        return point_zero[1]
    short = _SCIENTIFIC.fullmatch(text)
    if short is None:
        return text
    digits, exponent = short[1] + (short[2] or ""), int(short[3])
    if len(digits) != exponent + 1:
        fix = "format the column as text in the spreadsheet and export again"
        raise BadCell("phone.scientific", "was shortened by a spreadsheet: digits are lost", fix, value=text)
    return digits


def _one(text: str, country: str, line: str) -> tuple[str, str]:
    shown = text
    text = _LABEL.sub("", text) if text[:1].isalpha() else text
    has_extension = _EXTENSION.search(text) if len(text) > 8 else None
    if has_extension is not None:
        text, line = text[: has_extension.start()], line or "work"
    if _LETTERS.search(text):
        raise BadCell(
            "phone.letters", "has letters in it", "write one number per cell, digits only", value=shown
        )
    number = _parsed(_modern(text, country), country, shown)
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.FIXED_LINE and country == "AR" and line == "mobile":
        number, kind = _with_nine(number, kind)
    if kind == PhoneNumberType.UNKNOWN:
        fix = "write the whole number with its area code, and +country code if it is abroad"
        raise BadCell("phone.invalid", f"is no number in use in {country or 'any country'}", fix, value=shown)
    if kind not in _PERSONAL:
        raise BadCell(
            "phone.service", "is a service line, not a person's", "give the person's number", value=shown
        )
    value = f"+{number.country_code}{phonenumbers.national_significant_number(number)}"
    dialled = canonical(value)
    if (
        not dialled
    ):  # Austria and Germany have numbers of four digits; no carrier of ours takes a line so short
        fix = "write the whole number with its area code, and +country code if it is abroad"
        raise BadCell("phone.invalid", "is too short for a person's number", fix, value=shown)
    if len(set(value[-8:])) == 1:
        raise BadCell("phone.filler", "is filler, not a number", "leave the cell empty", value=shown)
    known = _LINES.get(kind, "")
    return dialled, (line if line in ("work", "shared") else known or line or "unknown")


def _modern(text: str, country: str) -> str:
    """The number in the form its country uses today."""
    abroad = text.startswith(("+", "00"))
    if not abroad and country not in _OLD:
        return text
    digits = re.sub(r"[^\d+]", "", text)
    code = {"52": "MX", "55": "BR"}.get(digits.lstrip("+0")[:2], "") if abroad else country
    old = _OLD[code].fullmatch(digits) if code else None
    if old is None:
        return text
    return f"+52{old[1]}" if code == "MX" else f"+55{old[1]}9{old[2]}"


def _parsed(text: str, country: str, shown: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, country or None)
    except NumberParseException as error:
        reason = {
            NumberParseException.INVALID_COUNTRY_CODE: "has no country code, and its row no country",
            NumberParseException.TOO_LONG: "is too long: perhaps two numbers in one cell",
        }.get(error.error_type, "is not a phone number")
        fix = "write one whole number per cell, with its area code"
        raise BadCell("phone.unreadable", reason, fix, value=shown) from None


def _with_nine(number: PhoneNumber, kind: int) -> tuple[PhoneNumber, int]:
    """Argentina's mobiles carry a 9 in E.164; written at home without it they look like landlines."""
    national = phonenumbers.national_significant_number(number)
    mobile = PhoneNumber(country_code=54, national_number=int(f"9{national}"))
    if phonenumbers.number_type(mobile) == PhoneNumberType.MOBILE:
        return mobile, PhoneNumberType.MOBILE
    return number, kind
