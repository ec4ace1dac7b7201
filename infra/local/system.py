"""A client's deployment, alive on this machine: the template that would be deployed, its functions, and time in our hands."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import RLock
from types import TracebackType
from typing import Any, Self

from infra.local.agenda import Work
from infra.local.backends import Backend
from infra.local.boot import Machine, Wishes, boot
from infra.local.calls import OPERATOR, Answer, Call, Meddler
from infra.local.clock import Clock
from infra.local.connections import service_may
from infra.local.drivers.expiry import LAG
from infra.local.drivers.http_api import HttpAnswer
from infra.local.functions import Failure, Outcome
from infra.local.inventory import Function, Inventory
from infra.local.managed_login import ManagedLogin
from infra.local.meter import Meter
from infra.local.outside import OutsideWorld
from infra.local.permissions.guard import Denial, Grant, Guard
from infra.local.realise import Fate
from infra.local.surroundings import installer, surroundings


@dataclass(frozen=True)
class QueueDepth:
    """Messages of one queue: in sight, being worked on, and not yet due."""

    name: str
    ready: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.ready + self.in_flight + self.delayed


class LocalSystem:
    """One deployment; there is one at a time in a process. Use it in a `with` block, or `close` it.

    Work is done only while `run_until`, `drain`, `http`, `invoke` … are being called, on the caller's thread, one thing
    after another: in a seeded run the same calls give the same sequence of events.
    """

    def __init__(self, url: str) -> None:
        """Use `boot`."""
        self._lock = RLock()
        self._url = url
        self._hook: Callable[[str], None] = lambda _name: None
        self._machine: Machine | None = None
        self.failures: list[Failure] = []
        """Every invocation that failed, in order."""
        self.invocations: Counter[str] = Counter()
        """How often each function ran, by its short name."""

    @classmethod
    def boot(
        cls,
        assembly: Path,
        *,
        start: datetime | None = None,
        backend: str = "ministack",
        world: OutsideWorld | None = None,
        seed: int = 0,
        state: Path | None = None,
        enforce_permissions: bool = True,
        url: str = "https://local.example",
        expiry_lag: timedelta = LAG,
        schedule_lag: timedelta = timedelta(0),
        on_function: Callable[[str], None] | None = None,
    ) -> Self:
        """Bring up the cloud assembly in a folder.

        start: aware; where the movable clock begins (a kept state that is further on wins); None: the machine's own time.
        state: the folder to keep and to go on from. url: what functions are told is their public address.
        schedule_lag: by how much a schedule may be late: AWS promises the minute, not the second.
        on_function: called with a function's short name just before each of its invocations; by default it gives our
        shared package `surroundings_for` that function.
        Raises Refused for what cannot be run here; RuntimeError while another system, or another process with the same
        state, is alive.
        """
        system = cls(url)
        wishes = Wishes(
            start, backend, world, seed, state, enforce_permissions, url, expiry_lag, schedule_lag
        )
        system._machine = boot(assembly, wishes, system._invoke)
        system._hook = on_function or installer(system.surroundings_for)
        return system

    # Time

    @property
    def clock(self) -> Clock:
        """Whose time it is."""
        return self._running.clock

    @property
    def random(self) -> Random:
        """The chance that functions are given: seeded, or the operating system's when time is real."""
        return self._running.random

    @property
    def now(self) -> datetime:
        """The time, UTC."""
        return self._running.clock.now()

    @property
    def next_due(self) -> datetime | None:
        """When the next work is due; None: never."""
        return self._running.agenda.next_due()

    def at(self, instant: datetime, work: Work) -> None:
        """Call `work` at an instant; at once, behind what is due already, when it has passed."""
        with self._lock:
            self._running.agenda.plan(max(instant, self.now), work)

    def run_until(self, instant: datetime) -> None:
        """Do everything that falls due up to and including an instant, and be there. With real time: what is due now."""
        with self._lock:
            machine = self._running
            while (due := machine.agenda.next_due()) is not None and due <= self._reachable(instant):
                self._move_to(due)
                _, work = machine.agenda.take()
                work()
                if machine.keeper is not None:
                    machine.keeper.event_done()
            self._move_to(instant, last=True)

    def _reachable(self, instant: datetime) -> datetime:
        """Real time cannot be run ahead of."""
        return instant if self._running.clock.moves else min(instant, self.now)

    def _move_to(self, instant: datetime, *, last: bool = False) -> None:
        machine = self._running
        if machine.clock.moves and instant > self.now:
            machine.clock.move_to(instant)
            if last and machine.keeper is not None:
                machine.keeper.event_done()

    def run_for(self, duration: timedelta) -> None:
        """`run_until` so much later."""
        self.run_until(self.now + duration)

    def drain(self) -> None:
        """Do everything that is due now, and what comes of it."""
        self.run_until(self.now)

    # The doors by which the world outside reaches us

    def http(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        source_ip: str = "127.0.0.1",
    ) -> HttpAnswer:
        """A request to the public address. `path` may hold a query."""
        with self._lock:
            return self._running.http.request(method, path, headers or {}, body, source_ip)

    @property
    def login(self) -> ManagedLogin | None:
        """Where the agency's people sign in; None where the template has no user pool."""
        return self._running.login

    def publish(
        self,
        topic: str,
        message: str | Mapping[str, Any],
        *,
        attributes: Mapping[str, str] | None = None,
        sender: str | None = None,
    ) -> None:
        """A carrier publishes on a topic (its name, the end of its name, or its ARN). A mapping is sent as JSON.

        sender: the AWS service that does, e.g. "ses.amazonaws.com". Raises PermissionError when the topic's policy lets it
        (or, without one, any service at all) not.
        """
        with self._lock:
            machine = self._running
            arn = self._topic(topic)
            context = {"aws:SourceAccount": machine.guard.namer.account, "aws:SourceArn": "*"}
            if not service_may(machine.inventory.resource_policy(arn), sender, "sns:Publish", arn, context):
                raise PermissionError(f"the policy of {arn} does not let {sender or 'any service'} publish")
            text = message if isinstance(message, str) else json.dumps(message)
            named = {
                name: {"DataType": "String", "StringValue": value}
                for name, value in (attributes or {}).items()
            }
            machine.platform.service("sns").publish(TopicArn=arn, Message=text, MessageAttributes=named)

    def put_object(self, bucket: str, key: str, body: bytes) -> None:
        """An operator drops a file. bucket: its name, or "" when the template has one that announces files."""
        with self._lock:
            self.client("s3").put_object(Bucket=bucket or self._announcing_bucket(), Key=key, Body=body)

    # The operator's view

    def client(self, service: str) -> Any:
        """A boto3 client of this deployment with an operator's rights."""
        return self._running.calls.client(service, OPERATOR)

    def ordinary_session(self) -> Any:
        """A plain boto3 session on this machine's services, to measure ours against."""
        return self._running.calls.ordinary_session()

    def invoke(self, function: str, event: Any) -> Outcome:
        """Invoke a function (name, short name or ARN) and wait for its answer. Raises LookupError."""
        with self._lock:
            return self._invoke(self._running.inventory.function(function), event)

    def restart_function(self, function: str) -> None:
        """Forget what the function holds in memory: its next invocation is a cold start."""
        self._running.host.restart(self._running.inventory.function(function))

    def redrive(self, queue: str) -> int:
        """Send what was set aside back to the queue (its name or the end of it). Returns how many."""
        with self._lock:
            inventory, sqs = self._running.inventory, self.client("sqs")
            source = next(
                one for one in inventory.queues.values() if one.name.endswith(queue) and one.dead_letter_arn
            )
            dead = inventory.queues[str(source.dead_letter_arn)]
            moved = 0
            while found := sqs.receive_message(
                QueueUrl=dead.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
            ).get("Messages"):
                for message in found:
                    attributes = message.get("MessageAttributes", {})
                    sqs.send_message(
                        QueueUrl=source.url, MessageBody=message["Body"], MessageAttributes=attributes
                    )
                    sqs.delete_message(QueueUrl=dead.url, ReceiptHandle=message["ReceiptHandle"])
                    moved += 1
            return moved

    @property
    def url(self) -> str:
        """The public address that functions are told."""
        return self._url

    @property
    def inventory(self) -> Inventory:
        """What the template declares, by ARN."""
        return self._running.inventory

    @property
    def outputs(self) -> Mapping[str, str]:
        """The stacks' outputs by name."""
        return self._running.built.outputs

    def resources(self) -> tuple[Fate, ...]:
        """Every resource of the template and what became of it."""
        return self._running.built.fates

    def queues(self) -> list[QueueDepth]:
        """Every queue and what waits in it."""
        return [self._depth(queue.name, queue.url) for queue in self._running.inventory.queues.values()]

    def dlq_depths(self) -> dict[str, int]:
        """How many messages were set aside, by the name of the dead-letter queue."""
        queues = self._running.inventory.queues
        dead = dict.fromkeys(queue.dead_letter_arn for queue in queues.values() if queue.dead_letter_arn)
        return {
            queues[arn].name: self._depth(queues[arn].name, queues[arn].url).total
            for arn in dead
            if arn in queues
        }

    @property
    def backend(self) -> Backend:
        """What answers for AWS's services."""
        return self._running.backend

    # What it cost, and what it was allowed

    @property
    def meter(self) -> Meter:
        """Requests and units so far."""
        return self._running.meter

    @property
    def denials(self) -> list[Denial]:
        """Requests of functions that their roles do not grant, in order."""
        return self._running.guard.denials

    @property
    def guard(self) -> Guard:
        """Who may do what, by the roles of the template, and what of it was used."""
        return self._running.guard

    def unused_grants(self) -> list[Grant]:
        """What roles grant and nothing has needed so far."""
        return self._running.guard.unused_grants()

    @property
    def left_out(self) -> list[str]:
        """What a kept state held and this template has no place for."""
        return list(self._running.keeper.left_out) if self._running.keeper else []

    def listen(self, listener: Callable[[Call, Answer], None]) -> None:
        """Be told of every request and its answer, after the fact."""
        self._running.calls.listeners.append(listener)

    @contextmanager
    def meddling(self, meddler: Meddler) -> Iterator[None]:
        """Let `meddler` stand between requests and their answers for a while: to lose one, delay one, fail one."""
        calls = self._running.calls
        calls.meddler = meddler
        try:
            yield
        finally:
            calls.meddler = None

    def surroundings_for(self, who: str = "") -> Any:
        """`recobro.bootstrap.Surroundings`: clients, this clock, this chance.

        One set serves all functions: a client asks as whichever function runs when it is used, even one that another made.
        who: OPERATOR: theirs ask as the operator, whatever runs meanwhile.
        """
        machine = self._running
        return surroundings(
            lambda service, config: machine.calls.client(service, who or None, config),
            machine.clock.now,
            machine.random,
            machine.world,
            machine.login,
        )

    def close(self) -> None:
        """Give the process back. What is not kept is gone."""
        with self._lock:
            machine, self._machine = self._machine, None
            if machine is not None:
                if machine.keeper is not None:
                    machine.keeper.close()
                machine.backend.close()
                machine.process.give_back()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _running(self) -> Machine:
        if self._machine is None:
            raise RuntimeError("the system is closed")
        return self._machine

    def _invoke(self, function: Function, event: Any) -> Outcome:
        """One invocation; one inside another (a function that invokes a function) is that function's while it lasts."""
        machine = self._running
        caller, machine.calls.function = machine.calls.function, function.short_name
        try:
            self._hook(function.short_name)
            outcome = machine.host.run(function, event, machine.ids.new("request"))
        finally:
            machine.calls.function = caller
            if caller is not None:
                self._hook(caller)
        self.invocations[function.short_name] += 1
        if outcome.failure is not None:
            self.failures.append(outcome.failure)
        return outcome

    def _topic(self, named: str) -> str:
        found = [
            topic.arn for topic in self._running.inventory.topics.values() if named in (topic.arn, topic.name)
        ]
        found = found or [
            topic.arn for topic in self._running.inventory.topics.values() if topic.name.endswith(named)
        ]
        if len(found) != 1:
            raise LookupError(f"no one topic is called {named}")
        return found[0]

    def _announcing_bucket(self) -> str:
        found = [bucket.name for bucket in self._running.inventory.buckets.values() if bucket.announces]
        if len(found) != 1:
            raise LookupError(f"name the bucket: {len(found)} announce files")
        return found[0]

    def _depth(self, name: str, url: str) -> QueueDepth:
        names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        held = self._running.platform.service("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)[
            "Attributes"
        ]
        return QueueDepth(name, *(int(held[each]) for each in names))
