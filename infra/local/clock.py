"""The clock of the house: it stands still while work is done and jumps over the time in which nothing is due."""

from datetime import UTC, datetime
from typing import Protocol

import time_machine


class Clock(Protocol):
    """Whose time the whole process lives in."""

    moves: bool
    """Whether the time is ours to move."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        ...

    def move_to(self, instant: datetime) -> None:
        """Make it `instant`, never earlier than now."""
        ...

    def close(self) -> None:
        """Give the process its own time back."""
        ...


class MovableClock:
    """Everything in this process that asks for the time gets ours: handlers, boto3 and the emulated services.

    What measures durations (`time.monotonic`, `time.perf_counter`) keeps running.
    """

    moves = True

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._travel = time_machine.travel(self._now, tick=False)
        self._process = self._travel.start()

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        if instant > self._now:
            self._now = instant.astimezone(UTC)
            self._process.move_to(self._now, tick=False)

    def close(self) -> None:
        self._travel.stop()


class RealClock:
    """The machine's own time, for a system that runs beside its user."""

    moves = False

    def now(self) -> datetime:
        return datetime.now(UTC)

    def move_to(self, instant: datetime) -> None:
        """Real time comes by itself."""

    def close(self) -> None:
        """There is nothing to give back."""
