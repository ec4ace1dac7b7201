"""One payment may free several debts, each of them owed by several people: all of them are to be told, and each of its own part."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from recobro.adapters.payment_log import Entry
from recobro.domain.debtor import Debtor
from recobro.domain.reference import read_reference
from recobro.domain.said import Said
from recobro.domain.spread import Part, only, payer_of, posted_to, rule_for
from recobro.house import House
from recobro.ports import Loaded


@dataclass(frozen=True, slots=True)
class Share:
    """Who else is to be told of a payment, for which debt, and how much of the money it got."""

    debtor_id: str
    key: str
    money: Said


def others_told(
    house: House, payer: Debtor, entry: Entry, money: Said, key: str, people: Sequence[str]
) -> Iterator[Share]:
    """Everybody else in each debt that the payer's record posted the money to. people: those in the debt that was named."""
    posted = posted_to(payer, entry.intent, entry.base(payer.id, key))
    named = only(money, posted.get(key, Part())) if posted else money
    yield from (Share(one, key, named) for one in people if one != payer.id)
    for other, part in posted.items():
        if other != key:
            ids = house.lookups.debtors(house.keys.debt(other))
            yield from (Share(one, other, only(money, part)) for one in sorted(ids) if one != payer.id)


def told_of(house: House, entry: Entry, money: Said, key: str, people: Mapping[str, Loaded]) -> list[Share]:
    """Everybody whose record a payment reached, in every debt that it paid; the payer, whose record says which, last."""
    if not people:
        return []
    payer = payer_among((one.debtor for one in people.values()), entry, money, key)
    return [*others_told(house, payer, entry, money, key, list(people)), Share(payer.id, key, money)]


def rule_of(house: House, entry: Entry, money: Said) -> str:
    """Which debts it is for (`allocation.RULES`)."""
    return rule_for(entry.assigned or money.reference, house.playbook.client.allocation.debts)


def payer_among(people: Iterable[Debtor], entry: Entry, money: Said, key: str) -> Debtor:
    """Whose record says which debts the money pays."""
    ours = read_reference(entry.assigned or money.reference)
    return payer_of(people, entry.intent, key, ours[0] if ours is not None else "")
