"""Input that could not be used is never lost: what was set aside, from where, since when and why."""

import argparse

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

SOURCES = {
    "import_portfolio": "portfolio",
    "import_partition": "partition",
    "receive_message": "messages",
    "receive_receipt": "receipts",
    "receive_payment": "payments",
    "confirm_payment": "questions",
    "withdraw_link": "links",
    "notify_client": "notices",
    "debtor_portal": "portal",
    **{name: name for name in ("send_sms", "send_email", "send_whatsapp", "send_voice", "send_push")},
}
"""Function → how its handler names where something came from."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", nargs="?", default="", metavar="FUNCTION", help="only what this function set aside"
    )
    parser.add_argument("--body", action="store_true", help="show the input itself: it may name people")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if arguments.source and arguments.source not in SOURCES:
        raise InvalidInput("FUNCTION", f"is {arguments.source!r}", f"one of: {', '.join(SOURCES)}")
    with here() as place:
        found = [
            {"function": function, **({} if arguments.body else {"bytes": str(len(one["body"]))}), **one}
            for function in ([arguments.source] if arguments.source else SOURCES)
            for one in place.house.asides.list(SOURCES[function])
        ]
    if not arguments.body:
        for one in found:
            del one["body"]
    found.sort(key=lambda one: one["at"])
    if screen.as_json:
        screen.answer({"aside": found})
        return 0
    last = "body" if arguments.body else "bytes"
    columns = ("at", "function", "id", "reason", last)
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
