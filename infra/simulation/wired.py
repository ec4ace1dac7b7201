"""The same months on the wiring that deploys: botocore's own clients and retries, the synthesised template, every role's rights.

A function that waits for an answer is overtaken here by whatever falls due meanwhile: it runs inside the wait, to its end.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from infra.demo.live import SPEAKS, operators_of, set_gateway_keys
from infra.local.backends.answer import answer
from infra.local.backends.memory import Memory
from infra.local.calls import Call
from infra.local.outside import CARRIERS, FunctionDied, NotReached
from infra.local.system import LocalSystem
from infra.simulation import faults as f
from infra.simulation import scenario
from infra.simulation.carriers import Carriers
from infra.simulation.checkers import Checkers
from infra.simulation.cloud import URL, possible, site_of
from infra.simulation.faults import Faults
from infra.simulation.log import Log
from infra.simulation.system import GATEWAY_SECRET, SCHEDULED_WITHIN, SWEEPS
from infra.simulation.world import World
from infra.synth import synthesise
from recobro.house import House

MOST_NESTED = 3
"""Waits inside waits."""

EXTRA_SWEEPS = 2
"""Times a day and lane that a schedule fires once more, at any minute."""

PEOPLE = 2 * scenario.PEOPLE
"""The strategy that is deployed leaves them alone for longer than the fast month's: twice as many make a hundred claims."""

REDRIVEN_EVERY = 5
"""Days after which an operator has looked at the dead letters, at the latest."""


class WiredKernel:
    """Time as the local runtime has it, in the words of the simulation."""

    def __init__(self, seed: int, local: LocalSystem) -> None:
        self.chance = Random(f"kernel/{seed}")
        self._local = local

    @property
    def time(self) -> float:
        return self._local.now.timestamp()

    def now(self, skew: float = 0.0) -> datetime:
        return self._local.now + timedelta(seconds=skew)

    def at(self, instant: float, work: Callable[[], None]) -> None:
        self._local.at(datetime.fromtimestamp(instant, UTC), work)

    def after(self, seconds: float, work: Callable[[], None]) -> None:
        self._local.at(self._local.now + timedelta(seconds=seconds), work)


class Door:
    """One of the house's queues as the world outside reaches it: by the topic in front of it where there is one."""

    def __init__(self, system: "WiredSystem", name: str) -> None:
        self._system = system
        self._name = name

    def send(self, body: str, delay: float = 0, done: Callable[[], None] | None = None) -> None:
        topic = _topic(self._name, body)
        if topic:
            self._system.local.publish(topic, body, sender=SPEAKS[topic])
        else:
            self._system.post(self._name, body)
        if done is not None:
            self._system.when_settled.append(done)


def _topic(queue: str, body: str) -> str:
    """On which topic a carrier tells this; empty: it is nothing that a carrier tells."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(told, dict) or queue not in {"receipts", "messages"}:
        return ""
    if "whatsAppWebhookEntry" in told:
        return "whatsapp-events"
    if queue == "messages":
        return "sms-inbound" if "originationNumber" in told else ""
    return "email-events" if "mail" in told else "sms-events" if "eventType" in told else ""


class WiredSystem:
    """One simulated month on the synthesised template; an `OutsideWorld` for its carriers."""

    def __init__(self, seed: int, days: int, kinds: tuple[str, ...], client: str) -> None:
        self.seed = seed
        self.days = days
        self.faults = Faults(seed, [kind for kind in kinds if kind not in FAST_ALONE])
        self.log = Log()
        self.portfolio = scenario.portfolio(seed, days, PEOPLE)
        self.when_settled: list[Callable[[], None]] = []
        self._kinds_of: dict[int, tuple[Call, str]] = {}
        self._depth = 0
        self._operating = False
        assembly = synthesise(client)
        start = datetime.fromtimestamp(scenario.at(0, 4), UTC)
        self.local = LocalSystem.boot(
            assembly, start=start, backend="memory", world=self, seed=seed, schedule_lag=SCHEDULED_WITHIN
        )
        set_gateway_keys(self.local, {"standard/main": [GATEWAY_SECRET]})
        self.house = operators_of(self.local, assembly)
        self.kernel = WiredKernel(seed, self.local)
        backend = self.local.backend
        assert isinstance(backend, Memory)  # noqa: S101 - asked for above
        table = backend.store.table(self.house.settings.table)
        table.on_write = self._wrote
        seen: Any = SimpleNamespace(tables={"ledger": table})
        kernel: Any = self.kernel
        self.checkers = Checkers(self.log, kernel, self.portfolio, seen, self.house.playbook)
        own: Any = self
        self.carriers = Carriers(own)
        self.world = World(own)
        doors = ("receipts", "messages", "send-sms", "send-email", "portfolio-files", "portfolio-partitions")
        self.cloud = SimpleNamespace(queues={name: Door(self, name) for name in doors})

    def begin(self) -> None:
        self.world.begin()
        draw = Random(f"sweeps/{self.seed}")
        for day in range(self.days):
            for lane, function in SWEEPS * EXTRA_SWEEPS:
                if self.faults.allows("twice"):
                    when = scenario.at(day, draw.uniform(7, 20))
                    self.kernel.at(when, lambda lane=lane, function=function: self._sweeps(lane, function))  # type: ignore[misc]

        # The alarm rings and somebody redrives: after fourteen days SQS would drop what nobody came for.
        for day in range(REDRIVEN_EVERY, self.days, REDRIVEN_EVERY):
            self.kernel.at(scenario.at(day, 12), self.redrive)

    def run(self) -> None:
        """All days, then time enough for everything to settle with nothing going wrong any more."""
        with self.local.meddling(self._meddle), _no_waiting():
            self._go(self.days)
            self.faults.is_quiet = self.world.is_over = True
            self.redrive()
            self._go(self.days + 4)
        if not self.log.violations:
            self.checkers.ended(None, self.carriers)

    def _go(self, day: int) -> None:
        until = datetime.fromtimestamp(scenario.at(day, 0), UTC)
        while self.local.now < until and not self.log.violations:
            self.local.run_until(min(until, self.local.now + timedelta(minutes=30)))
            if self.when_settled and not any(
                one.total for one in self.local.queues() if "messages" in one.name or "receipts" in one.name
            ):
                settled, self.when_settled = self.when_settled, []
                for told in settled:
                    told()

    # What the world, the carriers and the operators ask of a system

    def http(
        self,
        method: str,
        route: str,
        path: Mapping[str, str],
        body: str,
        headers: Mapping[str, str],
        done: Callable[[int], None],
        delay: float = 0,
    ) -> None:
        def ask() -> None:
            done(self.local.http(method, route.format(**path), headers, body.encode()).status)

        self.kernel.after(delay, ask)

    def drop(self, key: str, body: bytes, declared: Mapping[str, str]) -> None:
        bucket = self.house.settings.bucket
        self.local.client("s3").put_object(Bucket=bucket, Key=key, Body=body, Metadata=dict(declared))

    def post(self, queue: str, body: str) -> None:
        """Put something on a queue itself; SQS takes no empty message."""
        url = next(one.url for one in self.local.inventory.queues.values() if one.name.endswith(queue))
        if body:
            self.local.client("sqs").send_message(QueueUrl=url, MessageBody=body)

    def redrive(self) -> None:
        for one in self.local.inventory.queues.values():
            if one.dead_letter_arn:
                self.local.redrive(one.name)

    def operate(self, work: Callable[[House], None], failed: Callable[[BaseException], None]) -> None:
        self._operating = True
        try:
            work(self.house)
        except (FunctionDied, Exception) as error:
            failed(error)
        finally:
            self._operating = False

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The carriers' answer."""
        site = f"carrier {operation}"
        kind = self.faults.at_call(site, f.CARRIER, self.kernel.time)
        self.log.called(self.kernel.time, "carrier", site, kind)
        if kind == "crash_before":
            raise FunctionDied(site)
        call = self.carriers.calling(operation, params, self.local.now)
        if kind == "unreached":
            self.carriers.ended(call, kind)
            raise NotReached
        if kind == "delay":
            self._wait(self.faults.chance.uniform(1, 7))
        told = self.carriers.answer(call, kind)
        if kind == "crash_after":
            raise FunctionDied(site)
        return told

    # What happens to our calls

    def _meddle(self, call: Call, forward: Callable[[], AWSResponse]) -> AWSResponse:
        """Stands between a function's (or an operator's) request and its answer."""
        ours = call.who != "platform" and (call.who != "operator" or self._operating)
        if not ours or call.service in CARRIERS or "PhoneNumber" in call.params:
            return forward()
        kind = self._kind_of(call)
        if kind == "crash_before":
            raise FunctionDied(call.operation)
        if kind == "timeout_before":
            raise ConnectTimeoutError(endpoint_url=URL)
        if kind == "throttle" and call.service == "dynamodb":
            return _throttled()
        if kind == "delay" and call.who != "journal":
            self._wait(self.faults.chance.uniform(0.5, 20))
        told = forward()
        if kind == "crash_after":
            raise FunctionDied(call.operation)
        if kind == "frozen" and call.who != "journal":
            self._wait(self.faults.chance.uniform(61, 400))
        if kind in {"timeout_after", "repeated"}:
            if kind == "repeated":
                # Once: botocore sends the same request again, and hears what that one says.
                self._kinds_of[id(call)] = (call, "")
            raise ReadTimeoutError(endpoint_url=URL)
        return told

    def _kind_of(self, call: Call) -> str:
        """The fault of a call, the same for all its tries."""
        known = self._kinds_of.get(id(call))
        if known is not None and known[0] is call:
            return known[1]
        site = f"{call.who} {site_of(call.operation, call.params)}"
        kinds = [kind for kind in possible(call.operation, call.params) if kind in WIRED]
        kind = self.faults.at_call(site, kinds, self.kernel.time)
        self.log.called(self.kernel.time, call.who, site, kind)
        if kind:
            self.checkers.workers.befell(self.kernel.time)
        self._kinds_of = {id(call): (call, kind)}
        return kind

    def _wait(self, seconds: float) -> None:
        """An answer takes long: whatever falls due meanwhile happens first."""
        if self._depth < MOST_NESTED:
            self._depth += 1
            operating, self._operating = self._operating, False
            try:
                self.local.run_for(timedelta(seconds=seconds))
            finally:
                self._depth -= 1
                self._operating = operating

    def _sweeps(self, lane: str, function: str) -> None:
        if self.faults.happens(f"{function} schedule", "twice", 1.0, self.kernel.time):
            self.local.invoke(function, {"lane": lane})

    def _wrote(self, before: Any, after: Any) -> None:
        self.checkers.wrote(before, after)
        if after is not None and after["sk"]["S"] == "STATE":
            self.world.saved(after["pk"]["S"].removeprefix("DEBTOR#"))


WIRED = frozenset({*f.WRITE})
FAST_ALONE = frozenset({"half_done"})
"""What needs to know for which message a call is made."""


def _throttled() -> AWSResponse:
    told = {
        "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "message": "",
    }
    return answer(URL, 400, {"content-type": "application/x-amz-json-1.0"}, json.dumps(told).encode())


@contextmanager
def _no_waiting() -> Iterator[None]:
    """botocore sleeps between two tries by the machine's clock, which is not the one that is simulated."""
    module: Any = botocore.endpoint
    before, module.time = module.time, SimpleNamespace(sleep=lambda _seconds: None)
    try:
        yield
    finally:
        module.time = before
