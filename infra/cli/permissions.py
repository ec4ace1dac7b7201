"""Who may do what, and who does: every right that a function holds is one that some situation needs, or it is taken away."""

import argparse
from typing import TYPE_CHECKING

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.cli.simulate import seeds_of

if TYPE_CHECKING:  # the command's own help must not wait for what a simulation loads
    from infra.simulation.drill import Used

DAYS = 8


def options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--seed", type=int, metavar="N", help="one seed")
    which.add_argument("--seeds", default="1-8", metavar="A-B", help="from A to B, both included (1-8)")
    parser.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"simulated days of each ({DAYS})"
    )


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """0: nothing was denied, and nothing is held that was not used."""
    from infra.simulation.drill import drill

    if arguments.seed is not None:
        arguments.seeds = None
    return told(drill(seeds_of(arguments), arguments.days), screen)


def told(used: "Used", screen: Screen) -> int:
    """What was asked in vain and what was granted in vain; 1 where there is any."""
    if screen.as_json:
        told = {"calls": used.calls, "denied": used.denied, "unused": used.unused, "asleep": used.asleep}
        screen.answer(told)
        return int(bool(used.denied or used.unused))
    columns = ("function", "action", "resource")
    screen.say(f"{used.calls} requests were made under the roles of the template.")
    denied = [(one.function, one.action, one.resource) for one in used.denied]
    screen.table("Asked and not granted", columns, denied, empty="Everything that was asked is granted.")
    unused = [(one.function, one.action, one.resource) for one in used.unused]
    screen.table("Granted and never used", columns, unused, empty="Everything that is granted was used.")
    if used.asleep:
        screen.say(f"Nothing here starts {', '.join(used.asleep)}: of their rights this says nothing.")
    return int(bool(used.denied or used.unused))


COMMAND = Command(
    name="permissions",
    summary="Show by doing that every function may do what it must, and nothing that it does not need",
    examples=("recobro permissions", "recobro permissions --seeds 1-20 --json"),
    options=options,
    run=run,
    has_place=False,
)
