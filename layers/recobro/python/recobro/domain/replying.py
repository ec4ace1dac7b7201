"""Answers that we owe go out as any contact does: decided, claimed, sent once; the law is asked for each, at any hour of theirs."""

from dataclasses import replace
from datetime import datetime, timedelta

from recobro.domain.agreeing import voice_of
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.candidates import (
    arrival_ends,
    intended_contact,
    next_number,
    packs_of,
    rest_after,
    tries_of,
)
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import CHANNELS_OF, ContactPoint, Level, PointState
from recobro.domain.conversation import Reply
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact, Decision, Stop, Wait
from recobro.domain.duties import open_duties
from recobro.domain.eligibility import Today, Voice
from recobro.domain.hand_over import waits_for_words
from recobro.domain.money import Money
from recobro.domain.own_address import own_address
from recobro.domain.plan import PaymentPlan, PlanOffer
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.domain.refusal import Refusal
from recobro.law.answer import Never
from recobro.law.contact import PastContact
from recobro.law.engine import next_permitted

STAGE = "reply"
"""Where a strategy has its stages, an answer has this word: it belongs to none."""
AT_ONCE = timedelta(hours=1)
"""Who asks at midnight is answered at midnight; an answer that was kept back longer wakes nobody."""


OF_WHAT_IS_OWED = frozenset({
    "reply_how_to_pay", "reply_which_day", "reply_is_it_that_day", "reply_how_much", "reply_too_far", "reply_too_little",
    "reply_plan_offered",
})  # fmt: skip
"""Answers that name a sum, or ask for a day to pay it: where nothing is owed any more, they are left unsaid."""


def reply_of(debtor: Debtor, step: StepKey) -> Reply | None:
    """The answer that a step of ours is; None for every other contact."""
    if step.stage != STAGE:
        return None
    return next((one for one in debtor.replies if one.id == step.step), None)


def goes_to(debtor: Debtor, reply: Reply, playbook: Playbook) -> Reply | None:
    """Where it goes by now: a copy of what was agreed, to an address that is still the person's own. None: there is none left, and
    the page shows it.
    """
    if reply.kind is not Kind.AGREEMENT_COPY:
        return reply
    found = own_address(debtor, playbook, reply.channel, reply.point)
    return replace(reply, channel=found[0], point=found[1]) if found is not None else None


def stands(debtor: Debtor, reply: Reply, now: datetime) -> ContactPoint | None:
    """The point that it may still go to: what the person closed since stays closed, but for the confirmation of just that."""
    point = debtor.point(reply.point)
    if point is None or now >= reply.expires_at or reply.channel not in CHANNELS_OF[point.kind]:
        return None
    is_last_word = bool(reply.event)
    return None if is_closed(debtor, point, reply.channel) and not is_last_word else point


def is_closed(debtor: Debtor, point: ContactPoint, channel: Channel) -> bool:
    """Whether the person closed that point for us, or that channel there or everywhere."""
    closed = point.state is not PointState.ACTIVE or channel in point.blocked
    return closed or bool({"*", channel.value} & set(debtor.stopped))


def still_to_be_said(debtor: Debtor, reply: Reply, playbook: Playbook, today: Today) -> bool:
    """Not to who has paid since they asked, or whose debt rests by now, where the answer is about what is owed; nor where what it
    is about is over: another day was promised, the money came, a plan was chosen.
    """
    if not _has_its_subject(debtor, reply):
        return False
    is_of_it = reply.words in OF_WHAT_IS_OWED
    return not is_of_it or voice_of(debtor, playbook, today, reply.creditor, reply.currency) is not None


def _has_its_subject(debtor: Debtor, reply: Reply) -> bool:
    """Whether the promise that it confirms, the plans that it lists or the agreement that it writes down still stand."""
    match reply.words:
        case "reply_promise_noted":
            day = reply.values.get("promise_day", "")
            promised = (one for one in debtor.promises if one.status is PromiseStatus.OPEN)
            return any(_is_of(reply, one) and day in ("", one.due_on.isoformat()) for one in promised)
        case "reply_plan_offered":
            return any(_is_of(reply, one) for one in debtor.conversation.offers)
        case "agreement":
            return any(_is_of(reply, one) for one in debtor.plans if one.is_open)
        case _:
            return True


def _is_of(reply: Reply, agreed: PromiseToPay | PlanOffer | PaymentPlan) -> bool:
    """Whether it is about what is owed to that creditor in that currency."""
    return agreed.creditor == reply.creditor and reply.currency in ("", agreed.currency)


def replies_due(
    debtor: Debtor,
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> list[Decision]:
    """What to do about each answer owed: say it now, or wait until the law lets us."""
    return [
        decision
        for reply in debtor.replies
        if (decision := _for_reply(debtor, reply, playbook, switches, history, today)) is not None
    ]


def _for_reply(
    debtor: Debtor,
    reply: Reply,
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> Decision | None:
    key = StepKey(0, STAGE, reply.id)
    tries = tries_of(debtor, key)
    if waits_for_words(debtor, key) or any(
        one.status is not AttemptStatus.RELEASED or one.is_spent for one in tries
    ):
        return None
    going = goes_to(debtor, reply, playbook)
    if going is None:
        return _unwritten(reply, today) if still_to_be_said(debtor, reply, playbook, today) else None
    return _said_there(debtor, going, key, tries, playbook, switches, history, today)


def _said_there(
    debtor: Debtor,
    reply: Reply,
    key: StepKey,
    tries: list[ContactAttempt],
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> Decision | None:
    point, brand = stands(debtor, reply, today.now), playbook.client.brand(reply.creditor)
    if point is None or brand is None or _is_closed(debtor, reply, playbook, switches, today.now):
        return None
    if not still_to_be_said(debtor, reply, playbook, today):
        return None
    rest = rest_after(tries, today.now)
    if rest is not None:
        return rest if rest.until < reply.expires_at else None
    found = voice_of(debtor, playbook, today, reply.creditor, reply.currency)
    voice = found or _nothing_due(debtor, reply, today)
    packs = packs_of(debtor, playbook)
    intended = intended_contact(debtor, voice, STAGE, reply.kind, reply.channel, point, playbook, today.now)
    if reply.event:
        intended = replace(intended, events=intended.events | {reply.event})
    duties = open_duties(debtor, packs, playbook, today.now)
    answer = next_permitted(packs, playbook.calendars, intended, history, today.now, duties=duties)
    if not isinstance(answer, Never) and answer.at >= reply.asked_at + AT_ONCE and not reply.event:
        ordinary = next_permitted(
            packs, playbook.calendars, replace(intended, kind=Kind.COLLECTION), (), today.now
        )
        # Where nothing else may be said, or not before it is too late, an answer at any lawful hour is better than none.
        if not isinstance(ordinary, Never) and ordinary.at < reply.expires_at:
            answer = max(answer, ordinary, key=lambda one: one.at)
    if isinstance(answer, Never) or answer.at >= reply.expires_at:
        return None
    if answer.at > today.now:
        return Wait(answer.at, (answer.held_by,) if answer.held_by is not None else ())
    return Contact(
        step=key,
        number=next_number(tries),
        creditor=reply.creditor,
        channel=reply.channel,
        point=reply.point,
        kind=reply.kind,
        template=reply.words,
        tone="helpful",
        debts=tuple(debt.key for debt in voice.debts) if reply.level is not Level.NEUTRAL else (),
        due=voice.due,
        later=voice.later,
        dpd=voice.dpd,
        ends_at=min(arrival_ends(debtor, intended, playbook, today.now), reply.expires_at),
        recipient=point.contact,
        rank=-1,
    )


def _unwritten(reply: Reply, today: Today) -> Decision | None:
    """An agreement of which no copy can be sent is said to be one, as long as it is owed."""
    if today.now >= reply.expires_at:
        return None
    change = "an e-mail or a WhatsApp of the person's own, and words for it in messages/agreement"
    return Stop((Refusal("agreement.no_own_point", "PRACTICE: Disclosure levels", change=change),))


def _is_closed(debtor: Debtor, reply: Reply, playbook: Playbook, switches: Switches, now: datetime) -> bool:
    """Channels that are not ours to use, that an operator or a circuit turned off, or whose month's money is spent."""
    country, brand = debtor.profile.country, playbook.client.brand(reply.creditor)
    acts_as = brand.acts_as_in(STAGE) if brand is not None else "third_party"
    return (
        playbook.client.setup(reply.channel) is None
        or not playbook.client.is_approved(reply.channel, country, reply.creditor, acts_as)
        or bool(switches.off_for(creditor=reply.creditor, channel=reply.channel.value, country=country))
        or switches.no_money(reply.channel, now) is not None
    )


def _nothing_due(debtor: Debtor, reply: Reply, today: Today) -> Voice:
    """For an answer to somebody who owes nothing that may be spoken of."""
    same = (one.currency for one in debtor.debts if one.creditor == reply.creditor)
    nothing = Money(0, reply.currency or next(same, "USD"))
    return Voice(reply.creditor, nothing.currency, (), 0, today.day, nothing, nothing, today.now, ())
