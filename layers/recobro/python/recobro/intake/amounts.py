"""An amount read a thousand times too large is a wrong demand: it is exact, or the row goes back with a question.

Creditors write 1.234,56 and 1,234.56. What "1.234" means is told by the rest of the file, by the mapping, or by nobody.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from recobro.domain.money import exponent
from recobro.intake.currencies import SIGNS
from recobro.intake.outcome import BadCell
from recobro.intake.raw import Cell
from recobro.intake.words import plain, trimmed

_BODY = re.compile(r"\d[\d.,'’´ \xa0\u2009\u202f]*|[.,]\d+")
_SPACES = re.compile(r"['’´ \xa0\u2009\u202f]")
_GROUPS = re.compile(r"\d{1,3}(?:[ ]\d{3})+")
_SIMPLE = re.compile(r"(\d+)(?:([.,])(\d+))?")
_SCIENTIFIC = re.compile(r"\d[.,]?\d*[eE]\+?\d+")
_OTHER = {".": ",", ",": "."}

MIXED = "mixed"
"""The file's own evidence contradicts itself: only amounts that can mean one thing are taken."""


def to_minor(cell: Cell, currency: str, style: str = "", *, rounds: bool = False) -> int:
    """The amount in minor units of `currency`; negative when it is in parentheses or has a minus.

    style: decimal sign of the file, "." or ","; "" unknown; MIXED. rounds: half-even to the currency's decimals
    instead of refusing more decimals than it has. Raises BadCell.
    """
    if isinstance(cell, str):
        sign, digits = _read(cell, currency, style)
        value = Decimal(digits) * sign
    elif isinstance(cell, int | Decimal):
        value = Decimal(cell)
    else:
        raise _unreadable(str(cell))
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise BadCell("amount.size", "is not an amount anybody owes", "check the cell", value=str(cell))
    minor = value.scaleb(exponent(currency))
    whole = minor.to_integral_value()
    if whole != minor and not rounds:
        many = exponent(currency)
        fix = f"write it with {many} decimals, or say round = true in the mapping"
        raise BadCell(
            "amount.decimals", f"has more than the {many} decimals of {currency}", fix, value=str(cell)
        )
    return int(whole)


def evidence(text: str) -> str:
    """Which decimal sign this text proves its file to use: ".", "," or "" when it could be either."""
    found = _BODY.search(text)
    if found is None:
        return ""
    body = _SPACES.sub("", found.group()).rstrip(".,")
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        return "." if body.rfind(".") > body.rfind(",") else ","
    if dots + commas == 0:
        return ""
    mark = "." if dots else ","
    if dots + commas > 1:
        return _OTHER[mark]
    before, _, after = body.partition(mark)
    if len(after) == 3 and 1 <= len(before) <= 3 and before != "0":
        return ""
    return mark


def style_of(texts: Iterable[str]) -> str:
    """The decimal sign that all evidence agrees on, "" without any, MIXED when it contradicts itself."""
    seen = {evidence(text) for text in texts} - {""}
    return MIXED if len(seen) > 1 else next(iter(seen), "")


def _read(text: str, currency: str, style: str) -> tuple[int, str]:
    """Sign and plain decimal digits of a text."""
    simple = _SIMPLE.fullmatch(text)
    if simple is not None:
        whole, mark, rest = simple.groups()
        if mark is None or (mark == style and len(rest) < 3):
            return 1, f"{whole}.{rest or 0}"
    shown = trimmed(text)
    if _SCIENTIFIC.fullmatch(shown.replace(" ", "")):
        fix = "format the column as a number with two decimals and export again"
        raise BadCell("amount.scientific", "was shortened by a spreadsheet", fix, value=shown)
    found = _BODY.search(shown)
    if found is None:
        raise _unreadable(shown)
    body, after = found.group().strip(), shown[found.end() :]
    if body[-1] in ".,":
        body, after = body.rstrip(".,"), after.removeprefix("-")  # "1.234,-" is how Chile writes whole pesos
    sign = _sign(f"{shown[: found.start()]} {after}", currency, shown)
    return sign, _digits(body, currency, style, shown)


def _sign(around: str, currency: str, shown: str) -> int:
    negative = around.count("-") + around.count("−")
    in_parentheses = -1 < around.find("(") < around.find(")")
    unit = around.translate(_NO_SIGNS).strip()
    if negative > 1 or (negative and in_parentheses) or ("(" in around) != (")" in around):
        raise _unreadable(shown)
    for word in unit.split():
        meant = SIGNS.get(word.upper(), SIGNS.get(plain(word).upper()))
        if meant is None:
            raise _unreadable(shown)
        if meant not in ("", currency):
            fix = f"correct the amount or the currency, which is {currency} in this row"
            raise BadCell("amount.currency", f"is written in {meant}", fix, value=shown)
    return -1 if negative or in_parentheses else 1


_NO_SIGNS = str.maketrans({"-": " ", "−": " ", "+": " ", "(": " ", ")": " ", "\xa0": " "})


def _digits(body: str, currency: str, style: str, shown: str) -> str:
    spaced = _SPACES.sub(" ", body)
    if " " in spaced:
        body = _without_spaces(spaced, shown)
    proven = evidence(body)
    if style in _OTHER and proven and proven != style:
        fix = f"write it as the rest of the file, where the decimal sign is {style!r}"
        raise BadCell("amount.style", "has another decimal sign than its file", fix, value=shown)
    decimal = proven or (style if style in _OTHER else "")
    if not decimal:
        decimal = _by_currency(body, currency, shown)
    thousands = _OTHER.get(decimal, "")
    whole, _, rest = body.partition(decimal) if decimal else (body, "", "")
    if thousands and thousands in whole:
        if not _GROUPS.fullmatch(whole.replace(thousands, " ")):
            raise _unreadable(shown)
        whole = whole.replace(thousands, "")
    if not (whole or rest).isdigit() or (whole and not whole.isdigit()) or (rest and not rest.isdigit()):
        raise _unreadable(shown)
    return f"{whole or 0}.{rest or 0}"


def _without_spaces(spaced: str, shown: str) -> str:
    """Blanks and apostrophes only ever divide thousands, and then all of them; Mexico's 1'234,567.89 divides with both."""
    parts = re.split(r"([.,])(?=\d*$)", spaced)
    whole = parts[0].replace(",", " ").replace(".", " ")
    if not _GROUPS.fullmatch(whole):
        raise _unreadable(shown)
    return whole.replace(" ", "") + "".join(parts[1:])


def _by_currency(body: str, currency: str, shown: str) -> str:
    """What a mark before three digits means when the file gives no evidence: thousands, in a currency without cents."""
    if "." not in body and "," not in body:
        return "."
    mark = "." if "." in body else ","
    if exponent(currency) == 0:
        return _OTHER[mark]
    fix = 'say decimal = "." or decimal = "," under [formats] in the mapping'
    raise BadCell("amount.ambiguous", f"may mean thousands or {mark}-decimals", fix, value=shown)


def _unreadable(shown: str) -> BadCell:
    return BadCell("amount.unreadable", "is not an amount", "write digits with one decimal sign", value=shown)
