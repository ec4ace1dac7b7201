"""The decision itself: one person, one playbook, the time, and nothing else; contact, hand over, wait or stop, with reasons."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from recobro.domain.attempt import CALLS, REACHED_NOBODY, AttemptStatus, ContactAttempt, StepKey
from recobro.domain.candidates import arrives_by, is_tried_out, next_number, rest_after, tries_of, weigh
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact, Decision, HandOver, Stop, Wait
from recobro.domain.eligibility import Today, Voice, today_of, voices_of_messages
from recobro.domain.episode import Episode, Mark, gone_on_from
from recobro.domain.past_contacts import past_contacts
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.refusal import Refusal
from recobro.domain.reminding import STAGE as REMINDERS
from recobro.domain.reminding import reminders_due
from recobro.domain.replying import replies_due
from recobro.domain.segmentation import current_step, next_segment_day, next_step_day, segment_of, stages_for
from recobro.domain.strategy import Stage, Step, Strategy
from recobro.domain.thanking import thanks_due
from recobro.law.contact import PastContact

UNKNOWN_SETTLES_AFTER = timedelta(hours=72)
"""Receipts may take 72 hours (AWS End User Messaging); after that the plan goes on to the next step, never to a repeat."""

NO_STEPS = frozenset({REMINDERS, CALLS})
"""Before what is said in an episode besides the strategy's steps: promises that fall due, and calls that a task asks for."""

NO_SWITCHES = Switches()


def decide(debtor: Debtor, playbook: Playbook, now: datetime, switches: Switches = NO_SWITCHES) -> Decision:
    """What to do with that person at that instant. Pure: the same four arguments always give the same answer."""
    if debtor.is_erased:
        return Stop((Refusal("person.erased", "data protection"),))
    today = today_of(debtor, playbook, now)
    history = past_contacts(debtor)
    said = replies_due(debtor, playbook, switches, history, today) if debtor.replies else []
    if debtor.promises or debtor.plans:
        said += reminders_due(debtor, playbook, switches, history, today)
    if debtor.payments:
        said += thanks_due(debtor, playbook, switches, history, today)
    answers = said + [
        _for_voice(debtor, voice, playbook, switches, history, today)
        for voice in voices_of_messages(debtor, playbook, today)
    ]
    return _first_of(answers)


def _first_of(answers: Iterable[Decision]) -> Decision:
    """One person, one next thing: the most urgent contact, else a task, else the nearest wait."""
    everything = list(answers)
    contacts = [one for one in everything if isinstance(one, Contact)]
    if contacts:
        return min(contacts, key=lambda one: one.rank)
    tasks = [one for one in everything if isinstance(one, HandOver)]
    if tasks:
        return min(tasks, key=lambda one: one.priority)
    waits = [one for one in everything if isinstance(one, Wait)]
    refusals = tuple(refusal for one in everything if isinstance(one, Stop) for refusal in one.refusals)
    if waits:
        nearest = min(waits, key=lambda one: one.until)
        return Wait(nearest.until, nearest.refusals + refusals)
    return Stop(refusals or (Refusal("debtor.nothing_owed", "PRACTICE: What is owed"),))


def _for_voice(
    debtor: Debtor,
    voice: Voice,
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> Decision:
    if not voice.debts:
        return _refused(voice)
    if voice.dpd > 0 and today.now < voice.grace_ends:
        return Wait(
            voice.grace_ends, (Refusal("strategy.grace", "PRACTICE: What is owed", voice.grace_ends),)
        )
    stages = stages_for(segment_of(debtor, voice, playbook.strategy), playbook.strategy)
    current = current_step(stages, voice.dpd)
    episode = episode_of(debtor, voice)
    if current is None or episode is None:
        return _until_next_step(
            stages, playbook.strategy, voice, today, Refusal("strategy.no_step", "strategy.toml")
        )
    stage, step = current
    key = StepKey(episode.number, stage.name, step.name)
    mark = episode.mark_of(key.mark)
    if mark is not None and mark.how != "reopened":
        done = Refusal("step.done", "DESIGN: no step repeats", detail=f"{key.mark}: {mark.how}")
        return _until_next_step(stages, playbook.strategy, voice, today, done)
    if doubt := _in_doubt(debtor, episode, stages, step, voice, today):
        return doubt
    if heard := _heard_since(debtor, episode, stages, stage, step, voice, today):
        superseded = Refusal("step.superseded", "DESIGN: no step repeats", detail=heard)
        return _until_next_step(stages, playbook.strategy, voice, today, superseded)
    if step.task:
        return HandOver(
            key, step.task, step.priority, voice.creditor, tuple(debt.key for debt in voice.debts)
        )
    return _by_best_channel(
        debtor, voice, episode, stage, step, key, stages, playbook, switches, history, today
    )


def _heard_since(
    debtor: Debtor,
    episode: Episode,
    stages: list[Stage],
    stage: Stage,
    step: Step,
    voice: Voice,
    today: Today,
) -> str:
    """What was said or handed over since the day of this step under another name; empty: nothing.

    A part payment or a new invoice that moves a person to another segment repeats nothing, nor does a strategy whose stages or steps
    have other names since, nor a debt that a file left
    out and the next one brought back, or whose payment was reversed: its episode is new, and what it said of it is not. Who was
    cured and falls due again has another due date, and with it another day of this step.
    """
    begun = today.starts(voice.due_on + timedelta(days=step.on_dpd))
    mine = _names(stages)
    same = f"{stage.name}.{step.name}"
    for before in (episode, *gone_on_from(debtor.episodes, episode)):
        for mark in before.marks:
            is_said = not step.task and _is_said_as(mark, mine)
            is_done = is_said or (mark.step == same and mark.how != "reopened")
            is_ours = before is episode or _is_about(debtor, before, mark, voice, today)
            if is_done and is_ours and mark.at >= begun:
                return f"{mark.step}: {mark.how} in episode {before.number}"
    named = {debt.key for debt in voice.debts}
    for one in debtor.attempts:
        is_earlier = one.step.episode != episode.number and one.claimed_at >= begun
        is_same = (one.step.stage, one.step.step) == (
            stage.name,
            step.name,
        ) and one.creditor == voice.creditor
        if is_earlier and is_same and one.status not in REACHED_NOBODY and named & set(one.debts):
            return f"{one.step.mark}: {one.status.value} in episode {one.step.episode}"
    return ""


def _names(stages: list[Stage]) -> set[str]:
    """The marks of the steps that this person is asked by."""
    return {f"{stage.name}.{step.name}" for stage in stages for step in stage.steps}


def _is_said_as(mark: Mark, mine: set[str]) -> bool:
    """Whether it is of a message that a step of another name sent, or may have."""
    is_step = mark.step.partition(".")[0] not in NO_STEPS and mark.step not in mine
    return is_step and mark.how in {"sent", "unknown"}


def _in_doubt(
    debtor: Debtor, episode: Episode, stages: list[Stage], step: Step, voice: Voice, today: Today
) -> Wait | None:
    """What was claimed since the day of this step under another name, and may have arrived: nobody knows yet whether it is said."""
    begun = today.starts(voice.due_on + timedelta(days=step.on_dpd))
    mine, named = _names(stages), {debt.key for debt in voice.debts}
    for one in debtor.attempts:
        is_step = one.step.stage not in NO_STEPS and one.step.mark not in mine
        is_since = one.step.episode == episode.number and one.claimed_at >= begun
        if not step.task and is_step and is_since and one.is_open and named & set(one.debts):
            doubt = _settles(one)
            if doubt.until > today.now:
                return doubt
    return None


def _settles(attempt: ContactAttempt) -> Wait:
    """Wait until it is known what became of it, or that it never will be."""
    is_unknown = attempt.status is AttemptStatus.UNKNOWN
    until = attempt.claimed_at + UNKNOWN_SETTLES_AFTER if is_unknown else lease_ends(attempt.claimed_at)
    return Wait(until, (Refusal(f"attempt.{attempt.status.value}", "DESIGN: claim before send", until),))


def _is_about(debtor: Debtor, before: Episode, mark: Mark, voice: Voice, today: Today) -> bool:
    """Whether what an earlier episode marked was about a debt that is spoken of now: as its messages name them; where the record
    has none of them any more, about all that were with us then, since twice is worse than late.
    """
    spoken_of = {
        debt.key
        for debt in voice.debts
        if debt.assigned_on is None or today.starts(debt.assigned_on) <= mark.at
    }
    is_task = mark.how == "handed_over"
    named = {
        key
        for one in debtor.attempts
        if one.step.episode == before.number and (is_task or one.step.mark == mark.step)
        for key in one.debts
    }
    return bool(spoken_of & named if named else spoken_of)


def episode_of(debtor: Debtor, voice: Voice) -> Episode | None:
    """The open episode of that creditor and currency."""
    same = (
        one
        for one in debtor.open_episodes()
        if one.creditor == voice.creditor and one.currency == voice.currency
    )
    return next(same, None)


def _by_best_channel(
    debtor: Debtor,
    voice: Voice,
    episode: Episode,
    stage: Stage,
    step: Step,
    key: StepKey,
    stages: list[Stage],
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    today: Today,
) -> Decision:
    tries = tries_of(debtor, key)
    pending = next((one for one in tries if one.is_open), None)
    if pending is not None:
        return _settles(pending)
    if is_tried_out(tries, playbook.strategy.max_tries):
        tired = Refusal("strategy.max_tries", "strategy.toml: max_tries", detail=str(len(tries)))
        return _until_next_step(stages, playbook.strategy, voice, today, tired)
    rest = rest_after(tries, today.now)
    if rest is not None:
        return rest
    weighed = weigh(debtor, voice, stage, step, tries, playbook, switches, history, today.now)
    if not weighed.found:
        return _until_next_step(stages, playbook.strategy, voice, today, *weighed.refused)
    best = min(weighed.found, key=lambda one: one.at)
    if best.at > today.now:
        held = tuple(one.held_by for one in weighed.found if one.held_by is not None)
        waiting = Wait(best.at, held + weighed.refused)
        following = _until_next_step(stages, playbook.strategy, voice, today, *waiting.refusals)
        return following if isinstance(following, Wait) and following.until < best.at else waiting
    before = step.channels[: step.channels.index(best.channel)]
    passed = tuple(one.held_by for one in weighed.found if one.channel in before and one.held_by is not None)
    return Contact(
        step=key,
        number=next_number(tries),
        creditor=voice.creditor,
        channel=best.channel,
        point=best.point.id,
        kind=best.intended.kind,
        template=step.template,
        tone=step.tone,
        debts=tuple(debt.key for debt in voice.debts),
        due=voice.due,
        later=voice.later,
        dpd=voice.dpd,
        ends_at=arrives_by(debtor, best, playbook, today.now),
        is_first_notice=voice.dpd > 0 and episode.noticed_at is None,
        recipient=best.point.contact,
        rank=_rank(voice, step),
        passed_over=weighed.refused + passed,
    )


LEASE = timedelta(seconds=60)
"""How long after a claim we wait for its outcome before we call it unknown: its `send_by` and the carrier's time-out."""


def lease_ends(claimed_at: datetime) -> datetime:
    """When the sweep may write that a claim's outcome is unknown."""
    return claimed_at + LEASE


def _refused(voice: Voice) -> Decision:
    """No debt may be spoken of: wait for the first that will be by itself, else stop."""
    refusals = tuple({refusal: None for _, refusal in voice.refused})
    ends = [one.until for one in refusals if one.until is not None]
    return Wait(min(ends), refusals) if ends else Stop(refusals)


def _until_next_step(
    stages: list[Stage], strategy: Strategy, voice: Voice, today: Today, *refusals: Refusal
) -> Decision:
    """Wait for the day on which the strategy asks for something else, or time puts the person into another segment; stop where it
    never does.
    """
    steps, moves = next_step_day(stages, voice.dpd), next_segment_day(strategy, voice.dpd)
    day = min((one for one in (steps, moves) if one is not None), default=None)
    if day is None:
        return Stop(refusals)
    return Wait(today.starts(voice.due_on + timedelta(days=day)), refusals)


def _rank(voice: Voice, step: Step) -> int:
    """Order of PRACTICE, Pace: legal duties, promises due, newly delinquent, then value. Smaller goes first."""
    if step.kind.value == "duty_notice":
        return 0
    newly = 1_000 if 0 < voice.dpd <= 7 else 2_000
    return newly - min(900, voice.due.minor.bit_length() * 10)
