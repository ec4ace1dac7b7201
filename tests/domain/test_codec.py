"""A record reads back as it was written; a client's file that is wrong says where and how to mend it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from recobro.codec import from_plain, to_plain
from recobro.domain.debtor import Debtor
from recobro.domain.strategy import Stage, Strategy
from recobro.errors import InvalidInput, InvariantBroken
from tests.sample import debtor, playbook


def test_a_debtor_reads_back_as_it_was_written() -> None:
    person = debtor()

    assert from_plain(Debtor, to_plain(person)) == person


def test_what_a_newer_release_wrote_survives_a_read_and_a_write() -> None:
    plain = to_plain(debtor())
    plain["debts"][0]["colour"] = "green"
    plain["nickname"] = "Mina"

    again = to_plain(from_plain(Debtor, plain))

    assert again["nickname"] == "Mina"
    assert again["debts"][0]["colour"] == "green"


def test_an_unknown_field_in_a_clients_file_names_itself_and_its_likeliest_neighbour() -> None:
    plain = to_plain(playbook().strategy)
    plain["stages"][0]["from_dpt"] = -3

    with pytest.raises(InvalidInput) as caught:
        from_plain(Strategy, plain, strict=True, where="strategy.toml")

    assert (
        str(caught.value)
        == "strategy.toml: stages[0].from_dpt: is not a known field — did you mean 'from_dpd'?"
    )


def test_a_wrong_value_names_its_path_and_the_choice() -> None:
    plain = to_plain(playbook().strategy)
    plain["stages"][0]["steps"][0]["channels"] = ["pigeon"]

    with pytest.raises(InvalidInput) as caught:
        from_plain(Strategy, plain, strict=True)

    assert caught.value.field == "stages[0].steps[0].channels[0]"
    assert "whatsapp" in caught.value.fix


def test_an_impossible_stage_names_the_field_and_the_fix() -> None:
    with pytest.raises(InvalidInput) as caught:
        from_plain(Stage, {"name": "x", "from_dpd": 9, "to_dpd": 3, "steps": []}, strict=True)

    assert (caught.value.field, caught.value.fix) == ("from_dpd", "swap them")


@dataclass(frozen=True)
class Weighed:
    amount: Any = None
    kept: dict[str, Any] = field(default_factory=dict)


def test_no_float_is_ever_recorded() -> None:
    with pytest.raises(InvariantBroken):
        to_plain(Weighed(amount=10.5))
