"""Who has the authority may offer what policy computes for it; nobody may offer anything else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from recobro.domain.plan import Authority
from recobro.domain.strategy import OfferPolicy
from tests.house import standing
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA

Recobro = Callable[..., Said]
IN_PARTS = OfferPolicy("in_parts", (2,), every_days=15, first_within_days=3, min_down_share=30)
SHORTER = replace(IN_PARTS, name="by_supervisor", instalments=(3,), authority=Authority.SUPERVISOR)


@pytest.fixture
def recobro(room: Room, recobro: Recobro) -> Recobro:
    book = room.house.playbook
    strategy = replace(book.strategy, offers=(IN_PARTS, SHORTER))
    room.house.__dict__["playbook"] = replace(book, strategy=strategy)
    return recobro


def offered(recobro: Recobro, *level: str) -> dict[str, str]:
    told = recobro("offer", "muebles/A1", *level, "--json").json
    return {one["policy"]: one["id"] for one in told["offers"]}


def test_each_level_sees_what_policy_computes_for_it(recobro: Recobro) -> None:
    assert set(offered(recobro)) == {"in_parts"}
    assert set(offered(recobro, "--as", "supervisor")) == {"in_parts", "by_supervisor"}
    shown = recobro("offer", "muebles/A1", "--as", "supervisor").out
    assert "supervisor" in shown
    assert "500.00 MXN" in shown


def test_a_supervisor_agrees_it_and_the_person_gets_it_in_writing(room: Room, recobro: Recobro) -> None:
    mine = offered(recobro, "--as", "supervisor")["by_supervisor"]
    words = ("offer", "muebles/A1", "--as", "supervisor", "--agree", mine, "--by", "lucia")
    assert recobro(*words).code == 0
    assert recobro(*words).code == 0  # told twice, agreed once
    (plan,) = standing(room.house, AMINTA).plans

    assert (plan.by, plan.offer.authority, plan.channel) == ("lucia", Authority.SUPERVISOR, "voice")
    assert [one.words for one in standing(room.house, AMINTA).replies] == ["agreement"]


def test_what_is_above_ones_level_or_was_never_computed_is_refused(room: Room, recobro: Recobro) -> None:
    above = offered(recobro, "--as", "supervisor")["by_supervisor"]
    for level, offer in (("automatic", above), ("creditor", "o0000000000000000")):
        said = recobro("offer", "muebles/A1", "--as", level, "--agree", offer)
        assert said.code == 1
        assert "offer.not_computed" in said.err

    assert standing(room.house, AMINTA).plans == ()
