"""Does everything stay true when everything goes wrong? A month of a small portfolio from one seed, with faults at every call."""

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

if TYPE_CHECKING:  # the command's own help must not wait for what a simulation loads
    from infra.simulation.run import Result

DAYS = 30


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


LEVELS = (
    "fast: tables in plain Python, calls overtake each other (the default); "
    "wired: botocore on the synthesised template, one function after another"
)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    from infra.simulation.faults import chosen
    from infra.simulation.run import Asked, results

    try:
        kinds = chosen(arguments.faults)
    except ValueError as error:
        raise InvalidInput("--faults", str(error), "all, none, or some of them between commas") from error
    if arguments.days < 1:
        raise InvalidInput("--days", f"is {arguments.days}", "at least 1")
    seeds = seeds_of(arguments)
    asked = [Asked(seed, arguments.days, kinds, arguments.level) for seed in seeds]
    found = results(asked, arguments.jobs)
    if len(seeds) == 1:
        (one,) = found
        return _told(one, arguments.table, screen)
    return _counted(found, len(seeds), arguments.table, screen)


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


def _counted(found: Iterator["Result"], of: int, with_table: bool, screen: Screen) -> int:  # noqa: FBT001
    """Many seeds: what broke, and the sums."""
    table: Counter[tuple[str, str]] = Counter()
    sums: Counter[str] = Counter()
    least = {"people": 10**9, "claims": 10**9, "faults": 10**9}
    broken: list[dict[str, Any]] = []
    seconds = 0.0
    for done, one in enumerate(found, 1):
        table.update(one.table)
        seconds += one.seconds
        for name, count in (("people", one.people), ("claims", one.claims), ("faults", one.injected)):
            sums[name] += count
            least[name] = min(least[name], count)
        sums["calls"] += one.calls
        sums["days"] += one.days
        if one.violation is not None:
            broken.append({"seed": one.seed, "rule": one.violation.rule, "detail": one.violation.detail})
            screen.say(f"seed {one.seed}: BROKEN  {one.violation.rule}: {one.violation.detail}", "bold red")
        if done % 100 == 0:
            screen.note(f"{done} of {of} seeds, {len(broken)} broken")
    if screen.as_json:
        told = {
            "seeds": of,
            "broken": broken,
            "sums": dict(sums),
            "least": least,
            "seconds": round(seconds, 1),
        }
        screen.answer(
            told | {"table": [[site, kind, times] for (site, kind), times in sorted(table.items())]}
        )
        return int(bool(broken))
    if with_table:
        _table(table, screen)
    screen.say(
        f"{of} seeds, {sums['days']:,} simulated days, {sums['claims']:,} claims, {sums['calls']:,} calls, "
        f"{sums['faults']:,} faults at {len(table)} places (call site x fault, least {min(table.values(), default=0)} times); "
        f"a seed has at least {least['people']} people, {least['claims']} claims, {least['faults']} faults."
    )
    screen.say(
        f"{len(broken)} violations; {sums['days'] / seconds:.0f} simulated days a second of one process.",
        "bold red" if broken else "bold green",
    )
    if broken:
        screen.say(f"recobro simulate --seed {broken[0]['seed']} shows the first.")
    return int(bool(broken))


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
        "recobro simulate --seeds 1-10000 --jobs 2 --table",
        "recobro simulate --seeds 1-200 --level wired --jobs 2",
    ),
    options=options,
    run=run,
    has_place=False,
)
