"""A person's attempts as the law counts them: how far each got, by whom, about which debts."""

from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.debtor import Approach, Debtor
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


_OTHERS = frozenset({"creditor", "other_agency", "debtor"})


def past_contacts(debtor: Debtor, *, besides: str = "") -> tuple[PastContact, ...]:
    """Every attempt that the record still holds, then every time the person came to us. Order means nothing to the law.

    besides: id of the attempt that is in question itself.
    """
    made = [_past(one) for one in debtor.attempts if one.id != besides]
    return (*made, *map(_approach, debtor.approaches)) if debtor.approaches else tuple(made)


def _approach(one: Approach) -> PastContact:
    """A message or call from the person is a talk; about whose debts, nobody knows, so it is about all."""
    return PastContact(one.at, one.channel, "", rung=Rung.CONVERSATION, by="debtor", point=one.point)


def _past(attempt: ContactAttempt) -> PastContact:
    return PastContact(
        at=attempt.claimed_at,
        channel=attempt.channel,
        creditor=attempt.creditor,
        debts=attempt.debts,
        rung=rung_of(attempt),
        outcome=attempt.outcome,
        kind=attempt.kind,
        by=attempt.by if attempt.by in _OTHERS else "collector",
        point=attempt.point,
        of=attempt.shared,
    )


def rung_of(attempt: ContactAttempt) -> Rung:
    """How far it got. What a call came to says more than its status, except that what was released never left."""
    by_status = _RUNG[attempt.status]
    return by_status if by_status is Rung.RELEASED else _CALL_RUNG.get(attempt.outcome, by_status)
