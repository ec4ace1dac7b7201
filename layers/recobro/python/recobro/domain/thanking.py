"""Who paid is thanked, once: what came, when, and what the account stands at; a receipt that asked for the rest would be collection.

The law exempts the kind from most of its measures. It goes all the same only by a channel and at an hour at which the person could
be written to anyway: nobody is woken by thanks, and who closed a channel is left in peace there.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recobro.domain.allocation import OPEN
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.candidates import (
    Candidate,
    arrival_ends,
    closed_to,
    intended_contact,
    is_tried_out,
    next_number,
    packs_of,
    rest_after,
    tries_of,
)
from recobro.domain.channel import Channel, Kind
from recobro.domain.debt import Role
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact, Decision, Wait
from recobro.domain.disclosure import ceiling
from recobro.domain.duties import open_duties
from recobro.domain.eligibility import Today, Voice, days_past_due
from recobro.domain.hand_over import waits_for_words
from recobro.domain.languages import choose
from recobro.domain.money import Money
from recobro.domain.payment import Payment
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.strategy import Stage
from recobro.domain.template import DEPTH
from recobro.domain.waived import waived
from recobro.law.answer import Never
from recobro.law.contact import PastContact
from recobro.law.engine import next_permitted

STAGE = "thanks"
"""Where a strategy has its stages, a receipt has this word: it belongs to none."""
TEMPLATE = "payment_receipt"
WITHIN = timedelta(days=3)
"""From when we were told: over a weekend, but no thanks for what is long past. Shorter than attempts stay in the record."""
TRIES = 3
"""Of one receipt, after definite failures."""
RANK = 60
"""After legal duties and what the person agreed to, before every other message (PRACTICE: Pace)."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """One payment to one creditor, however many debts it went to."""

    name: str
    creditor: str
    amount: Money
    told_at: datetime
    debts: tuple[str, ...]


def thanks_for(debtor: Debtor, payments: Iterable[Payment]) -> Iterator[Thanks]:
    """What of these payments the record may be thanked for; nothing of which any part went back.

    Every obligor's record holds a payment, and one of them made it: whoever only vouches for the debt is not thanked for another's.
    """
    grouped: dict[tuple[str, str], list[Payment]] = {}
    for payment in payments:
        debt = debtor.debt(payment.debt)
        if debt is None or debt.role is not Role.PRINCIPAL:
            continue
        grouped.setdefault((payment.intent, payment.debt.partition("/")[0]), []).append(payment)
    for (intent, creditor), parts in grouped.items():
        if any(one.is_reversed or one.returned for one in parts):
            continue
        yield Thanks(
            name=hashlib.sha256(f"{intent} {creditor}".encode()).hexdigest()[:12],
            creditor=creditor,
            amount=Money(sum(one.amount for one in parts), parts[0].currency),
            told_at=min(one.told_at for one in parts),
            debts=tuple(dict.fromkeys(one.debt for one in parts)),
        )


def thanks_of(debtor: Debtor, step: StepKey) -> Thanks | None:
    """What a step of ours thanks for; None for every other contact, and for money that went back."""
    if step.stage != STAGE:
        return None
    return next((one for one in thanks_for(debtor, debtor.payments) if one.name == step.step), None)


def still_thanked(debtor: Debtor, claim: ContactAttempt) -> bool:
    """Whether what a claimed receipt is about still stands, at a point and by a channel still open."""
    point = debtor.point(claim.point)
    is_open = point is not None and point.carries(claim.channel)
    closed = {"*", claim.channel.value} & set(debtor.stopped)
    return is_open and not closed and thanks_of(debtor, claim.step) is not None


def balance_after(debtor: Debtor, thanks: Thanks) -> Money:
    """What the account that was paid stands at now: everything open with that creditor in that currency but what was waived."""
    nobodys = waived(debtor)
    same = (
        debt.outstanding.minor
        for debt in debtor.debts
        if (debt.creditor, debt.currency) == (thanks.creditor, thanks.amount.currency)
        and debt.status in OPEN
        and debt.key not in nobodys
    )
    return Money(sum(same), thanks.amount.currency)


def thanks_due(
    debtor: Debtor,
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> list[Decision]:
    """The receipt of each payment of these days: to be sent, or waited for."""
    rules = playbook.client.payments
    if not rules.thank or f"{TEMPLATE}.{playbook.client.default_language}" not in playbook.templates:
        return []
    fresh = {one.intent for one in debtor.payments if today.now < one.told_at + WITHIN}
    found = (
        _for_payment(debtor, one, playbook, switches, history, today)
        for one in thanks_for(debtor, (one for one in debtor.payments if one.intent in fresh))
        if today.now < one.told_at + WITHIN
    )
    return [one for one in found if one is not None]


def _for_payment(
    debtor: Debtor,
    thanks: Thanks,
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> Decision | None:
    key = StepKey(0, STAGE, thanks.name)
    tries = tries_of(debtor, key)
    certain = {AttemptStatus.RELEASED, AttemptStatus.FAILED}
    if (
        waits_for_words(debtor, key)
        or is_tried_out(tries, TRIES)
        or any(one.status not in certain for one in tries)
    ):
        return None
    rest = rest_after(tries, today.now)
    if rest is not None:
        return rest if rest.until < thanks.told_at + WITHIN else None
    if playbook.client.brand(thanks.creditor) is None:
        return None
    voice = _voice(debtor, thanks, today)
    found = list(_candidates(debtor, voice, tries, playbook, switches, history, today))
    best = min(found, key=lambda one: one.at, default=None)
    if best is None or best.at >= thanks.told_at + WITHIN:
        return None
    if best.at > today.now:
        return Wait(best.at, (best.held_by,) if best.held_by is not None else ())
    return Contact(
        step=key,
        number=next_number(tries),
        creditor=thanks.creditor,
        channel=best.channel,
        point=best.point.id,
        kind=Kind.PAYMENT_RECEIPT,
        template=TEMPLATE,
        tone="friendly",
        debts=thanks.debts,
        due=voice.due,
        later=voice.later,
        dpd=voice.dpd,
        ends_at=arrival_ends(debtor, best.intended, playbook, today.now),
        recipient=best.point.contact,
        rank=RANK,
    )


def _candidates(
    debtor: Debtor,
    voice: Voice,
    tries: list[ContactAttempt],
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> Iterator[Candidate]:
    """Each channel at each point at which thanks may be said, the person's own first, and from when; no further than the first that is
    open now.
    """
    packs, stage = packs_of(debtor, playbook), Stage(STAGE, voice.dpd, voice.dpd, ())
    _, words = choose(playbook, TEMPLATE, debtor.profile)
    duties = open_duties(debtor, packs, playbook, today.now)
    spent = {(one.channel, one.point) for one in tries if one.is_spent or one.status is AttemptStatus.FAILED}
    for channel in _own_first(debtor, playbook.client.payments.channels):
        if closed_to(debtor, voice, stage, channel, playbook, switches) is not None:
            continue
        if switches.no_money(channel, today.now) is not None:
            continue
        for point in sorted(debtor.points, key=lambda one: -DEPTH[one.level]):
            if not point.carries(channel) or (channel, point.id) in spent:
                continue
            intended = intended_contact(
                debtor, voice, STAGE, Kind.PAYMENT_RECEIPT, channel, point, playbook, today.now
            )
            most = ceiling(channel, point=point.level, acts_as=intended.acts_as, dpd=voice.dpd)
            if not words.part_for(channel, most):
                continue
            lawful = next_permitted(packs, playbook.calendars, intended, history, today.now, duties=duties)
            ordinary = replace(intended, kind=Kind.COLLECTION)
            polite = next_permitted(packs, playbook.calendars, ordinary, (), today.now)
            if isinstance(lawful, Never) or isinstance(polite, Never):
                continue
            later = max(lawful, polite, key=lambda one: one.at)
            yield Candidate(channel, point, later.at, ordinary, later.held_by)
            if later.at <= today.now:
                return


def _own_first(debtor: Debtor, channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    """By what the person last wrote to us or was reached by, then as the client's file has them."""
    reached = {AttemptStatus.DELIVERED, AttemptStatus.READ, AttemptStatus.ANSWERED}
    used = [(one.at, one.channel) for one in debtor.approaches]
    used += [(one.claimed_at, one.channel) for one in debtor.attempts if one.status in reached]
    own = [channel for _, channel in sorted(used, reverse=True) if channel in channels]
    return tuple(dict.fromkeys((*own[:1], *channels)))


def _voice(debtor: Debtor, thanks: Thanks, today: Today) -> Voice:
    """What the law is asked about: the debts that were paid, with nothing due, since nothing is asked for."""
    debts = tuple(debt for key in thanks.debts if (debt := debtor.debt(key)) is not None)
    nothing = Money(0, thanks.amount.currency)
    dpd = max((days_past_due(debt, today) for debt in debts), default=1)
    return Voice(thanks.creditor, nothing.currency, debts, dpd, today.day, nothing, nothing, today.now, ())
