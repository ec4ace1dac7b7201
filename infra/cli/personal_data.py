"""What do we hold of people, where, how long and by what right: the register that a data-protection officer asks for first."""

import argparse
from itertools import groupby

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.privacy.inventory import KINDS, personal, retentions


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fields", action="store_true", help="every field by name, not only how many")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    rows = personal()
    if screen.as_json:
        screen.answer({"fields": rows, "kinds": KINDS, "retention": retentions()})
        return 0
    kinds = [(name, one.says, one.basis, one.erased) for name, one in KINDS.items() if one.is_personal]
    screen.table("Kinds", ("kind", "says", "by what right", "when the person is erased"), kinds)
    for store, found in groupby(rows, lambda one: one.store):
        held = list(found)
        screen.say()
        screen.say(f"{store}: {held[0].kept}", "bold")
        for kind in KINDS:
            named = [one.field for one in held if one.kind == kind]
            if named:
                screen.say(
                    f"  {kind}: {', '.join(named) if arguments.fields or len(named) < 6 else f'{len(named)} fields'}"
                )
    laws = [(country, said) for country, said in retentions().items()]
    screen.say()
    screen.table("How long the law keeps contacts", ("law", "what, and from when"), laws)
    return 0


COMMAND = Command(
    name="personal-data",
    summary="List what personal data is stored where, how long and by what right: from the types themselves",
    examples=("recobro personal-data", "recobro personal-data --fields", "recobro personal-data --json"),
    options=options,
    run=run,
    has_place=False,
)
