"""The pages behind our links: one click stops us, opening changes nothing, and a stranger learns nothing."""

from datetime import timedelta

import pytest

from recobro.domain.contact_point import PointState
from recobro.domain.tokens import Token, sign
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases.debtor_portal import neutral_page, unsubscribe, unsubscribe_page
from tests.house import PretendCarrier, standing
from tests.sample import AMINTA
from tests.usecases.test_send import sent


def link(home: House, purpose: str) -> str:
    attempt = standing(home, AMINTA).attempts[0]
    token = Token(purpose, AMINTA, attempt.id[:7], (home.now() + timedelta(days=60)).date())
    return sign(token, home.secrets.derived("links"))


class Died(BaseException):
    """The process ends between the carrier's answer and our record of it."""


def test_a_click_in_a_message_whose_sender_died_ends_its_step_by_every_channel(known: House) -> None:
    def taken() -> None:
        raise Died

    with pytest.raises(Died):
        sent(known, PretendCarrier(before=taken))
    unsubscribe(known, link(known, "u"))
    person = standing(known, AMINTA)

    assert person.episodes[-1].mark_of(person.attempts[-1].step.mark) is not None


def test_one_click_stops_us_at_that_address_before_it_is_answered(known: House) -> None:
    sent(known, PretendCarrier())
    page = unsubscribe(known, link(known, "u"))

    assert "No te escribiremos más" in page.html
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
    assert known.suppressions.reason(standing(known, AMINTA).points[0].id) == "opt_out"


def test_clicking_twice_stops_once(known: House) -> None:
    sent(known, PretendCarrier())
    unsubscribe(known, link(known, "u"))
    version = standing(known, AMINTA).version
    unsubscribe(known, link(known, "u"))

    assert standing(known, AMINTA).version == version


def test_a_scanner_that_opens_every_link_changes_nothing(known: House) -> None:
    sent(known, PretendCarrier())
    version = standing(known, AMINTA).version

    assert "<form" in unsubscribe_page(known, link(known, "u")).html
    assert standing(known, AMINTA).version == version


def test_the_page_names_no_debt_no_amount_and_no_person(known: House) -> None:
    sent(known, PretendCarrier())
    html = neutral_page(known, link(known, "p")).html

    assert "Muebles Luna" in html
    for telling in ("1,500", "1500", "Aminta", "deuda", "A1", "vencid"):
        assert telling not in html
    assert len(html) < 5_000
    assert "<script" not in html


def test_a_link_for_the_page_does_not_unsubscribe(known: House) -> None:
    sent(known, PretendCarrier())

    with pytest.raises(InvalidInput):
        unsubscribe(known, link(known, "p"))


def test_a_lookup_whose_save_never_came_does_not_keep_a_click_from_stopping_us(known: House) -> None:
    sent(known, PretendCarrier())
    known.lookups.add(standing(known, AMINTA).attempts[0].point, "d" + "0" * 23)
    unsubscribe(known, link(known, "u"))

    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
