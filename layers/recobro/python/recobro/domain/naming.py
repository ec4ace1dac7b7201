"""Whether a text names a person, in whatever writing a carrier, a bank or a creditor has their address there.

What only begins, ends or goes on like it is somebody else's: who forgets ana@x.mx must not lose what mariana@x.mx paid.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, unquote_plus

from recobro.domain.phone_forms import variants

SHORTEST = 6
"""A word of fewer letters names too many."""

LONGEST_NUMBER = 20
"""Identity numbers are no longer, and people write them with dots, dashes and spaces."""

LAYERS = 8
"""So often a text is unescaped: a carrier's word in a topic's notice in a queue's message is three deep."""

_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_BETWEEN = r"[ \xa0()./-]{0,3}"
_WHITE = r"\s+"


class Naming:
    """The words that name one person: id, addresses as we keep them, identity number."""

    def __init__(self, words: Iterable[str]) -> None:
        found = [_pattern(one) for one in dict.fromkeys(words) if len(one) >= SHORTEST]
        self._any = re.compile("|".join(found) or r"(?!)", re.IGNORECASE)

    def is_in(self, text: str) -> bool:
        return any(self._any.search(one) for one in _readings(text))


def _pattern(word: str) -> str:
    if "@" in word:
        # Letters with a dot, a dash or a plus before it make a longer address, and so do a dot or a dash with letters behind it.
        return rf"(?<!\w)(?<!\w[.+-]){re.escape(word)}(?!\w|[.-]\w)"
    if word.startswith("+") and word[1:].isdigit():
        forms = [_BETWEEN.join(one[1:]) for one in variants(word) or (word,)]
        return rf"{_BEFORE}(?:00)?(?:{'|'.join(forms)}){_AFTER}"
    if word.isalnum() and len(word) <= LONGEST_NUMBER:
        return f"{_BEFORE}{_BETWEEN.join(word)}{_AFTER}"
    parts = (re.escape(one) for one in word.split())
    return f"{_BEFORE}{_WHITE.join(parts)}{_AFTER}"


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, and as it reads once its escapes are taken off, layer by layer."""
    yield text
    for _ in range(LAYERS):
        plain = _TOKEN.sub(_from_address, _ESCAPE.sub(_from_json, text))
        if plain == text:
            return
        text = plain
        yield text


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_TOKEN = re.compile(r"""[^\s"'<>{}\\]+""")


def _from_json(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return " " if found[2] in "bfnrt" else found[2]


def _from_address(found: re.Match[str]) -> str:
    """A form writes a space as a plus, but then its @ is escaped; where one stands open, the plus is the address's own."""
    token = found[0]
    if "%" not in token:
        return token
    return unquote(token) if "@" in token else unquote_plus(token)
