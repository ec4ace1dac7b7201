"""A house that never contacts anybody: it answers gateways and takes files, so that the world can be watched alone."""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from infra.demo.reach import Page


@dataclass
class QuietHouse:
    """`Reach` over an agenda of its own. answers: status by path."""

    time: datetime
    status: int = 200
    published: list[tuple[datetime, str, Mapping[str, Any]]] = field(default_factory=list)
    requests: list[tuple[datetime, str, str, bytes, dict[str, str]]] = field(default_factory=list)
    dropped: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def now(self) -> datetime:
        return self.time

    def at(self, instant: datetime, action: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (instant, next(self._order), action))

    def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        self.published.append((self.time, topic, message))

    def http(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        self.requests.append((self.time, method, path, body, dict(headers or {})))
        return self.status, "{}"

    def page(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        """Nobody is at home."""
        self.requests.append((self.time, method, path, body, dict(headers)))
        return Page(404, "")

    def drop(self, key: str, body: bytes, declared: Mapping[str, str]) -> None:
        self.dropped.append((key, body, declared))

    def run_until(self, instant: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= instant:
            self.time, _, action = heapq.heappop(self._agenda)
            action()
        self.time = instant
