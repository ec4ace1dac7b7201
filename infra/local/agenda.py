"""What is due when: every schedule, retry, expiry and answer waits here, so that nothing has to be polled."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Work = Callable[[], None]


class Agenda:
    """Work by the instant at which it is due; at one instant, in the order in which it was planned."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, str | None, Work]] = []
        self._order = count()
        self._planned: dict[str, datetime] = {}

    def plan(self, instant: datetime, work: Work, key: str | None = None) -> None:
        """Plan work. With a key, it is planned once: the earliest instant asked for holds."""
        if key is not None:
            planned = self._planned.get(key)
            if planned is not None and planned <= instant:
                return
            self._planned[key] = instant
        heapq.heappush(self._heap, (instant, next(self._order), key, work))

    def next_due(self) -> datetime | None:
        """When the next work is due. None: nothing is planned."""
        self._drop_overtaken()
        return self._heap[0][0] if self._heap else None

    def take(self) -> tuple[datetime, Work]:
        """Remove and give the next work."""
        self._drop_overtaken()
        instant, _, key, work = heapq.heappop(self._heap)
        if key is not None:
            del self._planned[key]
        return instant, work

    def _drop_overtaken(self) -> None:
        """Work with a key that was planned again for an earlier instant is no longer due at the later one."""
        while self._heap:
            instant, _, key, _ = self._heap[0]
            if key is None or self._planned.get(key) == instant:
                return
            heapq.heappop(self._heap)
