"""One try to reach one person: claimed before it is made, so that nobody is ever reached twice for the same thing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from recobro.domain.channel import Channel, Kind


class AttemptStatus(StrEnum):
    """claimed → sent → delivered → read → answered; or failed, released, unknown."""

    CLAIMED = "claimed"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    ANSWERED = "answered"
    FAILED = "failed"
    RELEASED = "released"


REACHED_NOBODY = frozenset({AttemptStatus.RELEASED, AttemptStatus.FAILED})
"""After these alone may a step be tried again; what nobody recorded the end of may have arrived."""

RANK: dict[AttemptStatus, int] = {status: rank for rank, status in enumerate(AttemptStatus)}
"""A receipt only ever moves an attempt forward in this order: carriers repeat and reorder what they tell us."""


CALLS = "task"
"""The stage of the calls that a task asks for; their step is the task."""

SHARED = "shared."
"""Before what a contact with somebody else has in common with this person (domain/shared_caps.py)."""


@dataclass(frozen=True, slots=True)
class StepKey:
    """What an attempt is for. What is owed is content, not identity (DESIGN §3)."""

    episode: int
    stage: str
    step: str

    @property
    def mark(self) -> str:
        """How an episode's marks name the step."""
        return f"{self.stage}.{self.step}"

    def __str__(self) -> str:
        return f"{self.episode}.{self.stage}.{self.step}"


@dataclass(frozen=True, slots=True)
class ContactAttempt:
    """One try by one channel. Times are aware UTC; `send_by` is the last instant the carrier may be called.

    by: "recobro", an agent's id, "creditor", "other_agency", "debtor" or "shared.…": see `shared`.
    cost: price of the contact in micro-USD.
    strategy, law, template: content hashes it was decided with; book: of the list that names all of them, client, holidays
    and every law included. content: keyed hash of what was said.
    is_first_notice: its words give the first-contact notice.
    outcome: the carrier's or agent's own word, kept raw. is_spent: this channel at this point is not taken again for the step.
    """

    id: str
    step: StepKey
    number: int
    creditor: str
    channel: Channel
    point: str
    claimed_at: datetime
    claim_id: str
    send_by: datetime
    kind: Kind = Kind.COLLECTION
    recipient: str = ""
    debts: tuple[str, ...] = ()
    status: AttemptStatus = AttemptStatus.CLAIMED
    by: str = "recobro"
    template: str = ""
    strategy: str = ""
    law: str = ""
    book: str = ""
    content: str = ""
    provider_id: str = ""
    outcome: str = ""
    settled_at: datetime | None = None
    cost: int = 0
    is_first_notice: bool = False

    @property
    def shared(self) -> str:
        """What it has in common with this person where somebody else got it, or got it for another client of the agency;
        empty: it was made with this person.
        """
        return self.by.removeprefix(SHARED) if self.by.startswith(SHARED) else ""

    is_spent: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the plan still waits for this attempt before it may take the step again."""
        return self.status in {AttemptStatus.CLAIMED, AttemptStatus.UNKNOWN}

    def may_have_arrived(self, now: datetime) -> bool:
        """Whether somebody may have it: not while it may still be on its way to the carrier, and not what reached nobody."""
        is_on_its_way = self.status is AttemptStatus.CLAIMED and now < self.send_by
        return not is_on_its_way and self.status not in REACHED_NOBODY


def attempt_id(debtor: str, recipient: str, creditor: str, step: StepKey, number: int) -> str:
    """The same try always has the same id: letters and digits only, as carriers' tags allow nothing else."""
    words = "\x1f".join((debtor, recipient, creditor, str(step), str(number)))
    return "a" + hashlib.sha256(words.encode()).hexdigest()[:23]
