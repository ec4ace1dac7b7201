"""What to do with one person now: contact, hand to a person, wait, or stop, and always why."""

from dataclasses import dataclass
from datetime import datetime

from recobro.domain.attempt import StepKey
from recobro.domain.channel import Channel, Kind
from recobro.domain.money import Money
from recobro.domain.refusal import Refusal


@dataclass(frozen=True)
class Contact:
    """Reach this point by this channel now. passed_over: why each better channel was not taken.

    ends_at: the last instant at which the law lets it arrive (carriers' time-to-live).
    rank: order among people when there is more work than rate; smaller first.
    """

    step: StepKey
    number: int
    creditor: str
    channel: Channel
    point: str
    kind: Kind
    template: str
    tone: str
    debts: tuple[str, ...]
    due: Money
    later: Money
    dpd: int
    ends_at: datetime
    is_first_notice: bool = False
    recipient: str = ""
    rank: int = 0
    passed_over: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class HandOver:
    """Open a task for a person: the machine has done what it may."""

    step: StepKey
    task: str
    priority: int
    creditor: str
    debts: tuple[str, ...]


@dataclass(frozen=True)
class Wait:
    """Nothing before `until`; `refusals` hold until then, the nearest to yielding first."""

    until: datetime
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class Stop:
    """Nothing until the facts change."""

    refusals: tuple[Refusal, ...] = ()


Decision = Contact | HandOver | Wait | Stop
