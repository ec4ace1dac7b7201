"""Money for one debt may pay others as well: that is decided once, in the payer's record, and told to everybody else who owes them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from recobro.domain.allocation import OPEN
from recobro.domain.debt import Role
from recobro.domain.debtor import Debtor
from recobro.domain.hear import Base, heard_of
from recobro.domain.payment import Heard
from recobro.domain.reference import is_of_a_link
from recobro.domain.said import Said


@dataclass(frozen=True, slots=True)
class Part:
    """What a record posted of one payment to one debt, and what of it went back since; minor units."""

    captured: int = 0
    returned: int = 0


def rule_for(reference: str, rule: str) -> str:
    """Which debts a payment is for: a link of ours asked for all that is due to its creditor (PRACTICE: Who receives the money), so
    that is what its money pays; anything else goes by the client's rule (`allocation.RULES`)."""
    return "named_then_oldest" if rule == "named" and is_of_a_link(reference) else rule


def payer_of(people: Iterable[Debtor], intent: str, key: str, named: str = "") -> Debtor:
    """Whose record decides: whose did already, else who has the debt open: whom our reference names, else the principal.

    Whoever has left the debt pays nothing of theirs with it. Nobody who owes it is likelier to have paid than another; what counts is
    that it is always the same one.
    """

    def rank(one: Debtor) -> tuple[int, bool, bool, bool, str]:
        known, debt = heard_of(one, intent, key), one.debt(key)
        captured = known.captured if known is not None else 0
        is_principal = debt is not None and debt.role is Role.PRINCIPAL
        is_open = debt is not None and debt.status in OPEN
        return -captured, not is_open, one.id != named, not is_principal, one.id

    return min(people, key=rank)


def posted_to(debtor: Debtor, intent: str, base: Base | None = None) -> Mapping[str, Part]:
    """debt key → what this record posted to it of one payment. base: what is known of it where the record forgot."""
    own = [one for one in debtor.payments if one.intent == intent]
    found: dict[str, Part] = {}
    for one in own or (base.payments if base is not None else ()):
        before = found.get(one.debt, Part())
        back = one.amount if one.is_reversed else one.returned
        found[one.debt] = Part(before.captured + one.amount, before.returned + back)
    return found


def heard_for(debtor: Debtor, key: str) -> Iterator[Heard]:
    """What a record knows of the money for one debt, that included which it posted there of a payment for another."""
    own = {one.intent: one for one in debtor.heard if one.debt == key and one.words}
    named = {one.intent: one for one in debtor.heard if one.words}
    for intent in dict.fromkeys((*own, *(one.intent for one in debtor.payments if one.debt == key))):
        known = own.get(intent) or named.get(intent)
        part = posted_to(debtor, intent).get(key)
        if known is not None and part is not None:
            yield replace(known, debt=key, captured=part.captured, returned=part.returned)
        elif intent in own:
            yield own[intent]


def only(money: Said, part: Part) -> Said:
    """As much of it as reached one debt."""
    return replace(money, captured=part.captured, returned=part.returned)
