"""Race the real webhook handler against the real senders, by every order of their calls, and look whether a promise breaks.

Without `--drawn`, every order within the bounds is looked at and counted: what a handler does next follows from what it was
answered and what its clock showed, so the real code runs once for each of those, and orders that meet in a state are counted
together. With `--drawn N`, N orders are drawn and run from end to end with nothing remembered, every single call a move.

    python -m infra.races
    python -m infra.races --who two --faults 0 --ticks 1
    python -m infra.races --drawn 1000000 --keep raced.json
    python -m infra.races --planted claims_whatever_stands_there
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.repository import ROOT
from infra.simulation.planted import bugs, plant
from infra.simulation.version import version

if TYPE_CHECKING:  # nothing of ours is imported before a bug is planted
    from infra.races.counting import Raced
    from infra.races.orders import Bounds

PLANTED = ROOT / "tests" / "simulation" / "planted_races.toml"
WHO = {"one": ("one",), "two": ("two",), "both": ("one", "two")}
EVERY_ORDER = ((1, 0), (0, 1))
"""(misfortunes, times that pass) of what is counted when nothing is asked for: one of either. Each more makes some eight times as many
states: one of both together is hours of work and more memory than most machines have."""
DRAWN = (1, 2)
"""The same of what is drawn, which remembers nothing."""
EACH = 500
"""Drawn orders before what was done is written down."""


def main() -> int:
    given = _parser().parse_args()
    if given.planted:
        plant(next(one for one in bugs(PLANTED) if one.name == given.planted))
        told = tomllib.loads(PLANTED.read_text("utf-8"))["bug"]
        least = next(one["least"] for one in told if one["name"] == given.planted)
        given.who, given.faults, given.ticks, given.again = least
    races = [(who, bounds) for bounds in _asked(given) for who in WHO[given.who]]
    found = [(_drawn if given.drawn else _counted)(who, given, bounds) for who, bounds in races]
    if given.json:
        told = [
            {"who": who, **asdict(bounds), **asdict(one)}
            for (who, bounds), one in zip(races, found, strict=True)
        ]
        sys.stdout.write(json.dumps(told) + "\n")
    return 1 if any(one.broken for one in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.races",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    say = parser.add_argument
    say("--who", choices=WHO, default="both", help="two messages for one payer; or one each for two obligors")
    say(
        "--faults",
        type=int,
        metavar="N",
        help="crashes, lost answers, late writes, carriers' doubts (neither given: one of these, then one time; drawn: 1)",
    )
    say(
        "--ticks",
        type=int,
        metavar="N",
        help="times sixteen seconds, which pass between any two calls (drawn: 2)",
    )
    say("--again", type=int, default=1, metavar="N", help="who died or failed comes again so many times")
    say("--drawn", type=int, default=0, metavar="N", help="draw so many orders instead of counting all")
    say("--first", type=int, default=1, metavar="SEED", help="of the drawn ones")
    say(
        "--keep",
        type=Path,
        metavar="FILE.json",
        help="with --drawn: write down what was run, and go on from there",
    )
    say("--planted", default="", metavar="NAME", help=f"with a bug of {PLANTED.name}, which must be found")
    say("--json", action="store_true")
    return parser


def _asked(given: argparse.Namespace) -> "list[Bounds]":
    from infra.races.orders import Bounds

    asked = (given.faults, given.ticks)
    if not given.drawn and asked == (None, None):
        return [Bounds(faults, ticks, given.again) for faults, ticks in EVERY_ORDER]
    faults, ticks = (
        one if one is not None else least
        for one, least in zip(asked, DRAWN if given.drawn else (0, 0), strict=True)
    )
    return [Bounds(faults, ticks, given.again)]


def _counted(who: str, given: argparse.Namespace, bounds: "Bounds") -> "Raced":
    from infra.races.counting import counted
    from infra.races.scene import scene

    with scene(who) as house:
        found = counted(house, bounds, lambda states: _note(f"{who}: {states:,} states"))
    _say(who, found, given, bounds)
    return found


def _drawn(who: str, given: argparse.Namespace, bounds: "Bounds") -> "Raced":
    from infra.races.counting import Raced, drawn
    from infra.races.scene import scene

    found, keep = _kept(who, given, bounds, Raced)
    with scene(who) as house:
        while found.interleavings < given.drawn and not found.broken:
            one = drawn(house, bounds, given.first + found.interleavings)
            found.interleavings += 1
            found.raced += one.raced
            found.executions += one.executions
            found.seconds += one.seconds
            found.broken, found.story = one.broken, one.story
            if found.interleavings % EACH == 0:
                keep(found)
                _note(f"{who}: {found.interleavings:,} of {given.drawn:,}")
    keep(found)
    _say(who, found, given, bounds)
    return found


def _kept(
    who: str, given: argparse.Namespace, bounds: "Bounds", made: Callable[..., "Raced"]
) -> tuple["Raced", Callable[["Raced"], None]]:
    """What was run before with the same code and bounds, and how to write down more."""
    if given.keep is None:
        return made(), lambda _: None
    asked = [version(), given.first, bounds.faults, bounds.ticks, bounds.again]
    told: dict[str, Any] = {"asked": asked, "found": {}}
    if given.keep.exists():
        told = json.loads(given.keep.read_text("utf-8"))
    if told["asked"] != asked:
        raise SystemExit(f"{given.keep} is of other code or other bounds: name another file")

    def keep(found: "Raced") -> None:
        told["found"][who] = asdict(found)
        given.keep.write_text(json.dumps(told, indent=1) + "\n", "utf-8")

    before = told["found"].get(who, {})
    return made(**{**before, "story": tuple(before.get("story", ()))}), keep


def _note(text: str) -> None:
    sys.stderr.write(f"\r{text}  ")


def _say(who: str, found: "Raced", given: argparse.Namespace, bounds: "Bounds") -> None:
    if given.json:
        return
    looked = f"in {found.states:,} states, " if found.states else ""
    sys.stdout.write(
        f"\n{who}, --faults {bounds.faults} --ticks {bounds.ticks}: "
        f"{found.interleavings:,} interleavings {looked}{found.executions:,} runs of the handlers, {found.seconds:.0f} s; "
        f"in {found.raced:,} the 2xx went out while a worker was at work.\n"
        + (f"BROKEN: {found.broken}\n" if found.broken else "Every promise held in every one.\n")
        + "".join(f"  {number:2}. {line}\n" for number, line in enumerate(found.story, 1))
    )


if __name__ == "__main__":
    sys.exit(main())
