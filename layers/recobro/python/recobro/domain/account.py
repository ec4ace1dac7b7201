"""What one person owes, as they may see it themselves: everything, creditor by creditor, also what nobody may write about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recobro.domain import business_days
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today
from recobro.domain.money import Money
from recobro.domain.paid_towards import left_of
from recobro.domain.promise import PromiseStatus
from recobro.domain.waived import waived


@dataclass(frozen=True, slots=True)
class Account:
    """The debts to one creditor in one currency. payable: those that money may be taken for here, so nothing that a kept plan
    waived. due: of these, what is due now, before the first date what the nearest will ask for; later: the rest of them."""

    creditor: str
    currency: str
    debts: tuple[Debt, ...]
    payable: tuple[Debt, ...]
    due: Money
    later: Money

    @property
    def total(self) -> Money:
        return self.due + self.later


def accounts(debtor: Debtor, today: Today) -> Iterator[Account]:
    """One for each creditor and currency, in the order in which the debts were recorded."""
    grouped: dict[tuple[str, str], list[Debt]] = {}
    for debt in debtor.debts:
        grouped.setdefault((debt.creditor, debt.currency), []).append(debt)
    nobodys = waived(debtor)
    for (creditor, currency), debts in grouped.items():
        payable = tuple(one for one in debts if is_payable(one, today) and one.key not in nobodys)
        yield _account(creditor, currency, debts, payable, today)


def _account(
    creditor: str, currency: str, debts: Sequence[Debt], payable: tuple[Debt, ...], today: Today
) -> Account:
    due = _due(payable, today)
    later = max(0, sum(one.outstanding.minor for one in payable) - due)
    return Account(creditor, currency, tuple(debts), payable, Money(due, currency), Money(later, currency))


def account_of(debtor: Debtor, creditor: str, currency: str, today: Today) -> Account | None:
    """The account that a form names; None where the person has none such."""
    found = (one for one in accounts(debtor, today) if (one.creditor, one.currency) == (creditor, currency))
    return next(found, None)


def account_told_of(debtor: Debtor, told: Sequence[str], today: Today) -> Account | None:
    """What a message named, without what may not be asked for now: what is paid, waived, contested, held, no longer ours, or too old
    to be claimed. None: nothing of it is left. told: the keys of its debts, all of one creditor and currency.
    """
    debts = [one for one in debtor.debts if one.key in told]
    nobodys = waived(debtor)
    left = tuple(
        one
        for one in debts
        if is_payable(one, today)
        and one.key not in nobodys
        and not one.is_time_barred(today.day)
        and not any(hold.binds(one.key, today.now) for hold in debtor.holds)
    )
    if not left:
        return None
    return _account(left[0].creditor, left[0].currency, debts, left, today)


def asked_for(debtor: Debtor, account: Account) -> Money:
    """What to ask for: what is due now; where the person agreed to something, the next of it that is not paid yet."""
    agreed = [
        left_of(debtor, one)
        for one in debtor.promises
        if one.status is PromiseStatus.OPEN
        and (one.creditor, one.currency) == (account.creditor, account.currency)
    ]
    for plan in debtor.plans:
        if plan.is_open and (plan.creditor, plan.currency) == (account.creditor, account.currency):
            agreed += [plan.left_of_next()]
    next_agreed = next((one for one in agreed if one > 0), account.due.minor)
    return Money(min(next_agreed, account.total.minor), account.currency)


def is_payable(debt: Debt, today: Today) -> bool:
    """Ours to take money for: owed, in our hands, not contested. A time-barred debt may be paid, and is never asked for."""
    return debt.status is DebtStatus.ACTIVE and debt.outstanding.minor > 0 and debt.is_assigned(today.day)


def _due(debts: tuple[Debt, ...], today: Today) -> int:
    until = business_days.on_or_before(today.day, today.holidays)
    overdue = [one for one in debts if one.oldest_due_on() <= until]
    nearest = min((one.oldest_due_on() for one in debts), default=today.day)
    asked = overdue or [one for one in debts if one.oldest_due_on() == nearest]
    return sum(one.due_now(until).minor for one in asked)
