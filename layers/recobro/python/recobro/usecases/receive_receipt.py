"""What became of a message: delivered, read, bounced, complained about; each receipt moves its attempt forward, never back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from recobro.adapters.lookups import sent_as
from recobro.counts import CIRCUIT_OPENED
from recobro.domain import thanking
from recobro.domain.attempt import REACHED_NOBODY, AttemptStatus, ContactAttempt
from recobro.domain.candidates import tries_of
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    AttemptProgressed,
    Fact,
    NoticeGiven,
    StepMarked,
)
from recobro.domain.fold import apply
from recobro.errors import NotFound, Unavailable
from recobro.house import House
from recobro.ports import Loaded, Receipt
from recobro.usecases.carriers_word import keep_no, point_facts, tell_others_there
from recobro.usecases.saving import change
from recobro.usecases.sent_before import sent_before

_REACHED = {AttemptStatus.DELIVERED, AttemptStatus.READ, AttemptStatus.ANSWERED}


def receive_receipt(house: House, receipt: Receipt) -> str:
    """Returns what the receipt did: "moved" | "repeated" | "unrecognised".

    Raises NotFound for a message that isn't ours, Unavailable for one so new that its id may not be found yet.
    """
    if receipt.then == "open_circuit":
        # What Meta tells of the account names no message of ours, and closes the channel all the same.
        house.switches.off(
            f"channel:{receipt.channel}", "circuit", receipt.detail or receipt.code, house.now()
        )
        house.counts[CIRCUIT_OPENED] += 1
    if receipt.status == "unrecognised":
        return "unrecognised"
    loaded, attempt = _whose(house, receipt)
    if attempt is None:
        return "repeated"  # its history is so old that neither record nor law asks for it any more
    word = _word(receipt)
    keep_no(house, attempt, word)
    moved: list[Fact] = []

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        facts = facts_of(debtor, receipt, now, attempt)
        moved[:] = facts
        return facts

    change(house, loaded.debtor.id, decide, loaded)
    tell_others_there(house, loaded.debtor.id, attempt, word, receipt.code)
    return "moved" if moved else "repeated"


def _whose(house: House, receipt: Receipt) -> tuple[Loaded, ContactAttempt | None]:
    """The person and message that a receipt is about: by what we had the carrier echo, else by the id that it gave."""
    if receipt.debtor_id and receipt.attempt_id:
        loaded = house.ledger.load(receipt.debtor_id)
        if loaded is None:
            raise NotFound(f"{receipt.channel} receipt of no debtor {receipt.debtor_id}")
        return loaded, loaded.debtor.attempt(receipt.attempt_id) or _forgotten(house, loaded.debtor, receipt)
    if not receipt.provider_id:
        raise NotFound(f"{receipt.channel} receipt names no message: {receipt.code}")
    for ident in house.lookups.debtors(sent_as(receipt.provider_id)):
        loaded = house.ledger.load(ident)
        if loaded is None:
            continue
        named = (one for one in loaded.debtor.attempts if _is_about(one, receipt))
        return loaded, next(named, None) or _forgotten(house, loaded.debtor, receipt)
    if abs(house.now() - receipt.at) < JUST_SENT:
        raise Unavailable(f"{receipt.channel} receipt of a message that is not in the history yet")
    raise NotFound(f"{receipt.channel} receipt of no message of ours: {receipt.code}")


JUST_SENT = timedelta(minutes=5)
"""A message is found by its carrier's id once the stream brought it to the history."""


def _is_about(attempt: ContactAttempt, receipt: Receipt) -> bool:
    return (attempt.provider_id, attempt.channel.value) == (receipt.provider_id, receipt.channel)


def _forgotten(house: House, debtor: Debtor, receipt: Receipt) -> ContactAttempt | None:
    """A complaint or a bounce closes its address however late it comes: the history keeps what the record forgot."""
    if receipt.status != "complaint" and receipt.then != "suppress":
        return None
    return sent_before(house, debtor, receipt.provider_id, receipt.attempt_id)


def _word(receipt: Receipt) -> str:
    """What it says of the address. A complaint is somebody's no, whatever else its carrier made of it."""
    return "complaint" if receipt.status == "complaint" else receipt.then


def keep_unrecognised(house: House, body: str, told: Sequence[tuple[Receipt, str]]) -> None:
    """What a carrier tells in words that we do not know yet is kept whole and counted; nothing fails for it."""
    unknown = sorted({one.detail or one.code for one, result in told if result == "unrecognised"})
    if unknown:
        house.asides.put("unrecognised_receipts", ", ".join(unknown), body, house.now())


def watch_reputation(house: House, told: Sequence[tuple[Receipt, str]]) -> None:
    """Count what a batch told of e-mail, and close the channel at half of what makes SES review a sender."""
    moved = [one for one, result in told if result == "moved" and one.channel == "email"]
    codes = Counter(one.code for one in moved)
    now = house.now()
    bounced, complained = codes["hard_bounce"], codes["complaint"]
    house.reputation.count(
        "email", now.date(), delivered=codes["delivered"], bounced=bounced, complained=complained
    )
    if not bounced and not complained:
        return
    lately = house.reputation.lately("email", now.date())
    why = too_many(lately)
    if why:
        house.switches.off("channel:email", "circuit", why, now)
        house.counts[CIRCUIT_OPENED] += 1


def too_many(lately: Mapping[str, int]) -> str:
    """Why a channel has to stop by itself; empty: it may go on. SES reviews at 5 % bounces and 0.1 % complaints (docs,
    "Reputation"), and weighs no rate of a handful of messages; neither do we.
    """
    sent = lately["delivered"] + lately["bounced"]
    if sent < LEAST_WEIGHED:
        return ""
    if lately["bounced"] * 1_000 >= sent * MOST_BOUNCED:
        return f"bounces: {lately['bounced']} of {sent}"
    if lately["complained"] * 10_000 >= sent * MOST_COMPLAINED:
        return f"complaints: {lately['complained']} of {sent}"
    return ""


MOST_BOUNCED, MOST_COMPLAINED = 25, 5
"""Of a thousand, and of ten thousand: half of SES's review levels."""
LEAST_WEIGHED = 1_000
"""Messages in the last days under which a rate says nothing."""


def facts_of(debtor: Debtor, receipt: Receipt, now: datetime, sent: ContactAttempt) -> tuple[Fact, ...]:
    """The facts a receipt brings; none when it tells nothing new. sent: the message, which the record may have forgotten."""
    attempt = debtor.attempt(sent.id)
    facts: list[Fact] = []
    if attempt is not None and receipt.status != "complaint":
        facts.append(
            AttemptProgressed(
                attempt.id,
                AttemptStatus(receipt.status),
                outcome=receipt.code,
                provider_id=receipt.provider_id if receipt.provider_id != attempt.provider_id else "",
                cost=receipt.cost,
            )
        )
    facts += point_facts(sent, _word(receipt), receipt.code)
    after = debtor
    for fact in facts:
        after = apply(after, fact, now)
    if after == debtor:
        return ()
    return (*facts, *_consequences(sent, after, fails=_fails_alone(sent.id, debtor, after)))


def _fails_alone(attempt: str, before: Debtor, after: Debtor) -> bool:
    """Whether it is this receipt that says that the message failed, and no other try of its step may have arrived.

    Carriers go on telling of a message that failed: by then another channel may have said what there was to say.
    """
    was, now_is = before.attempt(attempt), after.attempt(attempt)
    if was is None or now_is is None or now_is.status is not AttemptStatus.FAILED:
        return False
    others = (one for one in tries_of(after, now_is.step) if one.id != attempt)
    return was.status is not AttemptStatus.FAILED and all(one.status in REACHED_NOBODY for one in others)


def _consequences(attempt: ContactAttempt, after: Debtor, *, fails: bool) -> tuple[Fact, ...]:
    """A notice that arrived was given; a step whose only message fails now is open again for another channel."""
    now_is = after.attempt(attempt.id)
    episode = after.episode(attempt.step.episode)
    if now_is is not None and attempt.step.stage == thanking.STAGE:
        # Thanks belong to no episode: they may be said again by what did not fail.
        return (StepMarked(attempt.step.episode, attempt.step.mark, "reopened"),) if fails else ()
    if now_is is None or episode is None:
        return ()
    given: tuple[Fact, ...] = ()
    if now_is.status in _REACHED and episode.noticed_at is None and attempt.is_first_notice:
        given = (NoticeGiven(episode.number, attempt.id),)
    mark = episode.mark_of(attempt.step.mark)
    if fails and mark is not None and mark.how == "sent":
        return (StepMarked(episode.number, attempt.step.mark, "reopened"),)
    is_open = mark is None or mark.how == "reopened"
    if now_is.status in _REACHED | {AttemptStatus.SENT} and is_open:
        return (*given, StepMarked(episode.number, attempt.step.mark, "sent"))
    return given
