"""One phone may be several people's: who asks what we hold of them reads what they wrote there, and not what somebody else did."""

from collections.abc import Sequence
from dataclasses import replace

from recobro.domain.chain import Recorded
from recobro.domain.conversation import Conversation
from recobro.domain.debtor import Debtor
from recobro.domain.facts import ConversationMoved, Fact, MessageReceived, ReplyOwed
from recobro.house import House


def is_anothers(fact: Fact) -> bool:
    """Whether it is a message that somebody else showed to have written."""
    return isinstance(fact, MessageReceived) and fact.whose == "another"


def in_doubt(house: House, debtor: Debtor, history: Sequence[Recorded]) -> frozenset[str]:
    """Digests of the words that another may have written: none of several people there showed to be the writer, or whose they are is
    not on record and somebody else has the address today.

    What was written on the page was written after a check, whether or not an older release recorded so.
    """
    heard = [one.fact for one in history if isinstance(one.fact, MessageReceived) and one.fact.content]
    doubted = {one.content for one in heard if one.whose == "doubt"}
    asked = [one for one in heard if not one.whose]
    shared = {point for point in {one.point for one in asked} if point and _has_others(house, point, debtor)}
    found = [one.content for one in asked if one.point in shared]
    return frozenset({*doubted, *(one for one in found if not _is_of_the_page(house, debtor, one))})


def withheld_saves(history: Sequence[Recorded], doubts: frozenset[str]) -> frozenset[int]:
    """Versions of the saves that recorded words which this person is not given."""
    return frozenset(
        one.version
        for one in history
        if is_anothers(one.fact) or (isinstance(one.fact, MessageReceived) and one.fact.content in doubts)
    )


def without_what_was_meant(fact: Fact) -> Fact:
    """A fact of a save whose words are withheld, without what we took from them: what was wanted, how much and when."""
    match fact:
        case MessageReceived():
            return replace(fact, content="", intent="")
        case ConversationMoved(conversation=talk):
            bare = Conversation()
            return ConversationMoved(
                replace(talk, wish=bare.wish, amount=bare.amount, day=bare.day, offers=bare.offers)
            )
        case ReplyOwed(reply=reply):
            return ReplyOwed(replace(reply, values={}))
    return fact


def _has_others(house: House, point: str, debtor: Debtor) -> bool:
    others = [one for one in house.lookups.debtors(point) if one != debtor.id]
    return any(one.debtor.point(point) is not None for one in house.ledger.load_many(others).values())


def _is_of_the_page(house: House, debtor: Debtor, digest: str) -> bool:
    content = house.ledger.content(debtor.id, digest)
    return content is not None and content.part == "portal"
