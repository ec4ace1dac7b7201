"""Who asks is answered at once, at whatever hour they chose; an answer that could not go then waits for a decent one."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from infra.playbook.laws import packs_of
from recobro.domain import agreeing
from recobro.domain.channel import Kind
from recobro.domain.client import Limits
from recobro.domain.confirming import agreed_in_writing
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Wait
from recobro.law.choose import CLIENT
from tests.domain.test_agreeing import BOOK, PAGE, after, owing
from tests.sample import MONDAY_NOON_MX as NOON

LATE = datetime(2026, 3, 10, 5, 0, tzinfo=NOON.tzinfo)
"""23:00 in Mexico City."""


def agreed(now: datetime, person: Debtor | None = None) -> Debtor:
    person = person or owing()
    offer = agreeing.plan_offers(person, BOOK, now)[0]
    return after(person, agreed_in_writing(person, PAGE, BOOK, now, offer.id), now)


def test_who_agrees_late_at_night_has_it_in_writing_at_once() -> None:
    said = decide(agreed(LATE), BOOK, LATE)

    assert isinstance(said, Contact)
    assert said.kind is Kind.AGREEMENT_COPY


def test_a_copy_that_could_not_go_at_once_wakes_nobody() -> None:
    said = decide(agreed(LATE), BOOK, LATE + timedelta(hours=2))

    assert isinstance(said, Wait)
    assert said.until.astimezone(NOON.tzinfo).hour in range(13, 16)  # from seven to ten in the morning there
    assert isinstance(decide(agreed(LATE), BOOK, said.until), Contact)


def test_no_limit_of_the_clients_own_keeps_an_agreement_from_who_made_it() -> None:
    """Who was written to in the morning and agreed at noon waited for the copy until the next day (demonstration, seed 7)."""
    client = replace(BOOK.client, limits=Limits(max_per_day=1, opens=time(15), closes=time(16)))
    book = replace(BOOK, client=client, packs={**BOOK.packs, CLIENT: packs_of(client)[CLIENT]})

    assert not isinstance(decide(owing(), book, NOON), Contact)
    said = decide(agreed(NOON), book, NOON)
    assert isinstance(said, Contact)
    assert said.kind is Kind.AGREEMENT_COPY
