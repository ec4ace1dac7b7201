"""What only a person can do, by when; while a task is open, the machine keeps its hands off its subject."""

from dataclasses import dataclass
from datetime import datetime

IDENTITY_TASK = "identity_check"
"""Somebody used up the tries to identify themselves: a person finds out who it was, and closing the task gives new ones."""

OF_PAYMENT = "payment:"
"""What a task's step begins with that waits until somebody has placed the payment named behind it."""


@dataclass(frozen=True, slots=True)
class Task:
    """`reason` is a code ("call", "final_review", "second_broken_promise" …). priority 1 comes first.

    creditor and debts bound what waits for it; both empty: the whole person. step: the mark it completes, if any.
    """

    id: str
    reason: str
    priority: int
    opened_at: datetime
    due_at: datetime
    creditor: str = ""
    debts: tuple[str, ...] = ()
    step: str = ""
    owner: str = ""
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    disposition: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def waits_for(self) -> str:
        """The payment that it waits for; empty: for none, or it was opened before tasks named theirs."""
        return self.step.removeprefix(OF_PAYMENT) if self.step.startswith(OF_PAYMENT) else ""

    def binds(self, debt_key: str) -> bool:
        """Whether automation on that debt waits for it."""
        if not self.is_open:
            return False
        return self.is_about(debt_key)

    def is_about(self, debt_key: str) -> bool:
        """Whether that debt is one that it is for: its creditor's, and one of those it names; any, where it says neither."""
        if self.creditor and not debt_key.startswith(f"{self.creditor}/"):
            return False
        return not self.debts or debt_key in self.debts
