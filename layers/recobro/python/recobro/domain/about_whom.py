"""Of several people at one address, whom it is about when somebody there says "not her" or "she died".

It is said of whom our message was for, and never of who writes it. Whoever calls another of those people by name leaves it in doubt:
then a person reads it (PRACTICE: Shared points).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from recobro.domain import names
from recobro.domain.debtor import Debtor

LONGEST = 4_000
"""Characters of a message in which names are looked for: as many as are kept."""
_WORD = re.compile(r"[a-z]{2,}")


def about_one(every: Iterable[str]) -> frozenset[str]:
    """What of a message's meanings is true of one person alone; an opt-out closes the address whoever it was that we meant."""
    said = frozenset(every)
    return said & ({"deceased"} if "opt_out" in said else {"wrong_person", "deceased"})


def about_whom(
    text: str, every: Iterable[str], there: Sequence[Debtor], *, meant_for: str, writer: str
) -> str:
    """Whom of those there it is about; empty: a person has to find out.

    meant_for: whom our message was for, empty: nobody that we know. writer: who has shown to write it, empty: nobody.
    """
    if not meant_for or writer == meant_for:
        return ""
    called = {one.id: names_of(one) for one in there}
    said, own = words_of(text), called.get(writer, frozenset())
    # Who says that somebody died tells their own name beside the other's: where it stands alone, it may be the name of the dead.
    is_introduced = bool(said & (called[meant_for] - own)) or "deceased" not in about_one(every)
    known = called[meant_for] | (own if is_introduced else frozenset())
    return "" if said & frozenset().union(*called.values()) - known else meant_for


def names_of(debtor: Debtor) -> frozenset[str]:
    """The words by which people call somebody; a company's people are called by theirs."""
    personal = debtor.personal
    return words_of(" ".join((personal.name, personal.given_name, *personal.contacts.values())))


def words_of(text: str) -> frozenset[str]:
    """Without accents, capitals and particles, as people write on a phone."""
    return frozenset(_WORD.findall(plain(text))) - names.PARTICLES


def plain(text: str) -> str:
    """Small letters without accents, no more of them than are kept."""
    return unicodedata.normalize("NFKD", text[:LONGEST].casefold()).encode("ascii", "ignore").decode()
