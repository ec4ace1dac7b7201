"""Input that could not be used is never lost: what was set aside, from where, since when and why."""

import argparse

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.repository import FUNCTIONS
from recobro.errors import InvalidInput


def sources() -> list[str]:
    """Every function that may set something aside."""
    return sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py"))


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", nargs="?", default="", metavar="FUNCTION", help="only what this function set aside"
    )
    parser.add_argument("--body", action="store_true", help="show the input itself: it may name people")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    known = sources()
    if arguments.source and arguments.source not in known:
        raise InvalidInput("FUNCTION", f"is {arguments.source!r}", f"one of: {', '.join(known)}")
    with here() as place:
        found = [
            {"source": source, **({} if arguments.body else {"bytes": str(len(one["body"]))}), **one}
            for source in ([arguments.source] if arguments.source else known)
            for one in place.house.asides.list(source)
        ]
    if not arguments.body:
        for one in found:
            del one["body"]
    found.sort(key=lambda one: one["at"])
    if screen.as_json:
        screen.answer({"aside": found})
        return 0
    last = "body" if arguments.body else "bytes"
    columns = ("at", "source", "id", "reason", last)
    rows = [tuple(one[name] for name in columns) for one in found]
    screen.table("Set aside", columns, rows, empty="Nothing was set aside.", right=("bytes",))
    return 0


COMMAND = Command(
    name="aside",
    summary="List the input that could not be used, with its reason",
    examples=(
        "recobro aside",
        "recobro aside receive_message --body",
        "recobro aside --json --profile acme --client acme",
    ),
    options=options,
    run=run,
)
