"""`recobro erase`: nothing goes that has to stay, and what goes is counted on one page."""

from collections.abc import Callable
from typing import Any

import pytest

from recobro.adapters.journal_items import JournalItems
from recobro.domain import facts as f
from recobro.domain.debt import DebtStatus
from recobro.house import House
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


def test_a_rehearsed_replay_says_who_came_back_and_writes_nothing(room: Room, recobro: Run) -> None:
    change(room.house, AMINTA, lambda debtor, now: (f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED),))
    backup = room.house.client("dynamodb").scan(TableName="ledger")["Items"]
    recobro("erase", AMINTA, "--request", "letter of 9 March")
    assert recobro("erase", "--replay", "--dry-run", "--json").json == {"would_erase": []}
    restored(room.house, backup)
    before = everything(room.house)

    said = recobro("erase", "--replay", "--dry-run")

    assert (said.code, everything(room.house)) == (0, before)
    assert AMINTA in said.out
    assert "letter of 9 March" in said.out
    assert "Nothing was changed." in said.out
    (told,) = recobro("erase", "--replay", "--dry-run", "--json").json["would_erase"]
    assert (told["debtor"], told["is_here"]) == (AMINTA, True)


def test_a_rehearsed_replay_names_also_who_came_after_the_backup(room: Room, recobro: Run) -> None:
    change(room.house, AMINTA, lambda debtor, now: (f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED),))
    recobro("erase", AMINTA, "--request", "letter of 9 March")
    restored(room.house, [])

    (told,) = recobro("erase", "--replay", "--dry-run", "--json").json["would_erase"]

    assert (told["debtor"], told["is_here"]) == (AMINTA, False)
    assert everything(room.house)[0] == []


def test_a_replay_is_of_everybody_and_of_nobody_in_particular(recobro: Run) -> None:
    said = recobro("erase", AMINTA, "--replay")

    assert said.code == 1
    assert "DEBTOR" in said.err
    assert "leave out" in said.err


def restored(home: House, items: list[dict[str, Any]]) -> None:
    """The table holds those items and no other."""
    table = home.client("dynamodb")
    for one in table.scan(TableName="ledger")["Items"]:
        table.delete_item(TableName="ledger", Key={"pk": one["pk"], "sk": one["sk"]})
    for one in items:
        table.put_item(TableName="ledger", Item=one)


def everything(home: House) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """All items and all files."""
    items = home.client("dynamodb").scan(TableName="ledger")["Items"]
    return items, {key: home.files.read(key) for key in home.files.keys("")}


@pytest.mark.parametrize("option", ["--request", "--agreed-by"])
def test_a_replay_goes_by_what_the_register_keeps(recobro: Run, option: str) -> None:
    said = recobro("erase", "--replay", option, "letter-7")
    assert said.code == 1
    assert option in said.err
    assert "the register keeps" in said.err
