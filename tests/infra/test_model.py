"""What the model of the claim protocol promises: it looks everywhere, it says no when the protocol is broken, and it tells why."""

from dataclasses import fields, replace

import pytest

from infra.cli import main
from infra.model.broken import ALL, Broken
from infra.model.claim import Bounds, Rules, State
from infra.model.explore import PROMISES, explore
from infra.model.races import races
from infra.model.sameness import Key, same

REDUCED = Bounds(
    deliveries=2, crashes=1, lost_answers=1, late_writes=0, ticks=2, pays=True, opts_out=False, imports=False
)
STOPPED = Bounds(
    deliveries=2, crashes=0, lost_answers=0, late_writes=1, ticks=1, pays=False, opts_out=True, imports=True
)
RACE = Bounds(deliveries=1, crashes=1, lost_answers=0, late_writes=1, ticks=2, pays=False)


THREE = Bounds(
    deliveries=3, crashes=0, lost_answers=0, late_writes=0, ticks=1, pays=True, opts_out=False, imports=False
)


@pytest.mark.parametrize("bounds", [REDUCED, RACE, STOPPED, THREE])
def test_no_order_of_events_breaks_a_promise(bounds: Bounds) -> None:
    found = explore(Rules(), bounds)
    assert found.complete
    assert found.broken == "", found.trace
    assert found.states > 1_000
    assert found.ends > 10


@pytest.mark.parametrize("broken", ALL, ids=lambda one: one.name)
def test_a_broken_protocol_is_found_and_the_story_is_short(broken: Broken) -> None:
    found = explore(broken.rules, broken.bounds, most=50_000)
    assert found.broken in PROMISES
    assert 1 <= len(found.trace) <= 12
    assert explore(Rules(), broken.bounds).complete, "the same bounds break nothing in the protocol as it is"


SHORT_RACE = Bounds(
    deliveries=2, crashes=1, lost_answers=1, late_writes=0, ticks=2, opts_out=False, imports=False, receipts=0
)


def test_in_every_order_in_which_a_payment_and_a_contact_meet_nothing_is_claimed_after_the_answer() -> None:
    found = races(bounds=SHORT_RACE)
    assert (found.interleavings, found.broken) == (400_916, {})
    assert found.raced > 100_000


@pytest.mark.parametrize(
    ("rules", "promise"),
    [
        (Rules(looks_at_send_by=False), "a carrier call after its send_by"),
        (Rules(claim_is_conditional=False), "a contact was claimed after the payment's 2xx"),
        (Rules(payment_saves_first=False), "a payment that was answered 2xx is not in the record"),
    ],
)
def test_a_race_that_is_lost_is_counted(rules: Rules, promise: str) -> None:
    assert races(rules, replace(SHORT_RACE, ticks=3, crashes=0)).broken[promise] > 0


def test_every_way_to_break_it_was_tried() -> None:
    standard = Rules()
    tried = {
        one.name
        for broken in ALL
        for one in fields(Rules)
        if getattr(broken.rules, one.name) != getattr(standard, one.name)
    }
    assert tried == {one.name for one in fields(Rules)}


@pytest.mark.parametrize("bounds", [replace(REDUCED, crashes=0), replace(RACE, crashes=0)])
def test_states_with_one_key_have_the_same_futures(bounds: Bounds) -> None:
    """Looked at under every name that they can have, the states are the same ones."""

    def itself(state: State, rules: Rules) -> Key:
        return tuple(state)

    by_name = explore(Rules(), bounds, key=itself)
    assert by_name.complete
    reached = {same(State(*one), Rules()) for one in by_name.keys}
    assert reached == explore(Rules(), bounds).keys
    assert len(reached) < len(by_name.keys)


def test_the_command_tells_how_a_broken_protocol_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "--broken", "retries_a_timeout"]) == 0
    told = capsys.readouterr().out
    assert "a claim whose message is out was released" in told
    assert "1. worker 0 gets a hint" in told
    assert main(["model", "--broken", "no_such"]) == 1
