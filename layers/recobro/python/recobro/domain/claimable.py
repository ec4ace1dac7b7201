"""Between a claim and its send, somebody may have paid, objected or been put on hold: what then still may go out."""

from dataclasses import replace
from datetime import datetime

from recobro.domain import reminding, replying, thanking
from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.candidates import intended_contact, packs_of
from recobro.domain.debtor import Debtor
from recobro.domain.duties import open_duties
from recobro.domain.eligibility import today_of, voices, without_agreements
from recobro.domain.past_contacts import past_contacts
from recobro.domain.playbook import Playbook
from recobro.law.engine import verdict


def still_claimable(debtor: Debtor, claim: ContactAttempt, playbook: Playbook, now: datetime) -> bool:
    """Whether every debt the message names may still be spoken of, at a point and by a channel still open, and the law
    has nothing against it beside what was saved since.
    """
    mine = debtor.attempt(claim.id)
    point = debtor.point(claim.point)
    if mine is None or mine.status is not AttemptStatus.CLAIMED or point is None:
        return False
    if claim.step.stage == replying.STAGE:
        owed = replying.reply_of(debtor, claim.step)
        reply = replying.goes_to(debtor, owed, playbook) if owed is not None else None
        if reply is None or reply.point != claim.point or replying.stands(debtor, reply, now) is None:
            return False
        return replying.still_to_be_said(debtor, reply, playbook, today_of(debtor, playbook, now))
    if claim.step.stage == thanking.STAGE:
        return thanking.still_thanked(debtor, claim)
    if not point.carries(claim.channel) or {"*", claim.channel.value} & set(debtor.stopped):
        return False
    today = today_of(debtor, playbook, now)
    asked = debtor
    if claim.step.stage == reminding.STAGE:
        if not reminding.still_agreed(debtor, claim):
            return False
        asked = without_agreements(debtor)
    spoken = [one for one in voices(asked, playbook, today) if one.debts]
    if not set(claim.debts) <= {debt.key for voice in spoken for debt in voice.debts}:
        return False
    voice = next((one for one in spoken if {debt.key for debt in one.debts} & set(claim.debts)), None)
    if voice is None:
        return not claim.debts
    voice = replace(voice, debts=tuple(debt for debt in voice.debts if debt.key in claim.debts))
    packs = packs_of(debtor, playbook)
    intended = intended_contact(
        debtor, voice, claim.step.stage, claim.kind, claim.channel, point, playbook, now
    )
    others = past_contacts(debtor, besides=claim.id)
    duties = open_duties(debtor, packs, playbook, now)
    return verdict(packs, playbook.calendars, intended, others, now, duties=duties) is None
