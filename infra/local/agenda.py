"""What is due when: every schedule, retry, expiry and answer waits here, so that nothing has to be polled."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Work = Callable[[], None]


class Agenda:
    """Work by the instant at which it is due; at one instant, in the order in which it was planned."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, str, Work]] = []
        self._order = count()
        self._planned: set[tuple[datetime, str]] = set()

    def plan(self, instant: datetime, work: Work, key: str = "") -> None:
        """Plan work. With a key, it is planned once for an instant, however often it is asked for."""
        if key:
            if (instant, key) in self._planned:
                return
            self._planned.add((instant, key))
        heapq.heappush(self._heap, (instant, next(self._order), key, work))

    def next_due(self) -> datetime | None:
        """When the next work is due. None: nothing is planned."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> tuple[datetime, Work]:
        """Remove and give the next work."""
        instant, _, key, work = heapq.heappop(self._heap)
        self._planned.discard((instant, key))
        return instant, work
