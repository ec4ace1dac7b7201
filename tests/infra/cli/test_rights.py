"""`recobro rights`: one page that an agency can send to whoever asks what it knows of them."""

from collections.abc import Callable

from tests.infra.cli.conftest import Said
from tests.sample import AMINTA

Run = Callable[..., Said]


def test_what_is_held_is_said_with_where_it_is_from_and_why_it_stays(recobro: Run) -> None:
    said = recobro("rights", "muebles/A1")

    assert said.code == 0
    for told in (
        "who they are",
        "creditor",
        "not yet",
        "debt.open",
        "Open debts: muebles/A1",
        "recobro access-report",
    ):
        assert told in said.out
    assert recobro("rights", AMINTA, "--json").json["rights"]["open_debts"] == ["muebles/A1"]


def test_an_objection_is_recorded_with_its_proof(recobro: Run) -> None:
    refused = recobro("rights", AMINTA, "--object")
    assert refused.code == 1
    assert "evidence" in refused.err
    assert recobro("rights", AMINTA, "--evidence", "letter").code == 1

    said = recobro("rights", AMINTA, "--object", "--evidence", "letter of 9 March")
    assert "binds from now on" in said.out
    assert "They objected" in said.out
    assert "data_objection_arco" in recobro("timeline", AMINTA).out
    assert recobro("rights", "nobody@example.com").code == 1
