"""How the outside world reaches the house: through its topics, its address and its bucket, and in no other way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Page:
    """What a browser is answered. to: where it is sent on; cookies: as they are set."""

    status: int
    body: str
    to: str = ""
    cookies: tuple[str, ...] = ()


class Reach(Protocol):
    """What a carrier, a gateway, a debtor or a creditor may touch of the system. Nothing here can write the ledger."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...

    def at(self, instant: datetime, action: Callable[[], None]) -> None:
        """Let something happen later."""
        ...

    def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """A carrier's event on its topic, by the topic's plain name ("email-events")."""
        ...

    def http(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """A request to the public address: (status, body)."""
        ...

    def page(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        """The same of a browser, which keeps cookies and follows where it is sent."""
        ...

    def drop(self, key: str, body: bytes, declared: Mapping[str, str]) -> None:
        """A creditor drops a file; declared: what it says of itself (S3 metadata `feed`, `as-of`)."""
        ...
