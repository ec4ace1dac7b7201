"""What changed in a table, in order, as Lambda hands it to a function: retried, halved around a bad record, at last set aside.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.drivers.batch_failures import failed_of
from infra.local.drivers.destinations import send_to
from infra.local.drivers.patterns import matches
from infra.local.drivers.platform import Platform, stamp
from infra.local.drivers.stream_reader import Record, StreamReader
from infra.local.functions import Outcome
from infra.local.inventory import StreamSource

RETENTION = 24 * 3600
"""Seconds that DynamoDB keeps a record."""

LONGEST_PAUSE = 60
"""Seconds between retries at most. AWS backs off too, by intervals that it does not document."""


@dataclass
class _Part:
    """Records that are tried together; `tries` failed so far."""

    records: list[Record]
    tries: int = 0


@dataclass
class _Progress:
    """How far one mapping has come: what it has yet to read, and what it is trying."""

    source: StreamSource
    pending: deque[Record] = field(default_factory=deque)
    parts: deque[_Part] = field(default_factory=deque)
    paused: bool = False


class StreamSources:
    """Every mapping of a table's stream to a function, and whoever else wants to see a table's changes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.on_read: Callable[[str], None] = lambda _table: None
        """Told when every change of a table so far has been read."""
        self.on_done: Callable[[str], None] = lambda _table: None
        """Told when every change that was read has been dealt with."""
        self._readers: dict[str, StreamReader] = {}
        self._progress: dict[str, list[_Progress]] = {}
        for table in platform.inventory.tables.values():
            sources = [one for one in platform.inventory.stream_sources if one.stream_arn == table.stream_arn]
            if table.stream_arn and sources:
                self._readers[table.name] = StreamReader(platform, table)
                self._progress[table.name] = [_Progress(source) for source in sources]

    def written(self, table_name: str) -> None:
        """The table was written to: its stream has, or may have, a record more."""
        if table_name in self._readers:
            windows = [progress.source.window for progress in self._progress[table_name]]
            self._platform.plan(min(windows), lambda: self._read(table_name), f"stream {table_name}")

    def expired(self, table_name: str, key: dict[str, Any]) -> None:
        """An item is about to be deleted because its time is over: its record will say that DynamoDB did it."""
        if table_name in self._readers:
            self._readers[table_name].expire(key)

    def skip(self) -> None:
        """Take everything that is in the streams now as read and dealt with."""
        for reader in self._readers.values():
            reader.read()

    def _read(self, table_name: str) -> None:
        records = self._readers[table_name].read()
        self.on_read(table_name)
        for progress in self._progress[table_name]:
            filters = progress.source.filters
            progress.pending.extend(
                one for one in records if not filters or any(matches(f, one) for f in filters)
            )
            self._work(table_name, progress)

    def _work(self, table_name: str, progress: _Progress) -> None:
        """One invocation; the next is planned behind whatever else is due now."""
        if progress.paused:
            return
        if not progress.parts:
            size = min(progress.source.batch_size, len(progress.pending))
            if size == 0:
                self._done(table_name)
                return
            progress.parts.append(_Part([progress.pending.popleft() for _ in range(size)]))
        pause = self._try(progress, progress.parts[0])
        if not progress.parts and not progress.pending:
            self._done(table_name)
            return

        def resume() -> None:
            progress.paused = False
            self._work(table_name, progress)

        progress.paused = True
        self._platform.plan(pause, resume)

    def _done(self, table_name: str) -> None:
        if not any(progress.parts or progress.pending for progress in self._progress[table_name]):
            self.on_done(table_name)

    def _try(self, progress: _Progress, part: _Part) -> float:
        """Invoke on the first part; returns the seconds to wait before the next invocation."""
        source, platform = progress.source, self._platform
        self._drop_aged(progress, part)
        if not part.records:
            progress.parts.popleft()
            return 0
        outcome = platform.invoke(
            platform.inventory.functions[source.function_arn], {"Records": part.records}
        )
        numbers = [record["dynamodb"]["SequenceNumber"] for record in part.records]
        failed = failed_of(outcome, numbers, reports_failures=source.reports_failures)
        if not failed:
            progress.parts.popleft()
            return 0
        # "Lambda uses the lowest sequence number as the checkpoint, then retries all records starting from it."
        done = next(at for at, number in enumerate(numbers) if number in failed)
        part.records = part.records[done:]
        if source.bisects and (done or len(part.records) > 1):
            # "Splitting batches doesn't consume the retry quota."
            if not done:
                self._halve(progress, part)
            return 0
        part.tries += 1
        if 0 <= source.retries < part.tries:
            self._give_up(source, part, outcome, "RetryAttemptsExhausted")
            progress.parts.popleft()
            return 0
        return float(min(2 ** min(part.tries - 1, 10), LONGEST_PAUSE))

    def _halve(self, progress: _Progress, part: _Part) -> None:
        middle = len(part.records) // 2
        progress.parts.popleft()
        progress.parts.appendleft(_Part(part.records[middle:], part.tries))
        progress.parts.appendleft(_Part(part.records[:middle], part.tries))

    def _drop_aged(self, progress: _Progress, part: _Part) -> None:
        oldest = RETENTION if progress.source.max_age < 0 else min(progress.source.max_age, RETENTION)
        limit = (self._platform.now() - timedelta(seconds=oldest)).timestamp()
        aged = [one for one in part.records if one["dynamodb"]["ApproximateCreationDateTime"] < limit]
        if aged and part.tries:
            self._give_up(progress.source, _Part(aged, part.tries), None, "RecordAgeExceeded")
            part.records = part.records[len(aged) :]

    def _give_up(self, source: StreamSource, part: _Part, outcome: Outcome | None, condition: str) -> None:
        """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html#services-dynamodb-errors-destination"""
        platform = self._platform
        if source.on_failure_arn is None:
            return
        now = platform.now()
        changes = [record["dynamodb"] for record in part.records]
        told: dict[str, Any] = {
            "requestContext": {
                "requestId": outcome.request_id if outcome else platform.new_id("request"),
                "functionArn": source.function_arn,
                "condition": condition,
                "approximateInvokeCount": part.tries,
            },
            "version": "1.0",
            "timestamp": stamp(now),
            "DDBStreamBatchInfo": {
                "shardId": SHARD,
                "startSequenceNumber": changes[0]["SequenceNumber"],
                "endSequenceNumber": changes[-1]["SequenceNumber"],
                "approximateArrivalOfFirstRecord": _arrival(changes[0]),
                "approximateArrivalOfLastRecord": _arrival(changes[-1]),
                "batchSize": len(part.records),
                "streamArn": source.stream_arn,
            },
        }
        if outcome is not None:
            error = {"functionError": "Unhandled"} if outcome.failure else {}
            told["responseContext"] = {"statusCode": 200, "executedVersion": "$LATEST", **error}
        if source.on_failure_arn.startswith("arn:aws:s3"):
            # Only a bucket gets the records themselves.
            told["payload"] = {"Records": part.records}
        key = f"aws/lambda/{source.id}/{SHARD}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{platform.new_id('failure')}"
        send_to(platform, source.on_failure_arn, told, key)


SHARD = "shardId-00000000000000000000-00000000"
"""There is one shard on this machine, so that the order of a table is the order of its stream."""


def _arrival(change: dict[str, Any]) -> str:
    return stamp(datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC))
