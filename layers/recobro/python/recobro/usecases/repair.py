"""After a bad day: unknown attempts settled, history rebuilt, index and lookups mended. Each tells what it would do, does it
only where something is wrong, and does nothing the second time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from recobro.adapters.given_up import GivenUp, given_up, record_of
from recobro.adapters.state_record import Item, read_state, recorded_from_plain, shard_of
from recobro.codec import write_instant
from recobro.domain.attempt import AttemptStatus
from recobro.domain.chain import Recorded, first_break
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import AttemptProgressed, PlanMoved, StepMarked
from recobro.domain.next_action import Planned, planned
from recobro.domain.settle import settled
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.saves_given_up import facts_kept, of_this_ledger
from recobro.usecases.saving import change
from recobro.usecases.shared_points import has_others, own_of_several
from recobro.usecases.sweep import stands_elsewhere


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was wrong. is_mended: False: a dry run, or beyond mending, as `why` says."""

    debtor: str
    what: str
    is_mended: bool
    why: str = ""


Seen = Callable[[int], None]
"""Told how many records have been looked at."""


def _nobody(count: int) -> None:
    """For those who do not watch."""


def unknowns(house: House, *, dry_run: bool, seen: Seen = _nobody) -> Iterator[Found]:
    """Claims whose lease ended and nobody wrote it, and unknowns of more than 72 hours whose step still waits."""
    for item in _items(house, seen):
        loaded = read_state(item)
        found = _overdue(loaded.debtor, house, house.now())
        if not found:
            continue
        if not dry_run:
            change(house, loaded.debtor.id, lambda debtor, now: _overdue(debtor, house, now))
        for fact in found:
            named = (
                f"attempt {fact.attempt}"
                if isinstance(fact, AttemptProgressed)
                else f"step {fact.episode}.{fact.step}"
            )
            yield Found(loaded.debtor.id, f"{named}: unknown", not dry_run)


def _overdue(debtor: Debtor, house: House, now: datetime) -> list[AttemptProgressed | StepMarked]:
    """What time alone says of attempts, by the same code as the sweep's."""
    _, facts = settled(debtor, house.playbook, now)
    return [
        one
        for one in facts
        if (isinstance(one, AttemptProgressed) and one.status is AttemptStatus.UNKNOWN)
        or (isinstance(one, StepMarked) and one.how == "unknown")
    ]


Journal = Callable[[Mapping[str, Any]], str]
"""Hands one record of the table's stream to the journal, which does with it all that it does. Why it could not; empty where it could."""


def history(house: House, *, journal: Journal, dry_run: bool, seen: Seen = _nobody) -> Iterator[Found]:
    """Facts that never reached the history: from what the journal gave up on, and from what still travels in STATE.

    Both go through the journal itself: its copy for a restore, the log of payments, links to withdraw and the client's notices
    lack them as well. Of who was erased only the facts are written, as what names them is gone.
    """
    files = list(given_up(house.files))
    kept = of_this_ledger(house, [one for _, saves in files for one in saves])
    for key, saves in files:
        refused = []
        for one in saves:
            why = "" if one in kept[one.debtor] else ELSEWHERE
            if not why and not dry_run:
                why = _taken(house, one, journal)
            refused += [why] if why else []
            what = f"save {one.version}: the journal gave up on it"
            yield Found(one.debtor, what, not dry_run and not why, why)
        if not dry_run and not refused:
            house.files.purge(key)
    for item in _items(house, seen):
        loaded = read_state(item)
        debtor = loaded.debtor
        there = {(one.version, one.number): one for one in house.ledger.recorded(debtor.id)}
        there |= {(one.version, one.number): one for save in kept.get(debtor.id, ()) for one in save.facts}
        travelling = {(one["version"], one["number"]) for one in loaded.pending}
        if gap := _gap(debtor, list(there.values()), loaded):
            yield Found(debtor.id, gap, False, "" if dry_run else "nothing that is left holds it")
        missing = sorted(travelling - set(there))
        for version, places in groupby(missing, itemgetter(0)):
            why = "" if dry_run else journal(record_of(item, version))
            for _, number in places:
                what = f"fact {version}.{number} was only in STATE"
                yield Found(debtor.id, what, not dry_run and not why, why)


ELSEWHERE = (
    "nothing shows that it is of this ledger: a restore left it behind, or the journal has still to catch up"
)


def _taken(house: House, one: GivenUp, journal: Journal) -> str:
    """Why it could not be; empty: it stands in the history."""
    loaded = house.ledger.load(one.debtor)
    if loaded is None or not loaded.debtor.is_erased:
        return journal(one.record)
    facts_kept(house, one)
    return ""


def _gap(debtor: Debtor, there: list[Recorded], loaded: Loaded) -> str:
    """Where history, what was given up on and STATE together do not make the whole chain, in words; empty where they do."""
    whole = {(one.version, one.number): one for one in there}
    for plain in loaded.pending:
        one = recorded_from_plain(plain)
        whole[one.version, one.number] = one
    ordered = [whole[place] for place in sorted(whole)]
    if not ordered:
        return "its whole history is missing" if debtor.head else ""
    if ordered[0].before:
        return f"everything before fact {ordered[0].version}.{ordered[0].number} is missing"
    if broken := first_break(ordered):
        return broken
    return "" if ordered[-1].hash == debtor.head else "its last facts are missing"


def index(house: House, *, dry_run: bool, seen: Seen = _nobody) -> Iterator[Found]:
    """Records that stand in the index where no sweep looks for them, or not at all."""
    for item in _items(house, seen):
        loaded, now = read_state(item), house.now()
        plan = planned(loaded.debtor, house.playbook, now)
        where = _misplaced(item, loaded, plan, house, now)
        if not where:
            continue
        if not dry_run:
            change(
                house,
                loaded.debtor.id,
                lambda debtor, now: (PlanMoved("repair.index", planned(debtor, house.playbook, now).at),),
            )
        yield Found(loaded.debtor.id, where, not dry_run)


def _misplaced(item: Item, loaded: Loaded, plan: Planned, house: House, now: datetime) -> str:
    if "due_shard" not in item or "due_at" not in item:
        return "it stands in no index"
    ought = f"{plan.lane}#{shard_of(loaded.debtor.id, house.due.shards):02d}"
    stands = item["due_shard"]["S"]
    if stands != ought:
        return f"it stands in {stands}, not in {ought}"
    if stands_elsewhere(loaded, plan, now):
        return f"it is due {write_instant(plan.at)}, not {item['due_at']['S']}"
    return ""


def lookups(house: House, *, dry_run: bool, seen: Seen = _nobody) -> Iterator[Found]:
    """Addresses, references, opt-outs and shared debts by which nobody would be found, and phones that are nobody's own: written from the
    record again.
    """
    told: set[str] = set()
    for item in _items(house, seen):
        debtor = read_state(item).debtor
        if debtor.is_erased:
            continue
        for what, mend in (*_lost(house, debtor), *_alone(house, debtor), *_apart(house, debtor)):
            if what in told:
                continue
            if not dry_run:
                mend()
            told.add(what)
            yield Found(debtor.id, what, not dry_run)


Mend = Callable[[], object]


def _lost(house: House, debtor: Debtor) -> Iterator[tuple[str, Mend]]:
    """The lookups and opt-outs that a record asks for and that are not there."""
    wanted = {f"point {point.id}": point.id for point in debtor.points}
    wanted |= {f"debt {debt.key}": house.keys.debt(debt.key) for debt in debtor.debts}
    for what, hashed in wanted.items():
        if debtor.id not in house.lookups.debtors(hashed):
            yield f"no lookup leads to {debtor.id} from {what}", partial(house.lookups.add, hashed, debtor.id)
    for point in debtor.points:
        closed = point.state is PointState.SUPPRESSED and point.reason == "opt_out"
        if closed and not house.suppressions.reason(point.id):
            mend = partial(house.suppressions.add, point.id, "opt_out", write_instant(house.now()))
            yield f"the opt-out of point {point.id} bound only one person", mend


def _alone(house: House, debtor: Debtor) -> Iterator[tuple[str, Mend]]:
    """Phones and e-mails that somebody else has, too, and that are written to as if they were one person's own."""
    for point in debtor.points:
        for who in own_of_several(house, debtor, point):
            mend = partial(change, house, who, partial(has_others, point.id))
            yield f"point {point.id} of {who} is written to as if nobody else had it", mend


def _apart(house: House, debtor: Debtor) -> Iterator[tuple[str, Mend]]:
    """Debts that several people owe, of whom a payment would leave some chased."""
    for debt in debtor.debts:
        short = house.keys.short_debt(debt.key)
        together = {debtor.id, *house.lookups.debtors(house.keys.debt(debt.key))}
        if len(together) > 1 and not together <= house.obligors.people([short]):
            mend = partial(house.obligors.add, short, together)
            yield f"a payment of debt {debt.key} would leave others who owe it chased", mend


def _items(house: House, seen: Seen) -> Iterator[Item]:
    for count, item in enumerate(house.ledger.items(), 1):
        seen(count)
        yield item


Repair = Callable[..., Iterator[Found]]


def repairs(journal: Journal) -> dict[str, Repair]:
    """Each takes the house, `dry_run` and, to be watched, `seen`."""
    return {
        "unknowns": unknowns,
        "history": partial(history, journal=journal),
        "index": index,
        "lookups": lookups,
    }
