"""The record of a debtor is nothing but what happened to it, applied in order: state = fold(facts)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from recobro.domain import facts as f
from recobro.domain.allocation import Split, owed_again, settled_by, take
from recobro.domain.attempt import RANK, AttemptStatus, ContactAttempt
from recobro.domain.channel import Kind
from recobro.domain.contact_point import ContactPoint
from recobro.domain.debt import Debt
from recobro.domain.debtor import Approach, Debtor
from recobro.domain.episode import Episode, Mark
from recobro.domain.hold import Hold
from recobro.domain.letter import progressed
from recobro.domain.pay_link import LinkStatus
from recobro.domain.payment import Payment
from recobro.domain.plan import PlanStatus
from recobro.domain.promise import PromiseStatus
from recobro.domain.task import IDENTITY_TASK
from recobro.domain.waived import is_settled
from recobro.domain.waiver import open_call_back
from recobro.errors import InvariantBroken


class Dated(Protocol):
    """A fact with the instant it was recorded at."""

    @property
    def at(self) -> datetime: ...
    @property
    def fact(self) -> f.Fact: ...


def fold(debtor: Debtor, dated: Iterable[Dated]) -> Debtor:
    """`debtor` after those facts, in their order."""
    for one in dated:
        debtor = apply(debtor, one.fact, one.at)
    return debtor


def apply(debtor: Debtor, fact: f.Fact, at: datetime) -> Debtor:  # noqa: C901 - one arm a kind of fact
    """`debtor` after one fact. What a fact names and the record no longer holds is left alone (it was compacted away)."""
    match fact:
        case f.DebtorOpened(profile=profile) | f.ProfileChanged(profile=profile):
            return replace(debtor, profile=profile)
        case f.PersonalChanged() | f.PlanMoved() | f.ProofGiven():
            return debtor
        case f.DebtRecorded(debt=debt, shows_payment=is_paid):
            recorded = replace(debtor, debts=_upsert(debtor.debts, debt, lambda one: one.key == debt.key))
            recorded = _owed_anew(debtor, recorded, debt.key)
            return _paid_directly(recorded, debt.key, at) if is_paid else recorded
        case f.DebtStatusChanged(debt=key, status=status, shows_payment=is_paid):
            changed = _each_debt(debtor, key, lambda one: replace(one, status=status))
            changed = _owed_anew(debtor, changed, key)
            return _paid_directly(changed, key, at) if is_paid else changed
        case f.FeedRead(creditor=creditor, as_of=as_of):
            return replace(debtor, feeds={**debtor.feeds, creditor: as_of})
        case f.PointRecorded(point=point):
            return replace(debtor, points=_upsert(debtor.points, point, lambda one: one.id == point.id))
        case f.PointStateChanged(point=key, state=state, reason=reason):
            return _each_point(debtor, key, lambda one: replace(one, state=state, reason=reason))
        case f.PointChannelBlocked(point=key, channel=channel):
            return _each_point(debtor, key, lambda one: replace(one, blocked=_with(one.blocked, channel)))
        case f.ChannelStopped(channel=stopped):
            return replace(debtor, stopped=_with(debtor.stopped, stopped))
        case f.ChannelReopened(channel=opened_again):
            return replace(debtor, stopped=tuple(one for one in debtor.stopped if one != opened_again))
        case f.HoursChosen(hours=hours):
            return replace(debtor, hours=hours)
        case f.EpisodeOpened(number=number, creditor=creditor, currency=currency):
            opened = Episode(number, creditor, currency, opened_at=at)
            return replace(debtor, episodes=(*debtor.episodes, opened))
        case f.EpisodeClosed(number=number, why=why):
            return _each_episode(debtor, number, lambda one: replace(one, closed_at=at, closed_why=why))
        case f.StepMarked(episode=number, step=step, how=how):
            mark = Mark(step, how, at)
            return _each_episode(debtor, number, lambda one: _marked(one, mark))
        case f.AttemptClaimed(attempt=attempt) | f.ContactReported(attempt=attempt):
            if debtor.attempt(attempt.id) is not None:
                raise InvariantBroken(f"attempt {attempt.id} claimed twice")
            made = _call_back_used(debtor, attempt)
            return replace(made, attempts=(*debtor.attempts, attempt))
        case f.AttemptProgressed():
            return replace(debtor, attempts=tuple(_progressed(one, fact, at) for one in debtor.attempts))
        case f.NoticeGiven(episode=number):
            return _each_episode(debtor, number, lambda one: replace(one, noticed_at=one.noticed_at or at))
        case f.PromiseMade(promise=promise):
            return replace(debtor, promises=(*debtor.promises, promise))
        case f.PromiseJudged():
            return _judged(debtor, fact)
        case f.HoldPlaced(hold=hold):
            return replace(debtor, holds=(*debtor.holds, hold))
        case f.HoldLifted(hold=key):
            return replace(debtor, holds=tuple(_lifted(one, key, at) for one in debtor.holds))
        case f.TaskOpened(task=task):
            return replace(debtor, tasks=(*debtor.tasks, task))
        case f.TaskTaken(task=key, owner=owner):
            taken = tuple(replace(t, owner=owner, taken_at=at) if t.id == key else t for t in debtor.tasks)
            return replace(debtor, tasks=taken)
        case f.PayLinkMade(link=link):
            return replace(debtor, pay_links=(*debtor.pay_links, link))
        case f.PayLinkVoided(number=number):
            return _link_now(debtor, number, LinkStatus.VOID)
        case f.PayLinkWithdrawn(number=number):
            return _link_now(debtor, number, LinkStatus.WITHDRAWN)
        case f.IdentityChecked(passed=passed):
            return replace(debtor, failed_identity=0 if passed else debtor.failed_identity + 1)
        case f.TaskClosed(task=key, disposition=disposition):
            closed = tuple(
                replace(t, closed_at=at, disposition=disposition) if t.id == key and t.is_open else t
                for t in debtor.tasks
            )
            # A person found out who it was: the page may be tried again.
            asked = any(t.id == key and t.reason == IDENTITY_TASK for t in debtor.tasks)
            return replace(debtor, tasks=closed, failed_identity=0 if asked else debtor.failed_identity)
        case f.PaymentPosted():
            return _paid(debtor, fact, at)
        case f.PaymentReversed():
            return _reversed(debtor, fact)
        case f.PaymentHeard(heard=heard):
            same = (heard.intent, heard.debt)
            return replace(
                debtor, heard=_anew(debtor.heard, heard, lambda one: (one.intent, one.debt) == same)
            )
        case f.LetterRequested(letter=letter):
            return replace(debtor, letters=_anew(debtor.letters, letter, lambda one: one.debt == letter.debt))
        case f.LetterProgressed(debt=key):
            moved = tuple(progressed(one, fact, at) if one.debt == key else one for one in debtor.letters)
            return replace(debtor, letters=moved)
        case f.MessageReceived(attempt=key):
            answered = tuple(
                _forward(one, AttemptStatus.ANSWERED, at) if one.id == key else one for one in debtor.attempts
            )
            came = Approach(at, fact.channel, fact.point, fact.content)
            return replace(
                debtor, last_inbound_at=at, attempts=answered, approaches=(*debtor.approaches, came)
            )
        case f.PlanAgreed(plan=plan):
            return replace(debtor, plans=(*debtor.plans, plan))
        case f.PlanJudged():
            return _plan_judged(debtor, fact)
        case f.ConversationMoved(conversation=conversation):
            return replace(debtor, conversation=conversation)
        case f.ReplyOwed(reply=reply):
            return replace(debtor, replies=_anew(debtor.replies, reply, lambda one: one.id == reply.id))
        case f.LegalEventHappened(event=event):
            return replace(debtor, events=_with(debtor.events, event))
        case f.WaiverGranted(waiver=waiver):
            return replace(debtor, waivers=_anew(debtor.waivers, waiver, lambda one: one.name == waiver.name))
        case f.WaiverEnded(name=name):
            ended = tuple(replace(one, ended_at=at) if one.name == name else one for one in debtor.waivers)
            return replace(debtor, waivers=ended)
        case f.CallBackAgreed(call_back=agreed):
            return replace(debtor, call_backs=(*debtor.call_backs, agreed))
        case f.Erased():
            # What the record held of the person goes whole; version and head stay, so that the chain goes on.
            return Debtor(debtor.id, debtor.version, debtor.head, stopped=("*",), is_erased=True)


def _lifted(hold: Hold, key: str, at: datetime) -> Hold:
    """A hold that was renewed has the name of the one before, which ended when it ended."""
    return replace(hold, lifted_at=at) if hold.id == key and hold.lifted_at is None else hold


def _call_back_used(debtor: Debtor, call: ContactAttempt) -> Debtor:
    """A call-back is one call: claiming it uses up what the person asked for; what somebody else in the household asked for is theirs."""
    if call.kind is not Kind.CONSENTED_CALLBACK or call.shared:
        return debtor
    asked = open_call_back(debtor.call_backs, call.creditor, call.claimed_at)
    if asked is None:
        return debtor
    used = tuple(replace(one, used_by=call.id) if one is asked else one for one in debtor.call_backs)
    return replace(debtor, call_backs=used)


def _progressed(attempt: ContactAttempt, fact: f.AttemptProgressed, at: datetime) -> ContactAttempt:
    if attempt.id != fact.attempt:
        return attempt
    told = replace(
        attempt,
        provider_id=fact.provider_id or attempt.provider_id,
        cost=max(attempt.cost, fact.cost),
        is_spent=attempt.is_spent or fact.is_spent,
    )
    if not _moves(attempt.status, fact.status):
        return told
    return replace(_forward(told, fact.status, at), outcome=fact.outcome or attempt.outcome)


def _forward(attempt: ContactAttempt, status: AttemptStatus, at: datetime) -> ContactAttempt:
    if not _moves(attempt.status, status):
        return attempt
    return replace(attempt, status=status, settled_at=at)


def _moves(now: AttemptStatus, then: AttemptStatus) -> bool:
    """Delivered never becomes undelivered; a release is possible only while nothing is known to have left."""
    if now in {AttemptStatus.RELEASED, AttemptStatus.FAILED}:
        return False
    if then is AttemptStatus.RELEASED:
        return now is AttemptStatus.CLAIMED
    if then is AttemptStatus.FAILED:
        return RANK[now] < RANK[AttemptStatus.DELIVERED]
    return RANK[then] > RANK[now]


def _paid(debtor: Debtor, fact: f.PaymentPosted, at: datetime) -> Debtor:
    payment = fact.payment
    if any(_is_same(one, payment.intent, payment.debt, payment.part) for one in debtor.payments):
        return debtor
    debt = debtor.debt(payment.debt)
    paid_at = debtor.paid_at
    if debt is not None:
        # Facts of the first release did not say where the money went: the usual order, as it was then.
        split = payment.split or take(debt, payment.amount)
        paid_at = {**paid_at, debt.creditor: at}
        debtor = _each_debt(debtor, payment.debt, lambda one: settled_by(one, split))
    return replace(debtor, payments=(*debtor.payments, payment), paid_at=paid_at)


def _paid_directly(debtor: Debtor, key: str, at: datetime) -> Debtor:
    """The creditor was paid for it, and we saw no money: the person has the same quiet days as who paid through us."""
    debt = debtor.debt(key)
    return debtor if debt is None else replace(debtor, paid_at={**debtor.paid_at, debt.creditor: at})


def _reversed(debtor: Debtor, fact: f.PaymentReversed) -> Debtor:
    known = [one for one in debtor.payments if _is_same(one, fact.intent, fact.debt, fact.part)]
    if any(one.is_reversed for one in known):
        return debtor
    payments = tuple(_less(one, fact) if one in known else one for one in debtor.payments)
    split = fact.split or Split(principal=fact.amount)
    return _each_debt(replace(debtor, payments=payments), fact.debt, lambda one: owed_again(one, split))


def _less(payment: Payment, fact: f.PaymentReversed) -> Payment:
    returned = payment.returned + fact.amount
    return replace(payment, returned=returned, is_reversed=returned >= payment.amount)


def _is_same(payment: Payment, intent: str, debt: str, part: int) -> bool:
    return (payment.intent, payment.debt, payment.part) == (intent, debt, part)


def _judged(debtor: Debtor, fact: f.PromiseJudged) -> Debtor:
    named = (one for one in debtor.promises if one.id == fact.promise)
    judged = next((one for one in named if one.status is PromiseStatus.OPEN), None)
    if judged is None:
        return debtor
    after = replace(judged, status=fact.status, paid=fact.paid)
    debtor = replace(debtor, promises=tuple(after if one is judged else one for one in debtor.promises))
    if fact.status is not PromiseStatus.BROKEN:
        return debtor
    return _each_episode(
        debtor, judged.episode, lambda one: replace(one, broken_promises=one.broken_promises + 1)
    )


def _owed_anew(before: Debtor, after: Debtor, key: str) -> Debtor:
    """Where a file asks for a debt that was settled, it is no longer what a kept plan waived of it."""
    was, now = before.debt(key), after.debt(key)
    if was is None or now is None or not is_settled(was) or is_settled(now):
        return after
    return replace(
        after,
        plans=tuple(
            replace(one, owed_anew=_with(one.owed_anew, key)) if one.waived and key in one.debts else one
            for one in after.plans
        ),
    )


def _plan_judged(debtor: Debtor, fact: f.PlanJudged) -> Debtor:
    """A plan that breaks counts with its episode as a broken promise does."""
    judged = next((one for one in debtor.plans if one.id == fact.plan), None)
    if judged is None:
        return debtor
    after = replace(judged, status=fact.status, paid=fact.paid, judged=fact.judged, missed=fact.missed)
    debtor = replace(debtor, plans=tuple(after if one is judged else one for one in debtor.plans))
    if fact.status is not PlanStatus.BROKEN:
        return debtor
    return _each_episode(
        debtor, judged.episode, lambda one: replace(one, broken_promises=one.broken_promises + 1)
    )


def _link_now(debtor: Debtor, number: int, status: LinkStatus) -> Debtor:
    links = tuple(replace(one, status=status) if one.number == number else one for one in debtor.pay_links)
    return replace(debtor, pay_links=links)


def _marked(episode: Episode, mark: Mark) -> Episode:
    others = tuple(one for one in episode.marks if one.step != mark.step)
    return replace(episode, marks=(*others, mark))


T = TypeVar("T")


def _upsert(items: tuple[T, ...], item: T, same: Callable[[T], bool]) -> tuple[T, ...]:
    if any(same(one) for one in items):
        return tuple(item if same(one) else one for one in items)
    return (*items, item)


def _anew(items: tuple[T, ...], item: T, same: Callable[[T], bool]) -> tuple[T, ...]:
    """At the end, as if there had been none: what is forgotten after a time stands in the same order before and after."""
    return (*(one for one in items if not same(one)), item)


def _with(items: tuple[T, ...], item: T) -> tuple[T, ...]:
    return items if item in items else (*items, item)


def _each_debt(debtor: Debtor, key: str, change: Callable[[Debt], Debt]) -> Debtor:
    return replace(debtor, debts=tuple(change(one) if one.key == key else one for one in debtor.debts))


def _each_point(debtor: Debtor, key: str, change: Callable[[ContactPoint], ContactPoint]) -> Debtor:
    return replace(debtor, points=tuple(change(one) if one.id == key else one for one in debtor.points))


def _each_episode(debtor: Debtor, number: int, change: Callable[[Episode], Episode]) -> Debtor:
    return replace(
        debtor, episodes=tuple(change(one) if one.number == number else one for one in debtor.episodes)
    )
