"""Puts a deployment together from its synthesised template: builds the resources, connects what starts what, checks who may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from infra.local.agenda import Agenda
from infra.local.assembly import read_assembly
from infra.local.backends import Backend, open_backend
from infra.local.calls import PLATFORM, Call, Calls
from infra.local.carriers.counter import Counter
from infra.local.clock import Clock, MovableClock, RealClock
from infra.local.connections import check_connections
from infra.local.drivers.asynchronous import Asynchronous
from infra.local.drivers.events import Events
from infra.local.drivers.expiry import Expiry
from infra.local.drivers.http_api import HttpApi
from infra.local.drivers.platform import Platform
from infra.local.drivers.queues import QueueSources
from infra.local.drivers.schedules import Schedules
from infra.local.drivers.streams import StreamSources
from infra.local.drivers.topics import Topics
from infra.local.functions import FunctionHost, Outcome
from infra.local.ids import Ids
from infra.local.inventory import Function, Inventory
from infra.local.keeping.keeper import Keeper
from infra.local.keeping.restoring import seconds_until
from infra.local.meter import Meter
from infra.local.outside import OutsideWorld
from infra.local.permissions.guard import Guard
from infra.local.permissions.needs import Namer
from infra.local.process import Process, lambda_environment
from infra.local.reactions import Reactions
from infra.local.realise import Built, Site, realise
from infra.local.routing import Router

ACCOUNT = "111122223333"
"""An account number that AWS keeps for examples."""

REGION = "us-east-1"
"""For an app that leaves the region to the deployer."""


@dataclass(frozen=True)
class Wishes:
    """How a deployment is to be run. start: the movable clock's first instant; None: the machine's own time.

    seed: for ids, secrets and functions' chance; ignored when time is real. expiry_lag: how long after its time an item goes.
    """

    start: datetime | None
    backend: str
    world: OutsideWorld | None
    seed: int
    state: Path | None
    enforce_permissions: bool
    url: str
    expiry_lag: timedelta


@dataclass(frozen=True)
class Machine:
    """The parts of a running deployment."""

    process: Process
    clock: Clock
    agenda: Agenda
    backend: Backend
    calls: Calls
    guard: Guard
    meter: Meter
    inventory: Inventory
    built: Built
    host: FunctionHost
    ids: Ids
    random: Random
    platform: Platform
    http: HttpApi
    asynchronous: Asynchronous
    keeper: Keeper | None


def boot(assembly_folder: Path, wishes: Wishes, invoke: Callable[[Function, Any], Outcome]) -> Machine:
    """Build and connect everything; nothing has run yet. Raises Refused, or RuntimeError when another system is alive."""
    assembly = read_assembly(assembly_folder)
    process = Process()
    process.take()
    keeper: Keeper | None = None
    try:
        keeper = Keeper(wishes.state) if wishes.state is not None else None
        return _boot(assembly, wishes, invoke, process, keeper)
    except BaseException:
        if keeper is not None:
            keeper.close()
        process.give_back()
        raise
