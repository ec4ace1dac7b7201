"""Who is there? Two things that stand in none of our messages: a surname, and the end of the identity number.

PRACTICE, Disclosure levels: nothing is told before this holds; five wrong answers, and a person goes on.
"""

import hmac
import re
import unicodedata

from recobro.domain.debtor import Debtor
from recobro.domain.names import PARTICLES, given_name

LAST = 4
"""Characters of the number that are asked for."""


def can_be_checked(debtor: Debtor) -> bool:
    """Whether we hold what would be compared; a company's people are known to a person, not to two words."""
    return debtor.profile.kind != "company" and bool(_surnames(debtor)) and len(_number(debtor)) > LAST


def matches(debtor: Debtor, text: str) -> bool:
    """Whether a message gives a surname and the last characters of the number, in any order and with other words around."""
    if not can_be_checked(debtor):
        return False
    words = _words(text[:200])
    ends = [word for word in words if len(word) >= LAST]
    number = _number(debtor)
    knows_number = any(
        hmac.compare_digest(word.encode(), number[-LAST:].encode())
        or hmac.compare_digest(word.encode(), number.encode())
        for word in ends
    )
    return knows_number and bool(_surnames(debtor) & set(words))


def looks_like_an_answer(text: str) -> bool:
    """Whether a message seems to answer the check at all: one to five words of which one ends like a number."""
    words = _words(text[:200])
    return 1 < len(words) <= 5 and any(word[-1:].isdigit() and len(word) >= LAST for word in words)


def _surnames(debtor: Debtor) -> set[str]:
    """Every word of the name that does not stand in our greetings."""
    given = set(_words(given_name(debtor.personal))) | set(_words(debtor.personal.given_name))
    return (
        {word for word in _words(debtor.personal.name) if len(word) > 1}
        - given
        - {one.upper() for one in PARTICLES}
    )


def _number(debtor: Debtor) -> str:
    return "".join(_words(debtor.personal.national_id.rpartition(":")[2]))


def _words(text: str) -> list[str]:
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", text.upper()) if not unicodedata.combining(one)
    )
    return re.findall(r"[A-Z0-9]+", bare)
