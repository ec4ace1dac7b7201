"""What time alone brings about, without anybody remembering it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.domain.client import ReleaseLetterRules
from recobro.domain.compact import compact
from recobro.domain.debt import Amounts, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of, voices
from recobro.domain.fold import apply
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.letter import ReleaseLetter
from recobro.domain.next_action import FAR, planned
from recobro.domain.payment import Payment
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer, PlanPart, PlanStatus
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.domain.settle import settled
from recobro.domain.task import Task
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, playbook


def facts(person: Debtor, now: datetime = NOW) -> list[f.Fact]:
    return list(settled(person, playbook(), now)[1])


def opened(person: Debtor | None = None) -> Debtor:
    return settled(person or debtor(), playbook(), NOW)[0]


def promised(amount: int = 150_000, made_at: datetime = NOW) -> Debtor:
    promise = PromiseToPay("pr1", 1, "muebles", "MXN", amount, date(2026, 3, 12), date(2026, 3, 16), made_at)
    return apply(opened(), f.PromiseMade(promise), NOW)


def balanced(person: Debtor, at: datetime) -> Debtor:
    """`person` after the creditor's balances of that day."""
    return apply(person, f.FeedRead("muebles", at.date(), "file"), at)


def paid(person: Debtor, amount: int, intent: str = "standard#1") -> Debtor:
    return apply(
        person, f.PaymentPosted(Payment(intent, "muebles/A1", amount, "MXN", NOW + timedelta(days=1))), NOW
    )


def test_an_episode_opens_with_the_first_debt_that_is_near() -> None:
    assert facts(debtor()) == [f.EpisodeOpened(1, "muebles", "MXN")]
    assert facts(debtor(debt(due_on=date(2026, 5, 1)))) == []


def test_an_episode_closes_when_all_is_paid_and_the_next_one_has_a_new_number() -> None:
    cured = settled(paid(opened(), 150_000), playbook(), NOW)[0]

    assert (cured.episodes[0].closed_why, cured.debts[0].status) == ("cured", DebtStatus.PAID)

    relapsed = apply(cured, f.DebtRecorded(debt("B7")), NOW)
    assert f.EpisodeOpened(2, "muebles", "MXN") in facts(relapsed)


def test_a_recalled_debt_ends_its_episode() -> None:
    recalled = apply(opened(), f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED), NOW)

    assert facts(recalled) == [f.EpisodeClosed(1, "recalled")]


def test_a_claim_without_an_outcome_becomes_unknown_when_its_lease_ends() -> None:
    step = StepKey(1, "early", "first")
    claim = ContactAttempt("a1", step, 1, "muebles", Channel.SMS, "p1", NOW, "c", NOW + timedelta(seconds=15))
    person = apply(opened(), f.AttemptClaimed(claim), NOW)

    assert facts(person, NOW + timedelta(seconds=59)) == []
    assert facts(person, NOW + timedelta(seconds=60)) == [
        f.AttemptProgressed("a1", AttemptStatus.UNKNOWN, outcome="lease_ended")
    ]
    assert planned(person, playbook(), NOW).at == NOW + timedelta(seconds=60)


def test_a_promise_is_kept_by_ninety_five_per_cent_and_broken_by_less() -> None:
    after = NOW + timedelta(days=9)

    assert facts(paid(promised(), 142_500))[0] == f.PromiseJudged("pr1", PromiseStatus.KEPT, 142_500)
    assert f.PromiseJudged("pr1", PromiseStatus.BROKEN, 142_499) in facts(
        balanced(paid(promised(), 142_499), after), after
    )


def test_a_small_part_payment_does_not_keep_a_promise_from_breaking() -> None:
    late = NOW + timedelta(days=9)

    assert f.PromiseJudged("pr1", PromiseStatus.BROKEN, 1) in facts(balanced(paid(promised(), 1), late), late)


def test_a_promise_is_kept_by_money_that_went_straight_to_the_creditor() -> None:
    promise = PromiseToPay("pr1", 1, "muebles", "MXN", 50_000, date(2026, 3, 12), date(2026, 3, 16), NOW,
                           debts=("muebles/A1",), owed=150_000)  # fmt: skip
    lower = apply(apply(opened(), f.PromiseMade(promise), NOW), f.DebtRecorded(debt(amount=100_000)), NOW)

    assert facts(lower)[0] == f.PromiseJudged("pr1", PromiseStatus.KEPT, 50_000)


def test_a_promise_is_not_broken_while_its_grace_runs() -> None:
    friday_after = datetime.fromisoformat("2026-03-16T23:00:00+00:00")

    assert facts(promised(), friday_after) == []


def test_who_pays_the_creditor_on_the_last_day_has_not_broken_a_word_because_the_file_is_late() -> None:
    wednesday = datetime.fromisoformat("2026-03-18T13:00:00+00:00")  # Monday the 16th is a holiday
    friday = replace(promised().promises[0], judged_on=date(2026, 3, 17), debts=("muebles/A1",), owed=150_000)
    person = balanced(replace(promised(), promises=(friday,)), wednesday - timedelta(days=2))

    assert facts(person, wednesday) == []
    assert planned(person, playbook(), wednesday).at == datetime.fromisoformat("2026-03-19T06:00:00+00:00")

    tuesdays = apply(person, f.FeedRead("muebles", date(2026, 3, 17), "file"), wednesday)
    in_time = apply(tuesdays, f.DebtRecorded(debt(amount=0, status=DebtStatus.PAID)), wednesday)
    assert f.PromiseJudged("pr1", PromiseStatus.KEPT, 150_000) in facts(in_time, wednesday)
    assert planned(in_time, playbook(), wednesday).at == wednesday  # and it is written without waiting
    assert f.PromiseJudged("pr1", PromiseStatus.BROKEN, 0) in facts(tuesdays, wednesday)


def test_nobody_breaks_a_word_about_what_the_creditor_took_back() -> None:
    word = replace(promised().promises[0], debts=("muebles/A1",), owed=150_000)
    late = NOW + timedelta(days=9)
    person = balanced(replace(promised(), promises=(word,)), late)
    recalled = apply(person, f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED), late)

    assert facts(recalled, late)[0] == f.PromiseJudged("pr1", PromiseStatus.VOID, 0)
    assert not any(isinstance(one, f.TaskOpened) for one in facts(recalled, late))


def test_the_second_broken_promise_becomes_a_task() -> None:
    person = balanced(promised(), NOW + timedelta(days=9))
    once = replace(person, episodes=tuple(replace(one, broken_promises=1) for one in person.episodes))
    opened_tasks = [one for one in facts(once, NOW + timedelta(days=9)) if isinstance(one, f.TaskOpened)]

    assert [one.task.reason for one in opened_tasks] == ["broken_promises"]


def test_a_hold_whose_review_date_comes_asks_a_person_once() -> None:
    hold = Hold("h1", HoldReason.HARDSHIP, NOW, "ops", review_at=NOW + timedelta(days=30), creditor="muebles")
    held = apply(opened(), f.HoldPlaced(hold), NOW)
    later = NOW + timedelta(days=31)
    reviewed, first = settled(held, playbook(), later)

    assert [type(one) for one in first] == [f.TaskOpened]
    assert settled(reviewed, playbook(), later)[1] == ()


def test_a_review_date_that_passes_unseen_is_due_whoever_saves_meanwhile() -> None:
    """A creditor's file came between the review date and the next sweep, and nobody ever looked (seed 1, 30 days)."""
    hold = Hold("h1", HoldReason.DISPUTE, NOW, "ops", review_at=NOW + timedelta(days=10), creditor="muebles")
    held = apply(opened(), f.HoldPlaced(hold), NOW)
    later = NOW + timedelta(days=10, hours=5)

    assert planned(held, playbook(), later).at <= later


def test_who_saw_a_hold_when_it_was_placed_sees_it_again_on_its_review_date() -> None:
    hold = Hold("h1", HoldReason.HARDSHIP, NOW, "ops", review_at=NOW + timedelta(days=30))
    asked = Task("t1", "hardship", 2, NOW, NOW, step="hold:h1")
    held = apply(apply(opened(), f.HoldPlaced(hold), NOW), f.TaskOpened(asked), NOW)
    later = NOW + timedelta(days=31)

    assert facts(held, later) == []  # it is still before somebody

    closed = apply(held, f.TaskClosed("t1", "done"), NOW + timedelta(days=1))
    opens = [one.task for one in facts(closed, later) if isinstance(one, f.TaskOpened)]
    assert [(one.reason, one.step) for one in opens] == [("review_hardship", "hold:h1")]


def test_the_review_of_a_hold_over_one_debt_keeps_nobody_silent_about_the_others() -> None:
    dispute = Hold("h1", HoldReason.DISPUTE, NOW, "ops", NOW + timedelta(days=10), debts=("muebles/A1",))
    later = NOW + timedelta(days=11)
    person = apply(balanced(opened(debtor(debt(), debt("B7"))), later), f.HoldPlaced(dispute), NOW)
    reviewed, first = settled(person, playbook(), later)
    spoken_of = [one.key for voice in voices(reviewed, playbook(), today_of(reviewed, playbook(), later))
                 for one in voice.debts]  # fmt: skip

    assert [one.task.debts for one in first if isinstance(one, f.TaskOpened)] == [("muebles/A1",)]
    assert spoken_of == ["muebles/B7"]


def test_settling_twice_brings_nothing_more() -> None:
    late = NOW + timedelta(days=9)
    person, _ = settled(balanced(promised(), late), playbook(), late)

    assert settled(person, playbook(), NOW + timedelta(days=9))[1] == ()


def test_everybody_stands_in_exactly_one_lane() -> None:
    assert planned(debtor(), playbook(), NOW).lane == "overdue"
    assert planned(debtor(debt(due_on=date(2026, 3, 20))), playbook(), NOW).lane == "pre_due"


def test_for_whom_nothing_is_planned_a_far_date_is_kept() -> None:
    assert planned(debtor(debt(status=DebtStatus.SOLD)), playbook(), NOW).at == FAR


def kept(discount: int = 30_000) -> Debtor:
    """A plan over the one debt was kept; the creditor has not written off the rest yet."""
    parts = (PlanPart(date(2026, 3, 12), 150_000 - discount, date(2026, 3, 16)),)
    offer = PlanOffer(
        "o1", "once", "muebles", "MXN", parts, 150_000, discount, ("muebles/A1",), Authority.AUTOMATIC, NOW
    )
    person = apply(opened(), f.PlanAgreed(PaymentPlan("pl1", 1, offer, NOW)), NOW)
    return settled(paid(person, 150_000 - discount), playbook(), NOW)[0]


def written_off(person: Debtor, at: datetime) -> Debtor:
    """`person` after a file that has the debt as paid, with nothing owed."""
    nothing = replace(person.debts[0], amounts=Amounts(), status=DebtStatus.PAID, calculated_on=at.date())
    return balanced(apply(person, f.DebtRecorded(nothing), at), at)


def letters_of(person: Debtor, at: datetime) -> list[str]:
    return [one.letter.debt for one in facts(person, at) if isinstance(one, f.LetterRequested)]


def test_who_keeps_a_plan_is_asked_a_letter_for_once_the_creditor_writes_off_the_rest() -> None:
    later = NOW + timedelta(days=3)
    assert letters_of(kept(), later) == []
    person = written_off(kept(), later)

    assert letters_of(person, later) == ["muebles/A1"]
    (task,) = (one.task for one in facts(person, later) if isinstance(one, f.TaskOpened) and one.task.step)
    assert (task.reason, task.step, task.debts) == ("release_letter", "letter:muebles/A1", ("muebles/A1",))
    assert planned(person, playbook(), later).at == later  # the next sweep asks
    asked = settled(person, playbook(), later)[0]
    assert letters_of(asked, later) == []
    assert letters_of(written_off(asked, later + timedelta(days=1)), later + timedelta(days=1)) == []


def test_no_letter_is_asked_for_a_file_that_has_paid_what_nobody_had_a_plan_for() -> None:
    later = NOW + timedelta(days=3)

    assert letters_of(written_off(opened(), later), later) == []


def test_a_letter_from_before_a_plan_does_not_stand_for_what_was_owed_since() -> None:
    later = NOW + timedelta(days=3)
    before = ReleaseLetter(
        "muebles/A1", NOW - timedelta(days=60), NOW, "delivered", "letters/a.pdf", "d", "pdf"
    )
    once = replace(written_off(kept(), later), letters=(before,))
    waited_for = replace(once, letters=(replace(before, status="requested", document=""),))

    assert letters_of(once, later) == ["muebles/A1"]
    assert letters_of(waited_for, later) == []


def test_where_the_creditor_sends_its_letters_by_itself_none_is_asked_for() -> None:
    later = NOW + timedelta(days=3)
    client = replace(playbook().client, release_letter=ReleaseLetterRules(is_asked=False))
    found = settled(written_off(kept(), later), replace(playbook(), client=client), later)[1]

    assert not any(isinstance(one, f.LetterRequested) for one in found)


def test_a_letter_that_was_handed_over_is_known_for_as_long_as_its_plan_is() -> None:
    """Else what it was asked for would be asked for once more while another debt keeps the episode open."""
    later = NOW + timedelta(days=3)
    person = apply(written_off(kept(), later), f.DebtRecorded(debt("A2")), later)
    person = settled(person, playbook(), later)[0]
    person = apply(
        person, f.LetterProgressed("muebles/A1", "received", "letters/a.pdf", "d", "pdf", "ana"), later
    )
    person = apply(person, f.LetterProgressed("muebles/A1", "delivered", by="ana"), later)
    after = later + timedelta(days=150)
    remembered = compact(person, after)

    assert [one.status for one in remembered.plans] == [PlanStatus.KEPT]
    assert letters_of(remembered, after) == []
