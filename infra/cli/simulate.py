"""Does everything stay true when everything goes wrong? A month of a small portfolio from one seed, with faults at every call."""

import argparse
import signal
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

if TYPE_CHECKING:  # the command's own help must not wait for what a simulation loads
    from infra.simulation.run import Asked, Result
    from infra.simulation.tally import Tally

DAYS = 30
TOLD_EVERY = 30.0
"""Seconds between two words about how far it is."""


def options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--seed", type=int, metavar="N", help="one seed, told in full (1)")
    which.add_argument("--seeds", metavar="A-B", help="from A to B, both included, told as a count")
    parser.add_argument("--days", type=int, default=DAYS, metavar="N", help=f"simulated days ({DAYS})")
    parser.add_argument(
        "--faults",
        default="all",
        metavar="WHICH",
        help='"all", "none", or kinds and groups between commas: crash,timeout,duplicate,banned …',
    )
    parser.add_argument("--level", choices=("fast", "wired"), default="fast", help=LEVELS)
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="seeds at a time (1)")
    parser.add_argument("--table", action="store_true", help="print how often each call met each fault")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FILE.json",
        help="with --seeds: write down after each seed what was lived; seeds that it holds are not lived again",
    )
    which.add_argument("--sum", nargs="+", type=Path, metavar="FILE.json", help="add up what --keep kept")


LEVELS = (
    "fast: tables in plain Python, calls overtake each other (the default); "
    "wired: botocore on the synthesised template, one function after another"
)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    from infra.simulation.faults import chosen
    from infra.simulation.run import Asked, result
    from infra.simulation.tally import Tally, kept

    if arguments.sum:
        return _several(arguments.sum, arguments.table, screen)
    try:
        kinds = chosen(arguments.faults)
    except ValueError as error:
        raise InvalidInput("--faults", str(error), "all, none, or some of them between commas") from error
    if arguments.days < 1:
        raise InvalidInput("--days", f"is {arguments.days}", "at least 1")
    seeds = seeds_of(arguments)
    asked = [Asked(seed, arguments.days, kinds, arguments.level) for seed in seeds]
    file: Path | None = arguments.keep
    if len(seeds) == 1 and file is None:
        return _told(result(asked[0]), arguments.table, screen)
    tally = kept(file, asked[0]) if file is not None else Tally.of(asked[0])
    left = [one for one in asked if one.seed not in tally.seeds]
    if len(left) < len(asked):
        screen.note(f"{len(asked) - len(left)} of these seeds were lived before")
    return _counted(left, tally, file, arguments, screen)


def seeds_of(arguments: argparse.Namespace) -> range:
    """The seeds that were asked for."""
    if arguments.seeds is None:
        seed = 1 if arguments.seed is None else arguments.seed
        return range(seed, seed + 1)
    first, dash, last = arguments.seeds.partition("-")
    if not (dash and first.isdigit() and last.isdigit() and int(first) <= int(last)):
        raise InvalidInput("--seeds", f"is {arguments.seeds!r}", "two numbers, the smaller first: 1-200")
    return range(int(first), int(last) + 1)


def _told(one: "Result", with_table: bool, screen: Screen) -> int:  # noqa: FBT001
    """Everything about one seed."""
    if screen.as_json:
        screen.answer(plainly(one))
        return int(one.violation is not None)
    screen.say(f"seed {one.seed}, {one.days} days, {one.people} people, {one.level} level", "bold")
    screen.say(
        f"{one.claims} claims, {one.taken} messages taken by carriers, {one.calls} calls, {one.injected} faults:"
    )
    kinds: Counter[str] = Counter()
    for (_, kind), times in one.table.items():
        kinds[kind] += times
    screen.say("  " + ", ".join(f"{times} {kind}" for kind, times in sorted(kinds.items())))
    if with_table:
        _table(one.table, screen)
    if one.violation is not None:
        screen.say(f"BROKEN  {one.violation.rule}: {one.violation.detail}", "bold red")
        for line in one.trace:
            screen.say(f"  {line}")
    else:
        screen.say("every invariant held", "bold green")
    screen.say(f"digest {one.digest}, {one.seconds:.1f} s")
    return int(one.violation is not None)


def _counted(
    asked: Sequence["Asked"], tally: "Tally", file: Path | None, arguments: argparse.Namespace, screen: Screen
) -> int:
    """Many seeds, kept as they come: what broke, and the sums."""
    from infra.simulation.run import results
    from infra.simulation.tally import keep

    stopped = signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = told = time.monotonic()
    try:
        for done, one in enumerate(results(asked, arguments.jobs), 1):
            tally.add(one)
            if file is not None:
                keep(file, tally)
            if one.violation is not None:
                screen.say(
                    f"seed {one.seed}: BROKEN  {one.violation.rule}: {one.violation.detail}", "bold red"
                )
            if (now := time.monotonic()) - told > TOLD_EVERY:
                told, left = now, (len(asked) - done) * (now - began) / done
                screen.note(
                    f"{done} of {len(asked)} seeds, {len(tally.broken)} broken, {(now - began) / done:.1f} s each, "
                    f"{left / 60:.0f} min left"
                )
    except KeyboardInterrupt:
        _summed(tally, arguments.table, screen)
        if file is not None:
            screen.note(f"stopped; {file} holds what was lived, and the same command goes on from there")
        return 130
    finally:
        signal.signal(signal.SIGTERM, stopped)
    return _summed(tally, arguments.table, screen)


def _several(files: Sequence[Path], with_table: bool, screen: Screen) -> int:  # noqa: FBT001
    """What was kept in several files; different code is never added up."""
    from infra.simulation.tally import spans, summed

    tallies = summed(files)
    if screen.as_json:
        screen.answer([one.plain() for one in tallies])
        return int(any(one.broken for one in tallies))
    for one in tallies:
        screen.say(f"version {one.version}, {one.level} level, seeds {spans(one.seeds)}", "bold")
        _summed(one, with_table, screen)
    if len(tallies) > 1:
        screen.say(
            f"{len(tallies)} counts that are not about the same; each stands for itself.", "bold yellow"
        )
    return int(any(one.broken for one in tallies))


def _summed(tally: "Tally", with_table: bool, screen: Screen) -> int:  # noqa: FBT001
    from infra.simulation.tally import EACH_PLACE, ENOUGH, rare

    if screen.as_json:
        screen.answer(tally.plain())
        return int(bool(tally.broken))
    if not tally.seeds:
        screen.say("no seed was lived")
        return 0
    if with_table:
        _table(tally.table, screen)
    sums, least, table = tally.sums, tally.least, tally.table
    screen.say(
        f"{len(tally.seeds):,} seeds, {sums['days']:,} simulated days, {sums['claims']:,} claims, "
        f"{sums['calls']:,} calls, {sums['faults']:,} faults at {len(table)} places (call site x fault; "
        f"least {min(table.values(), default=0)} times, {rare(table)} below {EACH_PLACE}); a seed has at least "
        + ", ".join(f"{count} {name}" for name, count in least.items())
        + "."
    )
    if tally.short:
        wanted = ", ".join(f"{count} {name}" for name, count in ENOUGH.items())
        screen.say(f"{len(tally.short)} seeds have less than {wanted} and do not count.", "yellow")
    screen.say(
        f"{len(tally.broken)} violations; {sums['days'] / max(tally.seconds, 0.1):.0f} simulated days a second "
        f"of one process; version {tally.version}.",
        "bold red" if tally.broken else "bold green",
    )
    if tally.broken:
        screen.say(f"{_again(tally, tally.broken[0]['seed'])} shows the first.")
    return int(bool(tally.broken))


def _again(tally: "Tally", seed: int) -> str:
    """The command that lives that very month again."""
    from infra.simulation.faults import KINDS

    days = f" --days {tally.days}" if tally.days != DAYS else ""
    faults = "" if set(tally.faults) == set(KINDS) else f" --faults {','.join(tally.faults) or 'none'}"
    wired = " --level wired" if tally.level == "wired" else ""
    return f"recobro simulate --seed {seed}{days}{faults}{wired}"


def _table(table: Counter[tuple[str, str]], screen: Screen) -> None:
    rows = [(site, kind, f"{times:,}") for (site, kind), times in sorted(table.items())]
    screen.table("Faults by call site", ("call site", "fault", "times"), rows, right=("times",))


def plainly(one: "Result") -> dict[str, Any]:
    """One result as JSON holds it."""
    table = [[site, kind, times] for (site, kind), times in sorted(one.table.items())]
    broken = one.violation
    told = (
        {"rule": broken.rule, "debtor": broken.debtor, "detail": broken.detail}
        if broken is not None
        else None
    )
    counts = {
        name: getattr(one, name)
        for name in ("seed", "days", "level", "people", "claims", "taken", "calls", "injected")
    }
    return {**counts, "digest": one.digest, "violation": told, "trace": list(one.trace), "table": table}


COMMAND = Command(
    name="simulate",
    summary="Run a small portfolio through a month in which everything goes wrong, and check that nothing untrue happened",
    examples=(
        "recobro simulate --seed 7",
        "recobro simulate --seed 7 --faults crash,timeout,duplicate --days 10",
        "recobro simulate --seeds 1-10000 --jobs 2 --keep months.json",
        "recobro simulate --sum months.json months-of-another-machine.json --table",
        "recobro simulate --seeds 1-200 --level wired --jobs 2",
    ),
    options=options,
    run=run,
    has_place=False,
)
