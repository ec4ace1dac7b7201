"""A client on this machine between two commands: its state waits in a folder, is woken for one thing, and put back."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cli.place import client_files
from infra.local.surroundings import surroundings
from infra.local.system import LocalSystem
from infra.synth import synthesise
from recobro.errors import Conflict
from recobro.house import House
from recobro.settings import Settings

PARTITIONS = "portfolio-partitions"


@dataclass
class Kept:
    """The local system, as a place to work in."""

    client: str
    shown: str
    house: House
    system: LocalSystem
    is_immediate: bool = True

    def invoke(self, function: str, event: Any) -> Any:
        return self.system.invoke(function, event)

    def go_on(self) -> None:
        self.system.drain()


@contextmanager
def kept(client: str, folder: Path) -> Iterator[Kept]:
    """The client's system with the state of `folder`. Raises Conflict when another command holds that state."""
    assembly = synthesise(client)
    with held(folder), LocalSystem.boot(assembly, state=folder) as system:
        yield Kept(
            client, f"{client} on this machine ({folder})", house_of(system, client_files(assembly)), system
        )


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else works on that state meanwhile: two would each put back what the other changed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"another recobro command works on {folder}") from None
        yield


def house_of(system: LocalSystem, client_dir: Path) -> House:
    """The operator's own house in the local system: everything its functions have, under an operator's permissions."""
    told = system.outputs
    queue = next((one.url for one in system.inventory.queues.values() if one.name.endswith(PARTITIONS)), "")
    settings = Settings(
        table=told["TableName"],
        bucket=told["BucketName"],
        secret=told["SecretArn"],
        client_dir=client_dir,
        public_url=told["PublicUrl"].rstrip("/"),
        partitions_queue=queue,
    )

    def client(service: str, config: Any) -> Any:
        return system.client(service)

    return House(settings, surroundings(client, system.clock.now, system.random))
