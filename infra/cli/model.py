"""Can the claim protocol ever call a carrier twice, late, or after a payment? Every order of everything, looked at; then broken."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

if TYPE_CHECKING:  # only this command pays for it
    from infra.model.explore import Explored


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--small", action="store_true", help="two deliveries instead of three: seconds, not minutes"
    )
    parser.add_argument(
        "--races", action="store_true", help="count every order in which a payment and a contact can meet"
    )
    parser.add_argument("--broken", default="", metavar="NAME", help="break it so, and tell how it ends")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    from infra.model.broken import ALL
    from infra.model.explore import explore

    if arguments.races:
        return _races(screen)
    if arguments.broken:
        one = next((one for one in ALL if one.name == arguments.broken), None)
        if one is None:
            known = ", ".join(one.name for one in ALL)
            raise InvalidInput("--broken", f"is {arguments.broken!r}", f"one of: {known}")
        found = explore(one.rules, one.bounds)
        _story(one.said, found, screen)
        if screen.as_json:
            screen.answer(_plain(one.name, found))
        return 0 if found.broken else 1
    whole = _whole(screen, small=arguments.small)
    broken = [(one, explore(one.rules, one.bounds)) for one in ALL]
    rows = [
        (one.name, one.said, found.broken or "NOTHING WAS FOUND", str(len(found.trace)))
        for one, found in broken
    ]
    columns = ("name", "mistake", "ends in", "moves")
    screen.table("The protocol, broken on purpose", columns, rows, right=("moves",))
    if screen.as_json:
        told = [_plain(one.name, found) for one, found in broken]
        screen.answer({"protocol": _plain("", whole), "broken": told})
    return 1 if whole.broken or not all(found.broken for _, found in broken) else 0


def _races(screen: Screen) -> int:
    from infra.model.races import races

    found = races()
    if screen.as_json:
        screen.answer(found)
    screen.say(
        f"{found.interleavings:,} interleavings of a payment and two deliveries, in {found.states:,} states; in "
        f"{found.raced:,} the 2xx went out while a contact was under way ({found.seconds:.1f} s)."
    )
    for promise, times in found.broken.items():
        screen.say(f"{times:,} times: {promise}", "bold")
    if not found.broken:
        screen.say("Not one claims after the 2xx, and not one calls a carrier after its send_by.", "bold")
    return 1 if found.broken else 0


def _whole(screen: Screen, *, small: bool) -> "Explored":
    """The protocol as it is."""
    from infra.model.claim import Bounds, Rules
    from infra.model.explore import PROMISES, explore

    def tell(states: int, depth: int) -> None:
        if depth % 5 == 0:
            screen.note(f"{depth} moves deep: {states:,} states")

    found = explore(Rules(), replace(Bounds(), deliveries=2) if small else Bounds(), told=tell)
    if found.broken:
        _story("the protocol as it is", found, screen)
    else:
        screen.say(
            f"{found.states:,} states, {found.moves:,} moves, {found.depth} deep, {found.ends:,} ends, "
            f"{found.seconds:.0f} s: all {len(PROMISES)} promises hold in every one.",
            "bold",
        )
    return found


def _story(said: str, found: "Explored", screen: Screen) -> None:
    screen.say(f"{said}: {found.broken or 'no promise was broken'}", "bold red" if found.broken else "bold")
    for number, line in enumerate(found.trace, 1):
        screen.say(f"  {number:2}. {line}")


def _plain(name: str, found: "Explored") -> dict[str, object]:
    figures = {"states": found.states, "moves": found.moves, "depth": found.depth, "complete": found.complete}
    return {"name": name, **figures, "broken": found.broken, "trace": found.trace}


COMMAND = Command(
    name="model",
    summary="Look at every order in which the claim protocol can run, and break it on purpose",
    examples=(
        "recobro model",
        "recobro model --small --json",
        "recobro model --races",
        "recobro model --broken retries_a_timeout",
    ),
    options=options,
    run=run,
    has_place=False,
)
