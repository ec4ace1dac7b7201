"""Workers' clocks differ by a second or two: what follows a save is decided as later, and a person's last word is their last."""

import random
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest

from recobro.bootstrap import Surroundings
from recobro.domain import facts as f
from recobro.domain.acting import Statement
from recobro.domain.channel import Channel
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.playbook import Switches
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled
from recobro.house import House
from recobro.intake.raw import RawRow
from recobro.usecases import acting, tasks
from recobro.usecases.allow import allow, call_back, take_back
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.report_contacts import report_contacts
from recobro.usecases.review_promises import review_promises
from recobro.usecases.saving import after, change
from recobro.usecases.send import send
from tests.house import Clock, PretendCarrier, standing
from tests.sample import AMINTA
from tests.visitor import Visitor, link_to

NINE_AT_NIGHT = datetime(2026, 3, 10, 3, tzinfo=UTC)
"""In Mexico City."""


def worker(home: House, clock: Clock, off: float) -> House:
    """Another process on the same account, its clock off by so many seconds."""
    around = Surroundings(home.client, lambda: clock.now + timedelta(seconds=off), random.Random(9))
    return House(home.settings, around, home.playbook)


def sends(home: House) -> PretendCarrier:
    carrier = PretendCarrier()
    send(home, carrier, "sms", AMINTA, home.now() + timedelta(minutes=15), Switches)
    return carrier


def test_a_permission_taken_back_by_a_clock_ahead_is_taken_back(known: House, clock: Clock) -> None:
    allow(known, AMINTA, "debtor_request", "form 12")
    clock.now = NINE_AT_NIGHT
    take_back(worker(known, clock, 1.5), AMINTA, "debtor_request", "said so")
    clock.forward(seconds=0.5)

    assert sends(worker(known, clock, -0.5)).asked == []


def test_who_takes_back_a_permission_a_second_after_giving_it_is_believed(known: House, clock: Clock) -> None:
    allow(worker(known, clock, 1.5), AMINTA, "debtor_request", "form 12")
    clock.forward(seconds=1)
    take_back(worker(known, clock, -0.5), AMINTA, "debtor_request", "said so")

    assert not any(one.is_open(clock.now) for one in standing(known, AMINTA).waivers)


def test_who_unticks_a_second_later_what_they_ticked_is_believed(known: House, clock: Clock) -> None:
    form = [("channel", one) for one in ("whatsapp", "sms", "email", "phone", "push")]
    form += [("day", one) for one in ("mon_fri", "sat", "sun")]
    assert len(sends(known).asked) == 1
    visitor = Visitor(known, link_to(known)).enter()

    def saves(by: House, number: int, *ticked: tuple[str, str]) -> None:
        visitor.home = by
        visitor.open("settings")
        version = visitor.html.partition('name="form" value="')[2].partition('"')[0]
        fields = [("form", version), ("nonce", f"{number:016x}"), *form, *ticked]
        visitor.post("settings", urlencode(fields).encode())

    saves(worker(known, clock, 1.5), 1, ("waiver", "debtor_request"))
    assert [one.ended_at for one in standing(known, AMINTA).waivers] == [None]
    clock.forward(seconds=1)
    saves(worker(known, clock, -0.5), 2)
    clock.forward(days=6)

    assert not any(one.is_open(clock.now) for one in standing(known, AMINTA).waivers)


def test_nothing_is_sent_or_may_arrive_past_the_end_of_a_permission(known: House, clock: Clock) -> None:
    until = NINE_AT_NIGHT + timedelta(minutes=30)
    allow(known, AMINTA, "debtor_request", "form 12", until=until)
    clock.now = until + timedelta(seconds=1.5)
    assert sends(worker(known, clock, -2)).asked == []
    clock.now = until - timedelta(seconds=1)
    assert sends(known).asked == []

    clock.now = until - timedelta(minutes=10)
    (message,) = sends(known).asked
    assert clock.now + timedelta(seconds=message.expires_in) <= until - timedelta(minutes=2)


def test_a_call_back_is_not_claimed_past_the_hour_that_the_person_named(known: House, clock: Clock) -> None:
    until = NINE_AT_NIGHT + timedelta(minutes=30)
    clock.now = NINE_AT_NIGHT
    task = call_back(known, AMINTA, clock.now, until, "WhatsApp")
    clock.now = until + timedelta(seconds=1.5)

    assert isinstance(tasks.call(worker(known, clock, -2), AMINTA, task, "ana"), Refusal)


@pytest.mark.parametrize(
    ("behind", "fields"),
    [(2.0, {"at": "2026-03-09T18:00:00Z"}), (0.0, {"at": "2026-03-09"}), (7200.0, {"at": "2026-03-09"})],
    ids=["a clock beside ours", "a day without its hour", "a day that begins later"],
)
def test_a_contact_of_today_counts_whatever_the_clock_that_tells_it(
    known: House, clock: Clock, behind: float, fields: dict[str, str]
) -> None:
    told = {"debt": "A1", "creditor": "muebles", "channel": "voice", "by": "creditor", **fields}
    ours = worker(known, clock, -behind)
    done = report_contacts(ours, [RawRow(1, {**told, "outcome": "conversation"})])
    clock.forward(seconds=behind)

    assert (done.counted, done.rejects) == (1, [])
    assert sends(known).asked == []


def test_a_contact_of_next_week_is_a_mistake(known: House) -> None:
    told = {"debt": "A1", "creditor": "muebles", "at": "2026-03-16", "channel": "voice", "by": "creditor"}
    done = report_contacts(known, [RawRow(1, told)])

    assert [one.code for one in done.rejects] == ["contact.future"]


def test_money_that_came_before_a_promise_does_not_keep_it(known: House, clock: Clock) -> None:
    change(known, AMINTA, lambda debtor, now: settled(debtor, known.playbook, now)[1])
    clock.forward(seconds=5)
    money = Money(50_000, "MXN")
    told = PaymentTold("standard", "standard#p1", "e1", "muebles/A1", money, "paid", clock.now)
    hear_payment(worker(known, clock, 1.5), told, b"{}", "main")
    clock.forward(seconds=1)
    said = Statement(Channel.SMS, "form-1")
    acting.promise(worker(known, clock, -0.5), AMINTA, said, 50_000, date(2026, 3, 20), "muebles")
    clock.now = datetime(2026, 3, 13, 18, tzinfo=UTC)
    feed = f.FeedRead("muebles", date(2026, 3, 12), "file")
    change(known, AMINTA, lambda debtor, now: (feed,))
    review_promises(known)

    (promise,) = standing(known, AMINTA).promises
    assert (promise.status, promise.paid) == (PromiseStatus.OPEN, 0)
    assert sends(known).asked == []


def test_nothing_is_decided_by_a_clock_that_is_hours_ahead() -> None:
    now = NINE_AT_NIGHT

    assert after(None, now) == after(now - timedelta(hours=1), now) == after(now, now) == now
    assert after(now + timedelta(seconds=2), now) == now + timedelta(seconds=2, microseconds=1)
    assert after(now + timedelta(hours=3), now) == now
