"""Money on the creditor's own account seldom names its debt well: what it may be for is proposed, and a person decides."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from recobro.domain.money import Money


@dataclass(frozen=True, slots=True)
class BankLine:
    """One credit of a statement. number: its row or place in the file; id: the bank's own, or a digest of the line.

    text: all that the bank passed on of what the payer wrote; payer: whose account it came from, empty: not told. former: an id
    that it may have been posted by before it was told apart from others; empty: none.
    """

    number: int
    id: str
    booked_on: date
    amount: Money
    text: str
    payer: str = ""
    former: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a proposal may be for. name: the person's; heard: amounts of that debt's payments already known, minor units."""

    debtor: str
    key: str
    ref: str
    name: str
    outstanding: Money
    heard: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """`surety`: "sure" (its reference, and an amount that is owed), "likely" (two of reference, amount and payer), "possible"
    (one of them), "known" (the same money was told of already), "nobody". why: what agrees, in words."""

    line: BankLine
    surety: str
    debt: str = ""
    debtor: str = ""
    why: tuple[str, ...] = ()
    others: int = 0


def proposal(line: BankLine, owed: Iterable[Owed]) -> Proposal:
    """What a line is most probably for. Two that agree equally well are never "sure" nor "likely": a person chooses."""
    found = [(one, _agreeing(line, one)) for one in owed]
    found = [(one, why) for one, why in found if why]
    if not found:
        return Proposal(line, "nobody")
    most = max(len(why) for _, why in found)
    best = {one.key: (one, why) for one, why in found if len(why) == most}
    named = [one for one in best.values() if "reference" in one[1]]
    chosen = named if len(named) == 1 else list(best.values())
    one, why = chosen[0]
    others = len(best) - 1
    if line.amount.minor in one.heard and "reference" in why:
        return Proposal(line, "known", one.key, one.debtor, why, others)
    return Proposal(line, _surety(line, one, why, is_only=len(chosen) == 1), one.key, one.debtor, why, others)


def _surety(line: BankLine, one: Owed, why: Sequence[str], *, is_only: bool) -> str:
    if not is_only:
        return "possible"
    if "reference" in why and 0 < line.amount.minor <= one.outstanding.minor:
        return "sure"
    return "likely" if len(why) >= 2 or "reference" in why else "possible"


def _agreeing(line: BankLine, one: Owed) -> tuple[str, ...]:
    if line.amount.currency != one.outstanding.currency:
        return ()
    why = []
    if names_reference(line.text, one.ref):
        why.append("reference")
    if line.amount == one.outstanding:
        why.append("amount")
    if is_same_person(line.payer, one.name):
        why.append("payer")
    return tuple(why)


def names_reference(text: str, ref: str) -> bool:
    """Whether the text holds that reference as a word of its own; banks drop dashes and blanks. At least four signs long."""
    wanted = _bare(ref)
    if len(wanted) < 4:
        return False
    words = re.findall(r"[A-Z0-9]+", _folded(text))
    joined = {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, start + 5)}
    return wanted in joined


def is_same_person(payer: str, name: str) -> bool:
    """Two names of one person share at least two words that are no particles, in whatever order banks put them."""
    return len(_names(payer) & _names(name)) >= 2


_PARTICLES = frozenset(
    ["DE", "DEL", "LA", "LAS", "LOS", "DA", "DO", "DOS", "Y", "E", "SA", "CV", "SAS", "SC"]
)


def _names(text: str) -> frozenset[str]:
    return frozenset(one for one in re.findall(r"[A-Z0-9]{2,}", _folded(text))) - _PARTICLES


def _bare(text: str) -> str:
    return "".join(re.findall(r"[A-Z0-9]+", _folded(text)))


def _folded(text: str) -> str:
    """Capitals without accents, as banks write."""
    apart = unicodedata.normalize("NFKD", text.upper())
    return "".join(one for one in apart if not unicodedata.combining(one))
