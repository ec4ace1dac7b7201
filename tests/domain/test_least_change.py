"""`explain DEBTOR` says what would have to change; applied, the change flips the replayed decision, in every sampled case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recobro.domain.candidates import packs_of
from recobro.domain.chain import link
from recobro.domain.changes import Scene, Size
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, HandOver
from recobro.domain.episode import Episode, Mark
from recobro.domain.facts import DebtRecorded
from recobro.domain.fold import apply
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.least_change import LeastChange, least_change
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer, PlanPart, PlanStatus
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.promise import PromiseToPay
from recobro.domain.refusal import Refusal
from recobro.domain.replay import as_it_stood
from recobro.domain.task import Task
from recobro.usecases.explain import explained
from tests.domain.why_not_samples import FAR_AHEAD, Sample, sample_of
from tests.sample import AMINTA, MONDAY_NOON_MX, debt, debtor, playbook

SAMPLES = 360
PIECES = 12
NO_SWITCHES = Switches()
EARLIER = MONDAY_NOON_MX - timedelta(days=3)


def scene_of(sample: Sample) -> Scene:
    return Scene(sample.person, sample.playbook, sample.now, sample.switches)


def replayed(sample: Sample, found: LeastChange) -> object:
    """The decision after the history and, chained behind it, the facts of the change; from what is stored, and the time."""
    last = sample.history[-1]
    more = link(found.scene.stands[1], version=last.version + 1, at=found.at, head=last.hash)
    person = as_it_stood(AMINTA, (*sample.history, *more), FAR_AHEAD)
    return decide(person, found.scene.playbook, found.at, found.scene.switches)


@pytest.mark.parametrize("piece", range(PIECES))
def test_applied_the_least_change_flips_the_replayed_decision(piece: int) -> None:
    flipped = 0
    for number in range(piece, SAMPLES, PIECES):
        sample = sample_of(number)
        before = scene_of(sample)
        if isinstance(before.decision, Contact):
            continue
        sought = least_change(before)
        assert sought.is_whole, number
        found = sought.least
        if found is None:
            assert _nothing_may(before), number
            continue
        assert not isinstance(decide(sample.person, sample.playbook, sample.now, sample.switches), Contact)
        after = replayed(sample, found)
        assert isinstance(after, Contact), number
        assert after == found.contact, number
        assert found.blocked_by, number
        assert _law_that_yields(found, before) <= _law_that_refuses(before), number
        _no_part_of_it_would_do(found, number)
        flipped += 1
    assert flipped >= 24, "the samples say little"


def _nothing_may(scene: Scene) -> bool:
    """Whom we erased, who closed every channel, and about whom the law was told that it is over."""
    person = scene.debtor
    return person.is_erased or "*" in person.stopped or bool(person.events)


def _law_that_yields(found: LeastChange, before: Scene) -> set[str]:
    """The rules of law that are said to be in the way now and to yield to time: what a change answers stands behind other things."""
    packs = packs_of(before.debtor, before.playbook)
    known = {rule.id for pack in packs for rule in pack.rules()}
    return {one.rule for one in found.blocked_by} & known - {one.because.rule for one in found.changes}


def _law_that_refuses(before: Scene) -> set[str]:
    """The rules of law that refuse at that instant, whatever the brand and the way."""
    told = explained(before.person, before.playbook, before.now, before.switches)
    return {why.rule for voice in told.voices for way in voice.ways for why in way.refusals}


def _no_part_of_it_would_do(found: LeastChange, number: int) -> None:
    for one in found.changes:
        rest = tuple(other for other in found.changes if other is not one)
        less = replace(found.scene, changes=rest)
        assert not isinstance(less.decision, Contact), (number, one.id)


@pytest.mark.parametrize("number", range(0, 60, 3))
def test_where_a_change_is_asked_for_no_hour_of_the_week_would_do(number: int) -> None:
    before = scene_of(sample_of(number))
    found = least_change(before).least
    if found is None or not found.changes:
        return
    for hours in range(0, 7 * 24, 2):
        later = replace(before, now=before.now + timedelta(hours=hours))
        assert not isinstance(later.decision, Contact), (number, hours)


def least(person: object, book: Playbook | None = None, switches: Switches = NO_SWITCHES) -> LeastChange:
    found = least_change(Scene(person, book or playbook(), MONDAY_NOON_MX, switches)).least  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_hold_that_ends_by_itself_is_waited_for_and_one_that_does_not_is_lifted() -> None:
    ends = MONDAY_NOON_MX + timedelta(hours=2)
    resumes = Hold("h1", HoldReason.HARDSHIP, MONDAY_NOON_MX, "operations", ends, resumes=True)
    waited = least(replace(debtor(), holds=(resumes,)))
    assert (waited.changes, waited.at) == ((), ends)
    lifted = least(replace(debtor(), holds=(replace(resumes, resumes=False),)))
    assert [one.id for one in lifted.changes] == ["hold:h1"]
    assert [one.rule for one in lifted.blocked_by] == ["hold.hardship"]


def test_what_an_agent_can_do_comes_before_what_the_client_s_files_would_need() -> None:
    paused = least(debtor(), switches=Switches({"all": "stop button"}))
    assert [(one.id, one.size) for one in paused.changes] == [("switch:all", Size.AGENT)]


def test_two_things_in_the_way_are_both_named() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, MONDAY_NOON_MX, "operations")
    found = least(replace(debtor(), holds=(hold,), feeds={}))
    assert {one.id for one in found.changes} == {"hold:h1", "feed:muebles"}
    assert {one.rule for one in found.blocked_by} == {"hold.dispute", "feed.stale"}


def test_where_the_strategy_has_no_message_another_step_is_the_change() -> None:
    found = least(debtor(debt(due_on=date(2024, 10, 1))))
    assert [one.id.partition(":")[0] for one in found.changes] == ["step"]
    assert "strategy.toml" in found.changes[0].said


def test_who_closed_every_channel_is_left_in_peace_by_any_change() -> None:
    for person in (replace(debtor(), stopped=("*",)), replace(debtor(), is_erased=True)):
        sought = least_change(Scene(person, playbook(), MONDAY_NOON_MX, NO_SWITCHES))
        assert (sought.least, sought.is_whole) == (None, True)


def rules(refusals: tuple[Refusal, ...]) -> list[str]:
    return [one.rule for one in refusals]


def test_who_paid_an_hour_ago_waits_for_the_quiet_days_and_no_file_is_in_the_way_yet() -> None:
    found = least(replace(debtor(), paid_at={"muebles": MONDAY_NOON_MX - timedelta(hours=1)}))

    assert rules(found.blocked_by) == ["payment.quiet"]
    assert rules(found.blocked_later) == ["feed.stale"]
    assert [one.id for one in found.changes] == ["feed:muebles"]


def test_who_paid_the_creditor_directly_is_told_to_wait_as_who_paid_through_us() -> None:
    """The balance is all that shows the money; why nothing is sent, and what would change it, reads as after any payment."""
    lower = DebtRecorded(debt(amount=90_000), shows_payment=True)
    found = least(apply(debtor(), lower, MONDAY_NOON_MX - timedelta(hours=1)))

    assert rules(found.blocked_by) == ["payment.quiet"]
    assert rules(found.blocked_later) == ["feed.stale"]


def test_what_stands_behind_the_quiet_days_already_is_in_the_way_with_them() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, MONDAY_NOON_MX, "operations")
    paid = replace(debtor(), paid_at={"muebles": MONDAY_NOON_MX - timedelta(hours=1)}, holds=(hold,))
    found = least(paid)

    assert rules(found.blocked_by) == ["payment.quiet", "hold.dispute"]
    assert rules(found.blocked_later) == ["feed.stale"]


def test_a_task_behind_a_day_that_only_has_to_come_is_in_the_way_already() -> None:
    task = Task("t1", "review", 2, MONDAY_NOON_MX, MONDAY_NOON_MX, "muebles")
    owed = debtor(debt(assigned_on=date(2026, 3, 12)))
    found = least(replace(owed, tasks=(task,)))

    assert rules(found.blocked_by) == ["debt.not_assigned", "task.open"]
    assert rules(found.blocked_later) == ["feed.stale"]


def test_a_hold_that_resumes_is_in_the_way_and_a_file_only_of_what_comes_after() -> None:
    ends = MONDAY_NOON_MX + timedelta(hours=2)
    hold = Hold("h1", HoldReason.HARDSHIP, MONDAY_NOON_MX, "operations", ends, ("muebles/A1",), resumes=True)
    said = Mark("early.first", "sent", MONDAY_NOON_MX - timedelta(days=1))
    episode = Episode(1, "muebles", "MXN", MONDAY_NOON_MX - timedelta(days=2), marks=(said,))
    owed = debtor(debt("A1"), debt("B1", currency="USD", due_on=date(2026, 3, 17)))
    found = least(replace(owed, holds=(hold,), episodes=(episode,)))

    assert rules(found.blocked_by) == ["hold.hardship"]
    assert rules(found.blocked_later) == ["feed.stale"]


def test_at_night_only_the_hour_is_in_the_way_and_no_other_brand_s_dispute() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, MONDAY_NOON_MX, "operations", debts=("andes/B1",))
    owed = debtor(debt("A1"), debt("B1", creditor="andes", currency="COP", amount=90_000_000))
    night = MONDAY_NOON_MX + timedelta(hours=14)
    found = least_change(Scene(replace(owed, holds=(hold,)), playbook(), night, NO_SWITCHES)).least

    assert found is not None
    assert found.changes == ()
    assert rules(found.blocked_by) == ["mx-hours", "mx-policy-hours"], (
        "each once, though each channel meets it"
    )


def test_a_promise_is_answered_by_the_file_from_after_its_day_and_not_by_taking_it_back() -> None:
    due, judged = date(2026, 3, 12), date(2026, 3, 16)
    promise = PromiseToPay(
        "m1", 1, "muebles", "MXN", 50_000, due, judged, EARLIER, debts=("muebles/A1",), owed=150_000
    )
    found = least(replace(debtor(), promises=(promise,)))

    assert [(one.id, one.size) for one in found.changes] == [("feed:muebles", Size.FILE)]
    assert found.changes[0].said == "a balance file of muebles from after the agreed day"
    assert rules(found.blocked_by) == ["promise.open"]
    assert found.at.date() == date(2026, 3, 17)


def test_a_plan_is_over_with_nobody_its_date_is_waited_for() -> None:
    parts = (
        PlanPart(date(2026, 3, 12), 50_000, date(2026, 3, 16)),
        PlanPart(date(2026, 4, 13), 100_000, date(2026, 4, 15)),
    )
    ends = MONDAY_NOON_MX + timedelta(days=1)
    offer = PlanOffer(
        "o1", "thirds", "muebles", "MXN", parts, 150_000, 0, ("muebles/A1",), Authority.AUTOMATIC, ends
    )
    found = least(replace(debtor(), plans=(PaymentPlan("pl1", 1, offer, EARLIER),)))

    assert [one.id for one in found.changes] == ["feed:muebles"]
    assert rules(found.blocked_by) == ["plan.open"]
    assert found.at.date() == date(2026, 3, 17)


def test_what_a_kept_plan_waived_is_asked_for_again_by_a_new_charge_alone() -> None:
    parts = (PlanPart(date(2026, 3, 12), 120_000, date(2026, 3, 16)),)
    offer = PlanOffer(
        "o1", "once", "muebles", "MXN", parts, 150_000, 30_000, ("muebles/A1",), Authority.AUTOMATIC, EARLIER
    )
    plan = PaymentPlan("pl1", 1, offer, EARLIER, status=PlanStatus.KEPT, paid=120_000)
    found = least(replace(debtor(debt(amount=30_000)), plans=(plan,)))

    assert rules(found.blocked_by) == ["plan.kept"]
    assert [one.said for one in found.changes] == [
        "the creditor states muebles/A1: a new charge, 30001 MXN (minor units) owed in all"
    ]


def test_fifty_invoices_under_one_promise_are_soon_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recobro.domain.least_change.MOST_TRIED", 2_000)
    invoices = debtor(*[debt(f"A{number}") for number in range(50)])
    keys = tuple(one.key for one in invoices.debts)
    promise = PromiseToPay(
        "m1", 1, "muebles", "MXN", 50_000, date(2026, 3, 12), date(2026, 3, 16), EARLIER, debts=keys
    )
    sought = least_change(
        Scene(replace(invoices, promises=(promise,)), playbook(), MONDAY_NOON_MX, NO_SWITCHES)
    )

    assert sought.is_whole
    assert sought.least is not None
    assert [one.id for one in sought.least.changes] == ["feed:muebles"]


def test_a_task_for_one_debt_hides_no_morning_that_opens_another() -> None:
    for_a_person = debt("A1", due_on=date(2026, 2, 6))
    owed = debtor(for_a_person, debt("B1", currency="USD"))
    night = MONDAY_NOON_MX + timedelta(hours=14)
    scene = Scene(owed, playbook(), night, NO_SWITCHES)
    found = least_change(scene).least

    assert isinstance(scene.decision, HandOver)
    assert found is not None
    assert (found.changes, found.contact.due.currency) == ((), "USD")
    assert rules(found.blocked_by) == ["mx-hours", "mx-policy-hours"]


def test_of_what_is_left_too_little_is_in_the_way_and_no_debt_that_was_paid() -> None:
    found = least(debtor(debt("A1", amount=0), debt("A2", amount=3_000)))

    assert rules(found.blocked_by) == ["strategy.min_actionable"]
    assert [one.size for one in found.changes] == [Size.CREDITOR], "before a file that the manager signs"
    assert found.changes[0].said == "the creditor states muebles/A2: 5000 MXN (minor units) owed"


def test_nothing_superfluous_is_asked_for_though_it_was_needed_when_it_was_found() -> None:
    """A status that the creditor states again made the strategy's other day needless; the search had asked for both."""
    found = least_change(scene_of(sample_of(677))).least

    assert found is not None
    assert [one for one in found.changes if one.size is Size.STRATEGY] == []
    _no_part_of_it_would_do(found, 677)
