"""After a bad day: unknown attempts settled, history rebuilt, index and lookups mended. Each tells what it would do, does it
only where something is wrong, and does nothing the second time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from recobro.adapters.given_up import UNREADABLE, GivenUp, given_up, record_of
from recobro.adapters.state_record import Item, fact_under_way, read_state, shard_of
from recobro.codec import write_instant
from recobro.domain.attempt import AttemptStatus
from recobro.domain.chain import Recorded, first_gap
from recobro.domain.debtor import Debtor
from recobro.domain.facts import AttemptProgressed, PlanMoved, StepMarked
from recobro.domain.next_action import Planned, planned
from recobro.domain.settle import settled
from recobro.errors import RecobroError
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.lost_lookups import Together, lost, named_by
from recobro.usecases.saves_given_up import facts_kept, of_this_ledger
from recobro.usecases.saving import change
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
    for _, loaded in _records(house, seen):
        if isinstance(loaded, Found):
            yield loaded
            continue
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
    kept, unread = _kept(house, [one for _, saves in files for one in saves])
    for key, saves in files:
        refused = []
        for one in saves:
            why = unread.get(one.debtor) or ("" if one in kept[one.debtor] else ELSEWHERE)
            if not why and not dry_run:
                why = _taken(house, one, journal)
            refused += [why] if why else []
            what = f"save {one.version}: the journal gave up on it"
            yield Found(one.debtor, what, not dry_run and not why, why)
        if not dry_run and not refused:
            house.files.purge(key)
    for item, loaded in _records(house, seen):
        if isinstance(loaded, Found):
            yield loaded
            continue
        debtor = loaded.debtor
        try:
            written = house.ledger.recorded(debtor.id)
            there = [*written, *(one for save in kept.get(debtor.id, ()) for one in save.facts)]
            gap = _gap(debtor, there, loaded)
        except UNREADABLE as error:
            yield Found(debtor.id, "its history cannot be read", False, _said(error))
            continue
        if gap:
            yield Found(debtor.id, gap, False, "" if dry_run else "nothing that is left holds it")
        yield from _from_state(item, loaded, there, journal, dry_run=dry_run)


def _from_state(
    item: Item, loaded: Loaded, there: Iterable[Recorded], journal: Journal, *, dry_run: bool
) -> Iterator[Found]:
    """Facts that STATE still carries and the history lacks."""
    travelling = {(one["version"], one["number"]) for one in loaded.pending}
    missing = sorted(travelling - {(one.version, one.number) for one in there})
    for version, places in groupby(missing, itemgetter(0)):
        why = "" if dry_run else journal(record_of(item, version))
        for _, number in places:
            what = f"fact {version}.{number} was only in STATE"
            yield Found(loaded.debtor.id, what, not dry_run and not why, why)


ELSEWHERE = (
    "nothing shows that it is of this ledger: a restore left it behind, or the journal has still to catch up"
)


def _kept(house: House, saves: Iterable[GivenUp]) -> tuple[Mapping[str, list[GivenUp]], Mapping[str, str]]:
    """(debtor → those of their saves that are of this ledger, debtor → why nobody can tell)."""
    theirs: dict[str, list[GivenUp]] = defaultdict(list)
    for one in saves:
        theirs[one.debtor].append(one)
    kept: dict[str, list[GivenUp]] = {}
    unread: dict[str, str] = {}
    for debtor_id, several in theirs.items():
        try:
            kept |= of_this_ledger(house, several)
        except UNREADABLE as error:
            unread[debtor_id] = f"{CANNOT_BE_READ}: {_said(error)}"
    return kept, unread


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
        one = fact_under_way(debtor.id, plain)
        whole[one.version, one.number] = one
    return first_gap([whole[place] for place in sorted(whole)], debtor.head)


def index(house: House, *, dry_run: bool, seen: Seen = _nobody) -> Iterator[Found]:
    """Records that stand in the index where no sweep looks for them, or not at all."""
    for item, loaded in _records(house, seen):
        if isinstance(loaded, Found):
            yield loaded
            continue
        now = house.now()
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
    """Addresses, references, carriers' ids, closed addresses and shared debts by which nobody would be found, and phones that are
    nobody's own: written from the records again.

    Who is in a debt or at a phone together is known once all records have been read: only then is each mended, and once.
    """
    told: set[str] = set()
    together = Together(house)
    for _, loaded in _records(house, seen):
        if isinstance(loaded, Found):
            together.leave_out(loaded.debtor)
            yield loaded
        elif not loaded.debtor.is_erased:
            named = named_by(house, loaded.debtor)
            together.meet(loaded.debtor, named)
            try:
                found = list(lost(house, loaded, named))
            except UNREADABLE as error:
                yield Found(loaded.debtor.id, CANNOT_BE_READ, False, _said(error))
                continue
            for one in found:
                if one.what in told:
                    continue
                told.add(one.what)
                if not dry_run:
                    one.mend()
                yield Found(one.debtor, one.what, not dry_run)
    for one in (*together.alone(), *together.apart()):
        if not dry_run:
            one.mend()
        yield Found(one.debtor, one.what, not dry_run)


CANNOT_BE_READ = "its record cannot be read"


def _records(house: House, seen: Seen) -> Iterator[tuple[Item, Loaded | Found]]:
    """Every record as it lies in the table and as it reads; Found where nobody can read it, so that all others are mended."""
    for count, item in enumerate(house.ledger.items(), 1):
        seen(count)
        yield item, _record(item)


def _record(item: Item) -> Loaded | Found:
    try:
        return read_state(item)
    except UNREADABLE as error:
        return Found(item["pk"]["S"].removeprefix("DEBTOR#"), CANNOT_BE_READ, False, _said(error))


def _said(error: BaseException) -> str:
    """Our own errors are sentences; of the others the kind tells more than the words."""
    return str(error) if isinstance(error, RecobroError) else f"{type(error).__name__}: {error}"


Repair = Callable[..., Iterator[Found]]


def repairs(journal: Journal) -> dict[str, Repair]:
    """Each takes the house, `dry_run` and, to be watched, `seen`."""
    return {
        "unknowns": unknowns,
        "history": partial(history, journal=journal),
        "index": index,
        "lookups": lookups,
    }
