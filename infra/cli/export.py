"""Cancel any time and take your data: everything that the ledger holds, as JSON Lines and as CSV, with a manifest."""

import argparse
from pathlib import Path

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.export_files import export
from recobro.errors import Conflict


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="where to write; it is made, readable by you alone"
    )
    parser.add_argument(
        "--files", action="store_true", help="the bucket's files as well: portfolios, results, books"
    )
    parser.add_argument("--again", action="store_true", help="write over an export that is there")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if (arguments.folder / "manifest.json").exists() and not arguments.again:
        raise Conflict(f"{arguments.folder} holds an export: name another folder, or add --again")
    with here() as place:
        manifest = export(place.house, arguments.folder, files=arguments.files)
    if screen.as_json:
        screen.answer(manifest)
        return 0
    rows = [(name, f"{one['lines']:,}", one["sha256"][:16]) for name, one in manifest["files"].items()]
    screen.table(f"Written to {arguments.folder}", ("file", "lines", "sha-256"), rows, right=("lines",))
    if manifest["objects"]:
        screen.say(f"{len(manifest['objects'])} files of the bucket in {arguments.folder / 'files'}.")
    screen.note("it names people and what they were told: keep it as you keep the ledger")
    return 0


COMMAND = Command(
    name="export",
    summary="Take everything out in open formats: JSON Lines of every item, CSV of people, debts, contacts, money and tasks",
    examples=("recobro export my-data", "recobro export my-data --files --profile acme --json"),
    options=options,
    run=run,
)
