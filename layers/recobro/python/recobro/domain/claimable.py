"""Between a claim and its send, somebody may have paid, objected or been put on hold: what then still may go out."""

from datetime import datetime

from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of, voices
from recobro.domain.playbook import Playbook


def still_claimable(debtor: Debtor, claim: ContactAttempt, playbook: Playbook, now: datetime) -> bool:
    """Whether every debt the message names may still be spoken of, at a point and by a channel still open."""
    mine = debtor.attempt(claim.id)
    point = debtor.point(claim.point)
    if mine is None or mine.status is not AttemptStatus.CLAIMED or point is None:
        return False
    if not point.carries(claim.channel) or {"*", claim.channel.value} & set(debtor.stopped):
        return False
    today = today_of(debtor, playbook, now)
    open_debts = {debt.key for voice in voices(debtor, playbook, today) for debt in voice.debts}
    return set(claim.debts) <= open_debts
