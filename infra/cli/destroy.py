"""The end of a client: what runs is removed, what it knew is kept, and nothing that was said is lost without a copy elsewhere."""

import argparse
from pathlib import Path

from infra.cli.command import Command
from infra.cli.place import Here, client_named
from infra.cli.screen import Screen
from infra.deployed.leaving import (
    Leaving,
    held_by,
    noted,
    remove_data,
    remove_data_stack,
    remove_what_runs,
    with_restored,
)
from infra.deployed.stacks import outputs_of
from infra.deployed.taking import Changed, Clients, Taken, check_current, check_whole, take_data
from infra.stack.names import LIVES, prefix_of, stack_of
from recobro.errors import InvalidInput, NotFound


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--export", type=Path, default=None, metavar="DIR", help="take the data there first: tables and files"
    )
    parser.add_argument(
        "--with-data",
        action="store_true",
        help="remove every table (restored ones, too), the files and the key, if all of it lies in --export's folder",
    )
    parser.add_argument(
        "--yes", default="", metavar="NAME", help="the client's name again: nothing is asked twice"
    )


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    from infra.deployed.session import session_of
    from infra.repository import client_folder
    from infra.stack.settings import client_settings

    client = client_settings(client_folder(client_named(arguments.client)) / "client.toml")
    if arguments.yes != client.name:
        raise InvalidInput("--yes", f"is {arguments.yes!r}", f"to remove it, say --yes {client.name}")
    if arguments.with_data and arguments.export is None:
        fix = "add --export DIR: the data is written there, checked, and only then removed"
        raise InvalidInput("--with-data", "would lose everything that was said and paid", fix)
    clients = session_of(arguments, client.region).client
    own = prefix_of(client.name)
    return leave(own, clients, screen, arguments.export, with_data=arguments.with_data)


def leave(prefix: str, clients: Clients, screen: Screen, export: Path | None, *, with_data: bool) -> int:
    """Take the data where a folder is named, remove what runs, then, if that is wanted, what the data lay in.

    Broken off, it goes on when it is called again: an export that is whole is not taken a second time, only checked.
    """
    cloud = clients("cloudformation")
    leaving, has_data = _leaving(clients, prefix, export)
    if export is not None and not (export / "taken.json").is_file():
        leaving.note(export)
        _take(clients, leaving, export, screen)
    taken = _whole(export, screen) if with_data and export is not None else None
    remove_what_runs(cloud, prefix)
    done: list[str] = []
    if export is not None and taken is not None:
        copy = _checked(clients, leaving, export, taken, screen)
        if has_data:
            remove_data_stack(cloud, prefix)
        with screen.progress("versions of files removed") as tell:
            done = remove_data(clients, leaving, copy, lambda count: tell(count, None))
    left = {} if done else leaving.held
    if screen.as_json:
        screen.answer({"client": prefix, "done": done, "left": left})
        return 0
    screen.say(f"{prefix} is removed: nothing of it runs any more.", "bold")
    for line in done:
        screen.say(f"  {line}")
    for name, kind in sorted(left.items(), key=lambda one: one[1]):
        screen.say(f"  kept: {kind} {name}")
    return 0


def _leaving(clients: Clients, prefix: str, folder: Path | None) -> tuple[Leaving, bool]:
    """What the data's stack holds and what was restored beside it, and whether the stack still stands; after a break, what
    was noted before it went.
    """
    cloud, stack = clients("cloudformation"), stack_of(prefix, LIVES[0])
    try:
        held = held_by(cloud, stack)
    except NotFound:
        if folder is None:
            raise
        return with_restored(clients("dynamodb"), noted(folder)), False
    return with_restored(clients("dynamodb"), Leaving(outputs_of(cloud, prefix), held)), True


def _take(clients: Clients, leaving: Leaving, folder: Path, screen: Screen) -> None:
    with screen.progress("items and files taken") as tell:
        taken = take_data(clients, leaving.holding, folder, lambda count: tell(count, None))
    for name in leaving.holding.tables:
        if name not in taken.tables:
            screen.note(f"table {name} is gone already: nothing of it is in {folder}")
    tables = f"{len(taken.tables)} table{'' if len(taken.tables) == 1 else 's'}"
    screen.note(f"{taken.items} items of {tables} and {taken.files} files are in {folder}")


def _whole(folder: Path, screen: Screen) -> Taken:
    """Before anything is removed."""
    with screen.progress("items and files of the copy checked") as tell:
        return check_whole(folder, lambda count: tell(count, None))


def _current(clients: Clients, leaving: Leaving, folder: Path, taken: Taken, screen: Screen) -> None:
    with screen.progress("items and files compared with the copy") as tell:
        check_current(clients, leaving.holding, folder, taken, lambda count: tell(count, None))


def _checked(clients: Clients, leaving: Leaving, folder: Path, taken: Taken, screen: Screen) -> Path:
    """The folder of the copy that holds everything. Nothing of ours writes any more: what came between the export and the end
    is exported now; only then may anything go.
    """
    try:
        _current(clients, leaving, folder, taken, screen)
    except Changed as changed:
        last = folder / "after-the-end"
        if not (last / "taken.json").exists():
            screen.note(f"{changed.problem}: everything is exported once more, to {last}")
            _take(clients, leaving, last, screen)
    else:
        return folder
    try:
        _current(clients, leaving, last, _whole(last, screen), screen)
    except Changed as changed:
        fix = f"to export everything once more, give {last} another name and run this again"
        raise InvalidInput("--export", changed.problem, fix) from None
    return last


COMMAND = Command(
    name="destroy",
    summary="Remove a client from AWS; its data stays, or goes only after it was written elsewhere and checked",
    examples=(
        "recobro destroy --client acme --profile acme --yes acme",
        "recobro destroy --client acme --profile acme --export acme-2026 --with-data --yes acme",
    ),
    options=options,
    run=run,
)
