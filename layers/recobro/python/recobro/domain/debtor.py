"""The person or company that owes: caps, consent and tone belong to a person, so everything about one stands together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from recobro.domain.attempt import ContactAttempt
from recobro.domain.channel import Channel
from recobro.domain.contact_point import ContactPoint
from recobro.domain.conversation import Conversation, Reply
from recobro.domain.debt import Debt
from recobro.domain.episode import Episode
from recobro.domain.hold import Hold
from recobro.domain.letter import ReleaseLetter
from recobro.domain.pay_link import PayLink
from recobro.domain.payment import Heard, Payment
from recobro.domain.plan import PaymentPlan
from recobro.domain.preferences import ChosenHours
from recobro.domain.promise import PromiseToPay
from recobro.domain.task import Task
from recobro.domain.waiver import CallBack, Waiver

SCHEMA = 1
"""Number of this shape. Code never saves a newer schema than it knows (DESIGN §3)."""


@dataclass(frozen=True, slots=True)
class Personal:
    """What identifies the person; never in a fact, a log, a queue or a URL. Erasure deletes exactly this and the key.

    name: as the creditor wrote it. points: point id → canonical value (E.164, lower-case e-mail, device token, address).
    national_id: canonical. key: random hex under which the person's facts hash what was said.
    """

    name: str = ""
    given_name: str = ""
    national_id: str = ""
    points: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What may shape language, channel and segment, and nothing that identifies.

    kind: "person" | "company". law: "consumer" | "commercial" ("unknown" is treated as consumer).
    zones: IANA names; several when the place is uncertain. attributes: free codes from the portfolio ("sex", "age_band").
    household: keyed hash of the household the person lives in; empty: not known.
    """

    kind: str = "person"
    law: str = "unknown"
    country: str = ""
    subdivision: str = ""
    zones: tuple[str, ...] = ()
    language: str = "es"
    attributes: Mapping[str, str] = field(default_factory=dict)
    household: str = ""


@dataclass(frozen=True, slots=True)
class Approach:
    """The person wrote to us or called: laws ask for quiet after a talk, whoever began it. said: keyed hash of the words, by which
    a message that carriers tell twice is known.
    """

    at: datetime
    channel: Channel
    point: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Debtor:
    """The aggregate, as of `version`. Immutable: every change is a fact (domain/facts.py) folded in (domain/fold.py).

    head: hash of the last fact. feeds: creditor → the day its balances were true. stopped: channels the person
    closed for all points ("*": every channel). paid_at: creditor → when a payment was last posted, or
    shown by a lower balance.
    hours: when the person wants to hear from us. failed_identity: tries to identify themselves since the last that was right.
    """

    id: str
    version: int = 0
    head: str = ""
    profile: Profile = field(default_factory=Profile)
    personal: Personal = field(default_factory=Personal)
    debts: tuple[Debt, ...] = ()
    points: tuple[ContactPoint, ...] = ()
    episodes: tuple[Episode, ...] = ()
    attempts: tuple[ContactAttempt, ...] = ()
    promises: tuple[PromiseToPay, ...] = ()
    holds: tuple[Hold, ...] = ()
    tasks: tuple[Task, ...] = ()
    payments: tuple[Payment, ...] = ()
    heard: tuple[Heard, ...] = ()
    letters: tuple[ReleaseLetter, ...] = ()
    stopped: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    feeds: Mapping[str, date] = field(default_factory=dict)
    paid_at: Mapping[str, datetime] = field(default_factory=dict)
    last_inbound_at: datetime | None = None
    approaches: tuple[Approach, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    call_backs: tuple[CallBack, ...] = ()
    failed_identity: int = 0
    pay_links: tuple[PayLink, ...] = ()
    hours: ChosenHours = field(default_factory=ChosenHours)
    plans: tuple[PaymentPlan, ...] = ()
    conversation: Conversation = field(default_factory=Conversation)
    replies: tuple[Reply, ...] = ()
    is_erased: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def debt(self, key: str) -> Debt | None:
        creditor, _, ref = key.partition("/")
        return next((one for one in self.debts if one.ref == ref and one.creditor == creditor), None)

    def point(self, point_id: str) -> ContactPoint | None:
        return next((point for point in self.points if point.id == point_id), None)

    def attempt(self, attempt_id: str) -> ContactAttempt | None:
        return next((one for one in self.attempts if one.id == attempt_id), None)

    def attempt_beginning(self, prefix: str) -> ContactAttempt | None:
        """The latest attempt whose id begins so: how links name it."""
        return next((one for one in reversed(self.attempts) if prefix and one.id.startswith(prefix)), None)

    def episode(self, number: int) -> Episode | None:
        return next((one for one in self.episodes if one.number == number), None)

    def open_episodes(self) -> Iterator[Episode]:
        return (one for one in self.episodes if one.is_open)

    def open_tasks(self) -> Iterator[Task]:
        return (task for task in self.tasks if task.is_open)
