"""Promises and plans: what a person may agree with us, within the strategy's rules and nothing beyond what policy computed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from recobro.domain import business_days
from recobro.domain.acting import Statement, overlaps
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, Voice, today_of, voices, without_agreements
from recobro.domain.facts import Fact, PlanAgreed, PromiseJudged, PromiseMade
from recobro.domain.hold import HoldReason
from recobro.domain.offers import RANK, offers_for
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.domain.refusal import Refusal

SOURCE = "PRACTICE: What people answer"
EARLY = 30
"""Days past due up to which a promise is one of the early ones."""


def promises(
    debtor: Debtor,
    statement: Statement,
    playbook: Playbook,
    now: datetime,
    amount: int,
    due_on: date,
    creditor: str = "",
    currency: str = "",
) -> tuple[Fact, ...] | Refusal:
    """A promise within the strategy's rules; a new date takes the place of the one given before. amount: minor units.

    creditor, currency: of what is owed in them; empty: of what is owed most urgently.
    The same word gives the same promise. Refused: outside the rules, after too many broken ones (a person takes those), beside a plan,
    or where another word has taken its place since: whether they mean the first again, only who says it anew tells.
    """
    today = today_of(debtor, playbook, now)
    voice = voice_of(debtor, playbook, today, creditor, currency)
    if voice is None:
        return Refusal("promise.nothing_due", SOURCE)
    if (voice.creditor, voice.currency) in agreed_in_parts(debtor):
        return Refusal("promise.plan_open", SOURCE)
    no = promise_refusal(debtor, voice, playbook, today, amount, due_on)
    if no is not None:
        return no
    episode = _episode(debtor, voice)
    ident = f"pr{statement.short}-{due_on:%Y%m%d}"
    known = next((one for one in debtor.promises if one.id == ident), None)
    if known is not None and known.status is PromiseStatus.VOID:
        return Refusal("promise.another_since", SOURCE, change="say it anew, on the page as it is now")
    if known is not None:
        return ()
    rules = playbook.strategy.promises
    # Who offers more than they owe promises all of it; nobody's word is broken by money that nobody asks for.
    amount = min(amount, voice.due.minor + voice.later.minor)
    made = PromiseToPay(
        id=ident,
        episode=episode,
        creditor=voice.creditor,
        currency=voice.currency,
        amount=amount,
        due_on=due_on,
        judged_on=business_days.plus(due_on, rules.grace_business_days, today.holidays),
        made_at=now,
        channel=statement.channel.value,
        debts=tuple(debt.key for debt in voice.debts),
        owed=sum(debt.outstanding.minor for debt in voice.debts),
    )
    before = _given_way(debtor, voice.creditor, voice.currency)
    return (*before, PromiseMade(made))


def agreed_in_parts(debtor: Debtor) -> set[tuple[str, str]]:
    """(creditor, currency) of open plans: a second word about the same money would be broken with the first."""
    return {(one.creditor, one.currency) for one in debtor.plans if one.is_open}


def promise_refusal(
    debtor: Debtor, voice: Voice, playbook: Playbook, today: Today, amount: int, due_on: date
) -> Refusal | None:
    """Why such a promise cannot be taken. `detail`: the furthest day (ISO), or the least amount in minor units."""
    rules = playbook.strategy.promises
    episode = debtor.episode(_episode(debtor, voice))
    if episode is not None and episode.broken_promises >= rules.task_after_broken:
        return Refusal("promise.too_many_broken", SOURCE, detail=str(episode.broken_promises))
    furthest = today.day + timedelta(days=rules.max_days_early if voice.dpd <= EARLY else rules.max_days_late)
    if due_on < today.day:
        return Refusal("promise.past", SOURCE, detail=today.day.isoformat())
    if due_on > furthest:
        return Refusal("promise.too_far", SOURCE, detail=furthest.isoformat())
    if amount <= 0 or amount * 100 < voice.due.minor * rules.min_share:
        return Refusal("promise.too_little", SOURCE, detail=str(-(-voice.due.minor * rules.min_share // 100)))
    return None


def plan_offers(
    debtor: Debtor, playbook: Playbook, now: datetime, authority: Authority = Authority.AUTOMATIC
) -> tuple[PlanOffer, ...]:
    """All that may be offered to that person today, over everything owed; none while a plan of that creditor is open."""
    today = today_of(debtor, playbook, now)
    free = _spoken_of(debtor)
    busy = agreed_in_parts(debtor)
    return tuple(
        offer
        for voice in voices(free, playbook, today)
        if (voice.creditor, voice.currency) not in busy
        for offer in offers_for(debtor, voice, playbook, today, authority)
    )


def chooses_plan(
    debtor: Debtor,
    statement: Statement,
    playbook: Playbook,
    now: datetime,
    offer_id: str,
    authority: Authority = Authority.AUTOMATIC,
) -> tuple[Fact, ...] | Refusal:
    """The plan, if policy computes exactly that offer today, or did and it still stands; else why not. Open promises to that
    creditor give way to it.
    """
    if any(one.offer.id == offer_id and one.is_open for one in debtor.plans):
        return ()
    computed = plan_offers(debtor, playbook, now, authority)
    today = today_of(debtor, playbook, now)
    standing = [
        one
        for one in debtor.conversation.offers
        if now < one.expires_at and one.parts[0].due_on >= today.day and _still_owed(debtor, one)
    ]
    offer = next((one for one in (*computed, *standing) if one.id == offer_id), None)
    if offer is None or RANK[offer.authority] > RANK[authority]:
        return Refusal("offer.not_computed", "PRACTICE: Money", detail=offer_id, change="offer it anew")
    if any(
        one.is_open and (one.creditor, one.currency) == (offer.creditor, offer.currency)
        for one in debtor.plans
    ):
        return Refusal("offer.plan_open", "PRACTICE: Money", detail=offer.creditor)
    voice = voice_of(debtor, playbook, today, offer.creditor, offer.currency)
    episode = _episode(debtor, voice) if voice is not None else 0
    plan = PaymentPlan(f"pl{statement.short}", episode, offer, now, statement.channel.value, statement.by)
    before = _given_way(debtor, offer.creditor, offer.currency)
    return (*before, PlanAgreed(plan))


def _still_owed(debtor: Debtor, offer: PlanOffer) -> bool:
    """An offer stands on what was owed: money, placed or not, a new invoice or a dispute voids it."""
    debts = [debtor.debt(key) for key in offer.debts]
    held = any(hold.lifted_at is None and overlaps(hold, offer.debts) for hold in debtor.holds)
    waits = any(task.waits_for and task.binds(key) for task in debtor.tasks for key in offer.debts)
    owed = sum(one.outstanding.minor for one in debts if one is not None and one.status is DebtStatus.ACTIVE)
    return not held and not waits and owed == offer.owed


def voice_of(
    debtor: Debtor, playbook: Playbook, today: Today, creditor: str = "", currency: str = ""
) -> Voice | None:
    """What is owed most urgently, as a talk that the person began may speak of it: tasks and promises left aside, but not money that
    came for it and that nobody has placed.
    """
    found = [
        one
        for one in voices(_spoken_of(debtor), playbook, today)
        if one.debts and creditor in ("", one.creditor) and currency in ("", one.currency)
    ]
    return max(found, key=lambda one: (one.dpd, one.due.minor), default=None)


def _spoken_of(debtor: Debtor) -> Debtor:
    """What keeps the machine from beginning a talk keeps nobody from going on with one; disputes, a death, stale balances and money
    that nobody has placed do.
    """
    resting = {HoldReason.ALREADY_PAID, HoldReason.PAUSE, HoldReason.ASKED_FOR_PERSON, HoldReason.HARDSHIP}
    holds = tuple(one for one in debtor.holds if one.reason not in resting)
    tasks = tuple(one for one in debtor.tasks if one.waits_for)
    return replace(without_agreements(debtor), tasks=tasks, holds=holds, paid_at={})


def _given_way(debtor: Debtor, creditor: str, currency: str) -> tuple[Fact, ...]:
    """What was promised before gives way to what is agreed now."""
    return tuple(
        PromiseJudged(one.id, PromiseStatus.VOID, one.paid)
        for one in open_promises(debtor, creditor, currency)
    )


def _episode(debtor: Debtor, voice: Voice) -> int:
    same = (
        one.number
        for one in debtor.open_episodes()
        if (one.creditor, one.currency) == (voice.creditor, voice.currency)
    )
    return next(same, 0)


def open_promises(debtor: Debtor, creditor: str, currency: str) -> Iterator[PromiseToPay]:
    """Those that still wait for their date."""
    return (
        one
        for one in debtor.promises
        if one.status is PromiseStatus.OPEN and (one.creditor, one.currency) == (creditor, currency)
    )
