"""Reminders and collection share one carrier and one desk: together they hand out one share, by priority, those who are late first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from recobro.adapters.outboxes import Outboxes
from recobro.domain.playbook import Playbook
from recobro.errors import Unavailable
from recobro.house import House
from recobro.usecases.sweep import sweep
from tests.house import Clock, house, overtaken, settle_in
from tests.sample import debt, debtor, email, phone, playbook
from tests.sweeping import hints, open_queues, person

SHARE = 60
"""What a carrier that takes one a second is handed in two minutes; the last of them stays free."""

LATE, SOON = date(2026, 3, 4), date(2026, 3, 12)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A carrier that takes one text a second, and a sweep of each lane every two minutes."""
    with house(clock, book=client_with()) as opened:
        open_queues(opened, monkeypatch)
        yield opened


def client_with(*, sweep_minutes: int = 2, replies_per_hour: int = 0) -> Playbook:
    book = playbook()
    channels = {**book.client.channels, "sms": replace(book.client.channels["sms"], rate=1)}
    schedule = replace(book.client.schedule, sweep_minutes=sweep_minutes)
    limits = replace(book.client.limits, replies_per_hour=replies_per_hour)
    return replace(book, client=replace(book.client, channels=channels, schedule=schedule, limits=limits))


def under(home: House, book: Playbook) -> House:
    """The same house by another client's file."""
    return House(home.settings, home._around, book)


def people(home: House, due_on: date, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        settle_in(home, replace(debtor(debt(due_on=due_on)), id=person(number)))


def handed(home: House, lane: str) -> int:
    return sweep(home, lane).handed.total()


@pytest.mark.parametrize("lanes", [("overdue", "pre_due"), ("pre_due", "overdue")])
def test_both_lanes_together_hand_out_one_share(home: House, lanes: tuple[str, str]) -> None:
    people(home, LATE, SHARE)
    people(home, SOON, SHARE, first=SHARE)

    assert sum(handed(home, lane) for lane in lanes) == SHARE


def test_who_is_late_goes_before_who_is_only_reminded_whichever_sweep_comes_first(
    home: House, clock: Clock
) -> None:
    people(home, LATE, 45)
    people(home, SOON, SHARE, first=SHARE)
    sweep(home, "overdue")
    clock.forward(minutes=2)

    assert (handed(home, "pre_due"), handed(home, "overdue")) == (15, 45)


def test_where_hardly_anybody_is_late_reminders_have_the_rest(home: House, clock: Clock) -> None:
    people(home, LATE, 2)
    people(home, SOON, SHARE, first=SHARE)

    assert (handed(home, "overdue"), handed(home, "pre_due")) == (2, 58)


def test_reminders_wait_for_nobody_when_nobody_was_late_before(home: House, clock: Clock) -> None:
    people(home, SOON, SHARE)
    sweep(home, "pre_due")
    clock.forward(minutes=2)

    assert handed(home, "pre_due") == SHARE


def test_before_anybody_knows_how_many_are_late_half_is_kept_for_them(home: House) -> None:
    """The day's first interval, if reminders are swept first."""
    people(home, LATE, SHARE)
    people(home, SOON, SHARE, first=SHARE)

    assert (handed(home, "pre_due"), handed(home, "overdue")) == (30, 30)


def test_people_are_asked_to_answer_no_more_than_their_hour_in_both_lanes_together(home: House) -> None:
    people(home, LATE, 20)
    people(home, SOON, 20, first=20)
    paced = under(home, client_with(replies_per_hour=90))

    assert (handed(paced, "overdue"), handed(paced, "pre_due")) == (20, 10)


def test_an_email_of_higher_rank_goes_before_any_text_of_lower_rank(home: House) -> None:
    """By rank: a newly late person's text, another's e-mail, then texts to those who have been late for longer."""
    settle_in(home, replace(debtor(debt(amount=9_000_000)), id=person(1), points=(phone(),)))
    settle_in(home, replace(debtor(debt(amount=900_000)), id=person(2), points=(email(),)))
    for number in (3, 4):
        settle_in(home, replace(debtor(debt(due_on=date(2026, 2, 20))), id=person(number), points=(phone(),)))
    done = sweep(under(home, client_with(replies_per_hour=6)), "overdue")

    assert (dict(done.handed), dict(done.later)) == ({"sms": 1, "email": 1}, {"sms": 2})
    assert [one["debtor"] for one in hints(home, "email")] == [person(2)]


def test_two_sweeps_of_one_lane_at_the_same_time_do_not_both_have_the_share(home: House) -> None:
    people(home, LATE, SHARE)
    first: list[int] = []
    second = overtaken(home, "SHARE", lambda: first.append(handed(home, "overdue")))

    assert (handed(second, "overdue"), first) == (0, [SHARE])


def test_a_sweep_that_dies_with_its_share_loses_that_one_and_no_other(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(home, LATE, SHARE)

    def dies(*_: object) -> int:
        raise Unavailable("no queue")

    with monkeypatch.context() as broken:
        broken.setattr(Outboxes, "enqueue", dies)
        with pytest.raises(Unavailable):
            sweep(home, "overdue")
    assert handed(home, "overdue") == 0

    clock.forward(minutes=2)
    assert handed(home, "overdue") == SHARE


def test_hints_of_the_second_lane_come_out_behind_those_of_the_first(home: House) -> None:
    people(home, LATE, 5)
    people(home, SOON, 5, first=5)
    sweep(home, "overdue")
    sweep(home, "pre_due")

    assert [one["debtor"] for one in hints(home, "sms")] == [person(0)]


def test_a_sweep_that_comes_late_hands_out_what_its_carrier_can_still_take_before_the_next(
    home: House, clock: Clock
) -> None:
    people(home, LATE, 90)
    clock.forward(minutes=13, seconds=40)
    rarely = under(home, client_with(sweep_minutes=15))

    assert handed(rarely, "overdue") == 80
    assert {one["valid_until"] for one in hints(home, "sms")} == {"2026-03-09T18:15:00Z"}
