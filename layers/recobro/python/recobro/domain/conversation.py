"""One conversation per person, whatever the channel: what we asked last, what was said already, and what we still have to answer.

It stands in the person's record, so that a plan begun on WhatsApp is finished by SMS, on the page or with an agent, and nothing
is asked twice. It holds codes, amounts and dates, never words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import Level
from recobro.domain.plan import PlanOffer

IDLE = timedelta(hours=24)
"""After so long without a word a talk is over: what was asked is no longer waited for."""
IDENTIFIED_FOR = timedelta(minutes=30)
"""How long after the check details may be told at that point: a phone is handed on sooner than one thinks."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """awaits: what our last words asked for: "" | "date" | "amount" | "yes_no" | "buttons" | "identity" | "plan" | "who".

    wish: the intent that waits for it. amount, day: what a promise in the making already has, minor units and date. offers: the
    plans shown. turns: what the machine said since a person last spoke. identified_at, _until: where and until when the check
    holds (wrong answers stand with the person: Debtor.failed_identity). buttons: what was offered, by their names in the phrases.
    """

    awaits: str = ""
    wish: str = ""
    amount: int = 0
    day: date | None = None
    offers: tuple[PlanOffer, ...] = ()
    turns: int = 0
    channel: str = ""
    point: str = ""
    at: datetime | None = None
    identified_at: str = ""
    identified_until: datetime | None = None
    buttons: tuple[str, ...] = ()

    def is_identified(self, point: str, now: datetime) -> bool:
        """Whether the person at that point has shown who they are, lately enough."""
        until = self.identified_until
        return self.identified_at == point and until is not None and now < until

    def unidentified(self) -> "Conversation":
        """The same where the phone is in another hand, or may be: who writes next has to show who they are."""
        return replace(self, identified_at="", identified_until=None)

    def is_idle(self, now: datetime) -> bool:
        return self.at is None or now - self.at >= IDLE


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer that we owe: decided with the message it answers, sent by its channel's function like any contact.

    id: of what it answers. words: which reply (messages/replies.*.toml) or template. values: codes that its variables are made
    of ("2026-03-20", "15000 MXN", a number), never words of a person. event: the stop event of the law that the message itself
    is ("opt_out"): the law is asked as of after it. level: how much may be said there now. currency: of what is owed to the
    creditor, that which it is about; empty: of whatever is most urgent.
    """

    id: str
    words: str
    channel: Channel
    point: str
    kind: Kind
    creditor: str
    asked_at: datetime
    expires_at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()
    event: str = ""
    level: Level = Level.NEUTRAL
    currency: str = ""
