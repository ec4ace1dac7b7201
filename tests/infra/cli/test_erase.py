"""`recobro erase`: nothing goes that has to stay, and what goes is counted on one page."""

from collections.abc import Callable

from recobro.adapters.journal_items import JournalItems
from recobro.domain import facts as f
from recobro.domain.debt import DebtStatus
from recobro.usecases.saving import change
from tests.house import standing
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA

Run = Callable[..., Said]


def test_a_live_debt_keeps_its_debtor(recobro: Run) -> None:
    assert "debt.open" in recobro("erase", AMINTA, "--dry-run").out
    said = recobro("erase", AMINTA, "--request", "letter of 9 March", "--agreed-by", "anybody")
    assert said.code == 1
    assert "recalls them first" in said.err


def test_what_goes_is_counted_and_the_rest_goes_when_the_journal_has_caught_up(
    room: Room, recobro: Run
) -> None:
    change(room.house, AMINTA, lambda debtor, now: (f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED),))
    said = recobro("erase", AMINTA, "--request", "letter of 9 March")
    assert said.code == 1, "nothing journals in this house"
    assert "The journal is behind" in said.out
    assert standing(room.house, AMINTA).is_erased
    loaded = room.house.ledger.load(AMINTA)
    assert loaded is not None
    JournalItems(room.house.client("dynamodb"), "ledger").restore(AMINTA, loaded.pending, loaded.contents)

    again = recobro("erase", AMINTA, "--request", "letter of 9 March", "--json")
    assert (again.code, again.json["is_done"]) == (0, True)
    assert recobro("erase", "--replay", "--json").json == {"erased": 1, "left": []}
    assert "person.erased" in recobro("explain", AMINTA).out
    assert "erased" in recobro("timeline", AMINTA).out
    assert recobro("evidence", "export", AMINTA, "--out", "/dev/null").code == 0


def test_nobody_is_erased_by_a_slip(recobro: Run) -> None:
    assert "name one" in recobro("erase").err
    assert "--request" in recobro("erase", AMINTA).err
