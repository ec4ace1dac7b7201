"""A client's deployment, alive on this machine: the template that would be deployed, its functions, and time in our hands."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from threading import RLock
from types import TracebackType
from typing import Any, Self

from infra.local import surroundings
from infra.local.agenda import Agenda, Work
from infra.local.assembly import read_assembly
from infra.local.backends import open_backend
from infra.local.calls import OPERATOR, PLATFORM, Call, Calls, Meddler
from infra.local.carriers.counter import Counter as CarriersCounter
from infra.local.clock import Clock, MovableClock, RealClock
from infra.local.connections import check_connections, service_may
from infra.local.drivers.asynchronous import Asynchronous
from infra.local.drivers.events import Events
from infra.local.drivers.expiry import LAG, Expiry
from infra.local.drivers.http_api import HttpAnswer, HttpApi
from infra.local.drivers.platform import Platform
from infra.local.drivers.queues import QueueSources
from infra.local.drivers.schedules import Schedules
from infra.local.drivers.streams import StreamSources
from infra.local.drivers.topics import Topics
from infra.local.functions import Failure, FunctionHost, Outcome
from infra.local.ids import Ids
from infra.local.inventory import Function, Inventory
from infra.local.meter import Meter
from infra.local.outside import OutsideWorld
from infra.local.permissions.guard import Denial, Grant, Guard
from infra.local.permissions.needs import Namer
from infra.local.permissions.policy import Policy
from infra.local.process import Process
from infra.local.reactions import Reactions
from infra.local.realise import Built, Fate, Site, realise
from infra.local.routing import Router
from infra.local.snapshot import Snapshot

ACCOUNT = "111122223333"
"""An account number that AWS keeps for examples."""


@dataclass(frozen=True)
class QueueDepth:
    """Messages of one queue: ready, being worked on, and not yet due."""

    name: str
    ready: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        return self.ready + self.in_flight + self.delayed


class LocalSystem:
    """One deployment. Make it with `boot`, end it with `close` or a `with` block; there is one at a time in a process."""

    clock: Clock
    meter: Meter
    inventory: Inventory
    outputs: Mapping[str, str]
    """The stacks' outputs by name."""
    random: Random
    """The chance that functions are given: seeded, or the operating system's when time is real."""

    def __init__(self, process: Process, clock: Clock, built: Built, inventory: Inventory, url: str) -> None:
        raise NotImplementedError
