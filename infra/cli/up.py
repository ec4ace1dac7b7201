"""A client's whole deployment, running on this machine as it would in AWS: schedules fire, files are taken, links open."""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infra.cli.command import Command
from infra.cli.place import Here, client_named
from infra.cli.screen import Screen

if TYPE_CHECKING:
    from infra.cli.kept import Kept

PORT = 8787
BREATH = 0.2
"""Seconds between two looks at what is due."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--client", metavar="NAME", help="a folder of infra/clients (CLIENT, else demo)")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="hold the state here; without it, it ends with the command"
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help="on this machine; 0 takes a free one (%(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=0, metavar="N", help="end by itself after so long")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """Runs until Ctrl-C, or for `--seconds`."""
    from infra.cli.inbox import Inbox
    from infra.cli.kept import kept
    from infra.cli.served import serving

    client = client_named(arguments.client)
    with (
        _folder(arguments.keep) as folder,
        kept(client, folder) as place,
        serving(place.system, arguments.port) as address,
    ):
        place.links_open_at(address)
        inbox = Inbox(place, folder / "inbox", screen)
        _tell(screen, place, folder, address)
        ends = time.monotonic() + arguments.seconds if arguments.seconds else float("inf")
        try:
            while time.monotonic() < ends:
                place.go_on()
                inbox.look()
                time.sleep(BREATH)
        except KeyboardInterrupt:
            screen.note("")
    screen.say(f"Ended; the state is kept in {folder}." if arguments.keep else "Ended; nothing was kept.")
    return 0


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="recobro-") as folder:
        yield Path(folder)


def _tell(screen: Screen, place: "Kept", folder: Path, address: str) -> None:
    routes = place.routes()
    schedules = [
        (one.name, one.expression, one.time_zone) for one in place.system.inventory.schedules.values()
    ]
    if screen.as_json:
        screen.answer({"address": address, "routes": routes, "schedules": schedules, "state": folder})
        return
    screen.say(f"{place.client} runs at {address}; Ctrl-C ends it.", "bold")
    screen.say(f"Portfolio files dropped into {folder / 'inbox'} are imported.")
    screen.say(
        f"What would be sent lies in {folder / 'outbox.jsonl'}; nobody is written to from this machine."
    )
    screen.say()
    rows = [(f"{method} {address}{path}", function) for method, path, function in routes]
    screen.table("Routes", ("address", "function"), rows)
    screen.table("Schedules", ("name", "when", "zone"), schedules)


COMMAND = Command(
    name="up",
    summary="Run a client's whole deployment on this machine",
    examples=(
        "recobro up --keep .recobro/state/demo",
        "recobro up --client acme --port 0",
        "recobro up --seconds 30 --json",
    ),
    options=options,
    run=run,
    has_place=False,
)
