"""What a kept plan waived: the creditor's file still has it, and nobody asks the person for it until the file says otherwise."""

from collections.abc import Iterator, Mapping

from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.plan import PaymentPlan

SETTLED = frozenset({DebtStatus.PAID, DebtStatus.WRITTEN_OFF})


def waived(debtor: Debtor) -> Mapping[str, PaymentPlan]:
    """Key of each debt of which only what a plan waived is left → that plan. A file that asks for more than that for its debts
    together has a new charge, and all of it may be asked for.
    """
    found: dict[str, PaymentPlan] = {}
    for plan in debtor.plans:
        debts = list(_left(debtor, plan)) if plan.waived else []
        if sum(one.outstanding.minor for one in debts) <= plan.waived:
            found.update((one.key, plan) for one in debts)
    return found


def waits_for_write_off(debtor: Debtor, plan: PaymentPlan) -> bool:
    """Whether something is left of what the plan settled: who forgot it would ask for what it waived."""
    return plan.waived > 0 and any(_left(debtor, plan))


def more_than_waived(debtor: Debtor, debt: Debt) -> int:
    """The least that a file has to have of that debt for it to be asked for again, minor units."""
    plans = [one for one in debtor.plans if one.waived and debt.key in one.debts]
    over = (one.waived - sum(each.outstanding.minor for each in _left(debtor, one)) for one in plans)
    return debt.outstanding.minor + 1 + max(over, default=0)


def is_settled(debt: Debt) -> bool:
    return debt.status in SETTLED or debt.outstanding.minor == 0


def _left(debtor: Debtor, plan: PaymentPlan) -> Iterator[Debt]:
    """Its debts that no file has as settled since; one that was taken out of our hands may be given back."""
    for key in plan.debts:
        debt = debtor.debt(key)
        if debt is not None and not is_settled(debt) and key not in plan.owed_anew:
            yield debt
