"""Starts what is due by the clock, in the time zone that the schedule names.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.drivers.asynchronous import Asynchronous
from infra.local.drivers.cron import next_occurrence
from infra.local.drivers.platform import Platform, stamp
from infra.local.inventory import Schedule


class Schedules:
    """EventBridge Scheduler. lag: by how much it is late this time; AWS promises the minute, not the second."""

    def __init__(
        self, platform: Platform, asynchronous: Asynchronous, lag: Callable[[], timedelta] = timedelta
    ) -> None:
        self._platform = platform
        self._asynchronous = asynchronous
        self._lag = lag
        self._born = platform.now()

    def start(self) -> None:
        """Plan every schedule's first run. A rate without a start date begins at once."""
        for schedule in self._platform.inventory.schedules.values():
            self._plan(schedule, self._first(schedule))

    def _first(self, schedule: Schedule) -> datetime | None:
        if schedule.expression.startswith("rate") and not schedule.start:
            return self._born
        return self._next(schedule)

    def _next(self, schedule: Schedule) -> datetime | None:
        start = _instant(schedule.start)
        if start is None and schedule.expression.startswith("rate"):
            start = self._born
        return next_occurrence(schedule.expression, schedule.time_zone, self._platform.now(), start)

    def _plan(self, schedule: Schedule, due: datetime | None) -> None:
        end = _instant(schedule.end)
        if due is not None and (end is None or due <= end):
            self._platform.agenda.plan(due + self._lag(), lambda: self._run(schedule, due))

    def _run(self, schedule: Schedule, due: datetime) -> None:
        platform = self._platform
        text = (
            _filled(schedule, due, platform.new_id("execution"))
            if schedule.input
            else self._default(schedule, due)
        )
        if ":sqs:" in schedule.target_arn:
            url = platform.inventory.queues[schedule.target_arn].url
            platform.service("sqs").send_message(QueueUrl=url, MessageBody=text)
        else:
            self._asynchronous.accept(schedule.target_arn, json.loads(text))
        self._plan(schedule, self._next(schedule))

    def _default(self, schedule: Schedule, due: datetime) -> str:
        event: dict[str, Any] = {
            "version": "0",
            "id": self._platform.new_id("event"),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": self._platform.account,
            "time": f"{due:%Y-%m-%dT%H:%M:%SZ}",
            "region": self._platform.region,
            "resources": [schedule.arn],
            "detail": "{}",
        }
        return json.dumps(event)


def _filled(schedule: Schedule, due: datetime, execution: str) -> str:
    """The input with Scheduler's context attributes.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """
    text = schedule.input or ""
    values = {
        "schedule-arn": schedule.arn,
        "scheduled-time": stamp(due),
        "execution-id": execution,
        "attempt-number": "1",
    }
    for name, value in values.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
