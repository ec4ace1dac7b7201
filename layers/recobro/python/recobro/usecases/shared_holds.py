"""A debt that is contested or said to be paid rests for everybody who owes it: no guarantor is asked for what the debtor disputes.

DESIGN §3: a hold on a shared debt is saved in every obligor's record. A message that is told again reaches whom it did not reach the
first time; where nobody tells it again, the others are told first. Whom a file names later is told with the file. And whoever is about
to be contacted looks at the others' records first: a word that is still on its way, or lies among the dead letters, binds already.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial, reduce

from recobro.domain.acting import is_anothers, is_word
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, HoldLifted, HoldPlaced, TaskClosed, TaskOpened
from recobro.domain.fold import apply
from recobro.domain.hold import Hold, HoldReason
from recobro.house import House
from recobro.usecases.saving import change_whom_it_may_mean

OF_A_DEBT = frozenset({
    HoldReason.DISPUTE, HoldReason.ALREADY_PAID, HoldReason.PAYMENT_PENDING, HoldReason.PAYMENT_REVERSED,
})  # fmt: skip
"""What is said of a debt, even by who names none of several, and its money that is under way or went back; hard times or a death are
the person's own affair.
"""

PLACED = frozenset({"posted", "returned", "reversed", "rejected", "sent_back"})
"""How money stands that waits for nobody any more."""


def rest_for_all(house: House, person: Debtor, holds: Iterable[Hold]) -> None:
    """Place the holds that stand over debts of that person in the records of all who owe them."""
    for hold in holds:
        if hold.lifted_at is None:
            over = _by_name(hold, person)
            others = _others(house, person, over.debts)
            for other in others:
                change_whom_it_may_mean(house, other, partial(_placed, over))
            if others and _is_lifted_by_now(house, person.id, hold):
                for other in others:
                    change_whom_it_may_mean(house, other, partial(_lifted, _said_as(hold), (), WITH_OTHERS))


WITH_OTHERS = "with the others"
"""Who lifted a hold that was carried over while it was being lifted where it was said."""


def _is_lifted_by_now(house: House, debtor_id: str, hold: Hold) -> bool:
    """Whoever lifted it meanwhile found it in no other record."""
    loaded = house.ledger.load(debtor_id)
    known = [one for one in loaded.debtor.holds if one.id == hold.id] if loaded is not None else []
    return any(one.lifted_at is not None for one in known)


def rest_first(house: House, person: Debtor, facts: Iterable[Fact], now: datetime) -> None:
    """Place what is about to be saved in that person's record in the others' before it: who dies in between leaves them in peace,
    and nothing done, so that it is done again.
    """
    after = reduce(lambda one, fact: apply(one, fact, now), facts, person)
    stood = {one.id for one in person.holds}
    rest_for_all(house, after, (one for one in after.holds if one.id not in stood))


def others_in(house: House, debtor: Debtor, keys: Sequence[str]) -> tuple[Debtor, ...]:
    """Who else owes any of those debts, as they stand now: one request where nobody does, two where somebody does."""
    others = _others(house, debtor, keys)
    return tuple(one.debtor for one in house.ledger.load_many(others).values()) if others else ()


def said_elsewhere(
    house: House, debtor: Debtor, others: Sequence[Debtor], keys: Sequence[str], now: datetime
) -> tuple[Fact, ...]:
    """What the others in those debts contest, or know to be paid, and this record has not been told."""
    if not others:
        return ()
    # Few debts are shared: no other contact waits for the import.
    from recobro.usecases.hear_payment import heard_by_others

    rests = brought_along(debtor, others, keys, now)
    told = reduce(lambda one, fact: apply(one, fact, now), rests, debtor)
    return (*rests, *heard_by_others(house, told, others, keys, now))


def resume_for_all(house: House, person: Debtor, holds: Iterable[Hold], who: str) -> None:
    """Lift what was lifted in that person's record in the others', and under its other names in their own."""
    for hold in holds:
        for one in (person.id, *_others(house, person, _by_name(hold, person).debts)):
            within = hold.debts if one != person.id else ()
            change_whom_it_may_mean(house, one, partial(_lifted, _said_as(hold), within, who))


def brought_along(
    debtor: Debtor, others: Collection[Debtor], keys: Sequence[str], now: datetime
) -> tuple[Fact, ...]:
    """Debts come to `debtor`: what the others in them contest, or what waits for money of theirs, rests for the newcomer too."""
    found: dict[str, Hold] = {}
    for other in others:
        for hold in other.holds:
            over = [key for key in keys if other.debt(key) is not None and hold.binds(key, now)]
            if over and hold.reason in OF_A_DEBT and (hold.debts or is_word(hold)):
                name = _said_as(hold)
                before = found[name].debts if name in found else ()
                found[name] = replace(hold, id=name, debts=tuple(dict.fromkeys((*before, *over))))
    placed = (fact for hold in found.values() for fact in _placed(hold, debtor, now))
    return (*placed, *_waits_too(debtor, others, keys))


def _waits_too(debtor: Debtor, others: Iterable[Debtor], keys: Sequence[str]) -> Iterator[Fact]:
    """Money for those debts that nobody has placed yet keeps everybody who owes them in peace."""
    known = {one.waits_for for one in debtor.tasks}
    for task in (one for other in others for one in other.open_tasks() if one.waits_for):
        over = tuple(key for key in keys if task.binds(key) and debtor.debt(key) is not None)
        if over and task.waits_for not in known:
            known.add(task.waits_for)
            yield TaskOpened(replace(task, id=task.id.partition(".")[0], debts=over, owner="", taken_at=None))


def placed_meanwhile(house: House, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    """Whoever places money closes the tasks that there are by then: one that came from another's record since is closed here."""
    waiting = {one.waits_for: one for one in debtor.open_tasks() if one.waits_for}
    entries = house.payments.entries(waiting)
    return tuple(TaskClosed(waiting[one].id, "done") for one in entries if entries[one].status in PLACED)


def resolved_meanwhile(house: House, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    """What was carried over from the others' records and is over there since: whoever ended it did not find it here."""
    copies = [one for one in debtor.holds if one.lifted_at is None and is_anothers(debtor, one)]
    keys = list(dict.fromkeys(key for one in copies for key in one.debts))
    others = others_in(house, debtor, keys) if keys else ()
    return (*placed_meanwhile(house, debtor, now), *lifted_among(debtor, others))


def lifted_among(debtor: Debtor, others: Sequence[Debtor]) -> Iterator[Fact]:
    """What this record holds because of another's word, and nobody else's any more."""
    for hold in debtor.holds:
        if hold.lifted_at is None and is_anothers(debtor, hold):
            theirs = [one for other in others for one in other.holds if _said_as(one) == _said_as(hold)]
            if theirs and all(one.lifted_at is not None for one in theirs):
                yield HoldLifted(hold.id, WITH_OTHERS)


def carries_over(facts: Iterable[Fact]) -> bool:
    """Whether facts about to be saved hold what may be ended in another's record meanwhile."""
    return any(
        isinstance(one, HoldPlaced) or (isinstance(one, TaskOpened) and bool(one.task.waits_for))
        for one in facts
    )


def _by_name(hold: Hold, person: Debtor) -> Hold:
    """The hold with the debts that it is about: whoever contests all that they owe names none."""
    if hold.debts or hold.reason not in OF_A_DEBT:
        return hold
    mine = (one for one in person.debts if hold.creditor in ("", one.creditor))
    return replace(hold, debts=tuple(one.key for one in mine if one.outstanding.minor > 0))


def _others(house: House, person: Debtor, keys: Sequence[str]) -> list[str]:
    return sorted(house.obligors.people([house.keys.short_debt(key) for key in keys]) - {person.id})


def _placed(hold: Hold, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    """Over those of its debts that this person owes too. What came to them since it was placed has a hold of its own name."""
    known = [one for one in debtor.holds if _said_as(one) == hold.id]
    told = {key for one in known for key in one.debts or hold.debts}
    shared = tuple(key for key in hold.debts if debtor.debt(key) is not None and key not in told)
    if not shared:
        return ()
    name = f"{len(known) + 1}.{hold.id}" if known else hold.id
    return (HoldPlaced(replace(hold, id=name, debts=shared)),)


def _said_as(hold: Hold) -> str:
    """The name of the hold in the record of who said it: the same word rests under it everywhere."""
    return hold.id.rpartition(".")[2]


def _lifted(name: str, within: Sequence[str], who: str, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    """within: the debts that somebody has looked into, which are not all that another contests in the same word; empty: all."""
    standing = (one for one in debtor.holds if _said_as(one) == name and one.lifted_at is None)
    return tuple(
        HoldLifted(one.id, who)
        for one in standing
        if not within or (one.debts and set(one.debts) <= set(within))
    )
