"""Where a function meets its surroundings: the one place that knows AWS clients, the clock and chance, and hands them on."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any


def _https() -> Any:
    from recobro.adapters.http import Https

    return Https()


def _outward() -> Any:
    from recobro.adapters.outward import Outward

    return Outward()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What comes from outside. client: a boto3 client for a service, made with that botocore configuration.

    random: the operating system's own chance; the local runtime puts a seeded one in its place, with the clock.
    http: makes what reaches gateways' APIs (ports.Http), outward: what reaches the client's own systems; here too the local
    runtime puts its own world in place.
    """

    client: Callable[..., Any]
    now: Callable[[], datetime]
    random: random.Random
    http: Callable[[], Any] = _https
    outward: Callable[[], Any] = _outward


@cache
def _session() -> Any:
    """One per process: it parses each service's model once."""
    import botocore.session

    return botocore.session.get_session()


def _client(service: str, **config: Any) -> Any:
    from botocore.config import Config

    return _session().create_client(service, config=Config(**config))


def _now() -> datetime:
    return datetime.now(UTC)


_surroundings = Surroundings(client=_client, now=_now, random=secrets.SystemRandom())


def surroundings() -> Surroundings:
    """The surroundings in force."""
    return _surroundings


def use(other: Surroundings) -> None:
    """Replace them, as the local runtime does before it loads a function."""
    global _surroundings
    _surroundings = other
