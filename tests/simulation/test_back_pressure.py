"""A carrier that takes one message a second delays its own channel and nobody else; nothing is lost, doubled or worn out."""

import json
from collections import Counter
from datetime import date

import pytest

from infra.simulation import scenario
from infra.simulation.checkers.known import Known
from infra.simulation.rush import SWEEP_MINUTES, first_morning, slow
from infra.simulation.system import System
from recobro.usecases.sweep import LAST_CALL

SHARE = SWEEP_MINUTES * 60 - LAST_CALL
"""What one sweep may hand to a carrier that takes one a second."""

PEOPLE = 360
LANES = 2


@pytest.fixture(scope="module")
def noon() -> System:
    return first_morning(5, (), PEOPLE)


def test_no_rule_no_cap_and_no_rate_is_broken(noon: System) -> None:
    assert noon.log.violations == []


def test_a_sweep_hands_a_slow_channel_no_more_than_its_share(noon: System) -> None:
    sweeps = Counter(int(at // (SWEEP_MINUTES * 60)) for at, _ in noon.cloud.queues["send-sms"].sent)

    assert SHARE <= max(sweeps.values()) <= LANES * SHARE


def test_the_share_goes_to_those_for_whom_it_is_most_urgent(noon: System) -> None:
    """PRACTICE, Pace: newly delinquent first, then value. Of one zone and lane, nobody goes before somebody more urgent."""
    waves: dict[tuple[str, bool], dict[int, list[tuple[bool, int]]]] = {}
    seen: set[str] = set()
    for at, body in noon.cloud.queues["send-sms"].sent:
        debtor_id = json.loads(body)["debtor"]
        person = noon.checkers.people.of(debtor_id)
        if person is None or debtor_id in seen:
            continue
        seen.add(debtor_id)
        late, due = _urgency(noon.checkers.record.known[debtor_id])
        of = waves.setdefault((person.zone, late > 0), {})
        of.setdefault(int(at // (SWEEP_MINUTES * 60)), []).append((not 0 < late <= 7, -due.bit_length()))

    compared = 0
    for of in waves.values():
        for sweep in of.keys() & {sweep - 1 for sweep in of}:
            assert max(of[sweep]) <= min(of[sweep + 1])
            compared += 1
    assert compared


def _urgency(one: Known) -> tuple[int, int]:
    """(days past due of the oldest debt, what is due) as the first file told it."""
    days = {key: (scenario.START - date.fromisoformat(debt.due_on)).days for key, debt in one.debts.items()}
    oldest = max(days.values())
    paid = {key: sum(amount for (_, of), amount in one.payments.items() if of == key) for key in days}
    due = sum(one.debts[key].outstanding + paid[key] for key, late in days.items() if late > 0 or oldest <= 0)
    return oldest, due


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
            if attempt.status != "released":
                reached[one.id, attempt.step] += 1
            elif not one.posted and not one.heard:
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


def test_a_hint_that_came_too_late_is_dropped_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    system = System(5, 1, (), slow(), 4)
    debtor_id = "d" + 23 * "0"
    late = {"debtor": debtor_id, "valid_until": "2026-08-03T10:00:00Z"}
    system.cloud.queues["send-sms"].send(json.dumps(late))
    capsys.readouterr()
    system.kernel.run_until(scenario.at(0, 4.5))

    counted = [line for line in capsys.readouterr().out.splitlines() if '"Expired"' in line]
    assert [json.loads(line)["Expired"] for line in counted] == [1]
    assert system.carriers.calls == []
