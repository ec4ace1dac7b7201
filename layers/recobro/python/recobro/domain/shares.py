"""What the sweeps of one interval may hand out, both lanes together: no more than carriers and people take, the overdue first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from recobro.domain.client import Client, Schedule

ANSWERED_SHARE = 10
"""Per cent of messages that people answer (PRACTICE: 5 to 15): turns `replies_per_hour` into a pace of sends."""

LAST_CALL = 60
"""Seconds before the next sweep within which no hint is due any more: one that late would be dropped as expired."""

FIRST = "overdue"
"""The lane whose work goes before the other's."""

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """From one sweep to the next, aware UTC."""

    starts: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Taken:
    """What the sweeps of one interval have taken. version: how often that was written; 0: by nobody.

    by_lane: lane → channel → how many. wanted: channel → how many the overdue had work for, at most a whole share.
    busy_until: channel → when its queue will have let out all that was handed to it.
    """

    by_lane: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    wanted: Mapping[str, int] = field(default_factory=dict)
    busy_until: Mapping[str, datetime] = field(default_factory=dict)
    version: int = 0

    def of(self, channel: str) -> int:
        return sum(one.get(channel, 0) for one in self.by_lane.values())

    @property
    def total(self) -> int:
        return sum(sum(one.values()) for one in self.by_lane.values())


@dataclass(frozen=True, slots=True)
class Given:
    """has_room: for each contact in its order. begins: channel → when the first of them may leave. taken: what then stands taken."""

    has_room: tuple[bool, ...]
    begins: Mapping[str, datetime]
    taken: Taken


def interval_of(schedule: Schedule, at: datetime) -> Interval:
    """The interval whose share is handed out at `at`. Its last minute, of no use to it, is the next one's: clocks may be early."""
    there = (at + SECOND * LAST_CALL).astimezone(ZoneInfo(schedule.time_zone))
    minute = there.minute - there.minute % schedule.sweep_minutes
    starts = there.replace(minute=minute, second=0, microsecond=0).astimezone(UTC)
    # The schedule begins anew at every full hour, whatever the minutes between two sweeps divide.
    return Interval(starts, starts + timedelta(minutes=min(schedule.sweep_minutes, 60 - minute)))


def interval_before(schedule: Schedule, interval: Interval) -> Interval:
    return interval_of(schedule, interval.starts - SECOND * LAST_CALL * 2)


def share_of(client: Client, channel: str, interval: Interval) -> int:
    """The carrier's granted rate times the interval."""
    return client.channels[channel].rate * (interval.length // SECOND - LAST_CALL)


def pace_of(client: Client, interval: Interval) -> int | None:
    """How many sends one interval's answers allow people to keep up with; None: no limit of that kind."""
    if client.limits.replies_per_hour <= 0:
        return None
    return client.limits.replies_per_hour * 100 * interval.length // (timedelta(hours=1) * ANSWERED_SHARE)


def give(
    client: Client,
    lane: str,
    asked: Sequence[str],
    at: datetime,
    interval: Interval,
    taken: Taken,
    last: Taken,
) -> Given:
    """Room for a sweep's contacts. asked: their channels, in order of rank. last: what was taken in the interval before.

    One after the other takes of its channel's share and of the pace, which is spent by nobody of lower rank before.
    """
    waiting = Counter(asked)
    rates = {channel: client.channels[channel].rate for channel in waiting}
    shares = {channel: share_of(client, channel, interval) for channel in waiting}
    begins = {channel: max(at, taken.busy_until.get(channel, at)) for channel in waiting}
    room = {
        channel: min(share - taken.of(channel), rates[channel] * (interval.ends - begins[channel]) // SECOND)
        - _kept(lane, taken, last, share, last.wanted.get(channel, 0))
        for channel, share in shares.items()
    }
    pace, most = len(asked), pace_of(client, interval)
    if most is not None:
        pace = most - taken.total - _kept(lane, taken, last, most, sum(last.wanted.values()))
    has_room = []
    for channel in asked:
        goes = room[channel] > 0 and pace > 0
        room[channel] -= goes
        pace -= goes
        has_room.append(goes)
    goes_out = Counter(channel for channel, goes in zip(asked, has_room, strict=True) if goes)
    busy = {channel: begins[channel] + SECOND * many / rates[channel] for channel, many in goes_out.items()}
    wanted = {channel: min(many, shares[channel]) for channel, many in waiting.items()}
    after = replace(
        taken,
        by_lane={**taken.by_lane, lane: dict(goes_out + Counter(taken.by_lane.get(lane, {})))},
        wanted=wanted if lane == FIRST else taken.wanted,
        busy_until={**taken.busy_until, **busy},
    )
    return Given(tuple(has_room), begins, after)


def _kept(lane: str, taken: Taken, last: Taken, most: int, wanted: int) -> int:
    """How much of `most` is kept for the overdue until they have had their turn: what they wanted last, half where nobody knows.

    Nobody knows in the day's first interval. That the overdue did not ask in the last one, when others did, is known.
    """
    if lane == FIRST or FIRST in taken.by_lane:
        return 0
    return wanted if last.version else most // 2
