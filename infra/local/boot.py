"""Puts a deployment together from its synthesised template: builds the resources, connects what starts what, checks who may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from botocore.model import ServiceModel

from infra.local.agenda import Agenda
from infra.local.assembly import Assembly, read_assembly
from infra.local.backends import Backend, open_backend
from infra.local.calls import PLATFORM, Calls
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
from infra.local.managed_login import ManagedLogin
from infra.local.meter import Meter
from infra.local.outside import OutsideWorld
from infra.local.permissions.guard import Guard
from infra.local.permissions.need import Namer
from infra.local.process import Process, lambda_environment
from infra.local.reactions import Reactions
from infra.local.realise import Built, Site, realise
from infra.local.refusal import Refused
from infra.local.routing import Router

ACCOUNT = "111122223333"
"""An account number that AWS keeps for examples."""

REGION = "us-east-1"
"""For an app that leaves the region to the deployer."""


@dataclass(frozen=True)
class Wishes:
    """How a deployment is to be run. start: the movable clock's first instant; None: the machine's own time.

    seed: for ids, secrets and functions' chance; ignored when time is real. expiry_lag: how long after its time an item goes.
    schedule_lag: by how much a schedule may be late.
    """

    start: datetime | None
    backend: str
    world: OutsideWorld | None
    seed: int
    state: Path | None
    enforce_permissions: bool
    url: str
    expiry_lag: timedelta
    schedule_lag: timedelta


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
    world: OutsideWorld | None
    login: ManagedLogin | None


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


def _boot(
    assembly: Assembly,
    wishes: Wishes,
    invoke: Callable[[Function, Any], Outcome],
    process: Process,
    keeper: Keeper | None,
) -> Machine:
    account = next((stack.account for stack in assembly.stacks if stack.account), ACCOUNT)
    region = next((stack.region for stack in assembly.stacks if stack.region), REGION)
    clock = _clock(wishes, keeper)
    seed = f"{wishes.seed}/{keeper.boots if keeper else 1}" if clock.moves else None
    chance: Random = SystemRandom() if seed is None else Random(seed)
    backend = open_backend(wishes.backend, account, region, None if seed is None else chance.getrandbits(64))
    ids = Ids(seed)
    inventory = Inventory()
    agenda = Agenda()

    def run_now(name: str, event: Any) -> Outcome:
        return invoke(inventory.function(name), event)

    def run_later(name: str, event: Any) -> None:
        asynchronous.accept(inventory.function(name).arn, event)

    def model_of(service: str) -> ServiceModel:
        return calls.model(service)

    counter = Counter(wishes.world, model_of, lambda: ids.new("carrier"))
    calls = Calls(region, Router(backend, counter, run_now, run_later), waits=not clock.moves)
    process.lend(clock, calls.session(None))

    def service(name: str) -> Any:
        return calls.client(name, PLATFORM)

    site = Site(account, region, service, assembly.assets, wishes.url, chance, inventory=inventory)
    built = realise(assembly, site)
    platform = Platform(
        account, region, clock, agenda, inventory, service, invoke, calls.records, ids.new, backend.late
    )
    asynchronous = Asynchronous(platform)
    streams = StreamSources(platform)
    expiry = Expiry(platform, streams, wishes.expiry_lag)
    queues = QueueSources(platform)
    guard = _guard(account, region, inventory, enforces=wishes.enforce_permissions)
    check_connections(inventory, guard)
    meter = Meter()
    if keeper is not None:
        keeper.put_back(inventory, service, clock.now, backend)
    streams.skip()
    _listen(
        calls,
        guard,
        meter,
        Reactions(
            inventory, guard, queues, streams, expiry, Events(platform, asynchronous), Topics(platform)
        ),
    )
    if keeper is not None:
        _take_up(keeper, calls, inventory, clock, streams, queues, expiry, service)
    late = Random(f"schedules/{seed}")
    Schedules(platform, asynchronous, lambda: wishes.schedule_lag * late.random()).start()
    return Machine(
        process=process,
        clock=clock,
        agenda=agenda,
        backend=backend,
        calls=calls,
        guard=guard,
        meter=meter,
        inventory=inventory,
        built=built,
        host=FunctionHost(clock.now, lambda_environment(region)),
        ids=ids,
        random=chance,
        platform=platform,
        http=HttpApi(platform),
        asynchronous=asynchronous,
        keeper=keeper,
        world=wishes.world,
        login=_login(inventory, clock, chance),
    )


def _login(inventory: Inventory, clock: Clock, chance: Random) -> ManagedLogin | None:
    if len(inventory.pools) > 1:
        raise Refused("the template", "of several user pools only one can be played here")
    return next((ManagedLogin(one, clock.now, chance) for one in inventory.pools.values()), None)


def _clock(wishes: Wishes, keeper: Keeper | None) -> Clock:
    """A kept deployment goes on from where it was, never from before."""
    if wishes.start is None:
        return RealClock()
    past = keeper.at if keeper is not None else None
    return MovableClock(max(wishes.start, past) if past else wishes.start)


def _guard(account: str, region: str, inventory: Inventory, *, enforces: bool) -> Guard:
    namer = Namer(
        account,
        region,
        identities=frozenset(inventory.identities),
        secrets=inventory.secrets,
        partition_keys={table.name: table.key[0] for table in inventory.tables.values()},
    )
    roles = {
        function.short_name: inventory.role_policy(function.role_arn)
        for function in inventory.functions.values()
    }
    roles |= {
        schedule.role_arn: inventory.role_policy(schedule.role_arn)
        for schedule in inventory.schedules.values()
    }
    policies = {arn: inventory.resource_policy(arn) for arn in inventory.resource_statements}
    return Guard(namer, roles, policies, inventory.keys, enforces)


def _listen(calls: Calls, guard: Guard, meter: Meter, reactions: Reactions) -> None:
    calls.check = lambda call: guard.check(call.who, call.service, call.operation, call.params)
    calls.listeners += [
        lambda call, answer: meter.count(call.who, call.service, call.operation, call.params, answer),
        reactions,
    ]


def _take_up(
    keeper: Keeper,
    calls: Calls,
    inventory: Inventory,
    clock: Clock,
    streams: StreamSources,
    queues: QueueSources,
    expiry: Expiry,
    service: Callable[[str], Any],
) -> None:
    """Everything that was put back becomes due again, and from here on every change is written down."""
    recorder = keeper.recorder
    if recorder is not None:
        calls.listeners.insert(0, recorder)
        streams.on_read, streams.on_done = recorder.stream_read, recorder.stream_done
    by_name = {queue.name: queue.arn for queue in inventory.queues.values()}
    for name, due in keeper.waiting():
        queues.told(by_name[name], seconds_until(due, clock.now()))
    expiry.remember()
    keeper.replay(inventory, service)
