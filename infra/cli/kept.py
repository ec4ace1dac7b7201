"""A client on this machine between two commands: its state waits in a folder, is woken for one thing, and put back."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cli.logs import logs_in
from infra.cli.place import client_files, failed_in
from infra.cli.postbox import Postbox
from infra.connect import keep_rules
from infra.local.calls import OPERATOR
from infra.local.system import LocalSystem
from infra.pricing.metered import keep_counting, metered
from infra.synth import synthesise
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.settings import Settings

PARTITIONS = "portfolio-partitions"


@dataclass
class Kept:
    """The local system, as a place to work in; its clock is this machine's."""

    client: str
    shown: str
    house: House
    system: LocalSystem
    postbox: Postbox
    is_immediate: bool = True

    def invoke(self, function: str, event: Any) -> Any:
        try:
            outcome = self.system.invoke(function, event)
        except LookupError:
            known = sorted(one.short_name for one in self.system.inventory.functions.values())
            raise InvalidInput("FUNCTION", f"is {function!r}", f"one of: {', '.join(known)}") from None
        if outcome.failure is not None:
            raise failed_in(function, outcome.failure.type, outcome.failure.message)
        return outcome.value

    @property
    def queues(self) -> dict[str, str]:
        prefix = f"recobro-{self.house.playbook.client.name}-"
        return {one.name.removeprefix(prefix): one.url for one in self.system.inventory.queues.values()}

    def go_on(self) -> None:
        self.system.drain()

    def routes(self) -> list[tuple[str, str, str]]:
        """(method, path, function) of the public address."""
        functions = self.system.inventory.functions
        found = []
        for routes in self.system.inventory.apis.values():
            for route in routes:
                method, _, path = route.key.partition(" ")
                found.append((method, path, functions[route.function_arn].short_name))
        return sorted(found)

    def links_open_at(self, address: str) -> None:
        """Messages in the outbox carry this address instead of the public one, which is not ours to answer on."""
        client = self.house.playbook.client
        self.postbox.instead_of[client.public_url or self.house.settings.public_url] = address


@contextmanager
def kept(client: str, folder: Path) -> Iterator[Kept]:
    """The client's system with the state of `folder`. Raises InvalidInput when another command holds that state."""
    assembly = synthesise(client)
    with held(folder), logs_in(folder / "functions.log"):
        postbox = Postbox(folder / "outbox.jsonl")
        with LocalSystem.boot(assembly, start=None, state=folder, world=postbox) as system:
            postbox.opens(system)
            house = house_of(system, client_files(assembly))
            keep_rules(house.playbook, house.client("s3"), house.settings.bucket)
            try:
                yield Kept(client, f"{client} on this machine ({folder})", house, system, postbox)
            finally:
                keep_counting(folder, metered(system))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else works on that state meanwhile: two would each put back what the other changed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "at-work").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidInput(
                "state",
                f"another recobro command works on {folder}",
                "wait for it, or end `recobro up`: it goes on from there the next time",
            ) from None
        yield


def house_of(system: LocalSystem, client_dir: Path) -> House:
    """The operators' own house in the local system: what its functions have, with an operator's rights, on its clock."""
    told = system.outputs
    queue = next((one.url for one in system.inventory.queues.values() if one.name.endswith(PARTITIONS)), "")
    settings = Settings(
        table=told["TableName"],
        bucket=told["BucketName"],
        secret=told["SecretArn"],
        client_dir=client_dir,
        public_url=told["PublicUrl"].rstrip("/"),
        partitions_queue=queue,
        evidence_key=told.get("EvidenceKeyArn", ""),
    )
    return House(settings, system.surroundings_for(OPERATOR))
