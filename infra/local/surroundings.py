"""What a function of ours is given here in place of AWS, the clock and chance: the only file that knows the shared package."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any

from botocore.config import Config

from infra.local.managed_login import ManagedLogin

Client = Callable[[str, Config], Any]


def surroundings(
    client: Client,
    now: Callable[[], datetime],
    random: Random,
    world: Any = None,
    login: ManagedLogin | None = None,
) -> Any:
    """`recobro.bootstrap.Surroundings`; its `client(service, **config)` takes botocore's configuration by name.

    world: who answers for gateways' APIs and for the client's own systems, by `http(method, url, headers, body) -> (status,
    body)`; nothing that runs here ever reaches a real one. login: where the agency's people sign in.
    """

    def asked(method: str, url: str, headers: Mapping[str, str], body: bytes = b"", **_: Any) -> Any:
        if login is not None and login.answers(url):
            return importlib.import_module("recobro.ports").HttpReply(*login.http(method, url, body))
        answers = getattr(world, "http", None)
        if answers is None:
            unavailable = importlib.import_module("recobro.errors").Unavailable
            raise unavailable("nobody's API is played on this machine")
        return importlib.import_module("recobro.ports").HttpReply(*answers(method, url, headers, body))

    def configured(service: str, **config: Any) -> Any:
        return client(service, Config(**config))

    return importlib.import_module("recobro.bootstrap").Surroundings(
        client=configured, now=now, random=random, http=lambda: asked, outward=lambda: asked
    )


def installer(make: Callable[[], Any]) -> Callable[[str], None]:
    """A hook that gives `make()` to whichever function is about to run. Does nothing where the package is not installed."""
    if importlib.util.find_spec("recobro") is None:
        return lambda _name: None
    use = importlib.import_module("recobro.bootstrap").use
    given = make()
    return lambda _name: use(given)
