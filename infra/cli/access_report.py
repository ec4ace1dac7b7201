"""A person asks what we hold of them: everything, as a page they can read and as data they can take elsewhere."""

import argparse
import json
from pathlib import Path

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.evidence.access_page import access_data, access_page
from infra.evidence.collecting import collected
from infra.private_file import for_its_owner
from recobro.usecases.rights import rights


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "debtor", metavar="DEBTOR", help="id, debt reference, phone, e-mail or CC:TYPE:NUMBER"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the page (access-<id>.html)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="the same as JSON, for the person to keep")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        house = place.house
        found = collected(house, debtor_named(house, arguments.debtor), for_the_person=True)
        held = rights(house, found.debtor.id)
        client = house.playbook.client
        page, data = access_page(found, held, client, house.now()), access_data(found, held, client)
    if screen.as_json:
        screen.answer(data)
        return 0
    out = arguments.out or Path(f"access-{found.debtor.id}.html")
    _write(out, page)
    if arguments.data is not None:
        _write(arguments.data, json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True))
    for one in found.missing:
        screen.note(f"no longer kept, and the page says so: {one}")
    if found.broken:
        screen.note(
            "recobro repair history mends what something that is left still holds: run it before you hand this over"
        )
    counts = ", ".join(f"{len(lines)} {name.removesuffix('.jsonl')}" for name, lines in found.views.items())
    screen.say(
        f"{out}: {len(found.debtor.points)} addresses, {len(found.debtor.debts)} debts, {counts}.", "bold"
    )
    screen.say("It is for the person alone: hand it over only to who proved to be them (two data not in it).")
    return 0


def _write(path: Path, text: str) -> None:
    with for_its_owner(path) as file:
        file.write(text)


COMMAND = Command(
    name="access-report",
    summary="Give one person everything that is held of them, as a page to read and as data to take along",
    examples=(
        "recobro access-report fabula/A-1001",
        "recobro access-report '+52 55 5550 0142' --out sus-datos.html --data sus-datos.json",
        "recobro access-report fabula/A-1001 --json",
    ),
    options=options,
    run=run,
)
