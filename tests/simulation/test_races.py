"""The real webhook handler and the real senders, in every order of their calls: who has paid is claimed by nobody afterwards."""

import subprocess
import sys

import pytest

from infra.races.counting import counted, drawn
from infra.races.orders import Bounds
from infra.races.scene import scene
from infra.repository import ROOT
from infra.simulation.planted import bugs


@pytest.mark.parametrize(("who", "ticks", "least"), [("two", 0, 1_000_000), ("one", 1, 500_000)])
def test_no_order_of_a_payment_and_two_messages_breaks_a_promise(who: str, ticks: int, least: int) -> None:
    with scene(who) as house:
        found = counted(house, Bounds(faults=0, ticks=ticks, again=0))

    assert found.broken == ""
    assert found.interleavings > least
    assert 0 < found.raced < found.interleavings


@pytest.mark.parametrize("who", ["one", "two"])
def test_orders_with_misfortunes_run_from_end_to_end_break_none(who: str) -> None:
    with scene(who) as house:
        found = [drawn(house, Bounds(), seed) for seed in range(40)]

    assert {one.broken for one in found} == {""}
    assert any(one.raced for one in found)


@pytest.mark.parametrize("name", ["claims_whatever_stands_there", "takes_anothers_claim_for_its_own"])
def test_a_bug_that_only_a_race_shows_is_found(name: str) -> None:
    command = [sys.executable, "-m", "infra.races", "--planted", name, "--who", "one"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )

    assert done.returncode == 1, done.stderr[-800:]
    assert "BROKEN" in done.stdout


def test_every_planted_race_still_stands_where_it_is_planted() -> None:
    assert len(bugs(ROOT / "tests" / "simulation" / "planted_races.toml")) == 6
