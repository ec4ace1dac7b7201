"""An e-mail that exists only to fill a form would bounce, and bounces close the channel for everybody."""

import re

from recobro.intake.outcome import BadCell
from recobro.intake.words import trimmed

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_SEPARATORS = re.compile(r"[;,|\s]+")
_FILLER = frozenset(
    [
        "sincorreo",
        "sinemail",
        "noemail",
        "nocorreo",
        "notiene",
        "noreply",
        "no",
        "naotem",
        "semmail",
        "sememail",
        "nadie",
        "ninguno",
        "correo",
        "x",
        "xx",
        "xxx",
        "xxxx",
        "na",
        "nd",
        "noaplica",
        "sin",
        "no",
        "actualizar",
        "pendiente",
    ]
)


def to_emails(text: str) -> tuple[str, ...]:
    """The addresses in a cell, lower case. Raises BadCell when one of them cannot be written to."""
    found = []
    for part in _SEPARATORS.split(trimmed(text)):
        address = part.strip("<>().,'\"").removeprefix("mailto:").lower()
        if not address:
            continue
        local = address.partition("@")[0]
        if not _ADDRESS.fullmatch(address) or ".." in address or local.startswith(".") or local.endswith("."):
            raise BadCell(
                "email.invalid", "is not an e-mail address", "correct it or leave it empty", value=part
            )
        if re.sub(r"[^a-z]", "", local) in _FILLER and not any(one.isdigit() for one in local):
            raise BadCell("email.filler", "is filler, not an address", "leave the cell empty", value=part)
        found.append(address)
    return tuple(found)
