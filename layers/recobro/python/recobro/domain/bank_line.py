"""Money on the creditor's own account seldom names its debt well: what it may be for is proposed, and a person decides."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

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
    """What a proposal may be for. name: the person's."""

    debtor: str
    key: str
    ref: str
    name: str
    outstanding: Money


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment for a debt that we were told of. intent: its name in the payment log; minor units; on: the day it was made."""

    intent: str
    minor: int
    on: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """`surety`: "sure" (its reference, and an amount that is owed), "likely" (two of reference, amount and payer), "possible"
    (one of them), "known" (the same money was told of already, as far as can be seen), "nobody". why: what agrees, in words.
    is_posted: that very line was taken before, so that it is known for certain."""

    line: BankLine
    surety: str
    debt: str = ""
    debtor: str = ""
    why: tuple[str, ...] = ()
    others: int = 0
    is_posted: bool = False


BOOKED_WITHIN = timedelta(days=5)
"""Between a payment that we are told of and its line on the account, whichever comes first: two or three business days with a
weekend between. The next of the most frequent instalments comes seven days later, and is other money."""


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
    return Proposal(line, _surety(line, one, why, is_only=len(chosen) == 1), one.key, one.debtor, why, others)


def excused(proposals: Sequence[Proposal], paid: Mapping[str, Sequence[Paid]]) -> list[Proposal]:
    """The same, "known" where its money was told of already. paid: debt key → its payments; each excuses one line and no more."""
    alike: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, one in enumerate(proposals):
        if one.surety != "known" and "reference" in one.why:
            alike[one.debt, one.line.amount.minor].append(place)
    found = list(proposals)
    for (key, minor), places in alike.items():
        places.sort(key=lambda place: proposals[place].line.booked_on)
        told = sorted((one for one in paid.get(key, ()) if one.minor == minor), key=lambda one: one.on)
        booked = [proposals[place].line.booked_on for place in places]
        for line, payment in _pairs(booked, [one.on for one in told]):
            one, its = found[places[line]], told[payment]
            found[places[line]] = replace(
                one, surety="known", why=(*one.why, f"told of already: {its.intent}, {its.on}")
            )
    return found


def _pairs(booked: Sequence[date], paid: Sequence[date]) -> tuple[tuple[int, int], ...]:
    """Which line may be which payment, both in the order of their days: as many as can be, and of those the nearest."""
    best: list[tuple[int, timedelta, tuple[tuple[int, int], ...]]] = [(0, timedelta(), ())] * (len(paid) + 1)
    for line, day in enumerate(booked):
        row = best[:1]
        for payment, on in enumerate(paid):
            count, near, pairs = best[payment]
            apart = abs(day - on)
            both = [(count + 1, near - apart, (*pairs, (line, payment)))] if apart <= BOOKED_WITHIN else []
            row.append(max(row[-1], best[payment + 1], *both))
        best = row
    return best[-1][2]


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
