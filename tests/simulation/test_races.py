"""Whoever has paid is left alone, in whatever order the calls of the real webhook handler and the real senders take effect."""

import json
import subprocess
import sys

import pytest

from infra.races.counting import counted, drawn
from infra.races.orders import Bounds
from infra.races.scene import scene
from infra.repository import ROOT
from infra.simulation.planted import bugs

PLANTED = ROOT / "tests" / "simulation" / "planted_races.toml"


def test_in_every_order_of_a_payment_and_two_messages_nothing_is_claimed_after_the_answer_nor_sent_late() -> (
    None
):
    with scene("one") as house:
        quiet, troubled = counted(house, Bounds(0, 1, 0)), counted(house, Bounds(1, 0, 0))
        assert (quiet.broken, troubled.broken) == ("", ""), (quiet.story, troubled.story)
        assert quiet.interleavings + troubled.interleavings > 1_000_000
        assert quiet.raced > 400_000
        assert quiet.executions < 1_000, "the real code runs once for all that can happen to a process"
        for seed in range(20):
            order = drawn(house, Bounds(2, 2, 1), seed)
            assert order.broken == "", order.story


def test_a_guarantor_is_left_alone_too_once_the_gateway_has_its_answer() -> None:
    with scene("two") as house:
        found = counted(house, Bounds(0, 0, 0))
    assert found.broken == "", found.story
    assert found.interleavings > 1_000_000


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("claims_whatever_stands_there", "a contact was claimed after the payment's 2xx"),
        ("tells_only_the_first_obligor", "a payment that was answered 2xx is not in the record"),
    ],
)
def test_a_bug_that_only_a_race_shows_is_found(name: str, promise: str) -> None:
    command = [sys.executable, "-m", "infra.races", "--planted", name, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    (found,) = json.loads(done.stdout)
    assert (done.returncode, found["broken"]) == (1, promise)


def test_every_planted_race_still_stands_where_it_is_planted() -> None:
    assert len(bugs(PLANTED)) == 6
