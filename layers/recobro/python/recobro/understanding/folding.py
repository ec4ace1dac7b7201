"""People type on small phones, in a hurry, and some hide words on purpose: all spellings of a word become one.

Case, accents, invisible and right-to-left characters, look-alike letters, doubled letters, letters spaced out and digits
for letters are folded away; digits that count something stay as written.
"""

import re
import unicodedata
from collections.abc import Container, Mapping
from functools import lru_cache

from recobro.understanding.excerpt import LONGEST, what_is_read

STOP = "."
"""The token between sentences, which no phrase reaches across."""

MOST_LETTERS = 5_000
"""Remembered: strangers may send us all of Unicode."""

_MARKUP = re.compile(r"<[^<>]{0,200}>")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
LINK_MARKS = ("@", "://", "www.")
"""No link is without one; looking for it takes the square of a text that has no spaces."""
_APOSTROPHE = re.compile(r"(?<=[a-z])['’`´](?=[a-z])")
_TOKEN = re.compile(
    r"\d+(?:[.,:/'\-]\d+)*"
    r"|[^\W\d_](?:[^\W_]|[@$!](?=[^\W_]))*"
    r"|[$%#]"
    r"|,"
    r"|[.!?;\n…¿¡]+"
    r"|[^\w\s]"
)
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]{1,2}){2,}[^\W\d_](?![^\W_])")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_SIGNED = re.compile(r"[0-9@$!]")
_LETTERS_OF_SIGNS = str.maketrans("013457@$!", "oieastasi")
PAST_O = "ó"
"""The one accent that is kept: "pagó" (somebody paid) is not "pago" (I pay). Lists write it where it matters."""
_HE_DID = re.compile("(?<=[a-z])o\u0301(?![a-z])")
_LOOKS_LIKE = dict(zip(map(ord, "аеорсухіѕјԁοαε"), "aeopcyxisjdoae", strict=True))
"""Cyrillic and Greek letters that are drawn like Latin ones (Unicode TR 39, confusables)."""
_PIECES = re.compile(r"\d+|[^\W\d_]+|[@$!]")
_COLOURS = range(0x1F3FB, 0x1F400)
"""What colours emoji."""


def folded(text: str) -> str:
    """The text without case, accents, invisible characters, markup and links; line breaks stay."""
    flat = unicodedata.normalize("NFKD", what_is_read(text)).casefold()[: 2 * LONGEST]
    if not flat.isascii():
        flat = _HE_DID.sub(PAST_O, flat)
        flat = flat.translate(_KEPT)
    flat = _MARKUP.sub(" ", flat)
    if any(mark in flat for mark in LINK_MARKS):
        flat = _LINK.sub(" ", flat)
    return flat.replace("£", "$").replace("€", "$")


class _Kept(dict[int, str]):
    """What is left of each letter, worked out when it is first met: there are a million of them, and people use a hundred."""

    def __missing__(self, code: int) -> str:
        letter = _LOOKS_LIKE.get(code, chr(code))
        kind = unicodedata.category(letter)
        if kind in ("Mn", "Cf", "Me") or code in _COLOURS:
            letter = ""
        elif kind == "Cc" and letter != "\n":
            letter = " "
        if len(self) < MOST_LETTERS:
            self[code] = letter
        return letter


_KEPT = _Kept()


def words_of(text: str, known: frozenset[str], shorthand: Mapping[str, str]) -> list[str]:
    """The tokens of a folded text: words, numbers as written, signs, commas, and STOP between sentences.

    known: words that we have rules for: a doubled letter or a digit is folded only where that gives one of them, or no
    word at all. shorthand: "q" → "que", "👍" → "ok", "xfa" → "por favor".
    """
    tokens: list[str] = []
    text = _SPACED.sub(lambda found: _joined(found.group(), known), _APOSTROPHE.sub("", text))
    for found in _TOKEN.finditer(text):
        written = found.group()
        if written in known and written not in shorthand and written.isalpha():
            tokens.append(written)
            continue
        for token in _spelled(written, known):
            if token in shorthand:
                tokens.extend(shorthand[token].split())
            elif token[0] in ".!?;\n…¿¡":
                if tokens and tokens[-1] != STOP:
                    tokens.append(STOP)
            elif token[0].isalnum() or token in "$%#,":  # noqa: S105 - a token of words
                tokens.append(token)
    return tokens


def _joined(letters: str, known: Container[str]) -> str:
    word = "".join(letter for letter in letters if letter.isalpha())
    return word if word in known else letters


@lru_cache(maxsize=20_000)
def _spelled(token: str, known: frozenset[str]) -> tuple[str, ...]:
    if token in known or not token[0].isalpha():
        return (token,)
    if _SIGNED.search(token):
        plain = token.translate(_LETTERS_OF_SIGNS)
        if plain in known:
            return (plain,)
        return tuple(one for piece in _PIECES.findall(token) for one in _spelled(piece, known))
    single = _REPEATED.sub(r"\1", token)
    double = _REPEATED.sub(r"\1\1", token)
    return (double if double in known and single not in known else single,)
