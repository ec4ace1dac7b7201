"""A client's whole deployment, running on this machine as it would in AWS: schedules fire, files are taken, links open."""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infra.cli.command import Command
from infra.cli.place import Here, client_named, default_state
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

if TYPE_CHECKING:
    from infra.cli.kept import Kept

OURS = Path()
"""`--keep` without a folder."""

PORT = 8787
BREATH = 0.2
"""Seconds between two looks at whether it has to end."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--client", metavar="NAME", help="a folder of infra/clients (CLIENT, else demo)")
    parser.add_argument(
        "--keep",
        type=Path,
        nargs="?",
        const=OURS,
        metavar="DIR",
        help="hold the state in DIR (.recobro/state/<client>, where the other commands look); without it, it ends here",
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help="on this machine; 0 takes a free one (%(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=0, metavar="N", help="end by itself after so long")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """Runs until Ctrl-C, or for `--seconds`."""
    from infra.cli.inbox import Inbox
    from infra.cli.kept import kept

    client = client_named(arguments.client)
    with (
        _folder(arguments.keep, client) as folder,
        kept(client, folder) as place,
        _alive(place, arguments.port) as address,
    ):
        place.links_open_at(address)
        _tell(screen, place, folder, address)
        inbox = Inbox(place, folder / "inbox", screen)
        inbox.keep_looking(place.system)
        ends = time.monotonic() + arguments.seconds if arguments.seconds else float("inf")
        try:
            while time.monotonic() < ends and inbox.broken is None:
                time.sleep(BREATH)
        except KeyboardInterrupt:
            screen.note("")
    if inbox.broken is not None:
        raise inbox.broken
    kept_in = f"the state is kept in {folder}" if arguments.keep is not None else "nothing was kept"
    screen.say(f"Ended; {kept_in}.")
    return 0


@contextmanager
def _alive(place: "Kept", port: int) -> Iterator[str]:
    """Schedules keep real time and routes answer while this lasts. Gives the address."""
    from infra.local.live import Live

    try:
        live = Live(place.system, port)
    except OSError as error:
        fix = "--port 0 takes a free one"
        raise InvalidInput("--port", f"{port} cannot be had ({error.strerror})", fix) from error
    live.start()
    try:
        yield f"http://127.0.0.1:{live.port}"
    finally:
        live.stop()


@contextmanager
def _folder(keep: Path | None, client: str) -> Iterator[Path]:
    if keep is not None:
        yield default_state(client) if keep == OURS else keep
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
    if place.system.login is not None:
        screen.say(f"People of the agency sign in at {address}/console; here they are invented.")
    screen.say()
    rows = [(f"{method} {address}{path}", function) for method, path, function in routes]
    screen.table("Routes", ("address", "function"), rows)
    screen.table("Schedules", ("name", "when", "zone"), schedules)


COMMAND = Command(
    name="up",
    summary="Run a client's whole deployment on this machine",
    examples=(
        "recobro up --keep",
        "recobro up --client acme --port 0",
        "recobro up --seconds 30 --json",
    ),
    options=options,
    run=run,
    has_place=False,
)
