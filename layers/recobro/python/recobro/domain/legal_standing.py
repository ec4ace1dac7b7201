"""What a suit, an insolvency or a death means in the eyes of the law: read from statuses, holds and what we were told."""

from collections.abc import Sequence

from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.hold import HoldReason

EVENT_OF_HOLD = {HoldReason.INSOLVENCY: "insolvency_started", HoldReason.DECEASED: "deceased"}


def events_of(debtor: Debtor) -> frozenset[str]:
    """The stop events that stand for a person. An insolvency is the person's, whichever creditor told us of it; a suit
    is one debt's, unless we were told that the person was served.
    """
    told = set(debtor.events)
    if any(debt.status is DebtStatus.INSOLVENT for debt in debtor.debts):
        told.add("insolvency_started")
    told |= {
        EVENT_OF_HOLD[one.reason]
        for one in debtor.holds
        if one.reason in EVENT_OF_HOLD and one.lifted_at is None
    }
    return frozenset(told)


def stage_of(debts: Sequence[Debt], dpd: int) -> str:
    """The stage of a contact about `debts` in the words of the packs. dpd: of the oldest of them, worth a message by itself or not."""
    statuses = {debt.status for debt in debts}
    if DebtStatus.INSOLVENT in statuses:
        return "insolvency"
    if DebtStatus.JUDICIAL in statuses:
        return "litigation"
    return "past_due" if dpd > 0 else "pre_due"
