"""One task, as somebody who works it needs to see it: gathered from the use cases that the commands have, and nothing changed."""

from collections.abc import Iterator

from recobro.domain.agreeing import plan_offers
from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of
from recobro.domain.refusal import Refusal
from recobro.domain.task import Task
from recobro.errors import NotFound
from recobro.pages.desk import mark_of
from recobro.pages.desk_task import OneTask
from recobro.usecases.desk.sitting import Sitting
from recobro.usecases.portal.history import hidden
from recobro.usecases.tasks import DISPOSITIONS, first_voice, judged_call
from recobro.usecases.thread import thread

_NOT_TOLD = {AttemptStatus.CLAIMED, AttemptStatus.UNKNOWN}


def one_task(found: Sitting) -> OneTask:
    """Raises NotFound for a person or a task that is not there any more."""
    house, now = found.house, found.house.now()
    debtor, task = task_of(found)
    claimed = claimed_call(debtor, task)
    allowed = None if claimed is not None else judged_call(house, debtor, task, found.who.name, now)[0]
    number = next(_phones(debtor), "")
    offers = plan_offers(debtor, house.playbook, now, found.who.authority)
    if claimed is not None:
        number = debtor.personal.points.get(claimed.point, "")
    return OneTask(
        path=found.path,
        debtor=debtor,
        task=task,
        today=today_of(debtor, house.playbook, now),
        may_act=may_act(found, task),
        claimed=claimed,
        no_call=allowed if isinstance(allowed, Refusal) else None,
        phone=number if claimed is not None else hidden(number),
        thread=thread(house, debtor),
        offers=[one for one in offers if any(task.is_about(key) for key in one.debts)],
        dispositions=DISPOSITIONS,
        account=_account(found, debtor, task),
    )


def _account(found: Sitting, debtor: Debtor, task: Task) -> tuple[str, str]:
    """Creditor and currency of what a promise would be for, unless a debt is chosen; empty: nothing is owed that could be promised."""
    try:
        voice = first_voice(debtor, task, found.house, found.house.now())
    except NotFound:
        return "", ""
    return voice.creditor, voice.currency


def task_of(found: Sitting) -> tuple[Debtor, Task]:
    """The open task that the address names. Raises NotFound."""
    loaded = found.house.ledger.load(found.at.debtor)
    if loaded is None or loaded.debtor.is_erased:
        raise NotFound("no such person")
    named = (one for one in loaded.debtor.open_tasks() if mark_of(one.id) == found.at.task)
    task = next(named, None)
    if task is None:
        raise NotFound("no such open task")
    return loaded.debtor, task


def may_act(found: Sitting, task: Task) -> bool:
    """What somebody else has taken is theirs; who is in charge may take it over."""
    return task.owner in ("", found.who.name) or found.who.is_supervisor


def claimed_call(debtor: Debtor, task: Task) -> ContactAttempt | None:
    """The call of that task whose end nobody has told yet."""
    made = (
        one
        for one in reversed(debtor.attempts)
        if (one.step.stage, one.step.step) == ("task", task.id) and one.status in _NOT_TOLD
    )
    return next(made, None)


def _phones(debtor: Debtor) -> Iterator[str]:
    return (debtor.personal.points.get(one.id, "") for one in debtor.points if one.carries(Channel.VOICE))
