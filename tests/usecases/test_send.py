"""One contact: claimed before it is made, made once, and never when somebody has paid, objected or been reached meanwhile."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from recobro.adapters.switches import SwitchBoard
from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus
from recobro.domain.candidates import BACK_OFF, MOST_CLAIMS
from recobro.domain.contact_point import PointState
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.payment import Payment
from recobro.domain.playbook import Switches
from recobro.errors import Unavailable
from recobro.house import House
from recobro.ports import Sent
from recobro.usecases.saving import change
from recobro.usecases.send import About, NotKept, Outcome, may_send, send
from recobro.usecases.sweep import sweep
from tests.house import Clock, FullBoard, PretendCarrier, attempts, house, settle_in, standing
from tests.sample import AMINTA, debtor


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        settle_in(opened, debtor())
        yield opened


def sent(
    home: House, carrier: PretendCarrier, channel: str = "sms", switches: Switches | None = None
) -> Outcome:
    valid_until = home.now() + timedelta(minutes=15)
    return send(home, carrier, channel, AMINTA, valid_until, lambda: switches or Switches())


def test_a_contact_is_claimed_sent_and_recorded(home: House) -> None:
    carrier = PretendCarrier()

    assert sent(home, carrier).result == "sent"
    assert attempts(home, AMINTA) == [("sms", "sent")]
    assert carrier.asked[0].to == "+525550100001"
    assert carrier.asked[0].context["attempt_id"] == standing(home, AMINTA).attempts[0].id


def test_the_claim_stands_in_the_ledger_before_the_carrier_is_asked(home: House) -> None:
    seen: list[object] = []
    carrier = PretendCarrier(before=lambda: seen.extend(attempts(home, AMINTA)))
    sent(home, carrier)

    assert seen == [("sms", "claimed")]


def test_the_same_hint_twice_is_one_message(home: House) -> None:
    carrier = PretendCarrier()
    sent(home, carrier)

    assert sent(home, carrier).result == "refused"
    assert len(carrier.asked) == 1


def test_a_hint_redriven_after_two_weeks_meets_its_mark(home: House, clock: Clock) -> None:
    carrier = PretendCarrier()
    sent(home, carrier)
    clock.forward(days=14)

    assert sent(home, carrier).result == "refused"
    assert len(carrier.asked) == 1


def test_a_hint_past_its_time_is_dropped(home: House) -> None:
    carrier = PretendCarrier()
    outcome = send(home, carrier, "sms", AMINTA, home.now(), Switches)

    assert (outcome.result, carrier.asked) == ("expired", [])


def test_a_payment_stops_a_send_that_is_already_queued(home: House) -> None:
    carrier = PretendCarrier()
    payment = Payment("standard#1", "muebles/A1", 150_000, "MXN", home.now())
    change(home, AMINTA, lambda debtor, now: (f.PaymentPosted(payment),))

    assert sent(home, carrier).result == "refused"
    assert carrier.asked == []


def test_a_dispute_stops_a_send_that_is_already_queued(home: House) -> None:
    carrier = PretendCarrier()
    hold = Hold("h1", HoldReason.DISPUTE, home.now(), "ops", debts=("muebles/A1",))
    change(home, AMINTA, lambda debtor, now: (f.HoldPlaced(hold),))

    assert sent(home, carrier).result == "refused"
    assert carrier.asked == []


def test_a_hint_for_another_channel_than_the_ledger_wants_sends_nothing(home: House) -> None:
    carrier = PretendCarrier()

    assert sent(home, carrier, channel="email").result == "refused"
    assert carrier.asked == []


def test_when_in_doubt_the_message_counts_and_is_never_sent_again(home: House, clock: Clock) -> None:
    carrier = PretendCarrier(Sent("unknown", code="ReadTimeoutError"))
    sent(home, carrier)
    clock.forward(hours=73)
    sent(home, carrier)

    assert attempts(home, AMINTA) == [("sms", "unknown")]
    assert len(carrier.asked) == 1


def test_a_throttled_send_frees_its_slot_and_goes_on_later(home: House, clock: Clock) -> None:
    sent(home, PretendCarrier(Sent("refused", code="ThrottlingException", then="retry")))
    clock.forward(minutes=15)
    sent(home, PretendCarrier())

    assert attempts(home, AMINTA) == [("sms", "released"), ("sms", "sent")]


def test_a_number_that_does_not_exist_is_never_tried_again_and_the_next_channel_is(
    home: House, clock: Clock
) -> None:
    sent(home, PretendCarrier(Sent("refused", code="INVALID", then="suppress")))
    clock.forward(minutes=15)
    mail = PretendCarrier()

    assert standing(home, AMINTA).points[0].state is PointState.BAD
    assert sent(home, mail, channel="email").result == "sent"
    assert mail.asked[0].to == "aminta@example.com"
    assert mail.asked[0].unsubscribe_url.startswith("https://pagos.example.com/u/")


SISTER = "d" + "0" * 22 + "2"
OPTED_OUT = Sent("refused", code="ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT", then="opted_out")


def bring_sister(home: House) -> str:
    """She has the same phone as the invented person. Returns the phone's point."""
    point = standing(home, AMINTA).points[0]
    settle_in(home, replace(debtor(points=(point,)), id=SISTER))
    return point.id


def written_to_sister(home: House, carrier: PretendCarrier) -> Outcome:
    return send(home, carrier, "sms", SISTER, home.now() + timedelta(minutes=15), Switches)


def test_who_told_the_carrier_to_stop_us_is_written_to_by_nobody_there_any_more(home: House) -> None:
    point = bring_sister(home)
    assert sent(home, PretendCarrier(OPTED_OUT)).result == "released"

    closed = [standing(home, one).points[0] for one in (AMINTA, SISTER)]
    assert [(one.state, one.reason) for one in closed] == [(PointState.SUPPRESSED, "opt_out")] * 2
    assert home.suppressions.reason(point) == "opt_out"
    carrier = PretendCarrier()
    assert written_to_sister(home, carrier).result == "refused"
    assert carrier.asked == []


def test_who_told_the_carrier_to_stop_us_is_heard_before_our_record_of_it(home: House) -> None:
    class Died(BaseException):
        pass

    def dies(*args: object, **more: object) -> None:
        raise Died

    point = bring_sister(home)
    record = home.ledger.save
    carrier = PretendCarrier(OPTED_OUT, before=lambda: setattr(home.ledger, "save", dies))
    with pytest.raises(Died):
        sent(home, carrier)
    home.ledger.save = record  # type: ignore[method-assign]

    assert home.suppressions.reason(point) == "opt_out"
    assert written_to_sister(home, PretendCarrier()).result == "refused"


def test_a_no_that_the_carrier_keeps_and_we_could_not_is_met_again(home: House, clock: Clock) -> None:
    def throttled(point: str, reason: str, at: str) -> None:
        raise Unavailable("ThrottlingException")

    point, keeps = bring_sister(home), home.suppressions.add
    home.suppressions.add = throttled  # type: ignore[method-assign]
    with pytest.raises(NotKept):
        sent(home, PretendCarrier(OPTED_OUT))
    assert attempts(home, AMINTA) == [("sms", "released")]
    assert standing(home, AMINTA).points[0].state is PointState.ACTIVE

    home.suppressions.add = keeps  # type: ignore[method-assign]
    clock.forward(minutes=15)
    sent(home, PretendCarrier(OPTED_OUT))
    assert home.suppressions.reason(point) == "opt_out"
    assert standing(home, SISTER).points[0].state is PointState.SUPPRESSED


def test_a_no_that_the_carrier_keeps_binds_whom_a_file_is_about_to_save_there(home: House) -> None:
    point, newcomer = standing(home, AMINTA).points[0].id, "d" + "0" * 23
    home.lookups.add(point, newcomer)
    sent(home, PretendCarrier(OPTED_OUT))

    loaded = home.ledger.load(newcomer)
    assert loaded is not None
    assert loaded.debtor.version > 0


def test_a_number_that_does_not_exist_is_tried_for_nobody_else_there(home: House) -> None:
    point = bring_sister(home)
    sent(home, PretendCarrier(Sent("refused", code="INVALID", then="suppress")))

    assert standing(home, SISTER).points[0].state is PointState.BAD
    assert home.suppressions.reason(point) == ""  # the number may be given to somebody else one day


def test_a_dead_number_takes_no_opt_out_back(home: House) -> None:
    point = bring_sister(home)
    objected = f.PointStateChanged(point, PointState.SUPPRESSED, "opt_out")
    change(home, SISTER, lambda debtor, now: (objected,))
    sent(home, PretendCarrier(Sent("refused", code="INVALID", then="suppress")))

    assert standing(home, SISTER).points[0].state is PointState.SUPPRESSED


def test_a_carrier_that_bans_us_opens_the_circuit_for_everybody(home: House) -> None:
    sent(home, PretendCarrier(Sent("refused", code="ACCOUNT_DISABLED", then="open_circuit")))

    assert "channel:sms" in home.switches.read().off


def test_a_ban_that_cannot_be_noted_yet_still_gives_the_slot_back_and_is_met_again(
    home: House, clock: Clock
) -> None:
    banned = Sent("refused", code="ACCOUNT_DISABLED", then="open_circuit")
    home.switches = FullBoard(home.table)
    with pytest.raises(Unavailable):
        sent(home, PretendCarrier(banned))

    assert attempts(home, AMINTA) == [("sms", "released")]

    home.switches = SwitchBoard(home.table)
    clock.forward(minutes=1)
    sent(home, PretendCarrier(banned))
    assert "channel:sms" in home.switches.read().off


def test_a_crash_after_the_claim_leaves_no_second_message(home: House, clock: Clock) -> None:
    class Crash(Exception):
        pass

    def crash() -> None:
        raise Crash

    with pytest.raises(Crash):
        sent(home, PretendCarrier(before=crash))
    clock.forward(seconds=20)
    again = PretendCarrier()
    sent(home, again)
    clock.forward(minutes=15)
    sweep(home, "overdue")
    sent(home, again)

    assert attempts(home, AMINTA) == [("sms", "unknown")]
    assert again.asked == []


def test_a_claim_that_took_too_long_is_released_and_not_sent(home: House, clock: Clock) -> None:
    slow = home.ledger.save

    def save(*args: object, **more: object) -> object:
        saved = slow(*args, **more)  # type: ignore[arg-type]
        clock.forward(seconds=16)
        return saved

    home.ledger.save = save  # type: ignore[assignment,method-assign]
    carrier = PretendCarrier()
    outcome = sent(home, carrier)

    assert (outcome.result, carrier.asked) == ("released", [])
    assert attempts(home, AMINTA) == [("sms", "released")]


def test_a_worker_that_stood_still_before_its_claim_asks_for_the_stop_button_again(
    home: House, clock: Clock
) -> None:
    """Simulation, seed 108: frozen within the save, after the switches had been read; the claim stood 82 s after the stop."""
    ready, pressed = home.ledger.save, [Switches()]

    def save(*args: object, **more: object) -> object:
        clock.forward(minutes=5)
        pressed[0] = Switches({"all": "ana: rehearsal"})
        return ready(*args, **more)  # type: ignore[arg-type]

    home.ledger.save = save  # type: ignore[assignment,method-assign]
    carrier = PretendCarrier()
    outcome = send(home, carrier, "sms", AMINTA, home.now() + timedelta(minutes=15), lambda: pressed[0])

    assert (outcome.result, outcome.reason, carrier.asked) == ("refused", "switch.off", [])
    assert attempts(home, AMINTA) == []


def test_a_receipt_that_overtakes_our_own_record_is_not_lost(home: House) -> None:
    def delivered() -> None:
        claim = standing(home, AMINTA).attempts[0].id
        progressed = f.AttemptProgressed(claim, AttemptStatus.DELIVERED)
        change(home, AMINTA, lambda debtor, now: (progressed,))

    sent(home, PretendCarrier(before=delivered))

    assert attempts(home, AMINTA) == [("sms", "delivered")]


def test_a_failure_that_overtakes_our_own_record_leaves_the_step_open_for_another_channel(
    home: House,
) -> None:
    """Simulation, seeds 333 and 534: our late word marked the step as sent, and the person was not tried again."""

    def bounced() -> None:
        claim = standing(home, AMINTA).attempts[0]
        failed = f.AttemptProgressed(claim.id, AttemptStatus.FAILED, outcome="hard_bounce")
        reopened = f.StepMarked(claim.step.episode, claim.step.mark, "reopened")
        change(home, AMINTA, lambda debtor, now: (failed, reopened))

    sent(home, PretendCarrier(before=bounced))
    after = standing(home, AMINTA)
    mark = after.episodes[0].mark_of(after.attempts[0].step.mark)

    assert attempts(home, AMINTA) == [("sms", "failed")]
    assert mark is not None
    assert mark.how == "reopened"


def test_the_stop_button_binds_at_the_claim(home: House) -> None:
    carrier = PretendCarrier()
    outcome = sent(home, carrier, switches=Switches({"all": "ana: rehearsal"}))

    assert (outcome.result, outcome.reason, carrier.asked) == ("refused", "switch.off", [])


def test_the_granted_rate_is_never_exceeded(home: House) -> None:
    taken = sum(may_send(home, "sms", 10, home.now()) for _ in range(200))

    assert taken == 60  # 10 a second, a minute of it, ten at a time


def test_the_words_are_kept_under_the_persons_own_hash(home: House) -> None:
    sent(home, PretendCarrier())
    attempt = standing(home, AMINTA).attempts[0]
    content = home.ledger.content(AMINTA, attempt.content)

    assert content is not None
    assert content.variables["given_name"] == "Aminta"
    assert "Aminta" not in str(home.ledger.history(AMINTA))


def test_a_carrier_that_throttles_for_hours_costs_nobody_their_message(home: House, clock: Clock) -> None:
    throttled = PretendCarrier(Sent("refused", code="ThrottlingException", then="retry"))
    for _ in range(8):
        assert sent(home, throttled).result == "released"
        clock.forward(minutes=15)

    assert sent(home, PretendCarrier()).result == "sent"


def test_a_carrier_that_throttles_for_days_does_not_fill_the_record(home: House, clock: Clock) -> None:
    throttled = PretendCarrier(Sent("refused", code="ThrottlingException", then="retry"))
    results = [sent(home, throttled).result for _ in range(MOST_CLAIMS + 2)]

    assert Counter(results) == {"released": MOST_CLAIMS, "refused": 2}
    for _ in range(3):
        clock.forward(minutes=BACK_OFF // timedelta(minutes=1))
        assert [sent(home, throttled).result for _ in range(2)] == ["released", "refused"]
        assert sent(home, throttled).reason == "attempt.released"
    clock.forward(minutes=BACK_OFF // timedelta(minutes=1))
    assert sent(home, PretendCarrier()).result == "sent"


def test_the_stop_button_binds_inside_a_batch_whose_carrier_is_slow(home: House, clock: Clock) -> None:
    switches, carrier = home.switches.watched(home.now), PretendCarrier()
    assert switches().off == {}
    home.switches.off("all", "ana", "incident", home.now())
    clock.forward(seconds=8)
    outcome = send(home, carrier, "sms", AMINTA, home.now() + timedelta(minutes=15), switches)

    assert (outcome.result, carrier.asked) == ("refused", [])


def test_a_batch_that_could_not_read_the_stop_button_reads_it_before_the_next_message(
    home: House, clock: Clock
) -> None:
    """Simulated month 1019: the lost read counted as one, and the batch's next message went out."""
    switches, carrier = home.switches.watched(home.now), PretendCarrier()
    assert switches().off == {}
    home.switches.off("all", "ana", "incident", home.now())
    clock.forward(seconds=8)
    valid_until, events = home.now() + timedelta(minutes=15), home._dynamodb.meta.events

    def unanswered(params: dict[str, Any], **_: Any) -> None:
        if "SWITCHES" in str(params["body"]):
            raise ReadTimeoutError(endpoint_url="https://dynamodb.example")

    events.register("before-call.dynamodb.GetItem", unanswered, unique_id="unanswered")
    with pytest.raises(Unavailable):
        send(home, carrier, "sms", AMINTA, valid_until, switches)
    events.unregister("before-call.dynamodb.GetItem", unique_id="unanswered")

    assert send(home, carrier, "sms", AMINTA, valid_until, switches).result == "refused"
    assert carrier.asked == []


def test_a_stop_between_decision_and_claim_is_seen(home: House) -> None:
    asked: list[Switches] = []

    def pressed_meanwhile() -> Switches:
        asked.append(Switches({"all": "ana: incident"}) if asked else Switches())
        return asked[-1]

    carrier = PretendCarrier()
    valid_until = home.now() + timedelta(minutes=15)

    assert send(home, carrier, "sms", AMINTA, valid_until, pressed_meanwhile).result == "refused"
    assert attempts(home, AMINTA) == []


@pytest.mark.parametrize(
    "about", [None, About("p1", ()), About("p9", ()), About("p1", ("d" + "0" * 22 + "9",))]
)
def test_an_address_that_somebody_closed_gets_nothing_before_every_record_says_so(
    home: House, about: About | None
) -> None:
    """The refusal's message died after it had closed the address; its next try may be a day away."""
    home.suppressions.add("p1", "opt_out", "2026-03-09T17:00:00Z")
    carrier = PretendCarrier()
    until = home.now() + timedelta(minutes=15)
    outcome = send(home, carrier, "sms", AMINTA, until, Switches, about)

    assert (outcome.result, carrier.asked) == ("refused", [])
    assert standing(home, AMINTA).points[0].state is PointState.SUPPRESSED


@pytest.mark.parametrize("about", [None, About("p1", ()), About("p9", ())])
def test_what_a_sweep_found_out_is_read_with_the_debtor_and_changes_nothing_else(
    home: House, about: About | None
) -> None:
    until = home.now() + timedelta(minutes=15)

    assert send(home, PretendCarrier(), "sms", AMINTA, until, Switches, about).result == "sent"


def test_a_sender_that_stood_still_since_it_read_asks_again_whether_the_address_is_closed(
    home: House, clock: Clock
) -> None:
    """Month 826: an e-mail's worker froze between its read and its decision, and somebody else's word came in between."""

    def stands_still() -> Switches:
        if clock.now == began:
            clock.forward(minutes=1)
            home.suppressions.add("p1", "opt_out", "2026-03-09T18:00:30Z")
        return Switches()

    began = clock.now
    carrier = PretendCarrier()
    until = home.now() + timedelta(minutes=15)
    first = send(home, carrier, "sms", AMINTA, until, stands_still, About("p1", ()))
    again = send(home, carrier, "sms", AMINTA, until, Switches, About("p1", ()))

    assert ({first.result, again.result}, carrier.asked) == ({"refused"}, [])
