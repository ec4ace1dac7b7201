"""A person's attempts as the law counts them: how far each got, by whom, about which debts."""

from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.debtor import Debtor
from recobro.law.contact import PastContact, Rung

_RUNG = {
    AttemptStatus.CLAIMED: Rung.SENT,
    AttemptStatus.UNKNOWN: Rung.SENT,
    AttemptStatus.SENT: Rung.SENT,
    AttemptStatus.DELIVERED: Rung.DELIVERED,
    AttemptStatus.READ: Rung.DELIVERED,
    AttemptStatus.ANSWERED: Rung.CONVERSATION,
    AttemptStatus.FAILED: Rung.ATTEMPT,
    AttemptStatus.RELEASED: Rung.RELEASED,
}
_CALL_RUNG = {
    "conversation": Rung.CONVERSATION,
    "no_answer": Rung.CONNECTED,
    "voicemail": Rung.CONNECTED,
    "wrong_party": Rung.CONNECTED,
    "busy": Rung.ATTEMPT,
    "not_in_service": Rung.ATTEMPT,
}


def past_contacts(debtor: Debtor) -> tuple[PastContact, ...]:
    """Every attempt that the record still holds, oldest first."""
    return tuple(_past(one) for one in debtor.attempts)


def _past(attempt: ContactAttempt) -> PastContact:
    return PastContact(
        at=attempt.claimed_at,
        channel=attempt.channel,
        creditor=attempt.creditor,
        debts=attempt.debts,
        rung=_CALL_RUNG.get(attempt.outcome, _RUNG[attempt.status]),
        outcome=attempt.outcome,
        kind=attempt.kind,
        by=attempt.by if attempt.by in {"creditor", "other_agency"} else "collector",
        point=attempt.point,
    )
