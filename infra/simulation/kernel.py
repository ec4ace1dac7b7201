"""Time and turns: workers that run one at a time and hand over at every call they make, in an order that the seed alone decides."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

Work = Callable[[], None]


class Kernel:
    """Events by the instant at which they are due. Nothing here knows the machine's own clock."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.chance = Random(f"kernel/{seed}")
        self.time = start.timestamp()
        self._heap: list[tuple[float, int, Any]] = []
        self._order = count()
        self._hub = getcurrent()

    def now(self, skew: float = 0.0) -> datetime:
        """Aware UTC, as a clock that goes wrong by `skew` seconds shows it."""
        return datetime.fromtimestamp(self.time + skew, UTC)

    def at(self, instant: float, work: Work) -> None:
        """Let something happen at an instant (epoch seconds), or at once if that has passed."""
        heapq.heappush(self._heap, (max(instant, self.time), next(self._order), work))

    def after(self, seconds: float, work: Work) -> None:
        self.at(self.time + seconds, work)

    def worker(self, work: Work, delay: float = 0.0) -> None:
        """Start something that makes calls: it may be overtaken at each of them."""
        self.after(delay, lambda: self._switch(greenlet(work, parent=self._hub)))

    def pause(self, seconds: float) -> None:
        """Called by a worker: go on so much later; whatever is due meanwhile happens first."""
        worker = getcurrent()
        heapq.heappush(self._heap, (self.time + seconds, next(self._order), worker))
        self._hub.switch()

    def run_until(self, instant: float) -> None:
        """Do everything that falls due up to an instant, and be there."""
        self._hub = getcurrent()
        while self._heap and self._heap[0][0] <= instant:
            due, _, work = heapq.heappop(self._heap)
            self.time = due
            if isinstance(work, greenlet):
                self._switch(work)
            else:
                work()
        self.time = instant

    def _switch(self, worker: greenlet) -> None:
        worker.parent = self._hub
        worker.switch()
