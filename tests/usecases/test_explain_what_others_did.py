"""What others did and said binds a contact before any record holds it: `explain` asks there too, as whoever sends does."""

from recobro.usecases.explain import explain
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, MONDAY_NOON_MX, debtor
from tests.usecases.test_shared_room import ident, member, whatever_the_words, written_to


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


def test_an_address_that_somebody_closed_is_not_promised_before_the_record_says_so() -> None:
    with house(Clock()) as home:
        settle_in(home, debtor())
        for point in ("p1", "p2"):
            home.suppressions.add(point, "complaint", MONDAY_NOON_MX.isoformat())
        found = explain(home, AMINTA)

        assert found.result != "contact"
        assert standing(home, AMINTA).point("p1") == debtor().point("p1"), "nothing was written"
