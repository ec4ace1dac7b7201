"""From a person's first eligible debt with a creditor to its cure: within it, no step is ever taken twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

RETURNS_WITHIN = timedelta(days=45)
"""A debt that is back this soon after its episode ended goes on where it was; later, it begins anew."""


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


def gone_on_from(episodes: Iterable[Episode], episode: Episode) -> Iterator[Episode]:
    """The episodes that one goes on from, latest first: each ended not long before the next of that creditor and currency began."""
    group = (episode.creditor, episode.currency)
    before = [
        one for one in episodes if (one.creditor, one.currency) == group and one.number < episode.number
    ]
    begun = episode.opened_at
    for one in sorted(before, key=lambda one: one.number, reverse=True):
        if one.closed_at is None or begun - one.closed_at > RETURNS_WITHIN:
            return
        yield one
        begun = one.opened_at
