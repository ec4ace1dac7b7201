"""People write card numbers and codes into any box they are given; we must not keep them (PRACTICE; PCI DSS 3.3)."""

import re

_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_CODE = re.compile(
    r"(?i)\b(cvv|cvc|csc|nip|pin|clave|c[oó]digo|senha|contrase[nñ]a|password)(\W{0,3}(?:es|é|is|:)?\W{0,3})(\S{3,12})"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def masked(text: str, limit: int = 4_000) -> str:
    """`text` with card numbers (those that pass the Luhn check), security codes and control characters taken out."""
    text = _CONTROL.sub("", text[:limit])
    text = _CARD.sub(lambda found: _without_card(found.group()), text)
    return _CODE.sub(lambda found: f"{found.group(1)}{found.group(2)}[hidden]", text)


_KINDS = re.compile(r"(?:[2456]\d{15}|3[47]\d{13})")
"""Cards as people have them: sixteen digits, or fifteen of American Express (ISO/IEC 7812-1, annex B for the check digit)."""


def _without_card(run: str) -> str:
    """A run of digits without the card in it, wherever in the run it begins: "9 4111 …" hides one as well."""
    if _is_card(run):
        return "[card]"
    places = [place for place, one in enumerate(run) if one.isdigit()]
    digits = "".join(run[place] for place in places)
    for first in range(len(digits) - 14):
        named = _KINDS.match(digits, first)
        if named is not None and _is_card(named.group()):
            return f"{run[: places[first]]}[card]{run[places[named.end() - 1] + 1 :]}"
    return run


def _is_card(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: the Luhn check digit."""
    values = [int(one) for one in digits if one.isdigit()]
    total = 0
    for place, value in enumerate(reversed(values)):
        doubled = value * 2 if place % 2 else value
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
