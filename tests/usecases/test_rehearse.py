"""A rehearsal tells what a day would bring, and brings none of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact, HandOver
from recobro.domain.playbook import Switches
from recobro.domain.refusal import Refusal
from recobro.house import House
from recobro.usecases.rehearse import Happening, day_of, rehearse
from tests import sample
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, MONDAY_NOON_MX

OPENS = datetime.combine(MONDAY_NOON_MX.date(), time(7), ZoneInfo("America/Mexico_City"))
CLOSES = OPENS + timedelta(hours=15)


def played(debtor: Debtor, switches: Switches = Switches()) -> list[Happening]:  # noqa: B008 - immutable
    return list(day_of(debtor, sample.playbook(), switches, OPENS, CLOSES))


def test_somebody_past_due_is_written_to_once_when_the_law_opens() -> None:
    contact, rest = played(sample.debtor())
    assert isinstance(contact.what, Contact)
    assert OPENS <= contact.at < CLOSES
    assert isinstance(rest.what, Refusal), "one step, one message"
    assert rest.what.rule == "step.done"


def test_an_old_debt_becomes_a_task_and_then_waits_for_the_person() -> None:
    task, rest = played(sample.debtor(sample.debt(due_on=MONDAY_NOON_MX.date() - timedelta(days=60))))
    assert isinstance(task.what, HandOver)
    assert isinstance(rest.what, Refusal)
    assert rest.what.rule == "task.open"


def test_a_stopped_house_sends_nothing_and_says_why() -> None:
    (only,) = played(sample.debtor(), Switches({"all": "{}"}))
    assert isinstance(only.what, Refusal)
    assert only.what.rule == "switch.off"


def test_a_day_on_paper_leaves_the_person_as_they_were() -> None:
    debtor = sample.debtor()
    played(debtor)
    assert debtor == sample.debtor()


def test_two_creditors_may_each_say_their_piece_if_the_law_lets_both() -> None:
    happenings = played(
        sample.debtor(sample.debt(), sample.debt("B1", creditor="andes", currency="COP", amount=90_000_000))
    )
    creditors = [one.what.creditor for one in happenings if isinstance(one.what, Contact)]
    assert creditors.count("muebles") <= 1
    assert creditors.count("andes") <= 1
    assert creditors


@pytest.fixture
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        settle_in(opened, sample.debtor())
        old = replace(sample.debtor(sample.debt(due_on=date(2026, 1, 5))), id="d" + "0" * 22 + "2")
        stale = replace(sample.debtor(), id="d" + "0" * 22 + "3", feeds={"muebles": date(2026, 2, 2)})
        settle_in(opened, old)
        settle_in(opened, stale)
        yield opened


def test_tomorrow_is_counted_by_channel_stage_segment_task_and_refusal(home: House) -> None:
    found = rehearse(home)
    assert found.day == date(2026, 3, 10)
    assert (found.people, found.contacted) == (3, 1)
    assert found.by_channel == {"sms": 1}
    assert found.by_stage == {"early": 1}
    assert found.by_segment == {"everybody": 1}
    assert found.by_creditor == {"muebles": 1}
    assert found.tasks == {"call": 1}
    assert found.quiet == {"feed.stale": 1}
    assert found.sources["feed.stale"] == "PRACTICE: Feeds"


def test_every_message_is_shown_as_it_would_be_read(home: House) -> None:
    (sample_sent,) = rehearse(home).samples
    assert (sample_sent.channel, sample_sent.template) == ("sms", "late")
    assert sample_sent.body
    assert "{" not in sample_sent.body


def test_a_rehearsal_writes_nothing(home: House) -> None:
    before = standing(home, AMINTA).version
    rehearse(home)
    assert standing(home, AMINTA).version == before


def test_a_paused_house_rehearses_silence(home: House) -> None:
    home.switches.off("all", "ana", "rehearsal", home.now())
    found = rehearse(home)
    assert found.contacts == 0
    assert found.quiet["switch.off"] == 1


def test_the_rest_of_today_can_be_played_too(home: House) -> None:
    found = rehearse(home, home.now())
    assert found.day == date(2026, 3, 9)
    assert found.opens == MONDAY_NOON_MX, "what is past cannot be sent any more"
    assert found.contacts == 1
