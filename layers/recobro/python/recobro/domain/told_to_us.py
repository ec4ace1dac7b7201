"""What a person told one of us on the phone, or face to face, binds as if it had been written: the agent only says what it was."""

from collections.abc import Callable
from datetime import datetime

from recobro.domain import acting
from recobro.domain.acting import SAID, Statement, concerned
from recobro.domain.channel import Channel
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.facts import ChannelStopped, Fact, HoldLifted
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.playbook import Playbook
from recobro.domain.task import Task
from recobro.errors import InvalidInput

_OF_THE_PERSON: dict[str, Callable[[Debtor, Statement, Playbook, datetime], tuple[Fact, ...]]] = {
    "hardship": acting.hardship,
    "deceased": acting.deceased,
    "minor": acting.minor,
    "complaint": lambda debtor, said, book, now: acting.complains(debtor, said, book, now)[0],
    "wrong_person": lambda debtor, said, book, now: acting.wrong_person(debtor, said),
    "opt_out": lambda debtor, said, book, now: _stops_everything(debtor, said),
}
"""What is the person's whole affair; a dispute and a payment are a debt's."""


def _stops_everything(debtor: Debtor, said: Statement) -> tuple[Fact, ...]:
    """Every channel, and the address at which it was said."""
    stopped = (ChannelStopped("*", "said to a person"),)
    return (*stopped, *acting.opts_out(debtor, said))


def told_to_us(
    debtor: Debtor,
    task: Task,
    disposition: str,
    playbook: Playbook,
    now: datetime,
    *,
    attempt: str = "",
    debts: tuple[str, ...] = (),
) -> tuple[Fact, ...]:
    """What a task's disposition brings about. attempt: the call in which it was said; debts: keys of those it is about.

    Raises InvalidInput for a debt that is not theirs, and for "resume" where the task is about no hold.
    """
    strange = next((key for key in debts if debtor.debt(key) is None), None)
    if strange is not None:
        raise InvalidInput(
            "debts", f"{strange} is none of theirs", "write creditor/reference, as `explain` shows it"
        )
    said = statement_of(debtor, task, attempt)
    about = debts or concerned(debtor, said) or task.debts or _owed_to(debtor, task.creditor)
    match disposition:
        case "dispute":
            return acting.disputes(debtor, said, playbook, now, about)
        case "already_paid":
            return acting.already_paid(debtor, said, playbook, now, debts=about)
        case "resume":
            return _lifted(debtor, task)
    act = _OF_THE_PERSON.get(disposition)
    return act(debtor, said, playbook, now) if act is not None else ()


def statement_of(debtor: Debtor, task: Task, attempt: str) -> Statement:
    """Said at the point that was called, else at the one from which the message came that the task is about.

    By whom belongs to its name: the plan names the tasks of two people alike, and what one said is not what the other says.
    """
    made = debtor.attempt(attempt) if attempt else None
    point = made.point if made is not None else written_from(debtor, task)
    ident = f"{debtor.id} {task.id} {task.opened_at.isoformat()}"
    return Statement(Channel.VOICE, ident, point, attempt, task.owner or "agent")


def written_from(debtor: Debtor, task: Task) -> str:
    """The point from which the message came that a task is about; empty: it is about none."""
    return next((one.point for one in debtor.approaches if task.step == f"{SAID}{one.said}"), "")


def _owed_to(debtor: Debtor, creditor: str) -> tuple[str, ...]:
    """All that is collected for one creditor; none where the task is about no creditor in particular."""
    mine = (one for one in debtor.debts if one.creditor == creditor and one.status is DebtStatus.ACTIVE)
    return tuple(one.key for one in mine if one.outstanding.minor > 0)


def _lifted(debtor: Debtor, task: Task) -> tuple[Fact, ...]:
    """Every hold has a way out: somebody looked, and contact may go on."""
    held = [one for one in debtor.holds if one.lifted_at is None and _is_about(debtor, task, one)]
    if not held:
        raise InvalidInput("disposition", "is resume, and the task is about no hold", "close it as done")
    return tuple(HoldLifted(one.id, task.owner or "agent") for one in held)


HOLD = "hold:"
"""Before the hold that a task is about."""
_ASKED_FOR = frozenset({HoldReason.DISPUTE, HoldReason.HARDSHIP, HoldReason.DECEASED})
"""Each comes with a task of its own, which the record may have forgotten by now: closing another one answers none of them."""


def _is_about(debtor: Debtor, task: Task, hold: Hold) -> bool:
    """Whether somebody who looked into that task looked into that hold: the one that it names, else what the same word brought
    about and no other task is for."""
    if task.step.startswith(HOLD):
        return task.step == f"{HOLD}{hold.id}"
    has_its_own = hold.reason in _ASKED_FOR or any(one.step == f"{HOLD}{hold.id}" for one in debtor.tasks)
    return not has_its_own and hold.id.rpartition("-")[2] == task.id.rpartition("-")[2]
