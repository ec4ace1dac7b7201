"""What a person's word brings about, whichever way it came: what it binds, whom it leaves in peace, and who has to look.

PRACTICE, What people answer. Each function gives the facts; message, page and agent all come through here. What is agreed stands in
domain/agreeing.py.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from recobro.domain import business_days
from recobro.domain.candidates import packs_of
from recobro.domain.channel import GROUPS, Channel
from recobro.domain.contact_point import WRONG_PERSON, PointState
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, today_of
from recobro.domain.facts import (
    ChannelStopped,
    Fact,
    HoldPlaced,
    PointChannelBlocked,
    PointStateChanged,
    TaskOpened,
)
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.playbook import Playbook
from recobro.domain.task import Task
from recobro.law.complaints import answer_within

FAMILIES: dict[str, frozenset[Channel]] = {
    "phone": GROUPS["phone"],
    "sms": frozenset({Channel.SMS}),
    "whatsapp": frozenset({Channel.WHATSAPP}),
    "email": frozenset({Channel.EMAIL}),
    "push": frozenset({Channel.PUSH}),
    "letter": frozenset({Channel.LETTER}),
    "text": frozenset({Channel.SMS, Channel.WHATSAPP}),
}
"""What "stop this channel" stops, as people name it."""


SAID = "said:"
"""Before the content that a task is about: how whoever takes it finds what was written."""


@dataclass(frozen=True, slots=True)
class Statement:
    """How it came. ident: names what is said and by whom, so that a repetition changes nothing and nobody's word is taken for
    another's; point: where it was said, empty: unknown.

    attempt: the message it answers, if any; by: "debtor", or the agent who wrote it down.
    """

    channel: Channel
    ident: str
    point: str = ""
    attempt: str = ""
    by: str = "debtor"

    @property
    def short(self) -> str:
        return hashlib.sha256(self.ident.encode()).hexdigest()[:12]


SAID_LATELY = timedelta(days=45)
"""Who says after that once more that they have paid speaks of another bill."""


def opts_out(debtor: Debtor, statement: Statement) -> tuple[Fact, ...]:
    """Nobody is contacted at that point any more; the caller suppresses the address for everybody on it."""
    there = debtor.point(statement.point)
    if there is None or there.state is PointState.SUPPRESSED:
        return ()
    return (PointStateChanged(statement.point, PointState.SUPPRESSED, "opt_out"),)


def stops_everything(debtor: Debtor, statement: Statement) -> tuple[Fact, ...]:
    """The person closes every channel."""
    stopped = () if "*" in debtor.stopped else (ChannelStopped("*", statement.by),)
    return (*stopped, *opts_out(debtor, statement))


def stops_channel(debtor: Debtor, statement: Statement, family: str) -> tuple[Fact, ...]:
    """A family of channels, wherever it may reach the person; a family that we do not know is the one it was said by."""
    named = FAMILIES.get(family) or FAMILIES.get(statement.channel.value) or frozenset({statement.channel})
    return tuple(
        ChannelStopped(one.value, "person") for one in sorted(named) if one.value not in debtor.stopped
    )


def wrong_person(debtor: Debtor, statement: Statement) -> tuple[Fact, ...]:
    """Somebody else has that address: it is bad for this person, and stays good for whoever it is."""
    there = debtor.point(statement.point)
    if there is None or there.state is not PointState.ACTIVE:
        return ()
    return (PointStateChanged(statement.point, PointState.BAD, WRONG_PERSON),)


def closes_point_channel(debtor: Debtor, statement: Statement) -> tuple[Fact, ...]:
    """One channel at one address ("do not call me here")."""
    there = debtor.point(statement.point)
    if there is None or statement.channel in there.blocked:
        return ()
    return (PointChannelBlocked(statement.point, statement.channel, "person"),)


def already_paid(
    debtor: Debtor,
    statement: Statement,
    playbook: Playbook,
    now: datetime,
    *,
    has_proof: bool = False,
    debts: tuple[str, ...] = (),
) -> tuple[Fact, ...]:
    """Three business days of peace while the money is looked for; proof holds it until a person has seen it; the second time a
    person takes it on. debts: as chosen; empty: those it was said about.
    """
    today = today_of(debtor, playbook, now)
    debts = debts or concerned(debtor, statement)
    before = [
        one
        for one in debtor.holds
        if one.reason is HoldReason.ALREADY_PAID
        and overlaps(one, debts)
        and (one.lifted_at is None or one.lifted_at >= now - SAID_LATELY)
    ]
    if any(one.id == _hold_id(statement, HoldReason.ALREADY_PAID) for one in before):
        return ()
    if has_proof:
        review = today.starts(today.day + timedelta(days=playbook.strategy.talk.dispute_days))
        placed = _hold(statement, HoldReason.ALREADY_PAID, debts, now, owner="operations", review_at=review)
        return (HoldPlaced(placed), *_task(debtor, statement, "payment_proof", today, debts, priority=2))
    if before:
        return _task(debtor, statement, "already_paid_again", today, debts, priority=2)
    days = playbook.strategy.talk.already_paid_business_days
    until = today.starts(business_days.plus(today.day, days, today.holidays) + timedelta(days=1))
    placed = _hold(
        statement, HoldReason.ALREADY_PAID, debts, now, owner="debtor", review_at=until, resumes=True
    )
    return (HoldPlaced(placed),)


def disputes(
    debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime, debts: tuple[str, ...] = ()
) -> tuple[Fact, ...]:
    """Its debt alone rests until a person has answered. debts: as chosen; empty: those it was said about."""
    days = playbook.strategy.talk.dispute_days
    return _held(
        debtor,
        statement,
        HoldReason.DISPUTE,
        debts or concerned(debtor, statement),
        days,
        playbook,
        now,
        "dispute",
    )


def hardship(debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime) -> tuple[Fact, ...]:
    """Hard times are the person's, not a debt's."""
    days = playbook.strategy.talk.hardship_days
    return _held(debtor, statement, HoldReason.HARDSHIP, (), days, playbook, now, "hardship")


def deceased(debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime) -> tuple[Fact, ...]:
    """No automation to heirs: a person decides what becomes of it, and is asked again until it is decided."""
    days = playbook.strategy.talk.hardship_days
    return _held(debtor, statement, HoldReason.DECEASED, (), days, playbook, now, "deceased")


def pauses(
    debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime, days: int
) -> tuple[Fact, ...]:
    """The person asked for quiet for some days (30 at most); it ends by itself. Asked for again once it was ended, it is quiet again."""
    today = today_of(debtor, playbook, now)
    placed = _hold(statement, HoldReason.PAUSE, (), now, owner="debtor", review_at=None, resumes=True)
    before = [one for one in debtor.holds if one.id.rpartition(".")[2] == placed.id]
    if any(one.lifted_at is None for one in before):
        return ()
    until = today.starts(today.day + timedelta(days=max(1, min(days, 30)) + 1))
    ident = f"{len(before)}.{placed.id}" if before else placed.id
    return (HoldPlaced(replace(placed, id=ident, review_at=until)),)


def complaint_number(statement: Statement, now: datetime) -> str:
    """The number under which a complaint is acknowledged and answered: the same word has the same number."""
    return f"Q{now:%y%m%d}-{statement.short[:5].upper()}"


def complains(
    debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime
) -> tuple[tuple[Fact, ...], date]:
    """A numbered task with the country's deadline; nothing else goes out meanwhile. Returns the facts and the day."""
    today = today_of(debtor, playbook, now)
    days = _complaint_days(debtor, playbook, today)
    answered_on = business_days.plus(today.day, days, today.holidays)
    number = complaint_number(statement, now)
    due = today.starts(answered_on + timedelta(days=1))
    return _task(
        debtor, statement, "complaint", today, (), priority=1, due_at=due, step=f"complaint:{number}"
    ), answered_on


COMPLAINT_DAYS = 5
"""Where neither the client nor a law names a time."""


def _complaint_days(debtor: Debtor, playbook: Playbook, today: Today) -> int:
    """The client's own business days for that country, never more than the law over the person leaves."""
    ours = playbook.strategy.talk.complaint_business_days
    named = ours.get(debtor.profile.country, ours.get("*"))
    law = answer_within(packs_of(debtor, playbook), today.day)
    known = [one for one in (named, law.business_days if law is not None else None) if one is not None]
    return min(known, default=COMPLAINT_DAYS)


def asks_person(debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime) -> tuple[Fact, ...]:
    return _task(debtor, statement, "asks_person", today_of(debtor, playbook, now), (), priority=1)


def to_read(debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime) -> tuple[Fact, ...]:
    """A message that the machine is not sure of; one task a person, whatever is added meanwhile."""
    if any(one.reason == "read_message" for one in debtor.open_tasks()):
        return ()
    return _task(debtor, statement, "read_message", today_of(debtor, playbook, now), (), priority=2)


def task_for(debtor: Debtor, statement: Statement, reason: str, today: Today) -> tuple[Fact, ...]:
    """A person's work for another reason."""
    return _task(debtor, statement, reason, today, (), priority=2)


def minor(debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime) -> tuple[Fact, ...]:
    """A child has that phone: nothing more goes there, and a person looks for another way."""
    gone = wrong_person(debtor, statement)
    return (
        *gone,
        *_task(debtor, statement, "minor_answered", today_of(debtor, playbook, now), (), priority=2),
    )


def abuse(debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime) -> tuple[Fact, ...]:
    return _task(debtor, statement, "abuse", today_of(debtor, playbook, now), (), priority=3)


def concerned(debtor: Debtor, statement: Statement) -> tuple[str, ...]:
    """Which debts a word is about: those of the message it answers; else the only one there is; else all, which is ()."""
    answered = debtor.attempt(statement.attempt)
    named = tuple(
        key for key in (answered.debts if answered is not None else ()) if debtor.debt(key) is not None
    )
    if named:
        return named
    owed = [
        debt.key for debt in debtor.debts if debt.outstanding.minor > 0 and debt.status is DebtStatus.ACTIVE
    ]
    return tuple(owed) if len(owed) == 1 else ()


def _held(
    debtor: Debtor,
    statement: Statement,
    reason: HoldReason,
    debts: tuple[str, ...],
    days: int,
    playbook: Playbook,
    now: datetime,
    task: str,
) -> tuple[Fact, ...]:
    """A hold that only a person ends, and the task of that person; said twice, it stands once. What another in the debt said is
    another's: whoever looks into that has not heard this person.
    """
    today = today_of(debtor, playbook, now)
    standing = [
        one
        for one in debtor.holds
        if one.reason is reason
        and one.lifted_at is None
        and (not one.debts or (set(debts) <= set(one.debts) and debts))
        and not is_anothers(debtor, one)
    ]
    if standing:
        return ()
    until = today.starts(today.day + timedelta(days=days))
    placed = _hold(statement, reason, debts, now, owner="operations", review_at=until)
    return (
        HoldPlaced(placed),
        *_task(debtor, statement, task, today, debts, priority=2, step=f"hold:{placed.id}"),
    )


def _hold_id(statement: Statement, reason: HoldReason) -> str:
    return f"h{reason.value[:4]}-{statement.short}"


def is_word(hold: Hold) -> bool:
    """Whether it was placed because of what somebody said, and not by an operator or a program over one person."""
    return hold.id.rpartition(".")[2].startswith(f"h{hold.reason.value[:4]}-")


def is_anothers(debtor: Debtor, hold: Hold) -> bool:
    """Whether somebody else in the debt said it: the task that came with it is not in this record, at most one that asks again."""
    told = (one for one in debtor.tasks if one.step == f"hold:{hold.id}")
    return is_word(hold) and all(one.id == f"treview_{hold.reason.value}-{hold.id}" for one in told)


def _hold(
    statement: Statement,
    reason: HoldReason,
    debts: tuple[str, ...],
    now: datetime,
    *,
    owner: str,
    review_at: datetime | None,
    resumes: bool = False,
) -> Hold:
    return Hold(_hold_id(statement, reason), reason, now, owner, review_at, debts, resumes=resumes)


def overlaps(hold: Hold, debts: tuple[str, ...]) -> bool:
    """Whether a hold concerns any of these debts; none named: everything."""
    return not hold.debts or not debts or bool(set(hold.debts) & set(debts))


def _task(
    debtor: Debtor,
    statement: Statement,
    reason: str,
    today: Today,
    debts: tuple[str, ...],
    *,
    priority: int,
    due_at: datetime | None = None,
    step: str = "",
) -> tuple[Fact, ...]:
    """One of a kind for one word; due the next business day unless said otherwise."""
    ident = f"t{reason}-{statement.short}"
    if any(one.id == ident for one in debtor.tasks):
        return ()
    day = business_days.plus(today.day, 1, today.holidays)
    due = due_at or today.starts(day + timedelta(days=1))
    step = step or f"{SAID}{statement.ident}"
    return (TaskOpened(Task(ident, reason, priority, today.now, due, debts=debts, step=step)),)
