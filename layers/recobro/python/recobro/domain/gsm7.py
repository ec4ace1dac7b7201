"""One accented letter can double what an SMS costs: this keeps Spanish readable and in the cheap alphabet.

An SMS in the GSM 7-bit default alphabet (3GPP TS 23.038) holds 160 septets; one letter outside it turns the
whole message into UCS-2 with 70. The alphabet has é ñ ü à ¿ ¡ but neither á í ó ú nor ã õ ç, nor typographic
quotes and dashes.
"""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Written with an escape before them: two septets each, and the pair is never split between two parts."""

TYPOGRAPHY = {
    **dict.fromkeys("‘’‚‛′´`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•·", "-"),
    **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
    "‹": "<",
    "›": ">",
    "→": "->",
    "×": "x",
    "°": "o",
    "⁄": "/",
    "\t": " ",
}
"""What Unicode does not decompose into letters of the alphabet by itself."""

ALONE, JOINED = 160, 153
ALONE_UCS2, JOINED_UCS2 = 70, 67


def transliterate(text: str) -> str:
    """`text` with exactly the characters that GSM-7 lacks replaced.

    Unchanged when that gains nothing: one sign without a plain form (an emoji) makes the whole message UCS-2 anyway, so it
    keeps its accents.
    """
    plain = "".join(_plain(character) for character in unicodedata.normalize("NFC", text))
    return plain if _fits(plain) and parts(plain) <= parts(text) else text


def parts(text: str) -> int:
    """How many parts a carrier charges for; 0 for an empty text. Count what `transliterate` returned."""
    if not text:
        return 0
    if _fits(text):
        return _packed([2 if character in EXTENSION else 1 for character in text], ALONE, JOINED)
    return _packed([2 if ord(character) > 0xFFFF else 1 for character in text], ALONE_UCS2, JOINED_UCS2)


def _fits(text: str) -> bool:
    return all(character in BASIC or character in EXTENSION for character in text)


def _plain(character: str) -> str:
    if character in BASIC or character in EXTENSION:
        return character
    if character in TYPOGRAPHY:
        return TYPOGRAPHY[character]
    letters = (one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))
    plain = "".join(TYPOGRAPHY.get(one, one) for one in letters)
    return plain if plain and all(one in BASIC for one in plain) else character


def _packed(sizes: list[int], alone: int, joined: int) -> int:
    """Parts needed when no character may be split: an escape and its letter, a surrogate pair."""
    if sum(sizes) <= alone:
        return 1
    count, room = 1, joined
    for size in sizes:
        if size > room:
            count, room = count + 1, joined
        room -= size
    return count
