"""A person asks to be forgotten: what names them goes, what proves how they were treated stays, and no later file brings them back."""

import argparse
from dataclasses import replace

from infra.cli.command import Command
from infra.cli.place import Here, Place
from infra.cli.rights import show
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.cli.words import local
from recobro.adapters.erasures import Erasures
from recobro.errors import InvalidInput
from recobro.usecases.erase import Erasing, come_back, erase, replay_erasures
from recobro.usecases.erase_files import FADING
from recobro.usecases.rights import rights

ROUNDS = 10
"""How often we wait for the journal before we say that it is behind."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "debtor", nargs="?", default="", metavar="DEBTOR", help="id, debt reference, phone or e-mail"
    )
    parser.add_argument(
        "--request",
        default="",
        help="the letter, message or form that asks for it: the letter, not the person (it stays for good)",
    )
    parser.add_argument(
        "--agreed-by",
        default="",
        help="whose word ends what our own caution, and no law, still keeps: the letter, not the person",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what may go and what is kept, or whom --replay would erase; nothing is written",
    )
    parser.add_argument(
        "--replay", action="store_true", help="after a restore: erase everybody in the register again"
    )


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if arguments.replay and arguments.debtor:
        fix = "leave out one of them: --replay erases everybody in the register again"
        raise InvalidInput("DEBTOR", "was named, and --replay as well", fix)
    if arguments.replay and (given := [one for one in ("request", "agreed_by") if getattr(arguments, one)]):
        fix = "leave it out: the register keeps what each person asked for, and whose word let it be"
        raise InvalidInput(f"--{given[0].replace('_', '-')}", "was given, and --replay as well", fix)
    with here() as place:
        if arguments.replay:
            return _rehearsed(place, screen) if arguments.dry_run else _replay(place, screen)
        debtor_id = _named(place, arguments.debtor)
        if arguments.dry_run:
            found = rights(place.house, debtor_id)
            if screen.as_json:
                screen.answer({"rights": found})
            else:
                show(found, screen)
            return 0
        done = _until_done(place, debtor_id, arguments.request, arguments.agreed_by)
    _told(done, screen)
    return 0 if done.is_done else 1


def _named(place: Place, text: str) -> str:
    """Whoever is erased is known by id alone."""
    if not text:
        raise InvalidInput("DEBTOR", "is missing", "name one, or say --replay")
    if Erasures(place.house.files).entry(text) is not None:
        return text
    return debtor_named(place.house, text)


def _until_done(place: Place, debtor_id: str, request: str, agreed_by: str) -> Erasing:
    done = erase(place.house, debtor_id, request, agreed_by=agreed_by)
    for _ in range(ROUNDS):
        if done.is_done:
            break
        place.go_on()
        again = erase(place.house, debtor_id, request, agreed_by=agreed_by)
        done = replace(again, gone={**done.gone, **again.gone})
    return done


def _rehearsed(place: Place, screen: Screen) -> int:
    found = list(come_back(place.house))
    if screen.as_json:
        screen.answer({"would_erase": found})
        return 0
    zone = place.house.playbook.client.schedule.time_zone
    rows = [
        (one.debtor, local(one.at, zone), one.request, "named again" if one.is_here else "not known yet")
        for one in found
    ]
    columns = ("debtor", "erased (local)", "request", "in this table")
    screen.table("Would be erased again", columns, rows, empty="Everybody in the register is erased here.")
    screen.say("Nothing was changed.")
    return 0


def _replay(place: Place, screen: Screen) -> int:
    with screen.progress("erasing again") as tell:
        found = []
        for count, one in enumerate(replay_erasures(place.house), 1):
            found.append(one)
            tell(count, None)
    place.go_on()
    left = [one for one in replay_erasures(place.house) if not one.is_done]
    if screen.as_json:
        screen.answer({"erased": len(found), "left": [one.debtor for one in left]})
        return 1 if left else 0
    screen.say(f"{len(found)} people of the register erased again.", "bold")
    if left:
        screen.say(f"The journal is behind for {len(left)} of them: run it again.")
    return 1 if left else 0


def _told(done: Erasing, screen: Screen) -> None:
    if screen.as_json:
        screen.answer({"debtor": done.debtor, "gone": done.gone, "is_done": done.is_done, "fades": FADING})
        return
    rows = [(what, str(count)) for what, count in done.gone.items()]
    screen.table(done.debtor, ("gone", "how many"), rows, empty="Nothing was left.", right=("how many",))
    if not done.is_done:
        screen.say("The journal is behind: run it again, so that words it still brings go too.", "bold red")
    screen.say(
        "What stays names nobody: the chain of facts, counts and costs, a tombstone, and keyed hashes by which no file brings "
        "the person back."
    )
    screen.say(
        f"Files as the creditor sent them ({', '.join(FADING)}) go by their own lifetimes, 30 to 90 days and 30 more for versions; "
        "backups with the 35 days of the restore window; what an operator exported is for whoever holds it."
    )


COMMAND = Command(
    name="erase",
    summary="Erase one person: what names them goes, the chain, counts and costs still verify, no file brings them back",
    examples=(
        "recobro erase fabula/A-1001 --dry-run",
        'recobro erase fabula/A-1001 --request "letter of 9 March"',
        'recobro erase fabula/A-1001 --request "form 12" --agreed-by "mail of the creditor, 10 March"',
        "recobro erase --replay --dry-run",
        "recobro erase --replay  (after a restore, before anything is claimed)",
    ),
    options=options,
    run=run,
)
