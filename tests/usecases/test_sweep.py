"""A sweep hands out ids by priority, writes only where something moved, and forgets nobody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recobro.adapters.state_record import key, write_state
from recobro.domain.facts import FeedRead, HoldPlaced
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.next_action import Planned
from recobro.domain.playbook import Playbook
from recobro.house import House
from recobro.usecases.saving import change
from recobro.usecases.sweep import sweep
from recobro.usecases.tasks import close
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor, playbook
from tests.sweeping import hints, open_queues, person


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with house(clock) as opened:
        open_queues(opened, monkeypatch)
        yield opened


def shards_stood_in(home: House) -> set[str]:
    items = home.client("dynamodb").scan(TableName="ledger")["Items"]
    return {one["due_shard"]["S"] for one in items if one["sk"]["S"] == "STATE"}


def sooner(home: House) -> Playbook:
    """The same playbook, but its first stage begins sixty days ahead; known by another hash."""
    first, *others = home.playbook.strategy.stages
    step, *later = first.steps
    stage = replace(first, from_dpd=-60, steps=(replace(step, on_dpd=-50), *later))
    strategy = replace(home.playbook.strategy, stages=(stage, *others))
    return replace(home.playbook, strategy=strategy, hashes={**home.playbook.hashes, "plan": "two"})


def planned_at(home: House, ident: str) -> datetime:
    loaded = home.ledger.load(ident)
    assert loaded is not None
    assert loaded.next_action is not None
    return loaded.next_action


def test_who_is_due_is_handed_to_the_queue_of_their_channel_by_id_alone(home: House) -> None:
    settle_in(home, debtor())
    done = sweep(home, "overdue")

    assert dict(done.handed) == {"sms": 1}
    until, debts = "2026-03-09T18:15:00Z", home.keys.short_debt("muebles/A1")
    hint = {"debtor": AMINTA, "valid_until": until, "point": "p1", "others": "", "debts": debts}
    assert hints(home, "sms") == [hint]


def test_nobody_is_handed_out_by_the_other_lane(home: House) -> None:
    settle_in(home, debtor())

    assert dict(sweep(home, "pre_due").handed) == {}


def test_a_sweep_that_moves_nothing_writes_nothing(home: House) -> None:
    settle_in(home, debtor())
    sweep(home, "overdue")
    version = standing(home, AMINTA).version
    sweep(home, "overdue")

    assert standing(home, AMINTA).version == version


def test_who_becomes_late_changes_lane(home: House, clock: Clock) -> None:
    settle_in(home, replace(debtor(debt(due_on=date(2026, 3, 12))), feeds={"muebles": date(2026, 3, 16)}))
    clock.forward(days=7)
    sweep(home, "pre_due")
    loaded = home.ledger.load(AMINTA)

    assert loaded is not None
    assert loaded.lane == "overdue"


def test_at_most_the_carriers_rate_is_handed_out_and_the_rest_comes_round(home: House) -> None:
    channels = {**playbook().client.channels, "sms": replace(playbook().client.channels["sms"], rate=1)}
    schedule = replace(playbook().client.schedule, sweep_minutes=2)
    client = replace(playbook().client, channels=channels, schedule=schedule)
    home._playbook = replace(playbook(), client=client)
    for number in range(70):
        settle_in(home, replace(debtor(), id=person(number)))
    done = sweep(home, "overdue")

    assert (done.handed["sms"], done.later["sms"]) == (60, 10)


def test_hints_come_out_of_their_queue_no_faster_than_the_carrier_takes_them(home: House) -> None:
    channels = {**playbook().client.channels, "sms": replace(playbook().client.channels["sms"], rate=2)}
    home._playbook = replace(playbook(), client=replace(playbook().client, channels=channels))
    for number in range(9):
        settle_in(home, replace(debtor(), id=person(number)))

    assert sweep(home, "overdue").handed["sms"] == 9
    assert len(hints(home, "sms")) == 2  # the others are hidden for one to four seconds


def test_the_newly_late_go_before_the_long_late_when_there_is_more_work_than_rate(home: House) -> None:
    settle_in(home, replace(debtor(debt(due_on=date(2026, 2, 20))), id=person(1)))
    settle_in(home, replace(debtor(debt(due_on=date(2026, 3, 4))), id=person(2)))
    sweep(home, "overdue")

    assert [one["debtor"] for one in hints(home, "sms")] == [person(2), person(1)]


def test_the_old_and_large_become_a_task_once(home: House, clock: Clock) -> None:
    settle_in(home, debtor(debt(due_on=date(2026, 1, 5))))
    sweep(home, "overdue")
    clock.forward(minutes=15)
    sweep(home, "overdue")

    assert [task.reason for task in standing(home, AMINTA).tasks] == ["call"]


def test_a_changed_strategy_plans_everybody_anew(home: House) -> None:
    settle_in(home, debtor(debt(due_on=date(2026, 5, 1))))  # Labour Day: due on Monday the 4th
    sweep(home, "pre_due")
    before = home.ledger.load(AMINTA)
    home._playbook = sooner(home)
    del home.__dict__["playbook"]
    sweep(home, "pre_due")
    after = home.ledger.load(AMINTA)

    assert before is not None
    assert after is not None
    assert (before.next_action, after.next_action) == (
        datetime(2026, 4, 29, 6, tzinfo=UTC),
        datetime(2026, 3, 15, 6, tzinfo=UTC),
    )


def test_nobody_is_lost_when_a_client_takes_fewer_shards(home: House) -> None:
    for number in range(12):
        settle_in(home, replace(debtor(), id=person(number)))
    sweep(home, "overdue")
    client = playbook().client
    fewer = replace(client, schedule=replace(client.schedule, shards=1))
    narrowed = House(home.settings, home._around, replace(playbook(), client=fewer))

    assert sweep(narrowed, "overdue").looked_at == 12
    assert shards_stood_in(narrowed) == {"overdue#00"}
    assert sweep(narrowed, "overdue").looked_at == 12


def test_a_run_that_meets_its_limit_goes_on_where_it_stopped(home: House, clock: Clock) -> None:
    for number in range(12):
        settle_in(home, replace(debtor(), id=person(number)))
    first = sweep(home, "overdue", deadline=home.now())
    second = sweep(home, "overdue", deadline=home.now() + timedelta(hours=1))

    assert 0 < first.looked_at < 12
    assert first.looked_at + second.looked_at == 12


def test_planning_more_people_anew_than_one_run_has_time_for_goes_on_in_the_next(home: House) -> None:
    for number in range(24):
        settle_in(home, replace(debtor(debt(due_on=date(2026, 5, 1))), id=person(number)))
    while not home.plan_item.standing("pre_due").planned_with:
        sweep(home, "pre_due", deadline=home.now())
    before = {number: planned_at(home, person(number)) for number in range(24)}

    home._playbook = sooner(home)
    del home.__dict__["playbook"]
    runs = 0
    while home.plan_item.standing("pre_due").planned_with != "two":
        sweep(home, "pre_due", deadline=home.now())
        runs += 1
        assert runs <= home.due.shards + 1
    after = {number: planned_at(home, person(number)) for number in range(24)}

    assert runs > 1
    assert all(after[number] < before[number] for number in range(24))
    assert home.plan_item.standing("pre_due").replanned == ""


def test_a_strategy_that_changes_while_everybody_is_planned_anew_begins_again(home: House) -> None:
    for number in range(24):
        settle_in(home, replace(debtor(debt(due_on=date(2026, 5, 1))), id=person(number)))
    sweep(home, "pre_due", deadline=home.now())
    assert home.plan_item.standing("pre_due").replanned

    home._playbook = sooner(home)
    del home.__dict__["playbook"]
    sweep(home, "pre_due", deadline=home.now() + timedelta(hours=1))
    assert {planned_at(home, person(number)) for number in range(24)} == {
        datetime(2026, 3, 15, 6, tzinfo=UTC)
    }


def test_a_paused_house_hands_out_nothing(home: House) -> None:
    settle_in(home, debtor())
    home.switches.off("all", "ana", "rehearsal", home.now())

    assert dict(sweep(home, "overdue").handed) == {}

    home.switches.on("all")
    assert dict(sweep(home, "overdue").handed) == {"sms": 1}


def test_who_is_due_and_must_wait_is_written_to_by_no_sweep_at_any_fraction_of_a_second(
    home: House, clock: Clock
) -> None:
    """The index holds whole seconds, rounded up: "now" stood half a second after now, and each sweep of a paused house wrote to
    everybody who was due.
    """
    clock.forward(milliseconds=400)
    settle_in(home, debtor())
    home.switches.off("all", "ana", "rehearsal", home.now())
    clock.forward(minutes=2, milliseconds=200)
    sweep(home, "overdue")
    before = standing(home, AMINTA).version
    clock.forward(minutes=2)
    for _ in range(3):
        sweep(home, "overdue")
        clock.forward(minutes=2, milliseconds=100)

    assert standing(home, AMINTA).version == before


def damage(home: House, ident: str) -> None:
    home.client("dynamodb").update_item(
        TableName="ledger",
        Key=key(ident),
        UpdateExpression="SET body = :nothing",
        ExpressionAttributeValues={":nothing": {"B": b"no record"}},
    )


def test_a_record_that_cannot_be_read_keeps_nobody_else_waiting(home: House) -> None:
    for number in (1, 2, 3):
        settle_in(home, replace(debtor(), id=person(number)))
    damage(home, person(2))
    done = sweep(home, "overdue")

    assert (dict(done.handed), list(done.faults)) == ({"sms": 2}, [person(2)])
    assert {one["debtor"] for one in hints(home, "sms")} == {person(1), person(3)}


def test_somebody_whom_no_decision_can_be_made_for_keeps_nobody_else_waiting(home: House) -> None:
    """A place that our calendars do not know, say: no fault of anybody else's."""
    for number in (1, 2, 3):
        settle_in(home, replace(debtor(), id=person(number)))
    loaded = home.ledger.load(person(2))
    assert loaded is not None
    profile = replace(loaded.debtor.profile, zones=("Nowhere/Atlantis",))
    nowhere = replace(loaded, debtor=replace(loaded.debtor, profile=profile))
    item = write_state(nowhere, Planned("overdue", home.now()), save_id="1", saved_at=home.now(), shards=1)
    home.client("dynamodb").put_item(TableName="ledger", Item=item)
    done = sweep(home, "overdue")

    assert (done.handed.total(), list(done.faults)) == (2, [person(2)])


def test_a_playbook_that_changes_plans_anew_all_but_who_cannot_be_read(home: House) -> None:
    for number in (1, 2, 3):
        settle_in(home, replace(debtor(debt(due_on=date(2026, 5, 20))), id=person(number)))
    damage(home, person(2))
    home.__dict__["playbook"] = sooner(home)
    done = sweep(home, "pre_due")
    asked_again = sweep(home, "pre_due")

    assert list(done.faults) == [person(2)]
    assert asked_again.faults == {}


@pytest.mark.parametrize("is_fed", [True, False])
def test_a_hold_that_was_looked_into_and_left_is_asked_about_again(
    home: House, clock: Clock, *, is_fed: bool
) -> None:
    """Also of those of whom no file says anything any more."""
    settle_in(home, debtor())
    placed = Hold("hdece-1", HoldReason.DECEASED, clock.now, "operations", clock.now + timedelta(days=30))
    change(home, AMINTA, lambda _debtor, _now: (HoldPlaced(placed),))
    asked = []
    for day in range(130):
        clock.forward(days=1)
        if is_fed:
            change(home, AMINTA, lambda _debtor, now: (FeedRead("muebles", now.date(), "file"),))
        sweep(home, "overdue")
        for task in standing(home, AMINTA).open_tasks():
            asked.append((day, task.reason))
            close(home, AMINTA, task.id, "done")

    assert asked == [(day, "review_deceased") for day in (29, 75, 121)]
