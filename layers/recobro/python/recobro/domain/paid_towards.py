"""How much of what somebody agreed to pay has come: it keeps their word, and is not asked for again."""

from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.plan import PaymentPlan
from recobro.domain.promise import PromiseToPay


def paid_towards(debtor: Debtor, promise: PromiseToPay | PaymentPlan) -> int:
    """What arrived since the promise was made, minor units of its currency: told by gateways, or seen in a lower balance."""
    told = sum(
        payment.left
        for payment in debtor.payments
        if payment.told_at >= promise.made_at
        and payment.currency == promise.currency
        and _is_towards(payment.debt, promise)
    )
    return max(told, promise.owed - sum(_still_owed(debtor, key) for key in promise.debts))


def _is_towards(debt: str, promise: PromiseToPay | PaymentPlan) -> bool:
    """A promise is kept by whatever reaches its creditor; a plan, which may waive a part, by money for the debts it settles."""
    if isinstance(promise, PaymentPlan):
        return debt in promise.debts
    return debt.startswith(f"{promise.creditor}/")


def left_of(debtor: Debtor, promise: PromiseToPay) -> int:
    """What of a promise is still to come, and owed, minor units."""
    owed = sum(_still_owed(debtor, key) for key in promise.debts)
    left = promise.amount - paid_towards(debtor, promise)
    return max(0, min(left, owed) if promise.debts else left)


def _still_owed(debtor: Debtor, key: str) -> int:
    """What a debt in our hands still asks for; nothing once it is paid."""
    debt = debtor.debt(key)
    if debt is None or debt.status is DebtStatus.PAID:
        return 0
    return debt.outstanding.minor
