"""Where the machine has done what it may, a person goes on: the task that a strategy's step asks for."""

from datetime import datetime, timedelta

from recobro.domain import business_days
from recobro.domain.attempt import StepKey
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact, HandOver
from recobro.domain.eligibility import today_of
from recobro.domain.facts import Fact, StepMarked, TaskOpened
from recobro.domain.playbook import Playbook
from recobro.domain.task import Task

WORDS_REFUSED = "words_refused"
"""A message whose words the law forbids, or are missing: somebody corrects the template or the portfolio's text, then closes the
task.
"""
WORDS_MISSING = "words.missing"
"""Why nothing can be said where no template speaks of it, or one names what has no value."""


def unsayable_task(debtor: Debtor, contact: Contact, playbook: Playbook, now: datetime) -> Task:
    """The task for a message that was refused for its words; `explain` shows which and why."""
    today = today_of(debtor, playbook, now)
    before = sum(task.reason == WORDS_REFUSED for task in debtor.tasks)
    return Task(
        id=f"tw{before + 1}-{contact.step.mark}",
        reason=WORDS_REFUSED,
        priority=2,
        opened_at=now,
        due_at=today.starts(business_days.plus(today.day, 1, today.holidays) + timedelta(days=1)),
        creditor=contact.creditor,
        debts=contact.debts,
    )


def waits_for_words(debtor: Debtor, step: StepKey) -> bool:
    """Whether somebody has been asked to correct what that step would say."""
    return any(
        one.reason == WORDS_REFUSED and one.id.partition("-")[2] == step.mark for one in debtor.open_tasks()
    )


def handed_over(debtor: Debtor, decision: HandOver, playbook: Playbook, now: datetime) -> tuple[Fact, ...]:
    """The facts of a hand-over: the task, due in one business day, and the step's mark."""
    today = today_of(debtor, playbook, now)
    due = business_days.plus(today.day, 1, today.holidays)
    task = Task(
        id=f"t{decision.step}",
        reason=decision.task,
        priority=decision.priority,
        opened_at=now,
        due_at=today.starts(due + timedelta(days=1)),
        creditor=decision.creditor,
        debts=(),
        step=decision.step.mark,
    )
    return (TaskOpened(task), StepMarked(decision.step.episode, decision.step.mark, "handed_over"))
