"""A restored ledger brought up to date from the history's copy, erasures first; what the copy cannot tell is held for a person.

Nothing is decided here and nothing is sent: each fact is saved again with the instant, the place and the hash that it had, so that
the chain of every person goes on exactly where it stood. Done twice it does nothing the second time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from recobro.adapters.given_up import given_up
from recobro.adapters.journal_copy import JournalCopy
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain import business_days
from recobro.domain import facts as f
from recobro.domain.chain import Recorded, first_gap
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor, Personal
from recobro.domain.eligibility import today_of
from recobro.domain.task import Task
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.rehearse import everyone
from recobro.usecases.saving import change

LOOK_BACK = timedelta(hours=24)
"""The stream forgets after a day: a batch that ended later than that before the instant may hold facts that the table lacks."""

GAP = "restore_gap"
NO_ADDRESS = "restore_personal"
"""Reasons of the tasks: it may have been contacted while nothing was recorded; its name or addresses came after the instant."""

Seen = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """Somebody whose history does not hold, and how."""

    debtor: str
    why: str


@dataclass(frozen=True)
class CaughtUp:
    """until: the last instant that the copy knows. people, facts: brought back; broken: who could not be.

    ends: debtor id → hash of the last fact that was brought back, or would be.
    """

    people: int
    facts: int
    erased: int
    until: datetime
    broken: tuple[Broken, ...]
    ends: Mapping[str, str] = field(default_factory=dict)


def verified(house: House, seen: Seen = lambda people: None) -> Iterator[Broken]:
    """Everybody whose chain breaks, or whose record is not where the chain ends."""
    for number, loaded in enumerate(everyone(house), 1):
        history = house.ledger.history(loaded.debtor.id)
        why = first_gap(history, loaded.debtor.head)
        if not why and history and history[-1].hash != loaded.debtor.head:
            why = "the record is not where its history ends"
        if why:
            yield Broken(loaded.debtor.id, why)
        if not number % 100:
            seen(number)


def catch_up(
    house: House, copy: JournalCopy, instant: datetime, *, dry_run: bool, seen: Seen = lambda people: None
) -> CaughtUp:
    """Replay what the copy holds since the instant that the table was restored to, and what the journal gave up on."""
    known: dict[str, dict[tuple[int, int], Recorded]] = defaultdict(dict)
    for _, saves in given_up(house.files):
        for save in saves:
            known[save.debtor] |= {(one.version, one.number): one for one in save.facts}
    until = instant
    for debtor_id, one in copy.since(instant - LOOK_BACK):
        known[debtor_id][one.version, one.number] = one
        until = max(until, one.at)
    people = facts = erased = 0
    broken: list[Broken] = []
    ends: dict[str, str] = {}
    for number, (debtor_id, places) in enumerate(_erased_first(known), 1):
        history = [places[place] for place in sorted(places)]
        loaded = house.ledger.load(debtor_id) or Loaded(Debtor(debtor_id))
        missing = [one for one in history if one.version > loaded.debtor.version]
        if missing:
            brought, why = _replayed(house, loaded, missing, dry_run=dry_run)
            facts += brought
            if brought:
                people += 1
                erased += _is_erasure(missing)
                ends[debtor_id] = missing[brought - 1].hash
            broken += [Broken(debtor_id, why)] if why else []
        if not number % 100:
            seen(number)
    return CaughtUp(people, facts, erased, until, tuple(broken), ends)


def hold(
    house: House,
    instant: datetime,
    broken: Sequence[Broken],
    *,
    dry_run: bool,
    old: House | None = None,
    ends: Mapping[str, str] | None = None,
) -> dict[str, int]:
    """Open a task for everybody whom we may have contacted without knowing, or cannot reach. reason → how many.

    That is who was due by now: a contact that was claimed in the last moments may stand in no copy. old: the table that
    was left, where it can still be read; who stands there with the very same chain has lost nothing, and who stands there with
    another has lost something, be it a word that they wanted no more of this. ends: of a dry run, where chains would end.
    """
    now, counts = house.now(), {GAP: 0, NO_ADDRESS: 0}
    lost = {one.debtor for one in broken}
    there = {one.debtor.id: one.debtor.head for one in everyone(old)} if old is not None else {}
    for loaded in everyone(house):
        debtor = loaded.debtor
        if debtor.is_erased:
            continue
        is_due = loaded.next_action is not None and loaded.next_action <= now
        is_known = debtor.id in there and _holds(house, debtor, there[debtor.id], ends or {})
        if debtor.id in lost or ((is_due or old is not None) and not is_known):
            counts[GAP] += _opened(house, debtor, GAP, instant, dry_run=dry_run)
        if any(point.id not in debtor.personal.points for point in debtor.points):
            counts[NO_ADDRESS] += _opened(house, debtor, NO_ADDRESS, instant, dry_run=dry_run)
    return counts


def _holds(house: House, debtor: Debtor, head: str, ends: Mapping[str, str]) -> bool:
    """Whether the chain reached that hash; it may go on from there with what an earlier run of ours wrote."""
    if head in ("", debtor.head, ends.get(debtor.id)):
        return True
    return any(one.hash == head for one in house.ledger.history(debtor.id))


def _replayed(house: House, loaded: Loaded, missing: Sequence[Recorded], *, dry_run: bool) -> tuple[int, str]:
    """(facts brought back, what stands in the way of the rest)."""
    brought = 0
    items = JournalItems(house.client("dynamodb"), house.settings.table)
    head = loaded.debtor.head
    for version, several in groupby(missing, lambda one: one.version):
        saved = list(several)
        if saved[0].before != head:
            return brought, f"facts before save {version} are in no copy"
        head = saved[-1].hash
        if not dry_run:
            loaded = _saved(house, loaded, version, saved)
            if loaded.debtor.head != head:
                return brought, f"save {version} is not what was recorded"
            image = house.client("dynamodb").get_item(
                TableName=house.settings.table, Key=key(loaded.debtor.id), ConsistentRead=True
            )["Item"]
            items.write(image)
        brought += len(saved)
    return brought, ""


def _saved(house: House, loaded: Loaded, version: int, saved: Sequence[Recorded]) -> Loaded:
    """The same save once more, with what is found by address and by reference."""
    at = saved[0].at
    while loaded.debtor.version < version - 1:
        # A save that recorded nothing left its number behind.
        loaded = house.ledger.save(loaded, (), at)
    facts = [one.fact for one in saved]
    for fact in facts:
        _found_again(house, loaded.debtor.id, fact, at)
    if _is_erasure(saved):
        _forget_words(house, loaded.debtor.id)
        bare = replace(loaded.debtor, personal=Personal())
        return house.ledger.save(loaded, facts, at, debtor=bare)
    return house.ledger.save(loaded, facts, at)


def _found_again(house: House, debtor_id: str, fact: f.Fact, at: datetime) -> None:
    match fact:
        case f.DebtRecorded(debt=debt):
            hashed = house.keys.debt(debt.key)
            house.lookups.add(hashed, debtor_id)
            together = {debtor_id, *house.lookups.debtors(hashed)}
            if len(together) > 1:
                house.obligors.add(house.keys.short_debt(debt.key), together)
        case f.PointRecorded(point=point):
            house.lookups.add(point.id, debtor_id)
        case f.PointStateChanged(point=name, state=PointState.SUPPRESSED, reason=reason):
            house.suppressions.add(name, reason, at.isoformat())


def _forget_words(house: House, debtor_id: str) -> None:
    """What was said to somebody who was erased since; the table as it was restored still has it."""
    client = house.client("dynamodb")
    for item in list(house.table.query(key(debtor_id)["pk"]["S"], prefix="CONTENT#")):
        client.delete_item(TableName=house.settings.table, Key={"pk": item["pk"], "sk": item["sk"]})


def _opened(house: House, debtor: Debtor, reason: str, instant: datetime, *, dry_run: bool) -> bool:
    name = f"tr-{reason}-{instant:%Y%m%dT%H%M%S}"
    if any(task.id == name for task in debtor.tasks):
        return False
    if not dry_run:
        today = today_of(debtor, house.playbook, house.now())
        due_at = today.starts(business_days.plus(today.day, 1, today.holidays) + timedelta(days=1))

        def facts(current: Debtor, now: datetime) -> tuple[f.Fact, ...]:
            if any(task.id == name for task in current.tasks):
                return ()
            return (f.TaskOpened(Task(name, reason, 1, now, due_at)),)

        change(house, debtor.id, facts)
    return True


def _erased_first(
    known: dict[str, dict[tuple[int, int], Recorded]],
) -> list[tuple[str, dict[tuple[int, int], Recorded]]]:
    return sorted(known.items(), key=lambda one: (not _is_erasure(one[1].values()), one[0]))


def _is_erasure(recorded: Iterable[Recorded]) -> bool:
    return any(isinstance(one.fact, f.Erased) for one in recorded)
