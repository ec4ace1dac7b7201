"""People read their own name first: written with respect, and never a way to smuggle anything into a message.

Creditors' files hold names in capitals, with trailing spaces, surnames first, and now and then with characters that turn
text around or hide it; what reaches a person is plain letters.
"""

import re
import unicodedata

from recobro.domain.debtor import Personal

PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "y", "e", "da", "das", "do", "dos", "van", "von", "der", "di"}
)
"""Inside a name these stay small: María del Carmen, João da Silva."""

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})
_NOT_A_NAME = re.compile(r"[^\w\s'’.\-]|[\d_]")
_WORD = re.compile(r"[^\s\-]+")


def clean(text: str, limit: int = 120) -> str:
    """One line of visible characters, at most `limit`: no controls, no marks that reorder text (Unicode Cc and Cf)."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category in _SPACES or character in "\t\n\r\v\f":
            kept.append(" ")
        elif category not in _INVISIBLE:
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def titled(name: str) -> str:
    """A name written all in capitals or all in small letters, as its owner would write it; a mixed one stays."""
    if name not in {name.upper(), name.lower()}:
        return name
    return _WORD.sub(lambda found: _word(found.group(), first=found.start() == 0), name.lower())


def given_name(personal: Personal) -> str:
    """How to greet a person; empty when nothing that is plainly a name is known.

    Without a given name of its own, the part after a comma counts ("PÉREZ LÓPEZ, ANA"), else the first word.
    """
    named = _only_letters(personal.given_name)
    if named:
        return titled(named)
    _, comma, after = personal.name.partition(",")
    words = _only_letters(after if comma else personal.name).split()
    return titled(words[0]) if words else ""


def company_name(personal: Personal) -> str:
    """A company's name as the creditor wrote it: its capitals are its own affair."""
    return clean(personal.name, 80)


def contact_name(personal: Personal, role: str) -> str:
    """The given name of a company's named contact in that role; empty when unknown."""
    words = _only_letters(personal.contacts.get(role, "")).split()
    return titled(words[0]) if words else ""


def initials(name: str) -> str:
    """A. P. G.: enough to tell two lines of a list apart, and nobody's name."""
    words = [one for one in clean(name).split() if one[0].isalnum() and one.lower() not in PARTICLES]
    return " ".join(f"{one[0].upper()}." for one in words[:4])


def shown_reference(reference: str) -> str:
    """A creditor's reference, fit to be read; of long numbers, which may be a card's or an account's, the last four."""
    line = clean(reference, 40)
    digits = sum(character.isdigit() for character in line)
    return f"…{line[-4:]}" if digits >= 12 else line


def _only_letters(text: str) -> str:
    line = clean(text, 40)
    return "" if _NOT_A_NAME.search(line) or not line[:1].isalpha() else line


def _word(word: str, *, first: bool) -> str:
    return word if word in PARTICLES and not first else word[:1].upper() + word[1:]
