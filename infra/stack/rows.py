"""How a function is described in the table of `infra/app.py`: what starts it, what it may do, within which limits."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.stack.access import Grant
from infra.stack.settings import ClientSettings
from recobro.adapters.gateways import GATEWAYS, gateway_named

TOPICS: dict[str, Callable[[ClientSettings], bool]] = {
    "email-events": lambda client: client.sends("email"),
    "email-inbound": lambda client: client.sends("email") and client.channels["email"].inbound,
    "sms-events": lambda client: client.sms_by_eum or client.sends("voice"),
    "sms-inbound": lambda client: client.sms_by_eum and client.channels["sms"].two_way,
    "whatsapp-events": lambda client: client.sends("whatsapp"),
}
"""What carriers tell us, and which clients hear it: calls report on the SMS service's topic, as AWS has one service for
both.
"""


@dataclass(frozen=True)
class Limits:
    """What one invocation may use; `at_once` caps how many run together from a queue (AWS's least is 2)."""

    seconds: int = 30
    memory_mb: int = 512
    disk_mb: int = 512
    batch: int = 10
    at_once: int = 2


@dataclass(frozen=True)
class OnQueue:
    """Starts on messages that our own functions put on `queue`; they are hints and are soon out of date."""

    queue: str
    keep_hours: int = 24


@dataclass(frozen=True)
class OnFiles:
    """Starts when a file lands under `prefix` of the bucket; the notice waits in the queue `via`."""

    prefix: str
    via: str
    keep_hours: int = 96


@dataclass(frozen=True)
class OnTopics:
    """Starts on what carriers publish to `topics` (names between spaces), gathered in the queue `via`.

    Those messages carry what people wrote and their numbers, so they are kept the least time that outlives a night's
    outage; what fails five times waits in the dead-letter queue.
    """

    topics: str
    via: str
    keep_hours: int = 24


@dataclass(frozen=True)
class OnSweep:
    """Starts every `sweep_minutes` between the client's opening hours, in the client's time zone, for one lane."""

    lane: str


@dataclass(frozen=True)
class OnMorning:
    """Starts once a day, an hour before the client's day opens, in the client's time zone."""


@dataclass(frozen=True)
class OnHours:
    """Starts every hour of the day and the night, `minute` past it: what has to be looked after while nobody works."""

    minute: int


@dataclass(frozen=True)
class OnRoutes:
    """Starts on HTTP requests, each route written as `METHOD /path`."""

    routes: tuple[str, ...]

    def __init__(self, *routes: str) -> None:
        object.__setattr__(self, "routes", routes)


@dataclass(frozen=True)
class OnLedger:
    """Starts on what was saved to a debtor's `STATE`, read from the table's stream."""


Trigger = OnQueue | OnFiles | OnTopics | OnSweep | OnMorning | OnHours | OnRoutes | OnLedger


def always(_client: ClientSettings) -> bool:
    return True


def paid_by_gateway(client: ClientSettings) -> bool:
    """Only for clients whose file names a payment gateway."""
    return bool(client.gateways)


def makes_links(client: ClientSettings) -> bool:
    """Only for clients one of whose gateways makes payment links: the others have none to take back."""
    return any(hasattr(gateway_named(name), "void_link") for name in client.gateways if name in GATEWAYS)


def tells_systems(client: ClientSettings) -> bool:
    """Only for clients one of whose own systems asks to be told."""
    return client.has_notices


def asked_by_programs(client: ClientSettings) -> bool:
    """Only for clients whose file opens the API."""
    return client.has_api


def worked_by_people(client: ClientSettings) -> bool:
    """Only for clients whose file opens the console."""
    return client.has_console


@dataclass(frozen=True)
class Row:
    """One function: the same name is its folder, its use case, its events and its tests.

    `shared_use_case` is written only where functions share one: every channel sends alike, both lanes sweep alike.
    """

    name: str
    shared_use_case: str
    starts: Trigger
    may: tuple[Grant, ...]
    within: Limits = Limits()
    when: Callable[[ClientSettings], bool] = always

    @property
    def use_case(self) -> str:
        """The module under `recobro/usecases/` that does its work."""
        return self.shared_use_case or self.name

    @property
    def topics(self) -> tuple[str, ...]:
        """The carriers' topics this function hears."""
        return tuple(self.starts.topics.split()) if isinstance(self.starts, OnTopics) else ()

    def present(self, client: ClientSettings) -> bool:
        """Whether this client's deployment has the function: its channel is on, some carrier of its topics speaks."""
        sends = all(client.sends(grant.on) for grant in self.may if grant.kind == "carrier")
        hears = not self.topics or any(TOPICS[topic](client) for topic in self.topics)
        return sends and hears and self.when(client)

    @property
    def queue(self) -> str | None:
        """The queue this function reads, if it reads one."""
        match self.starts:
            case OnQueue(queue=name) | OnFiles(via=name) | OnTopics(via=name):
                return name
        return None
