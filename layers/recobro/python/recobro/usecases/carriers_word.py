"""What a carrier says of an address is true for everybody there: one number has one owner's no, and a dead number is dead for all."""

from datetime import datetime
from functools import partial

from recobro.codec import write_instant
from recobro.domain.attempt import ContactAttempt
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PointChannelBlocked, PointStateChanged
from recobro.domain.fold import apply
from recobro.house import House
from recobro.usecases.saving import change_whom_it_may_mean, opt_out_whom_it_may_mean

NOES = {"opted_out": "opt_out", "complaint": "complaint"}
"""A carrier's word for somebody's own no → why the address is closed."""
CLOSES = frozenset({*NOES, "suppress", "block_channel"})
"""Of a carrier's words, those that are about the address and not about one message."""


def point_facts(claim: ContactAttempt, then: str, code: str) -> tuple[Fact, ...]:
    """What a carrier's word means for the address it was about."""
    if then in NOES:
        return (PointStateChanged(claim.point, PointState.SUPPRESSED, NOES[then]),)
    if then == "suppress":
        return (PointStateChanged(claim.point, PointState.BAD, code),)
    if then == "block_channel":
        return (PointChannelBlocked(claim.point, claim.channel, code),)
    return ()


def keep_no(house: House, claim: ContactAttempt, then: str) -> None:
    """Close an address whose owner said no, for everybody there today and tomorrow, before anything is saved; a dead number is not
    closed like this: it may be given to somebody else one day.
    """
    if then in NOES:
        house.suppressions.add(claim.point, NOES[then], write_instant(house.now()))


def tell_others_there(house: House, debtor_id: str, claim: ContactAttempt, then: str, code: str) -> None:
    """The same for everybody else whom that address may mean; after `keep_no`. Told twice, it stands once."""
    if then not in CLOSES:
        return
    tell = partial(_heard_there, claim, then, code)
    for other in house.lookups.debtors(claim.point):
        if other != debtor_id and then in NOES:
            opt_out_whom_it_may_mean(house, other, claim.point, tell)
        elif other != debtor_id:
            change_whom_it_may_mean(house, other, tell)


def _heard_there(
    claim: ContactAttempt, then: str, code: str, debtor: Debtor, now: datetime
) -> tuple[Fact, ...]:
    """What is new of it in one record; no carrier's word takes back a no that stands there."""
    there = debtor.point(claim.point)
    if there is None or (then not in NOES and there.state is not PointState.ACTIVE):
        return ()
    facts = point_facts(claim, then, code)
    after = debtor
    for fact in facts:
        after = apply(after, fact, now)
    return facts if after != debtor else ()
