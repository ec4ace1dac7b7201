"""What the record may forget, since the history keeps it: nothing that a law, a cap or an open episode can still ask for."""

from dataclasses import replace
from datetime import datetime, timedelta

from recobro.domain.attempt import CALLS, ContactAttempt
from recobro.domain.debtor import Debtor
from recobro.domain.episode import RETURNS_WITHIN, gone_on_from
from recobro.domain.hold import HoldReason
from recobro.domain.promise import PromiseStatus
from recobro.domain.task import Task
from recobro.domain.waived import waits_for_write_off

KEEP_ATTEMPTS = timedelta(days=45)
"""Longer than the longest window of any pack (30 days) and than the latest receipt (72 h)."""
KEEP_PAYMENTS = timedelta(days=120)
"""Longer than the longest promise and its grace; while a plan is open, its payments stay as long as it does."""

KEEP_WORDS = timedelta(days=365)
SHARED = frozenset({HoldReason.DISPUTE, HoldReason.ALREADY_PAID, HoldReason.PAYMENT_REVERSED})
"""What another in the debt may have said, and their record keep: who has lifted it here is not asked to lift it again."""


def compact(debtor: Debtor, now: datetime) -> Debtor:
    """`debtor` without what nobody can ask for any more. Compacting at every save or once at the end gives the same."""
    since = now - KEEP_ATTEMPTS
    money_since = min([now - KEEP_PAYMENTS, *(one.made_at for one in debtor.plans if one.is_open)])
    open_ones = {episode.number for episode in debtor.open_episodes()}
    """Whoever broke a plan in one of these is offered the next by a person: it is not forgotten before."""
    plans = tuple(
        one
        for one in debtor.plans
        if one.is_open
        or one.made_at >= now - KEEP_PAYMENTS
        or one.episode in open_ones
        or waits_for_write_off(debtor, one)
    )
    """And with it the letter that was asked for since: what is still known to be kept would ask for another."""
    episodes = _asked_for(debtor, now)
    words = _own_words(debtor)
    return replace(
        debtor,
        attempts=tuple(
            one for one in debtor.attempts if one.claimed_at >= since or _may_go_on(debtor, one, since)
        ),
        episodes=tuple(one for one in debtor.episodes if one.number in episodes),
        promises=tuple(
            one
            for one in debtor.promises
            if one.status is PromiseStatus.OPEN or one.made_at >= now - KEEP_PAYMENTS
        ),
        plans=plans,
        replies=tuple(one for one in debtor.replies if one.expires_at >= now),
        holds=tuple(
            one
            for one in debtor.holds
            if one.lifted_at is None or one.lifted_at >= (now - KEEP_WORDS if one.reason in SHARED else since)
        ),
        approaches=tuple(one for one in debtor.approaches if one.at >= since),
        waivers=tuple(one for one in debtor.waivers if one.ended_at is None or one.ended_at >= since),
        call_backs=tuple(one for one in debtor.call_backs if one.until >= since),
        tasks=tuple(
            one
            for one in debtor.tasks
            if one.closed_at is None or one.closed_at >= since or (one.step in words and not _is_review(one))
        ),
        payments=tuple(one for one in debtor.payments if one.told_at >= money_since or one.credit),
        pay_links=tuple(one for one in debtor.pay_links if one.expires_at >= since),
        heard=tuple(one for one in debtor.heard if one.at is None or one.at >= now - KEEP_PAYMENTS),
        letters=tuple(
            one
            for one in debtor.letters
            if one.delivered_at is None
            or one.delivered_at >= now - KEEP_PAYMENTS
            or any(one.debt in plan.debts and plan.made_at <= one.requested_at for plan in plans)
        ),
    )


def _own_words(debtor: Debtor) -> set[str]:
    """Steps of the tasks that came with a hold which still stands: by these it is known to be the person's own word."""
    return {f"hold:{one.id}" for one in debtor.holds if one.lifted_at is None}


def _is_review(task: Task) -> bool:
    """Whether it asks once more about a hold; whoever is asked again has another of that name."""
    return task.id.startswith("treview_")


def _may_go_on(debtor: Debtor, attempt: ContactAttempt, since: datetime) -> bool:
    """Whether what it was for may still be tried again: the next try must know what was tried, and have a number of its own."""
    if attempt.step.stage == CALLS:
        return any(task.id == attempt.step.step for task in debtor.open_tasks())
    episode = debtor.episode(attempt.step.episode)
    if episode is None or not episode.is_open:
        return False
    mark = episode.mark_of(attempt.step.mark)
    # A step that was done not long ago may be reopened by a receipt.
    return mark is None or mark.how == "reopened" or mark.at >= since


def _asked_for(debtor: Debtor, now: datetime) -> set[int]:
    """Open episodes, those that closed lately, and what these go on from; of the others the last, after which the next is numbered."""
    last = max((one.number for one in debtor.episodes), default=0)
    current = [
        one for one in debtor.episodes if one.closed_at is None or now - one.closed_at <= RETURNS_WITHIN
    ]
    before = (one.number for episode in current for one in gone_on_from(debtor.episodes, episode))
    return {last, *(one.number for one in current), *before}
