"""Which of a person's debts may be spoken of today, gathered into one voice per creditor brand and currency."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from recobro.domain import business_days
from recobro.domain.business_days import Holidays
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.money import Money
from recobro.domain.plan import PaymentPlan
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.waived import waived


@dataclass(frozen=True, slots=True)
class Today:
    """One instant as a debtor lives it."""

    now: datetime
    day: date
    zone: ZoneInfo
    holidays: Holidays

    def starts(self, day: date) -> datetime:
        return business_days.starts(day, self.zone)

    def judges(self, day: date) -> datetime:
        """When a promised day is judged: once it is over; while the creditor's balances are too old for that, every day."""
        return self.starts(max(day, self.day) + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Voice:
    """All that one brand may say to one person in one currency.

    debts: those that may be named. dpd: of the oldest that is worth it, which is the strategy's; the law asks how old the oldest that
    is named is (candidates.intended_contact). due, later: see PRACTICE, One voice.
    grace_ends: until then an overdue date gets no past-due words. refused: debt key and why, for the others; first what is owed and
    too little.
    """

    creditor: str
    currency: str
    debts: tuple[Debt, ...]
    dpd: int
    due_on: date
    due: Money
    later: Money
    grace_ends: datetime
    refused: tuple[tuple[str, Refusal], ...]


def today_of(debtor: Debtor, playbook: Playbook, now: datetime) -> Today:
    zone = business_days.zone_of(debtor, playbook)
    holidays = business_days.holidays_of(playbook, debtor.profile.country)
    return Today(now, now.astimezone(zone).date(), zone, holidays)


def voices(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Voice]:
    """One per creditor and currency in which the person has debts, in the order in which the debts were recorded."""
    grouped: dict[tuple[str, str], list[Debt]] = {}
    for debt in debtor.debts:
        grouped.setdefault((debt.creditor, debt.currency), []).append(debt)
    for (creditor, currency), debts in grouped.items():
        yield _voice(debtor, playbook, today, creditor, currency, debts)


def voices_of_messages(debtor: Debtor, playbook: Playbook, today: Today) -> Iterator[Voice]:
    """As `voices`, for a message that nobody asked for: what reminds of a date to come names no overdue trifle, for it would demand it
    in the words, and by the rules, of what is not due yet.
    """
    for voice in voices(debtor, playbook, today):
        yield _without_overdue(voice, playbook, today) if voice.dpd <= 0 else voice


def without_agreements(debtor: Debtor) -> Debtor:
    """The person as if no promise and no plan were under way; what a kept plan waived stays waived."""
    return replace(debtor, promises=(), plans=tuple(one for one in debtor.plans if not one.is_open))


def days_past_due(debt: Debt, today: Today) -> int:
    """Negative before the due date; a date on a non-business day means the next business day."""
    return (today.day - business_days.on_or_after(debt.oldest_due_on(), today.holidays)).days


def _voice(
    debtor: Debtor, playbook: Playbook, today: Today, creditor: str, currency: str, debts: list[Debt]
) -> Voice:
    shared = _refusal_for_creditor(debtor, playbook, today, creditor, currency)
    refused: list[tuple[str, Refusal]] = []
    eligible: list[Debt] = []
    nobodys = waived(debtor)
    for debt in debts:
        refusal = shared or _refusal_for_debt(debtor, debt, today, nobodys)
        if refusal is None:
            eligible.append(debt)
        else:
            refused.append((debt.key, refusal))
    minimum = playbook.strategy.min_actionable.get(currency, 0)
    total = sum(debt.outstanding.minor for debt in eligible)
    if eligible and total < minimum:
        low = Refusal(
            "strategy.min_actionable", "PRACTICE: What is owed", detail=f"{total} under {minimum} {currency}"
        )
        refused = [(debt.key, low) for debt in eligible] + refused
        eligible = []
    worth = [debt for debt in eligible if debt.outstanding.minor >= minimum] or eligible or debts
    oldest = min(worth, key=lambda debt: (debt.oldest_due_on(), debt.ref))
    dpd = days_past_due(oldest, today)
    due_on = business_days.on_or_after(oldest.oldest_due_on(), today.holidays)
    due, later = _amounts(eligible, asked_until(due_on, today.day, today.holidays), currency)
    grace = business_days.plus(due_on, playbook.strategy.grace_business_days, today.holidays)
    grace_ends = today.starts(grace + timedelta(days=1))
    return Voice(creditor, currency, tuple(eligible), dpd, due_on, due, later, grace_ends, tuple(refused))


def _without_overdue(voice: Voice, playbook: Playbook, today: Today) -> Voice:
    under = f"under {playbook.strategy.min_actionable.get(voice.currency, 0)} {voice.currency}"
    ahead: list[Debt] = []
    trifles: list[tuple[str, Refusal]] = []
    for debt in voice.debts:
        if days_past_due(debt, today) <= 0:
            ahead.append(debt)
            continue
        detail = f"overdue, and {debt.outstanding.minor} {under}"
        trifles.append(
            (debt.key, Refusal("strategy.min_actionable", "PRACTICE: What is owed", detail=detail))
        )
    if not trifles:
        return voice
    due, later = _amounts(ahead, asked_until(voice.due_on, today.day, today.holidays), voice.currency)
    return replace(voice, debts=tuple(ahead), due=due, later=later, refused=(*trifles, *voice.refused))


def asked_until(due_on: date, day: date, holidays: Holidays) -> date:
    """What is asked for is due by then: ahead of `due_on` by it, later by `day`, or the last business day before a day off."""
    return due_on if due_on > day else business_days.on_or_before(day, holidays)


def _amounts(debts: list[Debt], until: date, currency: str) -> tuple[Money, Money]:
    """What is due by `until` and, apart, what is due later."""
    due = sum(debt.due_now(until).minor for debt in debts if debt.oldest_due_on() <= until)
    total = sum(debt.outstanding.minor for debt in debts)
    return Money(due, currency), Money(max(0, total - due), currency)


def _refusal_for_creditor(
    debtor: Debtor, playbook: Playbook, today: Today, creditor: str, currency: str
) -> Refusal | None:
    """What forbids any word about that creditor: an open promise or plan, a fresh payment, a stale feed."""
    strategy = playbook.strategy
    for promise in debtor.promises:
        same = promise.creditor == creditor and promise.currency == currency
        if same and promise.status is PromiseStatus.OPEN:
            until = today.judges(promise.judged_on)
            return Refusal("promise.open", "PRACTICE: Promise", until, detail=f"due {promise.due_on}")
    for plan in debtor.plans:
        part = plan.next_part()
        if plan.is_open and (plan.creditor, plan.currency) == (creditor, currency) and part is not None:
            until = today.judges(part.judged_on)
            return Refusal("plan.open", "PRACTICE: Money", until, detail=f"due {part.due_on}")
    paid_at = debtor.paid_at.get(creditor)
    if paid_at is not None:
        paid_on = paid_at.astimezone(today.zone).date()
        quiet = business_days.plus(paid_on, strategy.quiet_business_days_after_payment, today.holidays)
        if today.day <= quiet:
            until = today.starts(quiet + timedelta(days=1))
            return Refusal("payment.quiet", "PRACTICE: After a payment", until, detail=f"paid {paid_on}")
    as_of = debtor.feeds.get(creditor)
    limit = strategy.feed_max_age_business_days
    if as_of is None or business_days.plus(as_of, limit, today.holidays) < today.day:
        return Refusal(
            "feed.stale",
            "PRACTICE: Feeds",
            detail=f"balances as of {as_of or 'never'}",
            change=f"a balance file of {creditor} no older than {limit} business day(s)",
        )
    return None


def _refusal_for_debt(
    debtor: Debtor, debt: Debt, today: Today, nobodys: Mapping[str, PaymentPlan]
) -> Refusal | None:
    if debt.status is not DebtStatus.ACTIVE:
        return Refusal(f"debt.{debt.status.value}", "PRACTICE: What is owed")
    if debt.outstanding.minor <= 0:
        return Refusal("debt.paid", "PRACTICE: What is owed")
    if not debt.is_assigned(today.day):
        begins = debt.assigned_on
        until = today.starts(begins) if begins is not None and begins > today.day else None
        return Refusal("debt.not_assigned", "PRACTICE: What is owed", until)
    if debt.key in nobodys:
        return Refusal(
            "plan.kept",
            "PRACTICE: Money",
            detail=f"{debt.outstanding.minor} {debt.currency} left of plan {nobodys[debt.key].id}",
            change=f"a file of {debt.creditor} that writes it off; one that asks for more has a new charge",
        )
    if debt.is_time_barred(today.day):
        return Refusal("debt.time_barred", "PRACTICE: Limitation", change="a person decides")
    for hold in debtor.holds:
        if hold.binds(debt.key, today.now):
            until = hold.review_at if hold.resumes else None
            return Refusal(
                f"hold.{hold.reason.value}", "PRACTICE: What people answer", until, change="lift the hold"
            )
    for task in debtor.tasks:
        if task.binds(debt.key):
            change = "place its money: recobro payments resolve" if task.waits_for else "close the task"
            return Refusal("task.open", "PRACTICE: Task", detail=task.reason, change=change)
    return None
