"""From a person's first eligible debt with a creditor to its cure: within it, no step is ever taken twice."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a step: sent, handed to a person, unknown, or reopened because its message failed; and when."""

    step: str
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """One creditor brand and one currency, since messages never mix either. `number` is unique per debtor.

    marks stay until the episode closes, so that a doubled schedule or an old message meets its mark.
    noticed_at: when the first-contact notice was given by a channel able to carry it; None: the next is again the first.
    """

    number: int
    creditor: str
    currency: str
    opened_at: datetime
    marks: tuple[Mark, ...] = ()
    broken_promises: int = 0
    noticed_at: datetime | None = None
    closed_at: datetime | None = None
    closed_why: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def mark_of(self, step: str) -> Mark | None:
        """How the step `stage.step` was done, if it was."""
        return next((mark for mark in self.marks if mark.step == step), None)
