"""Whose turn is it? A sweep reads what is due in a lane, decides, and hands out as much as carriers and people can take."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from math import ceil

from recobro.adapters.plan_item import Standing
from recobro.codec import write_instant
from recobro.domain.client import SETUP_NAMES
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision, HandOver, Stop, Wait
from recobro.domain.facts import Fact, PlanMoved
from recobro.domain.hand_over import handed_over
from recobro.domain.next_action import Planned, planned, whole_second
from recobro.domain.playbook import Switches
from recobro.domain.settle import settled
from recobro.domain.shares import Given, Interval, give, interval_before, interval_of
from recobro.errors import Stale
from recobro.house import House
from recobro.ports import Due, Loaded
from recobro.usecases.each_alone import Faults, alone, read_each
from recobro.usecases.spending import without_money

ROUNDS = 12
"""As many sweeps as may hand out at once; each round, one of them has its part."""


@dataclass(slots=True)
class Swept:
    """What a sweep did. handed: channel → ids handed to its queue; later: due, but beyond this sweep's share; faults: who could not be
    decided for → why.
    """

    lane: str
    looked_at: int = 0
    handed: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)
    tasks: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    lost_races: int = 0
    faults: Faults = field(default_factory=dict)


def sweep(house: House, lane: str, deadline: datetime | None = None) -> Swept:
    """One run over a lane. deadline: stop there and go on at the cursor next time; None: run to the end."""
    now = house.now()
    done = Swept(lane)
    standing = house.plan_item.standing(lane)
    if (standing.planned_with, standing.shards) != (house.playbook.plan_hash, house.due.shards):
        # Half of the time: whoever is due meanwhile is decided for anew anyway, and goes out.
        _replan(house, lane, standing, done, deadline and now + (deadline - now) / 2)
    switches: Switches | None = None
    contacts: list[tuple[int, str, Contact]] = []
    for loaded in _due(house, done, now, standing.cursor, deadline):
        switches = switches or replace(house.switches.read(), spent=without_money(house, now))
        done.looked_at += 1
        with alone(loaded.debtor.id, done.faults):
            decision = _decided(house, loaded, switches, now, done)
            if isinstance(decision, Contact):
                contacts.append((decision.rank, loaded.debtor.id, decision))
    if contacts:
        _hand_out(house, contacts, done)
    return done


def _due(
    house: House, done: Swept, now: datetime, cursor: str, deadline: datetime | None
) -> Iterator[Loaded]:
    """Everybody due in the lane, a hundred to a read; a run that meets its deadline leaves a cursor for the next."""
    lane = done.lane
    start, _, after = cursor.partition(":")
    for shard in range(int(start or 0), house.due.shards):
        for batch in _batches(house.due.due(lane, shard, now, after)):
            yield from read_each(house, [one.debtor_id for one in batch], done.faults)
            if deadline is not None and house.now() >= deadline:
                house.plan_item.stop_at(lane, f"{shard}:{batch[-1].cursor}")
                return
        after = ""
    if start:
        house.plan_item.stop_at(lane, "")


def _decided(house: House, loaded: Loaded, switches: Switches, now: datetime, done: Swept) -> Decision:
    """Decide for one debtor; write only where time or the decision moved something."""
    debtor, facts = settled(loaded.debtor, house.playbook, now)
    decision = decide(debtor, house.playbook, now, switches)
    if isinstance(decision, HandOver):
        facts = (*facts, *handed_over(debtor, decision, house.playbook, now))
        done.tasks += 1
    elif isinstance(decision, Wait | Stop) and not facts:
        facts = _moved(house, loaded, decision, now)
    # A contact's claim carries what time brought about; saving it here too would be a write for nothing.
    if facts and not isinstance(decision, Contact):
        _save(house, loaded, facts, now, decision, done)
    return decision


def _moved(house: House, loaded: Loaded, decision: Wait | Stop, now: datetime) -> tuple[Fact, ...]:
    """The plan moved when the debtor now stands elsewhere in the index than where we found it."""
    if not stands_elsewhere(loaded, planned(loaded.debtor, house.playbook, now), now):
        return ()
    refusal = decision.refusals[0] if decision.refusals else None
    rule = refusal.rule if refusal is not None else "none"
    return (PlanMoved(rule, decision.until if isinstance(decision, Wait) else None),)


def stands_elsewhere(loaded: Loaded, plan: Planned, now: datetime) -> bool:
    """Due is due: that the index says "since nine" and the plan "now" is no move."""
    soon = whole_second(now)  # what is due now stands in the index at the next whole second
    both_due = loaded.next_action is not None and loaded.next_action <= soon and plan.at <= soon
    return plan.lane != loaded.lane or not (both_due or plan.at == loaded.next_action)


def _save(
    house: House, loaded: Loaded, facts: tuple[Fact, ...], now: datetime, decision: Decision, done: Swept
) -> None:
    try:
        house.ledger.save(loaded, facts, now)
    except Stale:
        # Whoever saved computed a new next action; the next sweep reads it.
        done.lost_races += 1
        return
    if isinstance(decision, Wait | Stop) and decision.refusals:
        done.moved[decision.refusals[0].rule] += 1


def _hand_out(house: House, contacts: list[tuple[int, str, Contact]], done: Swept) -> None:
    """By priority, as far as both lanes' common share reaches; what is left over comes round again."""
    ranked = [(one, contact) for _, one, contact in sorted(contacts, key=lambda one: one[:2])]
    at = house.now()
    interval, given = _take(house, done.lane, [SETUP_NAMES[it.channel] for _, it in ranked], at)
    valid_until = write_instant(interval.ends)
    by_channel: dict[str, list[tuple[str, Contact]]] = {}
    for one, has_room in zip(ranked, given.has_room, strict=True):
        channel = SETUP_NAMES[one[1].channel]
        if has_room:
            by_channel.setdefault(channel, []).append(one)
        else:
            done.later[channel] += 1
    for channel, taken in by_channel.items():
        debts = {one: [house.keys.short_debt(key) for key in it.debts] for one, it in taken}
        others = _others(house, debts)
        messages = (
            {
                "debtor": one,
                "valid_until": valid_until,
                "point": it.point,
                "others": " ".join(others[one]),
                "debts": " ".join(debts[one]),
            }
            for one, it in taken
        )
        rate = house.playbook.client.channels[channel].rate
        wait = ceil((given.begins[channel] - at).total_seconds())
        done.handed[channel] += house.outboxes.enqueue(channel, messages, rate, wait)


def _take(house: House, lane: str, asked: list[str], at: datetime) -> tuple[Interval, Given]:
    """This sweep's part of what both lanes may hand out; ours once it is written. asked: channels, in order of rank.

    A sweep that dies after this, or whose answer was lost, has taken its part for nothing: in this interval alone, as the next
    one has an item of its own, and nobody is handed out twice for it.
    """
    client = house.playbook.client
    interval = interval_of(client.schedule, at)
    before = interval_before(client.schedule, interval)
    for _ in range(ROUNDS):
        taken, last = house.shares.read(interval.starts, before.starts)
        given = give(client, lane, asked, at, interval, taken, last)
        if house.shares.take(interval.starts, given.taken):
            return interval, given
    raise Stale(f"other sweeps took their shares {ROUNDS} times")


def _others(house: House, debts: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Debtor → who else owes what they are to be asked for: the sender reads them all at once, and what they contest rests."""
    together = house.obligors.together(short for shorts in debts.values() for short in shorts)
    return {
        one: sorted({other for short in shorts for other in together.get(short, ())} - {one})
        for one, shorts in debts.items()
    }


def _replan(house: House, lane: str, standing: Standing, done: Swept, deadline: datetime | None) -> None:
    """When the deployed strategy or law is another than the lane was planned with, everybody in it is planned anew; and so
    when it now has another number of shards, or those in the ones that are gone would never be found again.

    A run that meets its deadline leaves word how far it came, and the next one goes on there.
    """
    goal = f"{house.playbook.plan_hash}/{house.due.shards}"
    begun, _, place = standing.replanned.partition(" ")
    first, _, after = place.partition(":") if begun == goal else ("", "", "")
    for shard in range(int(first or 0), max(standing.shards, house.due.shards)):
        for batch in _batches(house.due.everyone(lane, shard, after)):
            for loaded in read_each(house, [one.debtor_id for one in batch], done.faults):
                with alone(loaded.debtor.id, done.faults):
                    _replan_one(house, loaded, done, is_lost=shard >= house.due.shards)
            if deadline is not None and house.now() >= deadline:
                house.plan_item.replanned_until(lane, f"{goal} {shard}:{batch[-1].cursor}")
                return
        after = ""
    house.plan_item.now_planned_with(lane, house.playbook.plan_hash, house.due.shards)


def _replan_one(house: House, loaded: Loaded, done: Swept, *, is_lost: bool) -> None:
    now = house.now()
    plan = planned(loaded.debtor, house.playbook, now)
    if not (is_lost or stands_elsewhere(loaded, plan, now)):
        return
    try:
        house.ledger.save(loaded, (PlanMoved("playbook.changed", plan.at),), now)
    except Stale:
        done.lost_races += 1


def _batches(due: Iterable[Due]) -> Iterator[list[Due]]:
    waiting = iter(due)
    while batch := list(islice(waiting, 100)):
        yield batch
