"""The day before a date that the person chose, one kind word: a help and no pressure, and only if the law lets us."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recobro.domain import business_days
from recobro.domain.attempt import ContactAttempt, StepKey
from recobro.domain.candidates import arrives_by, is_tried_out, next_number, rest_after, tries_of, weigh
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact, Decision, Wait
from recobro.domain.eligibility import Today, Voice, voices, without_agreements
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.strategy import Stage, Step
from recobro.law.contact import PastContact

STAGE = "promise"
TEMPLATE = "promise_reminder"
RANK = 50
"""After legal duties, before every other message (PRACTICE: Pace)."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A date of a promise or a plan that is still ahead. name: the step that reminds of it."""

    name: str
    episode: int
    creditor: str
    currency: str
    due_on: date
    made_at: datetime


def agreed_dates(debtor: Debtor) -> Iterator[Agreed]:
    """What the person has agreed to and not yet paid, one date each."""
    for promise in debtor.promises:
        if promise.status is PromiseStatus.OPEN:
            yield Agreed(
                promise.id,
                promise.episode,
                promise.creditor,
                promise.currency,
                promise.due_on,
                promise.made_at,
            )
    for plan in debtor.plans:
        part = plan.next_part()
        if plan.is_open and part is not None:
            name = f"{plan.id}-{part.due_on:%Y%m%d}"
            yield Agreed(name, plan.episode, plan.creditor, plan.currency, part.due_on, plan.made_at)


def reminders_due(
    debtor: Debtor,
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> list[Decision]:
    """The reminder of each agreed date: to be sent on the last business day before it, or waited for until then."""
    if f"{TEMPLATE}.{playbook.client.default_language}" not in playbook.templates:
        return []
    found = (_for_date(debtor, one, playbook, switches, history, today) for one in agreed_dates(debtor))
    return [one for one in found if one is not None]


def _for_date(
    debtor: Debtor,
    agreed: Agreed,
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> Decision | None:
    remind_on = _day_before(agreed.due_on, today)
    made_on = agreed.made_at.astimezone(today.zone).date()
    episode = debtor.episode(agreed.episode)
    key = StepKey(agreed.episode, STAGE, agreed.name)
    if made_on >= remind_on or today.day >= agreed.due_on or episode is None:
        return None
    mark = episode.mark_of(key.mark)
    if mark is not None and mark.how != "reopened":
        return None
    if today.day < remind_on:
        return Wait(
            today.starts(remind_on),
            (Refusal("promise.reminder", "PRACTICE: Promise", today.starts(remind_on)),),
        )
    voice = spoken_voice(debtor, playbook, today, agreed.creditor, agreed.currency)
    tries = tries_of(debtor, key)
    if voice is None or any(one.is_open for one in tries) or is_tried_out(tries, playbook.strategy.max_tries):
        return None
    rest = rest_after(tries, today.now)
    if rest is not None:
        return rest if rest.until < today.starts(agreed.due_on) else None
    rules = playbook.strategy.promises
    step = Step(agreed.name, voice.dpd, rules.reminder_channels, TEMPLATE)
    stage = Stage(STAGE, voice.dpd, voice.dpd, (step,))
    weighed = weigh(debtor, voice, stage, step, tries, playbook, switches, history, today.now)
    if not weighed.found:
        return None
    best = min(weighed.found, key=lambda one: one.at)
    if best.at >= today.starts(agreed.due_on):
        return None
    if best.at > today.now:
        return Wait(best.at, (best.held_by,) if best.held_by is not None else ())
    return Contact(
        step=key,
        number=next_number(tries),
        creditor=voice.creditor,
        channel=best.channel,
        point=best.point.id,
        kind=best.intended.kind,
        template=TEMPLATE,
        tone=step.tone,
        debts=tuple(debt.key for debt in voice.debts),
        due=voice.due,
        later=voice.later,
        dpd=voice.dpd,
        ends_at=arrives_by(debtor, best, playbook, today.now),
        is_first_notice=voice.dpd > 0 and episode.noticed_at is None,
        recipient=best.point.contact,
        rank=RANK,
        passed_over=weighed.refused,
    )


def spoken_voice(
    debtor: Debtor, playbook: Playbook, today: Today, creditor: str, currency: str
) -> Voice | None:
    """What may be spoken of but for the promise or plan itself, which is what keeps everything else quiet."""
    free = without_agreements(debtor)
    same = (
        one
        for one in voices(free, playbook, today)
        if one.debts and (one.creditor, one.currency) == (creditor, currency)
    )
    return next(same, None)


def still_agreed(debtor: Debtor, claim: ContactAttempt) -> bool:
    """Whether the date that a claimed reminder is about is still waited for."""
    return any(StepKey(one.episode, STAGE, one.name) == claim.step for one in agreed_dates(debtor))


def _day_before(due_on: date, today: Today) -> date:
    day = due_on - timedelta(days=1)
    while not business_days.is_business_day(day, today.holidays):
        day -= timedelta(days=1)
    return day
