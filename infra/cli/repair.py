"""After a bad day: what was left half done is found and mended, each kind by itself; look first, it costs nothing."""

import argparse
from collections.abc import Mapping
from typing import Any

from infra.cli.command import Command
from infra.cli.other_rules import other_rules
from infra.cli.place import Here, Place
from infra.cli.screen import Screen
from recobro.errors import InvalidInput, RecobroError
from recobro.house import House
from recobro.usecases.repair import Found, Journal, repairs

SAYS = {
    "unknowns": "claims whose outcome nobody wrote",
    "history": "facts that never reached the history",
    "index": "people whom no sweep would find",
    "lookups": "addresses, references, carriers' ids and closed addresses that lead to nobody, shared phones taken for one's own",
}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=tuple(SAYS), help="; ".join(f"{one}: {says}" for one, says in SAYS.items())
    )
    parser.add_argument("--dry-run", action="store_true", help="say what is wrong and change nothing")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        if arguments.what == "index":
            _planned_with_these_rules(place.house)
        with screen.progress(SAYS[arguments.what]) as tell:
            repair = repairs(_journal_of(place))[arguments.what]
            found = list(repair(place.house, dry_run=arguments.dry_run, seen=lambda count: tell(count, None)))
        if not arguments.dry_run:
            place.go_on()
    left = [one for one in found if not one.is_mended]
    if screen.as_json:
        screen.answer({"what": arguments.what, "dry_run": arguments.dry_run, "found": found})
    else:
        show(found, screen)
        mended = len(found) - len(left)
        said = (
            "Nothing was changed." if arguments.dry_run else f"{mended} mended, {len(left)} beyond mending."
        )
        screen.say(f"{len(found)} found. {said}", "bold")
    return 1 if left and not arguments.dry_run else 0


def _planned_with_these_rules(house: House) -> None:
    """Raises InvalidInput where everybody stands planned with other rules: by these, whoever is due could be put off for weeks."""
    if said := other_rules(house):
        fix = "take the files that are deployed; after a deployment the next sweep plans everybody anew by itself"
        raise InvalidInput("index", said, fix)


def _journal_of(place: Place) -> Journal:
    """The function itself: under its own role, with the queues that it hands work to."""

    def journal(record: Mapping[str, Any]) -> str:
        try:
            answer = place.invoke("journal", {"Records": [record]})
        except RecobroError as error:
            return str(error)
        left = (answer or {}).get("batchItemFailures")
        return (
            "the journal could not write it now, and its log says why: give the command again" if left else ""
        )

    return journal


def show(found: list[Found], screen: Screen) -> None:
    """One line a finding."""
    rows = [(one.debtor, one.what, "yes" if one.is_mended else "no", one.why) for one in found]
    screen.table("", ("debtor", "what", "mended", "why not"), rows)


COMMAND = Command(
    name="repair",
    summary="Find and mend what a bad day left half done: unknown attempts, history, index, lookups",
    examples=(
        "recobro repair unknowns --dry-run",
        "recobro repair history",
        "recobro repair index --json",
        "recobro repair lookups --profile acme",
    ),
    options=options,
    run=run,
)
