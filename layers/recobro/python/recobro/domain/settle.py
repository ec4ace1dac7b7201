"""What time alone brings about: promises come due, leases end, episodes open and close. No one has to remember them."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from recobro.domain import business_days
from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.decide import UNKNOWN_SETTLES_AFTER, lease_ends
from recobro.domain.eligibility import Today, days_past_due, today_of
from recobro.domain.facts import (
    AttemptProgressed,
    EpisodeClosed,
    EpisodeOpened,
    Fact,
    LetterRequested,
    PlanJudged,
    PromiseJudged,
    StepMarked,
    TaskOpened,
)
from recobro.domain.fold import apply
from recobro.domain.hold import Hold
from recobro.domain.letter import ReleaseLetter
from recobro.domain.paid_towards import paid_towards
from recobro.domain.plan import PaymentPlan, PlanStatus
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus
from recobro.domain.task import Task
from recobro.domain.waived import waived


def settled(debtor: Debtor, playbook: Playbook, now: datetime) -> tuple[Debtor, tuple[Fact, ...]]:
    """`debtor` as it stands at `now`, and the facts that brought it there; none when nothing came due."""
    today = today_of(debtor, playbook, now)
    facts: list[Fact] = []
    for settle in (_leases, _unknowns, _promises, _plans, _letters, _closings, _openings, _reviews):
        for fact in list(settle(debtor, playbook, today)):
            debtor = apply(debtor, fact, now)
            facts.append(fact)
    return debtor, tuple(facts)


def timers(debtor: Debtor, playbook: Playbook, now: datetime) -> Iterator[datetime]:
    """The instants at which time alone will bring something about."""
    today = today_of(debtor, playbook, now)
    for attempt in debtor.attempts:
        if attempt.status is AttemptStatus.CLAIMED:
            yield lease_ends(attempt.claimed_at)
        elif attempt.status is AttemptStatus.UNKNOWN and not _is_marked(debtor, attempt):
            yield attempt.claimed_at + UNKNOWN_SETTLES_AFTER
    for promise in debtor.promises:
        if promise.status is PromiseStatus.OPEN:
            yield today.judges(promise.judged_on)
    for plan in debtor.plans:
        if plan.is_open and plan.judged < len(plan.offer.parts):
            yield today.judges(plan.offer.parts[plan.judged].judged_on)
    for hold in debtor.holds:
        if hold.lifted_at is None and hold.review_at is not None:
            yield from (
                [hold.review_at] if hold.review_at > now else _asked_again(debtor, hold, hold.review_at)
            )


ASKED_AGAIN_AFTER = timedelta(days=45)
"""Who looked into a hold and left it standing is asked again then."""


def _asked_again(debtor: Debtor, hold: Hold, review_at: datetime) -> Iterator[datetime]:
    """When a hold whose review has come is asked about; nothing while somebody is asked, or where it ends by itself."""
    is_asked = any(one.step == f"hold:{hold.id}" for one in debtor.open_tasks())
    if hold.resumes or is_asked:
        return
    looked_into = (one.closed_at for one in debtor.tasks if one.id == review_of(hold))
    last = max((at for at in looked_into if at is not None), default=None)
    yield review_at if last is None else last + ASKED_AGAIN_AFTER + timedelta(seconds=1)


def review_of(hold: Hold) -> str:
    """The id of the task that asks about a hold."""
    return f"treview_{hold.reason.value}-{hold.id}"


def _has_passed(judged_on: date, creditor: str, debtor: Debtor, today: Today) -> bool:
    """Whether a date and its grace are over, and the creditor's balances of its last day are here: who paid the creditor on
    that day has broken no word (PRACTICE: Feeds).
    """
    as_of = debtor.feeds.get(creditor)
    return today.day > judged_on and as_of is not None and as_of >= judged_on


def _leases(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    """A claim whose outcome nobody wrote: it may have reached its carrier, so it counts and is never sent again."""
    for attempt in debtor.attempts:
        if attempt.status is AttemptStatus.CLAIMED and lease_ends(attempt.claimed_at) <= today.now:
            yield AttemptProgressed(attempt.id, AttemptStatus.UNKNOWN, outcome="lease_ended")


def _unknowns(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    for attempt in debtor.attempts:
        due = attempt.claimed_at + UNKNOWN_SETTLES_AFTER <= today.now
        waits = attempt.status is AttemptStatus.UNKNOWN and due
        if waits and not _is_marked(debtor, attempt):
            yield StepMarked(attempt.step.episode, attempt.step.mark, "unknown")


def _is_marked(debtor: Debtor, attempt: ContactAttempt) -> bool:
    """Whether its step is over. One that was reopened waits for what its second try comes to."""
    episode = debtor.episode(attempt.step.episode)
    mark = episode.mark_of(attempt.step.mark) if episode is not None else None
    return episode is None or (mark is not None and mark.how != "reopened")


def _promises(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    rules = playbook.strategy.promises
    for promise in debtor.promises:
        if promise.status is not PromiseStatus.OPEN:
            continue
        paid = paid_towards(debtor, promise)
        is_kept = paid * 100 >= promise.amount * rules.kept_share
        if is_kept:
            yield PromiseJudged(promise.id, PromiseStatus.KEPT, paid)
        elif _left_us(debtor, promise.debts):
            yield PromiseJudged(promise.id, PromiseStatus.VOID, paid)
        elif _has_passed(promise.judged_on, promise.creditor, debtor, today):
            yield PromiseJudged(promise.id, PromiseStatus.BROKEN, paid)
            episode = debtor.episode(promise.episode)
            if episode is not None and episode.broken_promises + 1 >= rules.task_after_broken:
                yield TaskOpened(_task("broken_promises", promise.creditor, promise.id, today))


def _plans(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    """Instalment by instalment: each date that came is looked at once, and money that came early counts at once."""
    share = playbook.strategy.promises.kept_share
    for plan in debtor.plans:
        if not plan.is_open:
            continue
        parts = plan.offer.parts
        paid = min(paid_towards(debtor, plan), plan.offer.total)
        came = [
            number
            for number, part in enumerate(parts, 1)
            if _has_passed(part.judged_on, plan.creditor, debtor, today)
        ]
        judged = max([plan.judged, *came])
        short = [
            number
            for number in range(plan.judged + 1, judged + 1)
            if paid * 100 < plan.asked_by(number) * share
        ]
        missed = plan.missed + len(short)
        status = PlanStatus.OPEN
        is_over = judged == len(parts)
        if paid >= plan.offer.total or (is_over and paid * 100 >= plan.offer.total * share):
            status = PlanStatus.KEPT
        elif _left_us(debtor, plan.debts):
            status, judged, missed = PlanStatus.VOID, plan.judged, plan.missed
        elif missed >= plan.offer.void_after_missed or is_over:
            status = PlanStatus.BROKEN
        if (status, paid, judged, missed) != (plan.status, plan.paid, plan.judged, plan.missed):
            yield PlanJudged(plan.id, status, paid, judged, missed)
            yield from _plan_ended(debtor, plan, status, playbook, today)


def _plan_ended(
    debtor: Debtor, plan: PaymentPlan, status: PlanStatus, playbook: Playbook, today: Today
) -> Iterator[Fact]:
    """What was waived is the creditor's to write off; who broke a plan for the second time talks with a person."""
    if status is PlanStatus.KEPT and plan.offer.discount:
        yield TaskOpened(_task("plan_discount", plan.creditor, plan.id, today))
    episode = debtor.episode(plan.episode)
    broken = 1 + (episode.broken_promises if episode is not None else 0)
    if status is PlanStatus.BROKEN and broken >= playbook.strategy.promises.task_after_broken:
        yield TaskOpened(_task("broken_promises", plan.creditor, plan.id, today))


def _letters(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    """Who kept a plan has paid all that was agreed, and is owed the creditor's paper once its file has the debt as paid: no payment
    settles what the creditor writes off (`hear` asks where one does). One for each time, never while another is waited for.
    """
    rules = playbook.client.release_letter
    known = {one.debt: one for one in debtor.letters}
    kept = [one for one in debtor.plans if one.status is PlanStatus.KEPT] if rules.is_asked else []
    for key in dict.fromkeys(key for plan in kept for key in plan.debts):
        debt, before = debtor.debt(key), known.get(key)
        agreed_at = max(plan.made_at for plan in kept if key in plan.debts)
        is_asked = before is not None and (not before.document or before.requested_at >= agreed_at)
        if debt is None or debt.status is not DebtStatus.PAID or debt.outstanding.minor > 0 or is_asked:
            continue
        due = business_days.plus(today.day, rules.business_days, today.holidays)
        yield LetterRequested(ReleaseLetter(key, today.now, today.starts(due + timedelta(days=1))))
        of = key if before is None else f"{key} {today.now.isoformat()}"
        name = hashlib.sha256(of.encode()).hexdigest()[:10]
        task = _task("release_letter", debt.creditor, name, today, f"letter:{key}", (key,))
        if all(one.id != task.id for one in debtor.tasks):
            yield TaskOpened(replace(task, priority=4))


def _left_us(debtor: Debtor, keys: tuple[str, ...]) -> bool:
    """Whether the creditor took back, sold or sued for all that was promised: nobody breaks a word that we may not ask about."""
    ours = {DebtStatus.ACTIVE, DebtStatus.DISPUTED, DebtStatus.PAID}
    known = [debt for key in keys if (debt := debtor.debt(key)) is not None]
    return bool(known) and all(debt.status not in ours for debt in known)


def _closings(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    """An episode is over once nothing is owed that may be asked for. What a kept plan waived is the creditor's to write off: it keeps
    the episode open for as long as a person of ours sees to that.
    """
    first_day = min((stage.from_dpd for stage in playbook.strategy.stages), default=0)
    seen_to = {one.id for one in debtor.open_tasks()}
    nobodys = {
        key for key, plan in waived(debtor).items() if _task_id("plan_discount", plan.id) not in seen_to
    }
    for episode in debtor.open_episodes():
        mine = [
            debt
            for debt in debtor.debts
            if debt.creditor == episode.creditor and debt.currency == episode.currency
        ]
        owed = [
            debt
            for debt in mine
            if debt.status in {DebtStatus.ACTIVE, DebtStatus.DISPUTED}
            and debt.outstanding.minor > 0
            and debt.key not in nobodys
        ]
        if not owed:
            paid = any(debt.status in {DebtStatus.ACTIVE, DebtStatus.PAID} for debt in mine)
            yield EpisodeClosed(episode.number, "cured" if paid else "recalled")
        elif all(days_past_due(debt, today) < first_day for debt in owed):
            yield EpisodeClosed(episode.number, "cured")


def _openings(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    first_day = min((stage.from_dpd for stage in playbook.strategy.stages), default=0)
    number = max((episode.number for episode in debtor.episodes), default=0)
    open_ones = {(episode.creditor, episode.currency) for episode in debtor.open_episodes()}
    nobodys = waived(debtor)
    for debt in debtor.debts:
        group = (debt.creditor, debt.currency)
        is_owed = debt.status is DebtStatus.ACTIVE and debt.outstanding.minor > 0
        begins = is_owed and debt.key not in nobodys
        if begins and group not in open_ones and days_past_due(debt, today) >= first_day:
            number += 1
            open_ones.add(group)
            yield EpisodeOpened(number, debt.creditor, debt.currency)


def _reviews(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Fact]:
    """A hold whose review date came: expiry never resumes by itself where a person must decide. Who saw it when it was placed
    sees it again then. What the hold does not concern goes on meanwhile.
    """
    open_ones = {task.step for task in debtor.open_tasks()}
    lately = today.now - ASKED_AGAIN_AFTER
    asked = {task.id for task in debtor.tasks if task.closed_at is None or task.closed_at >= lately}
    for hold in debtor.holds:
        due = hold.review_at is not None and hold.review_at <= today.now
        if not due or hold.lifted_at is not None or hold.resumes or f"hold:{hold.id}" in open_ones:
            continue
        reason, step = f"review_{hold.reason.value}", f"hold:{hold.id}"
        task = _task(reason, hold.creditor, hold.id, today, step, hold.debts)
        if task.id not in asked:
            asked.add(task.id)
            yield TaskOpened(task)


def _task_id(reason: str, of: str) -> str:
    return f"t{reason}-{of}"


def _task(
    reason: str, creditor: str, of: str, today: Today, step: str = "", debts: tuple[str, ...] = ()
) -> Task:
    due = business_days.plus(today.day, 1, today.holidays)
    return Task(
        id=_task_id(reason, of),
        reason=reason,
        priority=3,
        opened_at=today.now,
        due_at=today.starts(due + timedelta(days=1)),
        creditor=creditor,
        debts=debts,
        step=step,
    )
