"""What was agreed is told in writing, whoever agreed it where: in the talk, on the page or with one of us on the phone."""

from datetime import datetime, timedelta

from recobro.domain.acting import Statement
from recobro.domain.agreeing import chooses_plan
from recobro.domain.channel import Kind
from recobro.domain.contact_point import Level
from recobro.domain.conversation import Reply
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PlanAgreed, ReplyOwed
from recobro.domain.own_address import AGREEMENT, own_address
from recobro.domain.plan import Authority, PlanOffer
from recobro.domain.playbook import Playbook
from recobro.domain.refusal import Refusal

WITHIN = timedelta(days=5)
"""A written agreement may wait for the law's next window."""


def agreed_in_writing(
    debtor: Debtor,
    statement: Statement,
    playbook: Playbook,
    now: datetime,
    offer_id: str,
    authority: Authority = Authority.AUTOMATIC,
) -> tuple[Fact, ...] | Refusal:
    """`chooses_plan`, and the copy of what was agreed."""
    chosen = chooses_plan(debtor, statement, playbook, now, offer_id, authority)
    if isinstance(chosen, Refusal):
        return chosen
    plans = [one.plan for one in chosen if isinstance(one, PlanAgreed)]
    return (
        *chosen,
        *(copy for one in plans for copy in in_writing(debtor, statement, playbook, one.offer, now)),
    )


def in_writing(
    debtor: Debtor, statement: Statement, playbook: Playbook, offer: PlanOffer, now: datetime
) -> tuple[ReplyOwed, ...]:
    """The copy of what was agreed that is now owed; none where no address of the person's own may carry it: the page shows it."""
    where = own_address(debtor, playbook, statement.channel, statement.point)
    if where is None:
        return ()
    channel, point = where
    copy = Reply(
        id=f"{statement.short}w",
        words=AGREEMENT,
        channel=channel,
        point=point,
        kind=Kind.AGREEMENT_COPY,
        creditor=offer.creditor,
        asked_at=now,
        expires_at=now + WITHIN,
        level=Level.ADDRESSED,
        currency=offer.currency,
    )
    return (ReplyOwed(copy),)
