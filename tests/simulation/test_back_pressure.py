"""A carrier that takes one message a second delays its own channel and nobody else; nothing is lost, doubled or worn out.

Who goes first is told in tests/usecases/test_sweep.py, that late hints are counted in tests/infra/test_watching.py.
"""

from collections import Counter

import pytest

from infra.simulation.rush import SWEEP_MINUTES, first_morning
from infra.simulation.system import System
from recobro.domain.shares import LAST_CALL

SHARE = SWEEP_MINUTES * 60 - LAST_CALL
"""What both lanes' sweeps of one interval may hand to a carrier that takes one a second."""

PEOPLE = 360
THANKS = "thanks"


@pytest.fixture(scope="module")
def noon() -> System:
    return first_morning(5, (), PEOPLE)


def test_no_rule_no_cap_and_no_rate_is_broken(noon: System) -> None:
    assert noon.log.violations == []


def test_both_lanes_together_hand_a_slow_channel_one_share_and_no_more(noon: System) -> None:
    """Hints of answers that are owed come besides; a sweep's names who else owes the debt."""
    hints = [at for at, body in noon.cloud.queues["send-sms"].sent if '"others"' in body]
    intervals = Counter(int(at // (SWEEP_MINUTES * 60)) for at in hints)

    assert max(intervals.values()) == SHARE


def test_the_carrier_does_throttle_and_no_message_wears_out_by_it(noon: System) -> None:
    texts = [call for call in noon.carriers.calls if call.what.channel == "sms"]
    queue = noon.cloud.queues["send-sms"]

    assert any(call.result == "refused" for call in texts)
    assert queue.most_receives == 1
    assert queue.dead == []


def test_everybody_whose_text_was_throttled_and_who_neither_paid_nor_answered_has_heard_by_noon(
    noon: System,
) -> None:
    throttled, reached = set(), Counter[tuple[str, object]]()
    for one in noon.checkers.record.known.values():
        for attempt in one.tries.values():
            if THANKS in attempt.step:
                continue  # told again, by another way, where its carrier says that it did not arrive
            if attempt.status != "released":
                reached[one.id, attempt.step] += 1
            elif not one.posted and not one.said:
                throttled.add((one.id, attempt.step))

    assert throttled
    assert throttled <= set(reached)
    assert set(reached.values()) == {1}


def test_the_other_channels_do_not_wait(noon: System) -> None:
    """From the hint to the carrier within half a minute, whatever waits for texts."""
    for channel in ("email", "whatsapp"):
        hints = [at for at, _ in noon.cloud.queues[f"send-{channel}"].sent]
        calls = [call for call in noon.carriers.calls if call.what.channel == channel]

        assert len(calls) > 10
        assert not any(call.result == "refused" for call in calls)
        assert all(call.at - max(at for at in hints if at <= call.at) < 30 for call in calls)
