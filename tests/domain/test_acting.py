"""What a word brings about is the same whichever way it came, and the second time it changes nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from recobro.domain import acting
from recobro.domain.acting import Statement
from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Wait
from recobro.domain.facts import Fact, HoldPlaced, TaskOpened
from recobro.domain.fold import apply
from recobro.domain.hold import HoldReason
from recobro.domain.playbook import Playbook
from recobro.domain.settle import settled
from recobro.law.load import load_packs
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, email, phone, playbook

SMS = Statement(Channel.SMS, "in-1", "p1")


def after(person: Debtor, facts: tuple[Fact, ...]) -> Debtor:
    for fact in facts:
        person = apply(person, fact, NOW)
    return person


def test_an_opt_out_closes_its_point_and_leaves_the_others() -> None:
    person = after(debtor(), acting.opts_out(debtor(), SMS))

    assert [one.state for one in person.points] == [PointState.SUPPRESSED, PointState.ACTIVE]
    assert acting.opts_out(person, SMS) == ()


def test_stop_calling_me_closes_every_call_and_no_message() -> None:
    person = after(debtor(), acting.stops_channel(debtor(), SMS, "phone"))

    assert set(person.stopped) == {"voice", "voice_auto", "voicemail"}


def test_an_unnamed_channel_is_the_one_it_was_said_by() -> None:
    assert after(debtor(), acting.stops_channel(debtor(), SMS, "")).stopped == ("sms",)


def test_a_wrong_person_spoils_the_point_for_this_person_alone() -> None:
    person = after(debtor(), acting.wrong_person(debtor(), SMS))

    assert person.points[0].state is PointState.BAD
    assert acting.wrong_person(person, SMS) == ()


def test_already_paid_pauses_three_business_days_and_then_resumes_by_itself() -> None:
    person = after(debtor(), acting.already_paid(debtor(), SMS, playbook(), NOW))
    (hold,) = person.holds

    assert hold.resumes
    assert hold.review_at is not None
    assert hold.review_at.date() == date(2026, 3, 13)
    assert not person.tasks


def test_already_paid_a_second_time_is_a_persons_work() -> None:
    person = after(debtor(), acting.already_paid(debtor(), SMS, playbook(), NOW))
    again = Statement(Channel.SMS, "in-2", "p1")

    (opened,) = acting.already_paid(person, again, playbook(), NOW)
    assert isinstance(opened, TaskOpened)
    assert opened.task.reason == "already_paid_again"


def test_proof_holds_until_a_person_has_seen_it() -> None:
    person = after(debtor(), acting.already_paid(debtor(), SMS, playbook(), NOW, has_proof=True))

    assert not person.holds[0].resumes
    assert person.holds[0].review_at == datetime.fromisoformat("2026-03-19T06:00:00+00:00")
    assert [one.reason for one in person.open_tasks()] == ["payment_proof"]


def test_a_dispute_rests_its_debt_and_not_the_other() -> None:
    person = debtor(debt("A1"), debt("A2"))
    person = after(person, acting.disputes(person, SMS, playbook(), NOW, ("muebles/A1",)))
    later = NOW + timedelta(days=60)

    assert person.holds[0].binds("muebles/A1", later)
    assert not person.holds[0].binds("muebles/A2", later)
    assert person.tasks[0].binds("muebles/A1")
    assert not person.tasks[0].binds("muebles/A2")


def test_a_dispute_of_one_debt_leaves_room_for_a_dispute_of_another() -> None:
    person = debtor(debt("A1"), debt("A2"))
    person = after(person, acting.disputes(person, SMS, playbook(), NOW, ("muebles/A1",)))
    second = Statement(Channel.SMS, "in-2")

    assert acting.disputes(person, second, playbook(), NOW, ("muebles/A1",)) == ()
    assert acting.disputes(person, second, playbook(), NOW, ("muebles/A2",)) != ()
    assert acting.disputes(person, second, playbook(), NOW) != ()


def test_hard_times_rest_everything_for_thirty_days_and_then_a_person_decides() -> None:
    person = debtor()
    facts = acting.hardship(person, SMS, playbook(), NOW)
    hold = next(one.hold for one in facts if isinstance(one, HoldPlaced))

    assert hold.debts == ()
    assert not hold.resumes
    assert hold.review_at is not None
    assert (hold.review_at - NOW).days in (29, 30)


def test_a_death_stops_the_machine_for_good() -> None:
    person = after(debtor(), acting.deceased(debtor(), SMS, playbook(), NOW))
    closed = replace(person, tasks=())

    assert not isinstance(decide(closed, playbook(), NOW + timedelta(days=90)), Contact | Wait)
    assert [one.reason for one in person.tasks] == ["deceased"]


@pytest.mark.parametrize(
    ("ours", "day"),
    [
        ({}, date(2026, 3, 30)),  # Ley 10/2025: fifteen business days
        ({"*": 5}, date(2026, 3, 16)),
        ({"ES": 30}, date(2026, 3, 30)),
        ({"MX": 2}, date(2026, 3, 30)),
    ],
)
def test_a_complaint_is_answered_as_soon_as_the_law_asks_or_sooner(ours: dict[str, int], day: date) -> None:
    book = playbook()
    talk = replace(book.strategy.talk, complaint_business_days=ours)
    packs = {**book.packs, "ES": load_packs()["ES"]}
    book = replace(book, packs=packs, strategy=replace(book.strategy, talk=talk))
    person = debtor()
    spanish = replace(person, profile=replace(person.profile, country="ES", zones=("Europe/Madrid",)))

    assert acting.complains(spanish, SMS, book, NOW)[1] == day


def test_where_nobody_names_a_time_a_complaint_has_five_business_days() -> None:
    book = playbook()
    talk = replace(book.strategy.talk, complaint_business_days={})
    told = acting.complains(debtor(), SMS, replace(book, strategy=replace(book.strategy, talk=talk)), NOW)

    assert told[1] == acting.complains(debtor(), SMS, with_days(5), NOW)[1]


def with_days(days: int) -> Playbook:
    book = playbook()
    talk = replace(book.strategy.talk, complaint_business_days={"*": days})
    return replace(book, strategy=replace(book.strategy, talk=talk))


def test_a_complaint_has_a_number_a_deadline_and_a_person() -> None:
    facts, day = acting.complains(debtor(), SMS, playbook(), NOW)
    (opened,) = facts

    assert isinstance(opened, TaskOpened)
    assert opened.task.step == f"complaint:{acting.complaint_number(SMS, NOW)}"
    assert day == date(2026, 3, 17)  # five business days, and the third Monday of March is a holiday
    assert opened.task.due_at.date() == date(2026, 3, 18)


def test_a_child_on_the_phone_is_never_written_to_again() -> None:
    person = after(debtor(), acting.minor(debtor(), SMS, playbook(), NOW))

    assert person.points[0].state is PointState.BAD
    assert [one.reason for one in person.tasks] == ["minor_answered"]


@pytest.mark.parametrize(
    "act",
    [
        lambda person: acting.already_paid(person, SMS, playbook(), NOW),
        lambda person: acting.already_paid(person, SMS, playbook(), NOW, has_proof=True),
        lambda person: acting.disputes(person, SMS, playbook(), NOW),
        lambda person: acting.hardship(person, SMS, playbook(), NOW),
        lambda person: acting.deceased(person, SMS, playbook(), NOW),
        lambda person: acting.complains(person, SMS, playbook(), NOW)[0],
        lambda person: acting.asks_person(person, SMS, playbook(), NOW),
        lambda person: acting.to_read(person, SMS, playbook(), NOW),
        lambda person: acting.minor(person, SMS, playbook(), NOW),
        lambda person: acting.abuse(person, SMS, playbook(), NOW),
        lambda person: acting.pauses(person, SMS, playbook(), NOW, 10),
        lambda person: acting.stops_everything(person, SMS),
    ],
)
def test_the_same_word_twice_changes_nothing_and_keeps_the_machine_quiet(act: object) -> None:
    person, _ = settled(debtor(points=(phone(), email())), playbook(), NOW)
    assert callable(act)
    person = after(person, act(person))

    assert act(person) == ()
    assert not isinstance(decide(person, playbook(), NOW), Contact)


def test_an_unnamed_dispute_is_about_what_the_answered_message_named() -> None:
    from tests.domain.test_fold_and_chain import attempt

    person = debtor(debt("A1"), debt("A2"))
    person = replace(person, attempts=(replace(attempt("a1"), debts=("muebles/A2",)),))
    facts = acting.disputes(person, replace(SMS, attempt="a1"), playbook(), NOW)
    hold = next(one.hold for one in facts if isinstance(one, HoldPlaced))

    assert hold.reason is HoldReason.DISPUTE
    assert hold.debts == ("muebles/A2",)
