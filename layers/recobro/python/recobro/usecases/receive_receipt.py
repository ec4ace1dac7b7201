"""What became of a message: delivered, read, bounced, complained about; each receipt moves its attempt forward, never back."""

from datetime import datetime

from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    AttemptProgressed,
    Fact,
    NoticeGiven,
    PointStateChanged,
    StepMarked,
)
from recobro.domain.fold import apply
from recobro.errors import NotFound
from recobro.house import House
from recobro.ports import Receipt
from recobro.usecases.saving import change
from recobro.usecases.send import point_facts

_REACHED = {AttemptStatus.DELIVERED, AttemptStatus.READ, AttemptStatus.ANSWERED}


def receive_receipt(house: House, receipt: Receipt) -> str:
    """Returns what the receipt did: "moved" | "repeated" | "unrecognised". Raises NotFound for an attempt that isn't ours."""
    if receipt.status == "unrecognised":
        return "unrecognised"
    if not receipt.debtor_id or not receipt.attempt_id:
        raise NotFound(f"{receipt.channel} receipt without attempt: {receipt.code}")
    before = house.now()
    moved: list[Fact] = []

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        facts = facts_of(debtor, receipt, now)
        moved[:] = facts
        return facts

    change(house, receipt.debtor_id, decide)
    if receipt.then == "open_circuit":
        house.switches.off(f"channel:{receipt.channel}", "circuit", receipt.code, before)
    if receipt.status == "complaint":
        _suppress(house, receipt, before)
    return "moved" if moved else "repeated"


def facts_of(debtor: Debtor, receipt: Receipt, now: datetime) -> tuple[Fact, ...]:
    """The facts a receipt brings; none when it tells nothing new."""
    attempt = debtor.attempt(receipt.attempt_id)
    if attempt is None:
        return ()
    facts: list[Fact] = []
    if receipt.status == "complaint":
        facts.append(PointStateChanged(attempt.point, PointState.SUPPRESSED, "complaint"))
    else:
        facts.append(
            AttemptProgressed(
                attempt.id,
                AttemptStatus(receipt.status),
                outcome=receipt.code,
                provider_id=receipt.provider_id,
                cost=receipt.cost,
            )
        )
        facts += point_facts(attempt, receipt.then, receipt.code)
    after = debtor
    for fact in facts:
        after = apply(after, fact, now)
    if after == debtor:
        return ()
    return (*facts, *_consequences(attempt, after))


def _consequences(attempt: ContactAttempt, after: Debtor) -> tuple[Fact, ...]:
    """A notice that arrived was given; a step whose only message failed is open again for another channel."""
    now_is = after.attempt(attempt.id)
    episode = after.episode(attempt.step.episode)
    if now_is is None or episode is None:
        return ()
    given: tuple[Fact, ...] = ()
    if now_is.status in _REACHED and episode.noticed_at is None and attempt.is_first_notice:
        given = (NoticeGiven(episode.number, attempt.id),)
    mark = episode.mark_of(attempt.step.mark)
    if now_is.status is AttemptStatus.FAILED and mark is not None and mark.how == "sent":
        return (StepMarked(episode.number, attempt.step.mark, "reopened"),)
    is_open = mark is None or mark.how == "reopened"
    if now_is.status in _REACHED | {AttemptStatus.SENT} and is_open:
        return (*given, StepMarked(episode.number, attempt.step.mark, "sent"))
    return given


def _suppress(house: House, receipt: Receipt, now: datetime) -> None:
    loaded = house.ledger.load(receipt.debtor_id)
    attempt = loaded.debtor.attempt(receipt.attempt_id) if loaded is not None else None
    if attempt is not None:
        house.suppressions.add(attempt.point, "complaint", now.isoformat())
