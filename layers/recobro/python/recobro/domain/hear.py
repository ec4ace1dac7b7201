"""What a payment, a refund or a voucher makes of one person's record: money to its debts, peace while it is under way."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from recobro.domain import business_days
from recobro.domain.allocation import OPEN, TAKEN_OVER, Allocation, Split, give_back, shares, take
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, today_of
from recobro.domain.facts import (
    Fact,
    HoldLifted,
    HoldPlaced,
    LetterRequested,
    PayLinkVoided,
    PaymentHeard,
    PaymentPosted,
    PaymentReversed,
    TaskOpened,
)
from recobro.domain.fold import apply
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.letter import ReleaseLetter
from recobro.domain.pay_link import to_void
from recobro.domain.payment import Heard, Payment
from recobro.domain.playbook import Playbook
from recobro.domain.said import UNCONFIRMED_WAITS, Said
from recobro.domain.settle import settled
from recobro.domain.task import OF_PAYMENT, Task
from recobro.domain.waived import waived

LONGEST_WAIT = timedelta(days=30)
"""No voucher's end, however far, keeps us silent for longer."""


@dataclass(frozen=True, slots=True)
class Base:
    """What is known of a payment that the record may have forgotten (the payment log keeps it for good)."""

    heard: Heard
    payments: tuple[Payment, ...]


def heard_facts(
    debtor: Debtor,
    key: str,
    money: Said,
    playbook: Playbook,
    now: datetime,
    base: Base | None = None,
    *,
    rule: str = "named",
    knows_all: bool = False,
) -> tuple[Fact, ...]:
    """The facts by which the record of `debtor` catches up with what is said of the money for debt `key`; none: it knows.

    Of two messengers the one who knows more words wins, in whatever order they get here. rule: which of the debtor's debts it
    pays (`allocation.RULES`); only the payer's record is asked that, and everybody else's is told what came of it. knows_all: the
    balance is that of somebody whose record has all of it, so that nothing is owed again for what went back.
    """
    known = heard_of(debtor, money.intent, key) or (base.heard if base is not None else None)
    if known is not None and known.words >= money.words:
        return ()
    if known is None and money.words == 1 and not money.captured and money.status not in _KEEPS_PEACE:
        return ()
    before = known or Heard(money.intent, key, 0, "")
    debt = debtor.debt(key)
    if debt is not None and debt.status in TAKEN_OVER and not before.captured:
        # Others in it still pay: it is known here, and neither counts nor goes back.
        money = replace(money, captured=0, returned=0)
    record = _Record(debtor, playbook, now)
    record.add(PaymentHeard(_now_heard(before, money, now), money.asks))
    _captured(record, key, money, before, rule, base.payments if base is not None else ())
    _returned(record, key, money, before, base, knows_all=knows_all)
    _peace(record, key, money, before)
    _settle(record)
    return tuple(record.facts)


def taken_back_facts(
    debtor: Debtor, key: str, money: Said, playbook: Playbook, now: datetime, base: Base | None = None
) -> tuple[Fact, ...]:
    """A person had placed the money with the wrong debt: all of it comes off, as if that record had never heard of it."""
    known = heard_of(debtor, money.intent, key) or (base.heard if base is not None else None)
    if known is None or not known.words:
        return ()
    record = _Record(debtor, playbook, now)
    nothing = replace(
        money, words=0, status="misplaced", captured=0, returned=known.captured, why_returned="misplaced"
    )
    _returned(record, key, nothing, known, base)
    _peace(record, key, nothing, known)
    record.add(PaymentHeard(Heard(money.intent, key, 0, "misplaced", at=now)))
    return tuple(record.facts)


def noted_facts(debtor: Debtor, heard: Heard) -> tuple[Fact, ...]:
    """What this person's balance has counted already is known from now on, and no longer waited for."""
    ident = hold_of(heard.intent)
    waits = heard.status not in _KEEPS_PEACE and any(
        one.id == ident and one.lifted_at is None for one in debtor.holds
    )
    lifted = (HoldLifted(ident, f"payment {heard.status}"),) if waits else ()
    return (PaymentHeard(heard), *lifted)


_KEEPS_PEACE = frozenset({"pending", "unconfirmed"})


def heard_of(debtor: Debtor, intent: str, key: str) -> Heard | None:
    return next((one for one in debtor.heard if (one.intent, one.debt) == (intent, key)), None)


def hold_of(intent: str) -> str:
    """The id of the hold that a payment under way keeps."""
    return "hpay-" + hashlib.sha256(intent.encode()).hexdigest()[:12]


class _Record:
    """The debtor as the facts so far make it."""

    def __init__(self, debtor: Debtor, playbook: Playbook, now: datetime) -> None:
        self.debtor = debtor
        self.playbook = playbook
        self.now = now
        self.facts: list[Fact] = []
        self.was_paid = frozenset(one.key for one in debtor.debts if one.status is DebtStatus.PAID)

    def add(self, fact: Fact) -> None:
        self.facts.append(fact)
        self.debtor = apply(self.debtor, fact, self.now)

    @property
    def today(self) -> Today:
        return today_of(self.debtor, self.playbook, self.now)

    @property
    def rules(self) -> Allocation:
        return self.playbook.client.allocation

    def task(self, reason: str, ident: str, key: str, *, step: str = "", priority: int = 2) -> None:
        """A person's work on that debt, by the next business day; asked once."""
        name = f"t{reason}-{ident}"
        if any(one.id == name for one in self.debtor.tasks):
            return
        due = business_days.plus(self.today.day, 1, self.today.holidays)
        task = Task(
            id=name,
            reason=reason,
            priority=priority,
            opened_at=self.now,
            due_at=self.today.starts(due + timedelta(days=1)),
            creditor=key.partition("/")[0],
            debts=(key,),
            step=step,
        )
        self.add(TaskOpened(task))


def now_heard(debtor: Debtor, key: str, money: Said, now: datetime) -> Heard:
    """What is known of the payment once that is said of it."""
    return _now_heard(heard_of(debtor, money.intent, key) or Heard(money.intent, key, 0, ""), money, now)


def _now_heard(before: Heard, money: Said, now: datetime) -> Heard:
    """Captured money only grows: whatever a later word says of less is a refund and has its own name."""
    captured = max(before.captured, money.captured)
    return replace(
        before,
        words=money.words,
        status=money.status,
        captured=captured,
        returned=min(captured, money.returned),
        at=now,
    )


def _captured(
    record: _Record, key: str, money: Said, before: Heard, rule: str, forgotten: Sequence[Payment]
) -> None:
    """forgotten: payments that the record may no longer hold."""
    extra = money.captured - before.captured
    # A dispute that we won: the money that was taken back is there again.
    extra += max(0, before.returned - money.returned)
    debt = record.debtor.debt(key)
    if extra <= 0 or debt is None:
        return
    for each, amount in shares(record.debtor.debts, debt, extra, rule, waived(record.debtor)):
        _post(record, each, amount, money, forgotten, was_told=before.words > 0)


def _post(
    record: _Record, key: str, amount: int, money: Said, forgotten: Sequence[Payment], *, was_told: bool
) -> None:
    """was_told: of less of that money before. More of it for a debt that was recalled since is the creditor's to place."""
    debt = record.debtor.debt(key)
    if debt is None:
        return
    split = take(debt, amount, record.rules.parts)
    known = (*record.debtor.payments, *forgotten)
    # After the last and never by how many there are: a number that was given is taken for a repetition.
    part = 1 + max((one.part for one in known if (one.intent, one.debt) == (money.intent, key)), default=0)
    record.add(
        PaymentPosted(
            Payment(
                money.intent,
                key,
                amount,
                money.currency,
                record.now,
                part=part,
                split=split,
                method=money.method,
            )
        )
    )
    if split.unapplied or (was_told and debt.status is DebtStatus.RECALLED):
        record.task("overpaid", _short(money.intent), key)


def _returned(
    record: _Record, key: str, money: Said, before: Heard, base: Base | None, *, knows_all: bool = False
) -> None:
    """Last posted, first taken back. What a debt is owed again for, a person looks at before anybody writes."""
    rest = money.returned - before.returned
    held = [one for one in record.debtor.payments if one.intent == money.intent and one.left > 0]
    if base is not None and not held:
        held = [one for one in base.payments if one.left > 0]
    for payment in reversed(held):
        back = min(rest, payment.left)
        if back <= 0:
            continue
        rest -= back
        undone = give_back(_left_of(payment), back)
        # Where the balance knows already, nobody is asked for the money twice; a person looks all the same.
        counted = knows_all or _is_counted(record, payment.debt, payment.told_at, money)
        split = Split(unapplied=back) if counted else undone
        why = money.why_returned or "returned"
        record.add(PaymentReversed(money.intent, payment.debt, back, why, split, payment.part))
        if undone.applied:
            _reopened(record, payment.debt, money)
    if rest > 0 and record.debtor.debt(key) is not None:
        # Posted by the first release, and forgotten since: it had gone to the principal as far as anybody knows.
        why = money.why_returned or "returned"
        counted = knows_all or _is_counted(record, key, None, money)
        split = Split(unapplied=rest) if counted else Split(principal=rest)
        record.add(PaymentReversed(money.intent, key, rest, why, split))
        _reopened(record, key, money)


def _is_counted(record: _Record, key: str, posted_at: datetime | None, money: Said) -> bool:
    """Whether the creditor's balance is of a later day than the money went back on, and than we took it off; None: long ago."""
    debt = record.debtor.debt(key)
    if debt is None or money.returned_at is None:
        return False
    balance = max(debt.calculated_on, record.debtor.feeds.get(debt.creditor, debt.calculated_on))
    zone = ZoneInfo(record.playbook.client.schedule.time_zone)
    last = max(money.returned_at, posted_at or money.returned_at)
    return last.astimezone(zone).date() < balance


def _left_of(payment: Payment) -> Split:
    """What of a payment's split is still there: what went back before came off its end."""
    whole = payment.split or Split(principal=payment.amount)
    return whole.less(give_back(whole, payment.returned))


def _reopened(record: _Record, key: str, money: Said) -> None:
    """Nobody is contacted by machine for money that was taken back: a person lifts this hold."""
    ident = f"hback-{_short(f'{money.intent} {key}')}-{money.words}"
    review = record.today.starts(
        record.today.day + timedelta(days=record.playbook.strategy.talk.dispute_days)
    )
    record.add(
        HoldPlaced(Hold(ident, HoldReason.PAYMENT_REVERSED, record.now, "operations", review, debts=(key,)))
    )
    reason = "chargeback" if money.why_returned == "charged_back" else "payment_returned"
    record.task(reason, ident, key, step=f"hold:{ident}", priority=1)


def _peace(record: _Record, key: str, money: Said, before: Heard) -> None:
    """A voucher in somebody's hand, or a word still to be proven: silence about that debt until it is paid or ends."""
    ident = hold_of(money.intent)
    standing = next((one for one in record.debtor.holds if one.id == ident and one.lifted_at is None), None)
    if money.status not in _KEEPS_PEACE:
        if standing is not None:
            record.add(HoldLifted(ident, f"payment {money.status}"))
        return
    until = money.waits_until or record.now + UNCONFIRMED_WAITS
    until = min(until, record.now + LONGEST_WAIT)
    if standing is not None:
        if standing.review_at is not None and standing.review_at >= until:
            return
        record.add(HoldLifted(ident, "renewed"))
    if until > record.now:
        record.add(
            HoldPlaced(
                Hold(ident, HoldReason.PAYMENT_PENDING, record.now, "gateway", until, (key,), resumes=True)
            )
        )


def _settle(record: _Record) -> None:
    """What the money brings about by itself: promises kept, episodes closed, the release letter asked for."""
    for letter in _letters(record):
        is_first = all(one.debt != letter.debt for one in record.debtor.letters)
        ident = _short(letter.debt if is_first else f"{letter.debt} {letter.requested_at.isoformat()}")
        record.add(LetterRequested(letter))
        record.task("release_letter", ident, letter.debt, step=f"letter:{letter.debt}", priority=4)
    for fact in _links(record):
        record.add(fact)
    _, more = settled(record.debtor, record.playbook, record.now)
    for fact in more:
        record.add(fact)


def _links(record: _Record) -> list[Fact]:
    """Money came: no link that asks for the old amount is given out any more."""
    paid = {one.payment.debt for one in record.facts if isinstance(one, PaymentPosted)}
    accounts = {
        (debt.creditor, debt.currency) for key in paid if (debt := record.debtor.debt(key)) is not None
    }
    return [
        PayLinkVoided(link.number, "paid")
        for creditor, currency in sorted(accounts)
        for link in to_void(record.debtor.pay_links, creditor, currency)
    ]


def _letters(record: _Record) -> Iterator[ReleaseLetter]:
    """One for each time that a debt is settled: what the creditor wrote of the first time says nothing of what was owed since."""
    rules = record.playbook.client.release_letter
    written = {one.debt: bool(one.document) for one in record.debtor.letters}
    paid = {one.payment.debt for one in record.facts if isinstance(one, PaymentPosted)}
    for debt in record.debtor.debts:
        is_settled = debt.status is DebtStatus.PAID and debt.key in paid
        is_asked = debt.key in written and (debt.key in record.was_paid or not written[debt.key])
        if rules.is_asked and is_settled and not is_asked:
            due = business_days.plus(record.today.day, rules.business_days, record.today.holidays)
            yield ReleaseLetter(debt.key, record.now, record.today.starts(due + timedelta(days=1)))


def quarantine_facts(
    debtor: Debtor, key: str, money: Said, reason: str, playbook: Playbook, now: datetime
) -> tuple[Fact, ...]:
    """Money came for that debt and cannot be posted: a person looks, and until then nobody writes about the debt."""
    debt = debtor.debt(key)
    if debt is None or debt.status not in OPEN or not money.captured:
        return ()
    record = _Record(debtor, playbook, now)
    record.task(QUARANTINED, _short(money.intent), key, step=f"{OF_PAYMENT}{money.intent}", priority=1)
    return tuple(record.facts)


QUARANTINED = "payment_quarantined"


def is_of(task: Task, intent: str) -> bool:
    """Whether the task waits until that payment is placed."""
    return task.waits_for == intent or task.id == f"t{QUARANTINED}-{_short(intent)}"


def asked_again(debtor: Debtor, task: Task, playbook: Playbook, now: datetime) -> Fact:
    """The same work once more: somebody closed the task, and its money is still nobody's."""
    alike = (one.id.partition(".")[2] or "1" for one in debtor.tasks if one.step == task.step)
    number = 1 + max((int(one) for one in alike if one.isdigit()), default=0)
    today = today_of(debtor, playbook, now)
    due = today.starts(business_days.plus(today.day, 1, today.holidays) + timedelta(days=1))
    name = f"{task.id.partition('.')[0]}.{number}"
    return TaskOpened(replace(task, id=name, opened_at=now, due_at=due, owner="", taken_at=None))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
