"""A call is claimed by the same law as any message: who may be called now, about what, and as which attempt."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recobro.domain.attempt import CALLS, REACHED_NOBODY, ContactAttempt, StepKey, attempt_id
from recobro.domain.candidates import intended_contact, next_number, packs_of
from recobro.domain.channel import Channel, Kind
from recobro.domain.debtor import Debtor
from recobro.domain.duties import open_duties
from recobro.domain.eligibility import Voice, today_of, voices
from recobro.domain.past_contacts import past_contacts
from recobro.domain.playbook import Playbook
from recobro.domain.refusal import Refusal
from recobro.domain.segmentation import segment_of, stages_for
from recobro.domain.task import Task
from recobro.domain.waiver import open_call_back
from recobro.house import House
from recobro.law.contact import Intended
from recobro.law.engine import verdict


def voices_for(debtor: Debtor, task: Task, playbook: Playbook, now: datetime) -> list[Voice]:
    """What a talk that the task asks for may be about today, one voice for each creditor and currency: nothing but its creditor's
    debts, or those it names. No task holds it up but one that waits for money to be placed: who may have paid is not called for it.
    """
    named = tuple(debt for debt in debtor.debts if task.is_about(debt.key))
    waiting = tuple(one for one in debtor.tasks if one.waits_for)
    spoken_of = replace(debtor, debts=named, tasks=waiting)
    return list(voices(spoken_of, playbook, today_of(debtor, playbook, now)))


def episode_of(debtor: Debtor, voice: Voice) -> int:
    """The open episode that a talk about that voice belongs to; 0: none is open."""
    same = (
        one
        for one in debtor.open_episodes()
        if (one.creditor, one.currency) == (voice.creditor, voice.currency)
    )
    return next((one.number for one in same), 0)


@dataclass(frozen=True, slots=True)
class LawfulCall:
    """A call that the law allows now, and the attempt that claims it."""

    intended: Intended
    attempt: ContactAttempt


def lawful_call(house: House, debtor: Debtor, task: Task, agent: str, now: datetime) -> LawfulCall | Refusal:
    """The call about what is owed most urgently of what the task is about; or the law, the person or the operator that says no to
    it now.
    """
    phones = [one for one in debtor.points if one.carries(Channel.VOICE)]
    if not phones:
        return Refusal("person.no_point", "PRACTICE: Who is who", detail="voice", change="another phone")
    if {"*", "voice"} & set(debtor.stopped):
        return Refusal("person.stopped", "PRACTICE: Opt-out", detail="voice")
    found = voices_for(debtor, task, house.playbook, now)
    spoken_of = [one for one in found if one.debts]
    if not spoken_of:
        refused = (why for one in found for _, why in one.refused)
        return next(refused, Refusal("debtor.nothing_owed", "PRACTICE: What is owed"))
    voice = max(spoken_of, key=lambda one: one.dpd)
    key = StepKey(episode_of(debtor, voice), CALLS, task.id)
    # Of a task that is older than the episode, the calls before it are tries of the same step.
    tries = [one for one in debtor.attempts if one.step.mark == key.mark]
    before = next((one for one in tries if one.status not in REACHED_NOBODY), None)
    if before is not None:
        return Refusal(
            f"attempt.{before.status.value}",
            "DESIGN: claim before send",
            detail=before.id,
            change="close the task with what came of that call",
        )
    asked_for = open_call_back(debtor.call_backs, voice.creditor, now)
    kind = Kind.CONSENTED_CALLBACK if asked_for is not None else Kind.COLLECTION
    # Who asked to be called did not ask to be called at work, where another number is known.
    point = min(phones, key=lambda one: one.line == "work") if asked_for is not None else phones[0]
    stage = _stage_now(debtor, voice, house)
    intended = intended_contact(debtor, voice, stage, kind, Channel.VOICE, point, house.playbook, now)
    packs = packs_of(debtor, house.playbook)
    duties = open_duties(debtor, packs, house.playbook, now)
    refusal = verdict(packs, house.playbook.calendars, intended, past_contacts(debtor), now, duties=duties)
    off = house.switches.read().off_for(
        creditor=voice.creditor, channel="voice", country=debtor.profile.country
    )
    if off:
        return Refusal("switch.off", "operator", detail=off)
    if refusal is not None:
        return refusal
    number = next_number(tries)
    attempt = ContactAttempt(
        id=attempt_id(debtor.id, point.contact, voice.creditor, key, number),
        step=key,
        number=number,
        creditor=voice.creditor,
        channel=Channel.VOICE,
        point=point.id,
        claimed_at=now,
        claim_id=f"{house.chance.getrandbits(64):016x}",
        send_by=now + timedelta(seconds=15),
        kind=kind,
        debts=tuple(debt.key for debt in voice.debts),
        by=agent,
        book=house.playbook.hashes.get("book", "")[:16],
        is_first_notice=True,
    )
    return LawfulCall(intended, attempt)


def _stage_now(debtor: Debtor, voice: Voice, house: House) -> str:
    """The strategy's stage of that day: in whose name we speak depends on it."""
    stages = stages_for(segment_of(debtor, voice, house.playbook.strategy), house.playbook.strategy)
    named = (stage.name for stage in stages if stage.from_dpd <= voice.dpd <= stage.to_dpd)
    return next(named, "task")
