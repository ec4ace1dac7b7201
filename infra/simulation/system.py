"""One simulated deployment: functions, queues, stream, schedules and doors, put together for one seed."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from infra.simulation import scenario
from infra.simulation.carriers import Carriers
from infra.simulation.checkers import Checkers
from infra.simulation.cloud import BUCKET, SECRET, TABLE, Cloud
from infra.simulation.faults import Faults
from infra.simulation.kernel import Kernel
from infra.simulation.log import Log
from infra.simulation.queues import Queue
from infra.simulation.runtime import Functions
from infra.simulation.world import World
from recobro.domain.playbook import Playbook
from recobro.errors import Unavailable
from recobro.house import House
from recobro.ports import Http, HttpReply
from recobro.settings import Settings

QUEUES = (
    #  queue, function, batch, seconds out of sight (infra/stack/queues.py)
    ("send-sms", "send_sms", 10, 180.0),
    ("send-email", "send_email", 10, 180.0),
    ("send-whatsapp", "send_whatsapp", 10, 180.0),
    ("send-voice", "send_voice", 10, 180.0),
    ("send-push", "send_push", 10, 180.0),
    ("receipts", "receive_receipt", 10, 180.0),
    ("messages", "receive_message", 10, 180.0),
    ("portfolio-files", "import_portfolio", 1, 5400.0),
    ("portfolio-partitions", "import_partition", 1, 1800.0),
    ("payment-questions", "confirm_payment", 10, 180.0),
    ("links-to-withdraw", "withdraw_link", 10, 180.0),
)
SWEEPS = (("pre_due", "pre_reminder"), ("overdue", "escalation"))
IDLE_SWEEPS = 0.04
"""Share of sweeps that run though nobody in their lane is due: they read three items and do nothing."""

SCHEDULED_WITHIN = timedelta(minutes=1)
"""By how much a schedule may be late: no run begins on a whole minute, and none on a whole second.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

RECONCILED_AT = (6.7, 18.7)
"""Hours of the day at which gateways are asked and decisions finished; every hour outside of the simulation."""

STREAM_WAITS = (0.05, 5.0)
"""Seconds until a batch of the stream is read: its window (infra/stack/sources.py), or less when many records come."""

STALLS = 0.15
"""Share of months in which the stream's reader stands still for a while."""

GATEWAY_SECRET = "whsec_c2ltdWxhdGVkIGdhdGV3YXkgc2VjcmV0IG9ubHk="  # noqa: S105 - "simulated gateway secret only"
API_KEY = "a key that a creditor's system has, in simulated months only"
SECRETS = {
    "root": "simulated root",
    "gateways": {
        "standard/main": [GATEWAY_SECRET],
        "mercado_pago/main": {"secrets": [GATEWAY_SECRET], "api_key": "simulated"},
    },
    "api": {"core": hashlib.sha256(API_KEY.encode()).hexdigest()},
}


def _nothing_missed(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, idempotency: str = ""
) -> HttpReply:
    """A gateway's API that has no payments; whatever else is asked, nobody answers."""
    if "/search" in url:
        return HttpReply(200, b'{"results": []}')
    raise Unavailable("nobody answers there")


@contextmanager
def own_environment() -> Iterator[None]:
    """What a system writes into the environment for its functions is gone with it."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class System:
    """Everything of one seed. Use `simulate` (run.py)."""

    def __init__(
        self,
        seed: int,
        days: int,
        kinds: tuple[str, ...],
        playbook: Playbook,
        people: int = scenario.PEOPLE,
    ) -> None:
        self.seed = seed
        self.days = days
        self.playbook = playbook
        self.kernel = Kernel(seed, datetime.fromtimestamp(scenario.at(0, 4), ZoneInfo("UTC")))
        self.faults = Faults(seed, kinds)
        self.log = Log()
        self.settings = Settings(TABLE, BUCKET, SECRET, Path("none"), "", "portfolio-partitions")
        self.cloud = Cloud(self, SECRETS)
        self.functions = Functions(self)
        self.portfolio = scenario.portfolio(seed, days, people)
        self.checkers = Checkers(self.log, self.kernel, self.portfolio, self.cloud.store, playbook)
        self.carriers = Carriers(self)
        self.world = World(self)
        self.api: Http = _nothing_missed
        self.api_key = API_KEY
        self._stream: list[tuple[str, dict[str, Any]]] = []
        self._journal_runs = False
        self._stalled_until = 0.0
        self._sequence = 0
        self._build()

    def _build(self) -> None:
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
        due = [
            {"AttributeName": "due_shard", "KeyType": "HASH"},
            {"AttributeName": "due_at", "KeyType": "RANGE"},
        ]
        index = {"IndexName": "due", "KeySchema": due, "Projection": {"ProjectionType": "KEYS_ONLY"}}
        self.cloud.store.call(
            "CreateTable", {"TableName": TABLE, "KeySchema": keys, "GlobalSecondaryIndexes": [index]}
        )
        self.cloud.store.table(TABLE).on_write = self._wrote
        for name, function, batch, hidden in QUEUES:
            self.cloud.queues[name] = Queue(self, name, function, batch, hidden)
        os.environ.update({f"QUEUE_{name.upper().replace('-', '_')}": name for name, *_ in QUEUES})
        os.environ.update(TABLE_NAME=TABLE, BUCKET_NAME=BUCKET, SECRET_ARN=SECRET)
        minutes = self.playbook.client.schedule.sweep_minutes
        opens, closes = 7 * 60, 20 * 60
        for day in range(self.days + 6):
            for minute in range(opens, closes, minutes):
                due_at = scenario.at(day, minute / 60)
                for lane, function in SWEEPS:
                    self.kernel.at(due_at, lambda lane=lane, function=function: self._sweep(lane, function))  # type: ignore[misc]
            self.kernel.at(
                scenario.at(day, opens / 60 - 1), lambda: self._scheduled("", "review_promises", 0.0, 2)
            )
            for hour in RECONCILED_AT:
                self.kernel.at(
                    scenario.at(day, hour), lambda: self._scheduled("", "reconcile_payments", 0.0, 2)
                )
        if self.faults.happens("journal stream", "stalled", STALLS, self.kernel.time):
            self._plan_stall()
        self.world.begin()

    def _plan_stall(self) -> None:
        """In the middle of the first import, by preference: then most facts are on their way."""
        draw = self.faults.chance
        is_first = draw.random() < 0.5
        begins = (
            scenario.at(0, 5) + draw.uniform(0, 30) if is_first else scenario.at(draw.randrange(self.days), 9)
        )
        ends = min(begins + draw.uniform(0.2, 3) * 86400, scenario.at(self.days, 0))

        def stall() -> None:
            self._stalled_until = ends
            self.faults.falls = ["partial_batch", "crash_before"]

        self.kernel.at(begins, stall)

    # What starts functions

    def invoke(
        self,
        function: str,
        event: Any,
        then: Callable[[Any, bool], None],
        delay: float = 0,
        seconds: float = 600,
    ) -> None:
        self.functions.invoke(function, event, then, delay, seconds)

    def _sweep(self, lane: str, function: str) -> None:
        """A schedule: once a quarter of an hour, at times twice, at times not at all; two retries when it fails."""
        now = self.kernel.time
        if self.faults.happens(f"{function} schedule", "skipped", 0.01, now):
            return
        if not self._anybody_due(lane) and self.kernel.chance.random() >= IDLE_SWEEPS:
            return
        times = 2 if self.faults.happens(f"{function} schedule", "twice", 0.02, now) else 1
        for again in range(times):
            self._scheduled(
                lane, function, 0.0 if again == 0 else self.faults.chance.choice((0.0, 0.5, 40.0)), 2
            )

    def _scheduled(self, lane: str, function: str, delay: float, retries: int) -> None:
        def ended(answer: Any, died: bool) -> None:  # noqa: FBT001
            if died and retries:
                self._scheduled(lane, function, 60.0, retries - 1)

        is_short = self.faults.happens(f"{function} schedule", "short", 0.02, self.kernel.time)
        delay += self.kernel.chance.uniform(0, SCHEDULED_WITHIN.total_seconds())
        self.invoke(function, {"lane": lane} if lane else {}, ended, delay, 30 if is_short else 600)

    def _anybody_due(self, lane: str) -> bool:
        entries = self.cloud.store.table(TABLE).indexes["due"].entries
        now = self.kernel.now().isoformat().replace("+00:00", "Z")
        return any(found and found[0][0] <= now for shard, found in entries.items() if shard.startswith(lane))

    def _wrote(self, before: Any, after: Any) -> None:
        self.cloud.wrote(before, after)
        self.checkers.wrote(before, after)
        if after is not None and after["sk"]["S"] == "STATE":
            self._sequence += 1
            self._stream.append((f"{self._sequence:021d}", after))
            if not self._journal_runs:
                self._journal_runs = True
                self.kernel.after(self.kernel.chance.uniform(*STREAM_WAITS), self._journal)
            self.world.saved(after["pk"]["S"].removeprefix("DEBTOR#"))

    def _journal(self, tries: int = 0) -> None:
        batch = self._stream[:100]
        if not batch:
            self._journal_runs = False
            return
        if self.kernel.time < self._stalled_until and not self.faults.falls:
            self.kernel.at(self._stalled_until, self._journal)
            return
        event = {
            "Records": [
                {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": number, "NewImage": image}}
                for number, image in batch
            ]
        }

        def ended(answer: Any, died: bool) -> None:  # noqa: FBT001
            failed = [one["itemIdentifier"] for one in (answer or {}).get("batchItemFailures", [])]
            if died or failed:
                # From the first that failed on, everything comes again; a dead run has done nobody knows what.
                first = min(failed) if failed else batch[0][0]
                self._stream = [one for one in self._stream if one[0] >= first]
                self.kernel.after(min(60.0, 2.0 ** min(tries, 6)), lambda: self._journal(tries + 1))
                return
            if not self.faults.happens("journal stream", "replayed", 0.01, self.kernel.time):
                self._stream = self._stream[len(batch) :]
            self.kernel.after(self.kernel.chance.uniform(*STREAM_WAITS), self._journal)

        self.invoke("journal", event, ended)

    # The doors by which the world reaches us

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
        """A request to the public address; `done(status)` when it is answered."""
        function = "receive_payment" if route.startswith("/hooks") else "debtor_portal"
        event = {
            "routeKey": f"{method} {route}",
            "requestContext": {"http": {"method": method}},
            "pathParameters": dict(path),
            "headers": dict(headers),
            "body": body,
            "isBase64Encoded": False,
        }

        def ended(answer: Any, died: bool) -> None:  # noqa: FBT001
            done(500 if died else int(answer["statusCode"]))

        self.invoke(function, event, ended, delay)

    def drop(self, key: str, body: bytes, declared: Mapping[str, str]) -> None:
        """A creditor drops a file, and the bucket tells of it."""
        self.cloud.files[key] = (body, dict(declared))
        notice = {"detail": {"object": {"key": key}}}
        self.cloud.queues["portfolio-files"].send(json.dumps(notice))

    def operate(self, work: Callable[[House], None], failed: Callable[[BaseException], None]) -> None:
        self.functions.operate(work, failed)

    def redrive(self) -> None:
        """What the dead-letter queues hold comes again."""
        for queue in self.cloud.queues.values():
            queue.redrive()

    def run(self) -> None:
        """All days, then time enough for everything to settle with nothing going wrong any more."""
        kernel, last = self.kernel, scenario.at(self.days, 0)
        while kernel.time < last and not self.log.violations:
            kernel.run_until(min(last, kernel.time + 600))
        self.faults.is_quiet = True
        self.world.is_over = True
        self.redrive()
        while kernel.time < scenario.at(self.days + 4, 0) and not self.log.violations:
            kernel.run_until(kernel.time + 3600)
        if not self.log.violations:
            self.checkers.ended(self.cloud, self.carriers)
