"""One phone may be several people's: who asks what we hold of them reads what they wrote there, and not what somebody else did."""

from collections.abc import Sequence

from recobro.domain.chain import Recorded
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, MessageReceived
from recobro.house import House


def is_anothers(fact: Fact) -> bool:
    """Whether it is a message that somebody else showed to have written."""
    return isinstance(fact, MessageReceived) and fact.whose == "another"


def in_doubt(house: House, debtor: Debtor, history: Sequence[Recorded]) -> frozenset[str]:
    """Digests of the words that another may have written: whose they are is not on record, and somebody else has the address.

    What was written on the page was written after a check, whether or not an older release recorded so.
    """
    asked = [one.fact for one in history if isinstance(one.fact, MessageReceived) and not one.fact.whose]
    shared = {point for point in {one.point for one in asked} if point and _has_others(house, point, debtor)}
    found = [one.content for one in asked if one.content and one.point in shared]
    return frozenset(one for one in found if not _is_of_the_page(house, debtor, one))


def _has_others(house: House, point: str, debtor: Debtor) -> bool:
    others = [one for one in house.lookups.debtors(point) if one != debtor.id]
    return any(one.debtor.point(point) is not None for one in house.ledger.load_many(others).values())


def _is_of_the_page(house: House, debtor: Debtor, digest: str) -> bool:
    content = house.ledger.content(debtor.id, digest)
    return content is not None and content.part == "portal"
