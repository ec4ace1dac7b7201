"""What the event sources share: the clock, the agenda, what the template declares, AWS's own clients, and how to invoke."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.local.agenda import Agenda, Work
from infra.local.clock import Clock
from infra.local.functions import Outcome
from infra.local.inventory import Function, Inventory


@dataclass(frozen=True)
class Platform:
    """`service` gives a boto3 client that asks as AWS itself; `records` a page of a stream, at most so many from an iterator on;
    `new_id` an id of a kind, repeatable in a seeded run.
    """

    account: str
    region: str
    clock: Clock
    agenda: Agenda
    inventory: Inventory
    service: Callable[[str], Any]
    invoke: Callable[[Function, Any], Outcome]
    records: Callable[[str, int], dict[str, Any]]
    new_id: Callable[[str], str]
    late: float = 0.0
    """Seconds by which this backend brings hidden messages back late."""

    def now(self) -> datetime:
        return self.clock.now()

    def plan(self, seconds: float, work: Work, key: str = "") -> None:
        """Plan work for so many seconds from now."""
        self.agenda.plan(self.now() + timedelta(seconds=seconds), work, key)


def stamp(instant: datetime) -> str:
    """An instant as AWS writes it in events: ISO 8601 with milliseconds and Z."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"
