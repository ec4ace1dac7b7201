"""What others did and said binds a contact before any record holds it: `explain` asks there too, as whoever sends does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.contact_point import PointState
from recobro.domain.hold import Hold, HoldReason
from recobro.usecases.explain import explain
from recobro.usecases.saving import change
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, MONDAY_NOON_MX, debtor, email
from tests.usecases.test_shared_room import (
    ident,
    member,
    one_a_month_to_a_point,
    whatever_the_words,
    written_to,
)


def test_the_fourth_of_a_household_is_not_told_that_she_may_be_written_to() -> None:
    """Three of them heard from us; her own record does not know it until somebody tries to send."""
    with house(Clock(), book=whatever_the_words()) as home:
        for number in range(4):
            settle_in(home, member(number))
        assert explain(home, ident(3)).result == "contact"
        assert [written_to(home, number).result for number in range(3)] == ["sent"] * 3
        found = explain(home, ident(3))

        assert found.result == "wait"
        assert {one.rule for one in found.blocked_by} >= {"us-wa-3wk"}
        assert standing(home, ident(3)).attempts == (), "it was asked, and nothing was written"


def test_no_contact_is_promised_into_room_that_her_household_has_used_up() -> None:
    """By night nobody decides to write to her; the morning that she is promised is the first on which there is room."""
    clock = Clock()
    with house(clock, book=whatever_the_words()) as home:
        for number in range(4):
            settle_in(home, member(number))
        clock.forward(hours=12)
        alone = explain(home, ident(3))
        clock.now -= timedelta(hours=12)
        assert [written_to(home, number).result for number in range(3)] == ["sent"] * 3
        clock.forward(hours=12)
        found = explain(home, ident(3))

        assert alone.then_at is not None
        assert found.then_at is not None
        assert alone.then_at < home.now() + timedelta(days=1)
        assert found.then_at >= alone.then_at + timedelta(days=6)
        assert "us-wa-3wk" in {one.rule for one in (*found.blocked_by, *found.blocked_later)}


@pytest.mark.parametrize("later", [0, 12])
def test_not_even_at_an_address_that_is_still_to_come(later: int) -> None:
    """Her only e-mail is bad: the least change is another one, and where she lives there is no more room this week."""
    clock = Clock()
    with house(clock, book=whatever_the_words()) as home:
        for number in range(4):
            settle_in(home, member(number))
        change(
            home, ident(3), lambda _debtor, _now: (f.PointStateChanged("e3", PointState.BAD, "hard_bounce"),)
        )
        alone = explain(home, ident(3))
        assert [written_to(home, number).result for number in range(3)] == ["sent"] * 3
        clock.forward(hours=later)
        found = explain(home, ident(3))

        assert set(alone.change) <= set(found.change)
        assert alone.then_at is not None
        assert found.then_at is not None
        assert found.then_at >= alone.then_at + timedelta(days=6)


def test_nobody_is_passed_on_from_one_used_up_address_to_the_next() -> None:
    """Both her e-mails are others', too, and both of those were written to this month."""
    with house(Clock(), book=one_a_month_to_a_point()) as home:
        for number, points in ((1, ("one",)), (2, ("two",)), (3, ("one", "two"))):
            settle_in(home, member(number, *map(email, points), household="", state="FL"))
        assert explain(home, ident(3)).result == "contact"
        assert [written_to(home, number).result for number in (1, 2)] == ["sent"] * 2
        found = explain(home, ident(3))

        assert found.result != "contact"
        mails = [way for voice in found.voices for way in voice.ways if way.point in ("one", "two")]
        assert [{one.rule for one in way.refusals} for way in mails] == [{"us-fl-line"}] * 2


def test_an_address_that_somebody_closed_is_not_promised_before_the_record_says_so() -> None:
    with house(Clock()) as home:
        settle_in(home, debtor())
        for point in ("p1", "p2"):
            home.suppressions.add(point, "complaint", MONDAY_NOON_MX.isoformat())
        found = explain(home, AMINTA)

        assert found.result != "contact"
        assert standing(home, AMINTA).point("p1") == debtor().point("p1"), "nothing was written"


def test_at_night_no_morning_is_promised_at_an_address_that_somebody_closed() -> None:
    with house(Clock(MONDAY_NOON_MX + timedelta(hours=14))) as home:
        settle_in(home, debtor())
        assert explain(home, AMINTA).change == (), "time alone opens it"
        for point in ("p1", "p2"):
            home.suppressions.add(point, "opt_out", MONDAY_NOON_MX.isoformat())
        found = explain(home, AMINTA)

        assert [one.rule for one in found.blocked_by] == ["person.no_point"]
        assert found.change, "no waiting does it"


def test_what_a_co_obligor_contests_is_in_the_way_before_this_record_was_told() -> None:
    other = "d" + "0" * 22 + "9"
    with house(Clock()) as home:
        for who in (AMINTA, other):
            settle_in(home, replace(debtor(), id=who))
        home.obligors.add(home.keys.short_debt("muebles/A1"), {AMINTA, other})
        assert explain(home, AMINTA).result == "contact"
        hold = Hold("h1", HoldReason.DISPUTE, MONDAY_NOON_MX, "operations", debts=("muebles/A1",))
        change(home, other, lambda _debtor, _now: (f.HoldPlaced(hold),))

        assert [one.rule for one in explain(home, AMINTA).blocked_by] == ["hold.dispute"]
        assert standing(home, AMINTA).holds == (), "nothing was written"
