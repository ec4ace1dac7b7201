"""Release letters: which the creditor still owes to people who paid, which are here, and which were handed over."""

import argparse
import getpass
from pathlib import Path
from typing import Any

from infra.cli.command import Command, Plain
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.cli.words import local
from recobro.errors import InvalidInput
from recobro.usecases.rehearse import everyone
from recobro.usecases.release_letters import Waiting, deliver_letter, receive_letter, waiting


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="list|received|delivered", required=True)
    _one(doing, "list", "letters that are not handed over yet, the oldest first")
    came = _one(doing, "received", "keep the creditor's letter, and show it to everybody in the debt")
    came.add_argument("debt", metavar="DEBT", help="BRAND/REFERENCE")
    came.add_argument("file", type=Path, metavar="FILE", help="PDF, PNG or JPEG")
    gone = _one(doing, "delivered", "it was handed over by a person")
    gone.add_argument("debtor", metavar="DEBTOR", help="id, debt reference, phone or e-mail")
    gone.add_argument("debt", metavar="DEBT", help="BRAND/REFERENCE")
    for one in (came, gone):
        one.add_argument("--who", default=getpass.getuser(), help="who brought or gave it (%(default)s)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        code = {"list": _list, "received": _received, "delivered": _delivered}[arguments.doing](
            arguments, place, screen
        )
        place.go_on()
    return code


def _list(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    house = place.house
    with screen.progress("people") as tell:
        found: list[Waiting] = []
        for number, loaded in enumerate(everyone(house), 1):
            tell(number, None)
            found += waiting(loaded.debtor, house.now())
    found.sort(key=lambda one: one.letter.due_at)
    if screen.as_json:
        screen.answer({"letters": found})
        return 0
    zone = house.playbook.client.schedule.time_zone
    rows = [
        (
            local(one.letter.due_at, zone) + (" overdue" if one.is_overdue else ""),
            one.letter.debt,
            "owed again" if one.is_owed else one.letter.status,
            one.debtor,
        )
        for one in found
    ]
    screen.table(
        f"{len(found)} letters", (f"due ({zone})", "debt", "state", "debtor"), rows, empty="No letter is due."
    )
    return 0


def _received(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    if not arguments.file.is_file():
        raise InvalidInput("FILE", f"{arguments.file} is no file", "name a PDF, PNG or JPEG")
    people = receive_letter(place.house, arguments.debt, arguments.file.read_bytes(), arguments.who)
    if screen.as_json:
        screen.answer({"debt": arguments.debt, "debtors": people})
    screen.say(f"The letter for {arguments.debt} is here; {len(people)} people can have it.", "bold")
    return 0


def _delivered(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    debtor_id = debtor_named(place.house, arguments.debtor)
    is_new = deliver_letter(place.house, debtor_id, arguments.debt, arguments.who)
    if screen.as_json:
        screen.answer({"debt": arguments.debt, "debtor": debtor_id, "is_new": is_new})
    screen.say("Handed over." if is_new else "It had been handed over before.", "bold")
    return 0


def _one(doing: Any, name: str, summary: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = doing.add_parser(
        name, help=summary, description=summary, formatter_class=Plain
    )
    shared_options(parser, nested=True)
    return parser


COMMAND = Command(
    name="letters",
    summary="Release letters of people who paid everything: due, here, handed over",
    examples=(
        "recobro letters list",
        "recobro letters received fabula/A-17 finiquito.pdf --who ana",
        "recobro letters delivered d0f3… fabula/A-17 --who ana",
    ),
    options=options,
    run=run,
)
