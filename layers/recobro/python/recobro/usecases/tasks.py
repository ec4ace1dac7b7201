"""What only people can do: list it, take it, close it with what came of it; and claim a call as any contact is claimed."""

import hmac
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import partial, reduce

from recobro.adapters.switches import FRESH
from recobro.codec import write_instant
from recobro.domain import acting, business_days
from recobro.domain.acting import Statement
from recobro.domain.agreeing import agreed_in_parts, open_promises
from recobro.domain.attempt import AttemptStatus
from recobro.domain.candidates import packs_of
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Voice, today_of
from recobro.domain.facts import (
    AttemptClaimed,
    AttemptProgressed,
    Fact,
    MessageReceived,
    NoticeGiven,
    PointStateChanged,
    PromiseJudged,
    PromiseMade,
    TaskClosed,
    TaskTaken,
)
from recobro.domain.fold import apply
from recobro.domain.hear import asked_again
from recobro.domain.hold import Hold
from recobro.domain.masking import masked
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.domain.refusal import Refusal
from recobro.domain.talk import WITH_A_PERSON
from recobro.domain.task import Task
from recobro.domain.told_to_us import statement_of, told_to_us, written_from
from recobro.errors import Conflict, InvalidInput, NotFound, Stale
from recobro.house import House
from recobro.law.content import banned
from recobro.ports import Content
from recobro.usecases.lawful_call import LawfulCall, episode_of, lawful_call, voices_for
from recobro.usecases.saving import Change, change, opt_out_whom_it_may_mean
from recobro.usecases.shared_holds import (
    carries_over,
    others_in,
    resolved_meanwhile,
    rest_first,
    rest_for_all,
    resume_for_all,
    said_elsewhere,
)
from recobro.usecases.shared_room import ROUNDS, Held, Room, give_back, room_of, take_room

DISPOSITIONS = (
    "promise", "paid", "already_paid", "dispute", "hardship", "deceased", "minor", "complaint", "wrong_person", "no_answer",
    "busy", "not_in_service", "voicemail", "refused", "opt_out", "resume", "done",
)  # fmt: skip
"""What a person may record of a task; a call that reached nobody keeps its own word. What they were told binds as if it had been
written to us (domain/acting.py). resume: the hold that the task is about is lifted.
"""

CALL_OUTCOMES = {
    "no_answer": (AttemptStatus.SENT, "no_answer"),
    "voicemail": (AttemptStatus.SENT, "voicemail"),
    "wrong_person": (AttemptStatus.SENT, "wrong_party"),
    "minor": (AttemptStatus.SENT, "wrong_party"),
    "deceased": (AttemptStatus.SENT, "wrong_party"),
    "busy": (AttemptStatus.FAILED, "busy"),
    "not_in_service": (AttemptStatus.FAILED, "not_in_service"),
}
"""What became of a call that was no talk with the right person."""


def take(house: House, debtor_id: str, task_id: str, owner: str, *, is_over: bool = True) -> None:
    """Put a name on a task. is_over: from whoever has it, too. Raises NotFound, and Conflict where it is somebody else's."""

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        before = open_task(debtor, task_id).owner
        if before not in ("", owner) and not is_over:
            raise Conflict(f"{task_id} is {before}'s")
        return (TaskTaken(task_id, owner),)

    change(house, debtor_id, decide)


def call(house: House, debtor_id: str, task_id: str, agent: str) -> Refusal | str:
    """Claim the call that a task asks for, by the same law as any contact. Returns the attempt's id, or why not."""
    for _ in range(ROUNDS):
        done = _call(house, debtor_id, task_id, agent)
        if done is not None:
            return done
    raise Stale(f"{debtor_id}: others took the room that was left {ROUNDS} times")


def _call(house: House, debtor_id: str, task_id: str, agent: str) -> Refusal | str | None:
    """One round; None where others who share a cap with this person were faster."""
    claimed: list[Refusal | str | None] = []
    held, is_carried = Held(), False

    def decide(debtor: Debtor, now: datetime) -> Change | tuple[Fact, ...]:
        nonlocal held, is_carried
        give_back(house, held)  # of a save that was lost
        held = Held()
        answer, room, reported = judged_call(house, debtor, open_task(debtor, task_id), agent, now)
        is_carried = carries_over(reported)
        if isinstance(answer, Refusal):
            claimed[:] = [answer]
            return reported
        taken = take_room(house, debtor, room, answer.attempt, now) if room is not None else held
        if taken is None:
            claimed[:] = [None]
            return ()
        held = taken
        claimed[:] = [answer.attempt.id]
        return Change((*reported, AttemptClaimed(answer.attempt)), within=FRESH)

    try:
        saved = change(house, debtor_id, decide)
    except Stale:
        give_back(house, held)
        raise
    if isinstance(claimed[0], Refusal) and is_carried:
        change(house, debtor_id, partial(resolved_meanwhile, house), saved)
    return claimed[0]


def judged_call(
    house: House, debtor: Debtor, task: Task, agent: str, now: datetime
) -> tuple[LawfulCall | Refusal, Room | None, tuple[Fact, ...]]:
    """Whether that call may be made now, by what others say of its debts and by their contacts that count against it too; what it
    shares with theirs; and what of that the record does not hold yet.
    """
    answer = lawful_call(house, debtor, task, agent, now)
    if isinstance(answer, Refusal):
        return answer, None, ()
    reported = _said_elsewhere(house, debtor, task, now)
    if reported:
        debtor = _told(debtor, reported, now)
        answer = lawful_call(house, debtor, task, agent, now)
        if isinstance(answer, Refusal):
            return answer, None, reported
    room = room_of(house, debtor, answer.intended, now)
    if room is None or not room.reported:
        return answer, room, reported
    told = _told(debtor, room.reported, now)
    return lawful_call(house, told, task, agent, now), room, (*reported, *room.reported)


def _told(debtor: Debtor, facts: Iterable[Fact], now: datetime) -> Debtor:
    return reduce(lambda one, fact: apply(one, fact, now), facts, debtor)


def _said_elsewhere(house: House, debtor: Debtor, task: Task, now: datetime) -> tuple[Fact, ...]:
    """What binds a call and has not reached the record yet: numbers that others closed, and what others in the debts say of them."""
    phones = (one.id for one in debtor.points if one.carries(Channel.VOICE))
    closed = [
        PointStateChanged(one, PointState.SUPPRESSED, why)
        for one in phones
        if (why := house.suppressions.reason(one))
    ]
    keys = [one.key for one in debtor.debts if task.is_about(one.key)]
    return (*closed, *said_elsewhere(house, debtor, others_in(house, debtor, keys), keys, now))


def close(
    house: House,
    debtor_id: str,
    task_id: str,
    disposition: str,
    *,
    attempt: str = "",
    amount: int = 0,
    due_on: date | None = None,
    note: str = "",
    debts: tuple[str, ...] = (),
    seen: int | None = None,
    account: tuple[str, str] | None = None,
) -> tuple[Refusal, ...]:
    """Close a task with its disposition; `attempt` is the call that led to it. A promise needs amount and date.

    debts: keys of those that it is about; empty: those that the call or the task was about. note: what the agent wrote; kept
    whatever it says. Returns the rules that its words break, for the agent to read.

    seen: the version of the record that whoever closes it was shown: nobody has read what the person wrote since (InvalidInput).
    account: the creditor and currency that were shown for a promise; None: nobody was shown any.

    A task that waits for money to be placed opens again while it does, whatever was said in between: who paid is not written to
    because somebody ticked it off. Raises InvalidInput where nothing was said either.
    """
    if disposition not in DISPOSITIONS:
        raise InvalidInput("disposition", f"is {disposition!r}", f"one of: {', '.join(DISPOSITIONS)}")

    found: list[Refusal] = []
    stood: dict[str, Hold] = {}

    def decide(debtor: Debtor, now: datetime) -> Change:
        stood.clear()
        stood.update({one.id: one for one in debtor.holds if one.lifted_at is None})
        kept = noted(debtor, note) if note.strip() else None
        found[:] = note_findings(debtor, note, house, now)
        flagged = tuple(dict.fromkeys(one.rule for one in found))
        written = kept.digest if kept is not None else ""
        task = open_task(debtor, task_id)
        if seen is not None and task.reason in WITH_A_PERSON and _has_written_since(house, debtor, seen):
            raise InvalidInput("seen", "is of before another message of theirs", "read it first")
        if attempt and debtor.attempt(attempt) is None:
            fix = "write it as `tasks call` named it, or leave it out"
            raise InvalidInput("attempt", f"{attempt} is no call to this person", fix)
        facts: list[Fact] = [TaskClosed(task.id, disposition, written, flagged)]
        facts += _call_facts(debtor, attempt, disposition)
        if disposition == "promise":
            promise = promised(debtor, task, house, amount, due_on, now, attempt, debts)
            facts += _in_its_place(debtor, promise, account)
        else:
            facts += told_to_us(debtor, task, disposition, house.playbook, now, attempt=attempt, debts=debts)
            facts += _closed_where(debtor, refusals, facts)
        if waited := _waiting_payment(house, task):
            if disposition == "done" and not attempt and kept is None:
                fix = f"place it: recobro payments resolve {waited} --to …, --reject or --send-back; that closes the task"
                raise InvalidInput("task", f"waits for {waited}, which nobody has placed", fix)
            facts.append(asked_again(debtor, task, house.playbook, now))
        return Change(tuple(facts), (kept,) if kept is not None else ())

    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    refusals = _refusals(loaded.debtor, task_id, attempt) if disposition == "opt_out" else ()
    wanted, now = decide(loaded.debtor, house.now()), house.now()
    # The others first: nobody closes a task a second time because the connection was lost at the first.
    for said in refusals:
        house.suppressions.add(said.point, "opt_out", write_instant(now))
        _close_for_the_others(house, debtor_id, said)
    rest_first(house, loaded.debtor, wanted.facts, now)
    saved = change(house, debtor_id, decide, loaded).debtor
    rest_for_all(house, saved, (one for one in saved.holds if one.id not in stood))
    gone = [one for one in saved.holds if one.id in stood and one.lifted_at is not None]
    resume_for_all(house, saved, gone, "tasks")
    return tuple(found)


def _in_its_place(debtor: Debtor, promise: PromiseToPay, account: tuple[str, str] | None) -> list[Fact]:
    """The promise, before which earlier ones of that account give way. account: that which was shown."""
    if account is not None and account != (promise.creditor, promise.currency):
        raise InvalidInput("account", "is not what is owed most urgently now", "say what it is about")
    before = open_promises(debtor, promise.creditor, promise.currency)
    return [*(PromiseJudged(one.id, PromiseStatus.VOID, one.paid) for one in before), PromiseMade(promise)]


def _has_written_since(house: House, debtor: Debtor, seen: int) -> bool:
    """Whether words came after that version that nobody wrote for another."""
    if debtor.version <= seen:
        return False
    later = (one.fact for one in house.ledger.history(debtor.id) if one.version > seen)
    return any(isinstance(one, MessageReceived) and one.whose != "another" for one in later)


def _refusals(debtor: Debtor, task_id: str, attempt: str) -> tuple[Statement, ...]:
    """A refusal for every address that it came from: that of the message which an agent has read, and the number that was called.

    Nobody there is written to again, as if it had been heard.
    """
    task = next((one for one in debtor.open_tasks() if one.id == task_id), None)
    if task is None:
        return ()
    points = {written_from(debtor, task), _called_at(debtor, task, attempt)} - {""}
    return tuple(Statement(Channel.VOICE, f"{task_id} opt_out", point) for point in sorted(points))


def _called_at(debtor: Debtor, task: Task, attempt: str) -> str:
    """The number of the call that was named, else of the last one that the task led to; empty: nobody was called."""
    calls = [one for one in debtor.attempts if (one.step.stage, one.step.step) == ("task", task.id)]
    made = debtor.attempt(attempt) if attempt else next(reversed(calls), None)
    return made.point if made is not None else ""


def _close_for_the_others(house: House, debtor_id: str, said: Statement) -> None:
    """What one person refused at an address is refused for all who have it."""
    for other in sorted({*house.lookups.debtors(said.point)} - {debtor_id}):
        opt_out_whom_it_may_mean(house, other, said.point, lambda debtor, _now: acting.opts_out(debtor, said))


def _closed_where(debtor: Debtor, refusals: Iterable[Statement], facts: Iterable[Fact]) -> list[Fact]:
    """What closes the addresses of a refusal in the person's own record, where it is not among those facts already."""
    closed = [fact for said in refusals for fact in acting.opts_out(debtor, said)]
    return [one for one in closed if one not in facts]


def _waiting_payment(house: House, task: Task) -> str:
    """The payment that the task is about, while it is quarantined."""
    intent = task.waits_for
    entry = house.payments.entry(intent) if intent else None
    return intent if entry is not None and entry.status == "quarantined" else ""


def noted(debtor: Debtor, note: str) -> Content:
    """An agent's words as we keep them: cards, codes and keys masked, hashed under the person's own key."""
    words = masked(note.strip())
    digest = hmac.digest(bytes.fromhex(debtor.personal.key), f"note\x1f{words}".encode(), "sha256").hex()
    return Content("note", "", "note", {"body": words}, digest[:32])


def note_findings(debtor: Debtor, note: str, house: House, now: datetime) -> list[Refusal]:
    """What an agent's note shows to have been said, or would say if it were sent: every rule of the person's place."""
    today = today_of(debtor, house.playbook, now).day
    country = debtor.profile.country
    return [
        one
        for pack in packs_of(debtor, house.playbook)
        for one in banned(pack, note, channel=Channel.VOICE, kind=Kind.COLLECTION, country=country, on=today)
    ]


def promised(
    debtor: Debtor,
    task: Task,
    house: House,
    amount: int,
    due_on: date | None,
    now: datetime,
    attempt: str = "",
    debts: tuple[str, ...] = (),
) -> PromiseToPay:
    """A promise within the strategy's rules: a minimum share of what is due, and no later than the rules allow. attempt: the call
    in which it was given; debts: keys of those that it is for, where it is not all that the task is about.
    """
    rules = house.playbook.strategy.promises
    today = today_of(debtor, house.playbook, now)
    voice = first_voice(debtor, task, house, now, debts)
    if due_on is None or due_on < today.day:
        raise InvalidInput("due_on", f"is {due_on}", "today or later")
    furthest = rules.max_days_early if voice.dpd <= 30 else rules.max_days_late
    if (due_on - today.day).days > furthest:
        raise InvalidInput("due_on", f"is {due_on}", f"at most {furthest} days from today")
    if amount * 100 < voice.due.minor * rules.min_share:
        raise InvalidInput("amount", f"is {amount}", f"at least {rules.min_share} % of {voice.due.minor}")
    if (voice.creditor, voice.currency) in agreed_in_parts(debtor):
        fix = "close it as what it was otherwise; who cannot keep to the plan is offered another once that one ends"
        raise InvalidInput("disposition", "is promise, and what is owed was agreed in parts", fix)
    most = voice.due.minor + voice.later.minor
    if amount > most:
        raise InvalidInput("amount", f"is {amount}", f"at most {most}, all that is owed")
    episode = episode_of(debtor, voice)
    if not episode:
        raise NotFound("no open episode to promise for")
    return PromiseToPay(
        id=f"pr{statement_of(debtor, task, attempt).short}-{due_on:%Y%m%d}",
        episode=episode,
        creditor=voice.creditor,
        currency=voice.currency,
        amount=amount,
        due_on=due_on,
        judged_on=business_days.plus(due_on, rules.grace_business_days, today.holidays),
        made_at=now,
        channel="voice",
        debts=tuple(debt.key for debt in voice.debts),
        owed=sum(debt.outstanding.minor for debt in voice.debts),
    )


def first_voice(
    debtor: Debtor, task: Task, house: House, now: datetime, debts: tuple[str, ...] = ()
) -> Voice:
    """What is owed most urgently of what the task is about, holds and earlier promises left aside: what a person on the phone
    speaks about. debts: keys of those that were chosen, all of which it then is about.

    Raises NotFound where nothing is owed, InvalidInput where not all that was chosen is owed to one creditor.
    """
    free = replace(debtor, holds=(), tasks=(), promises=(), paid_at={})
    about = replace(task, creditor="", debts=debts) if debts else task
    book = _without_minimum(house.playbook) if debts else house.playbook
    found = [voice for voice in voices_for(free, about, book, now) if voice.debts]
    if not found and not debts:
        raise NotFound("nothing owed that may be spoken of")
    first = max(found, key=lambda voice: voice.dpd, default=None)
    owed = {debt.key for debt in first.debts} if first is not None else set()
    left = next((key for key in debts if key not in owed), None)
    if first is None or left is not None:
        fix = "name what is owed to one creditor in one currency, and close another task for the rest"
        raise InvalidInput("debts", f"{left} is not owed, or not together with the others", fix)
    return first


def _without_minimum(playbook: Playbook) -> Playbook:
    """Under which nobody is bothered: who says that they will pay one small debt is no reason to take it for none."""
    return replace(playbook, strategy=replace(playbook.strategy, min_actionable={}))


def open_task(debtor: Debtor, task_id: str) -> Task:
    """Raises NotFound where there is none, or none any more."""
    task = next((one for one in debtor.open_tasks() if one.id == task_id), None)
    if task is None:
        raise NotFound(f"no open task {task_id} of {debtor.id}")
    return task


def _call_facts(debtor: Debtor, attempt: str, disposition: str) -> list[Fact]:
    made = debtor.attempt(attempt) if attempt else None
    if made is None:
        return []
    # What is not known to have reached nobody counts as a talk: a cap is never loosened by a vague word.
    status, outcome = CALL_OUTCOMES.get(disposition, (AttemptStatus.ANSWERED, "conversation"))
    facts: list[Fact] = [AttemptProgressed(made.id, status, outcome=outcome)]
    if status is AttemptStatus.ANSWERED and made.step.episode:
        facts.append(NoticeGiven(made.step.episode, made.id))
    return facts
