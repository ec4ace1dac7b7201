"""After a bad day: unknown attempts settled, history rebuilt, index and lookups mended. Each tells what it would do, does it
only where something is wrong, and does nothing the second time.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import Item, read_state, recorded_from_plain, shard_of
from recobro.adapters.stream import records_of
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
from recobro.usecases.saving import change
from recobro.usecases.sweep import stands_elsewhere

GAVE_UP = "aws/lambda/"
"""Where Lambda puts the records that the journal failed on until it gave up, their images included.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""


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


def history(house: House, *, dry_run: bool, seen: Seen = _nobody) -> Iterator[Found]:
    """Facts that never reached the history: from what still travels in STATE, and from what the journal gave up on."""
    items = JournalItems(house.client("dynamodb"), house.settings.table)
    given_up = _given_up(house)
    for item in _items(house, seen):
        loaded = read_state(item)
        debtor = loaded.debtor
        there = {(one.version, one.number): one for one in house.ledger.recorded(debtor.id)}
        travelling = {(one["version"], one["number"]) for one in loaded.pending}
        images = given_up.get(debtor.id, [])
        missing = {one for one in travelling if one not in there}
        if not dry_run and missing:
            items.restore(debtor.id, loaded.pending, loaded.contents)
        if gap := _gap(debtor, list(there.values()), loaded):
            for image in images if not dry_run else ():
                items.write(image)
            left = gap if dry_run else _gap(debtor, house.ledger.recorded(debtor.id), loaded)
            why = "" if not left else f"{left}; {len(images)} records that the journal gave up on are there"
            yield Found(debtor.id, gap, not dry_run and not left, why)
        for version, number in sorted(missing):
            yield Found(debtor.id, f"fact {version}.{number} was only in STATE", not dry_run)


def _gap(debtor: Debtor, there: list[Recorded], loaded: Loaded) -> str:
    """Where history and STATE together do not make the whole chain, in words; empty where they do."""
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


def _given_up(house: House) -> dict[str, list[Item]]:
    """The STATE images in the journal's failure records, by debtor."""
    found: dict[str, list[Item]] = {}
    for key in house.files.keys(GAVE_UP):
        record = json.loads(house.files.read(key))
        payload = record.get("payload") or {"Records": []}
        payload = json.loads(payload) if isinstance(payload, str) else payload
        for _, image in records_of(payload):
            found.setdefault(image["pk"]["S"].removeprefix("DEBTOR#"), []).append(image)
    return found


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
    """Addresses, references, opt-outs and shared debts by which nobody would be found: written from the record again."""
    told: set[str] = set()
    for item in _items(house, seen):
        debtor = read_state(item).debtor
        lost = () if debtor.is_erased else (*_lost(house, debtor), *_apart(house, debtor))
        for what, mend in lost:
            if what in told:
                continue
            if not dry_run:
                mend()
            told.add(what)
            yield Found(debtor.id, what, not dry_run)


Mend = Callable[[], None]


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


REPAIRS: dict[str, Callable[..., Iterator[Found]]] = {
    "unknowns": unknowns,
    "history": history,
    "index": index,
    "lookups": lookups,
}
