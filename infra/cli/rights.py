"""What a person may ask about their own data, answered in one page; and their objection, which binds at once."""

import argparse

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from recobro.domain.rights import Holding, Rights
from recobro.errors import InvalidInput
from recobro.usecases.rights import object_to_use, rights

NAMED = {
    "identity": "who they are",
    "point": "where to reach them",
    "traits": "traits",
    "contacts": "that and when they were contacted",
    "messages": "that and when they wrote, and notes",
    "money": "promises and payments",
    "words": "what was said and written",
}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "debtor", metavar="DEBTOR", help="id, debt reference, phone, e-mail or CC:TYPE:NUMBER"
    )
    parser.add_argument(
        "--object", dest="objects", action="store_true", help="the person objects to the use of their data"
    )
    parser.add_argument(
        "--evidence",
        default="",
        help="the message, letter or form that says so: the letter, not the person (it stays for good)",
    )


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if arguments.evidence and not arguments.objects:
        raise InvalidInput("--evidence", "proves nothing by itself", "say --object as well")
    with here() as place:
        debtor_id = debtor_named(place.house, arguments.debtor)
        task = object_to_use(place.house, debtor_id, arguments.evidence) if arguments.objects else ""
        found = rights(place.house, debtor_id)
    if screen.as_json:
        screen.answer({"rights": found, "task": task})
        return 0
    if task:
        screen.say(f"The objection binds from now on; {task} asks a person to answer it with the creditor.")
    show(found, screen)
    return 0


def show(found: Rights, screen: Screen) -> None:
    """What is held and from whom, what may go now, and what is kept until when and why."""
    rows = [
        (NAMED[one.what], one.which, str(one.count), one.source_of or "ourselves", _fate(one), _reason(one))
        for one in found.holdings
    ]
    columns = ("what is held", "which", "how often", "from", "erased", "why")
    screen.table(f"{found.debtor}", columns, rows, empty="Nothing is held.", right=("how often",))
    if found.objected:
        screen.say("They objected to the use of their data: nothing is sent but what the law still allows.")
    if found.open_debts:
        screen.say(
            f"Open debts: {', '.join(found.open_debts)}. Who they are is kept until the creditor closes or recalls them."
        )
    elif found.all_erasable_from is not None:
        screen.say(f"Everything may be erased from {found.all_erasable_from}.")
    screen.say(
        "What remains afterwards names nobody: counts, costs, the chain of facts, and a keyed hash by which a later file can't "
        "bring the person back. A copy for the person: recobro access-report DEBTOR."
    )


def _fate(one: Holding) -> str:
    if one.is_erasable:
        return "may be now"
    return f"kept to {one.until}" if one.until is not None else "not yet"


def _reason(one: Holding) -> str:
    return f"{one.source} [{one.rule}]" if one.rule else "nothing asks for it"


COMMAND = Command(
    name="rights",
    summary="Say what is held of a person, what may be erased now and what is kept until when; record their objection",
    examples=(
        "recobro rights fabula/A-1001",
        "recobro rights fabula/A-1001 --json",
        'recobro rights fabula/A-1001 --object --evidence "letter of 9 March"',
    ),
    options=options,
    run=run,
)
