"""What a gateway wrote of a payment names its payer: it goes with them, and stays where the payment is somebody else's too."""

from collections.abc import Callable, Mapping

from recobro.adapters.erasures import Erasure
from recobro.adapters.payment_log import Entry
from recobro.house import House
from recobro.usecases.hear_payment import hashes_of


def bodies_forgotten(house: House, erasure: Erasure, names: Callable[[str], bool]) -> int:
    """How many bodies were taken away. names: whether a text names who is erased; of money that others owe it for, only such go."""
    entries = house.payments.entries(erasure.intents)
    others = _others_money(house, erasure, entries)
    for one in entries.keys() - others:
        house.payments.keep_no_raw(one)
    return sum(
        house.payments.forget_raw(one, names if one in others else lambda text: True)
        for one in erasure.intents
    )


def unknown_money_forgotten(house: House, erasure: Erasure, names: Callable[[str], bool]) -> int:
    """The same of what no record knows of: declined cards, and money that found nobody; also what people wrote of it."""

    def is_own(entry: Entry) -> bool:
        references = {word.told.reference for word in entry.words}
        return any(_is_theirs_alone(house, erasure, one, entry) for one in references)

    return house.payments.forget(names, is_own)


def _is_theirs_alone(house: House, erasure: Erasure, reference: str, entry: Entry) -> bool:
    """Whether a reference means a debt of who is erased, and neither it nor the money is anybody's who was not."""
    hashes = hashes_of(house, reference)
    if hashes.isdisjoint((*erasure.debts, *erasure.shared)):
        return False
    found = {who for one in hashes for who in house.lookups.debtors(one)}
    found |= house.obligors.people(erasure.shared) | entry.bases.keys()
    others = house.ledger.load_many(sorted(found - {erasure.debtor}))
    return all(one.debtor.is_erased for one in others.values())


def _others_money(house: House, erasure: Erasure, entries: Mapping[str, Entry]) -> frozenset[str]:
    """Intents of which the record of somebody who was not erased knows, or knew before it forgot them."""
    noted = {who for one in entries.values() for who in one.bases}
    people = sorted((noted | house.obligors.people(erasure.shared)) - {erasure.debtor})
    found = house.ledger.load_many(people) if people else {}
    living = {one: loaded.debtor for one, loaded in found.items() if not loaded.debtor.is_erased}
    heard = {one.intent for debtor in living.values() for one in debtor.heard}
    return frozenset(
        intent
        for intent, one in entries.items()
        if intent in heard or not living.keys().isdisjoint(one.bases)
    )
