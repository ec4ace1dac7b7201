"""Plans are computed, never improvised: what policy grants to this person today, to the cent, and nothing beyond it.

Every channel, bot and agent offers from this list alone, and only what is on it can be agreed (domain/acting.py).
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from recobro.domain import business_days
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, Voice
from recobro.domain.plan import Authority, PlanOffer, PlanPart
from recobro.domain.playbook import Playbook
from recobro.domain.segmentation import segment_of, stages_for
from recobro.domain.strategy import OfferPolicy

RANK = {Authority.AUTOMATIC: 0, Authority.SUPERVISOR: 1, Authority.CREDITOR: 2}


def offers_for(
    debtor: Debtor, voice: Voice, playbook: Playbook, today: Today, authority: Authority = Authority.AUTOMATIC
) -> tuple[PlanOffer, ...]:
    """The plans that whoever has `authority` may offer for what `voice` may speak of, in the order of the strategy. Pure.

    None for a debt past its limitation (PRACTICE: a plan may revive it), for a broken plan's episode, or where nothing is due.
    """
    if not voice.debts or _broke_one(debtor, voice):
        return ()
    segment = segment_of(debtor, voice, playbook.strategy)
    stages = stages_for(segment, playbook.strategy)
    stage = next((one.name for one in stages if one.from_dpd <= voice.dpd <= one.to_dpd), "")
    return tuple(
        offer
        for policy in playbook.strategy.offers
        if RANK[policy.authority] <= RANK[authority]
        and (not policy.stages or stage in policy.stages)
        and (not policy.segments or segment in policy.segments)
        for offer in _computed(policy, debtor, voice, today)
    )


def _broke_one(debtor: Debtor, voice: Voice) -> bool:
    """Who broke a plan in this episode is offered the next one by a person."""
    numbers = {
        one.number
        for one in debtor.open_episodes()
        if (one.creditor, one.currency) == (voice.creditor, voice.currency)
    }
    return any(one.episode in numbers and one.status.value == "broken" for one in debtor.plans)


def _computed(policy: OfferPolicy, debtor: Debtor, voice: Voice, today: Today) -> Iterator[PlanOffer]:
    owed = sum(debt.outstanding.minor for debt in voice.debts)
    discount = _discount(policy, voice, owed)
    total = owed - discount
    least = policy.min_instalment.get(voice.currency, 0)
    for count in policy.instalments:
        amounts = _split(total, count, policy.min_down_share)
        if min(amounts) < max(1, least):
            continue
        days = _days(policy, count, today)
        parts = tuple(
            PlanPart(day, amount, business_days.plus(day, policy.grace_business_days, today.holidays))
            for day, amount in zip(days, amounts, strict=True)
        )
        debts = tuple(debt.key for debt in voice.debts)
        last_day = min(
            days[0], business_days.plus(today.day, policy.valid_business_days, today.holidays)
        )  # whoever says yes later could not keep the first date any more
        yield PlanOffer(
            id=_name(policy.name, debtor.id, debts, owed, discount, parts),
            policy=policy.name,
            creditor=voice.creditor,
            currency=voice.currency,
            parts=parts,
            owed=owed,
            discount=discount,
            debts=debts,
            authority=policy.authority,
            expires_at=today.starts(last_day + timedelta(days=1)),
            void_after_missed=policy.void_after_missed,
        )


def _discount(policy: OfferPolicy, voice: Voice, owed: int) -> int:
    """Off interest and fees first promised to nobody else: never principal, and never below the floor."""
    soft = sum(debt.amounts.interest + debt.amounts.fees for debt in voice.debts)
    wished = min(soft, owed * policy.discount_share // 100)
    floor = -(-owed * policy.floor_share // 100)
    return max(0, min(wished, owed - floor))


def _split(total: int, count: int, down_share: int) -> list[int]:
    """Whole minor units that add up exactly. The first part is at least the down payment; odd units go to it."""
    if count == 1:
        return [total]
    down = max(-(-total * down_share // 100), total - (total // count) * (count - 1))
    rest = total - down
    each = rest // (count - 1)
    return [total - each * (count - 1), *([each] * (count - 1))]


def _days(policy: OfferPolicy, count: int, today: Today) -> list[date]:
    """On business days, the first within `first_within_days`."""
    first = business_days.on_or_after(today.day + timedelta(days=policy.first_within_days), today.holidays)
    return [
        business_days.on_or_after(first + timedelta(days=policy.every_days * number), today.holidays)
        for number in range(count)
    ]


def _name(
    policy: str, debtor: str, debts: tuple[str, ...], owed: int, discount: int, parts: tuple[PlanPart, ...]
) -> str:
    terms = [
        policy,
        debtor,
        *debts,
        str(owed),
        str(discount),
        *(f"{one.due_on}={one.amount}" for one in parts),
    ]
    return "o" + hashlib.sha256("\x1f".join(terms).encode()).hexdigest()[:15]
