"""Creditors write the same word in many ways: case, accents, points and blanks never decide what a cell means."""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_EDGES = "\u200b\u200c\u200d\u2060\ufeff \t\r\n\v\f\xa0"

NOTHING = frozenset(
    [
        "-",
        "--",
        "---",
        ".",
        "n/a",
        "na",
        "n.a.",
        "nd",
        "n/d",
        "n.d.",
        "s/d",
        "s/n",
        "null",
        "none",
        "nan",
        "nil",
        "#n/a",
        "#n/d",
        "nulo",
        "vacio",
        "ninguno",
        "ninguna",
    ]
) | {"", "sin dato", "sin datos", "no aplica", "no tiene", "não tem", "nao tem", "sem dados", "(en blanco)"}
"""How people write that they have nothing to write."""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower case, no accents, words divided by single blanks: "N.º de Crédito" → "n o de credito"."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    if not bare.isascii():
        bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", bare).strip()


def trimmed(text: str) -> str:
    """Without the blanks at its ends that can be seen and those that cannot."""
    return text.strip() if text.isascii() else text.strip(_EDGES)


def is_nothing(text: str) -> bool:
    """Whether a trimmed cell says that there is nothing: empty, a dash, "N/A", "sin dato"."""
    return not text or (len(text) < 12 and text.casefold() in NOTHING)
