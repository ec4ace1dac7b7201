"""What one person owes, as they may see it themselves: everything, creditor by creditor, also what nobody may write about."""

from collections.abc import Iterator
from dataclasses import dataclass

from recobro.domain import business_days
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today
from recobro.domain.money import Money


@dataclass(frozen=True, slots=True)
class Account:
    """The debts to one creditor in one currency. payable: those that money may be taken for here. due: of these, what is due now,
    before the first date what the nearest will ask for; later: the rest of them."""

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
    for (creditor, currency), debts in grouped.items():
        payable = tuple(one for one in debts if is_payable(one, today))
        due = _due(payable, today)
        total = sum(one.outstanding.minor for one in payable)
        yield Account(
            creditor,
            currency,
            tuple(debts),
            payable,
            Money(due, currency),
            Money(max(0, total - due), currency),
        )


def account_of(debtor: Debtor, creditor: str, currency: str, today: Today) -> Account | None:
    """The account that a form names; None where the person has none such."""
    found = (one for one in accounts(debtor, today) if (one.creditor, one.currency) == (creditor, currency))
    return next(found, None)


def is_payable(debt: Debt, today: Today) -> bool:
    """Ours to take money for: owed, in our hands, not contested. A time-barred debt may be paid, and is never asked for."""
    return debt.status is DebtStatus.ACTIVE and debt.outstanding.minor > 0 and debt.is_assigned(today.day)


def _due(debts: tuple[Debt, ...], today: Today) -> int:
    until = business_days.on_or_before(today.day, today.holidays)
    overdue = [one for one in debts if one.oldest_due_on() <= until]
    nearest = min((one.oldest_due_on() for one in debts), default=today.day)
    asked = overdue or [one for one in debts if one.oldest_due_on() == nearest]
    return sum(one.due_now(until).minor for one in asked)
