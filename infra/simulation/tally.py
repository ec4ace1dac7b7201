"""What many seeds came to, added up and kept in a file, so that ten thousand months can be lived in parts, on several days and machines.

Only months of the same code are added up: a file names its version, a hash over the sources that a month depends on.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.simulation.run import Asked, Result
from infra.simulation.version import version
from recobro.errors import InvalidInput

ENOUGH = {"people": 10, "claims": 100, "faults": 50}
"""What a month must hold to count for something; one that holds less is counted apart, never hidden."""

EACH_PLACE = 100
"""Times that each call should have met each of its faults."""


@dataclass
class Tally:
    """sums and least: per "people", "claims", "faults" …; broken: seeds with what broke; short: seeds that hold less than ENOUGH.

    seconds: of real time, over all processes. digest: of all months together, in whatever order they were lived.
    """

    version: str
    days: int
    level: str
    faults: tuple[str, ...]
    seeds: set[int] = field(default_factory=set)
    sums: Counter[str] = field(default_factory=Counter)
    least: dict[str, int] = field(default_factory=dict)
    table: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[dict[str, Any]] = field(default_factory=list)
    short: list[dict[str, int]] = field(default_factory=list)
    seconds: float = 0.0
    digest: int = 0

    @classmethod
    def of(cls, asked: Asked) -> "Tally":
        return cls(version(asked.level), asked.days, asked.level, asked.kinds)

    def add(self, one: Result) -> None:
        """Count one more month."""
        held = {"people": one.people, "claims": one.claims, "faults": one.injected}
        self.seeds.add(one.seed)
        self.sums.update(held | {"calls": one.calls, "taken": one.taken, "days": one.days})
        self.least = {name: min(self.least.get(name, count), count) for name, count in held.items()}
        self.table.update(one.table)
        self.seconds += one.seconds
        self.digest ^= int(one.digest, 16)
        if one.violation is not None:
            told = {"rule": one.violation.rule, "detail": one.violation.detail}
            self.broken.append({"seed": one.seed, **told})
        elif any(held[name] < enough for name, enough in ENOUGH.items()):
            self.short.append({"seed": one.seed, **held})

    def add_all(self, other: "Tally") -> None:
        """Count what another file holds. Raises InvalidInput where a seed would count twice."""
        if twice := self.seeds & other.seeds:
            raise InvalidInput("--sum", f"seeds {spans(twice)} stand in two files", "each seed once")
        self.seeds |= other.seeds
        self.sums.update(other.sums)
        self.least = {name: min(self.least.get(name, least), least) for name, least in other.least.items()}
        self.table.update(other.table)
        self.broken += other.broken
        self.short += other.short
        self.seconds += other.seconds
        self.digest ^= other.digest

    @property
    def what(self) -> tuple[str, int, str, tuple[str, ...]]:
        """Only what is the same in this may be added up."""
        return self.version, self.days, self.level, self.faults

    def plain(self) -> dict[str, Any]:
        """As its file and `--json` hold it."""
        return {
            "version": self.version,
            "days": self.days,
            "level": self.level,
            "faults": list(self.faults),
            "seeds": len(self.seeds),
            "lived": spans(self.seeds),
            "broken": self.broken,
            "short": self.short,
            "sums": dict(self.sums),
            "least": self.least,
            "seconds": round(self.seconds, 1),
            "digest": f"{self.digest:032x}",
            "table": [[site, kind, times] for (site, kind), times in sorted(self.table.items())],
        }


def read_tally(file: Path) -> Tally:
    """Raises InvalidInput where it is no such file."""
    try:
        told = json.loads(file.read_text("utf-8"))
        return Tally(
            version=told["version"],
            days=told["days"],
            level=told["level"],
            faults=tuple(told["faults"]),
            seeds=set(_numbers(told["lived"])),
            sums=Counter(told["sums"]),
            least=dict(told["least"]),
            table=Counter({(site, kind): times for site, kind, times in told["table"]}),
            broken=list(told["broken"]),
            short=list(told["short"]),
            seconds=told["seconds"],
            digest=int(told["digest"], 16),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(str(file), f"cannot be read: {error}", "a file that --keep wrote") from error


def kept(file: Path, asked: Asked) -> Tally:
    """The file to go on with, or a new count. Raises InvalidInput where it counts something else."""
    new = Tally.of(asked)
    if not file.exists():
        return new
    found = read_tally(file)
    if found.what != new.what:
        differs = [
            f"{name} {theirs}, not {ours}"
            for name, theirs, ours in zip(
                ("version", "days", "level", "faults"), found.what, new.what, strict=True
            )
            if theirs != ours
        ]
        raise InvalidInput("--keep", f"{file} counts {'; '.join(differs)}", "another file for these")
    return found


def keep(file: Path, tally: Tally) -> None:
    """All or nothing, so that a run may be stopped at any time."""
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(tally.plain(), indent=1) + "\n", "utf-8")
    partial.replace(file)


def summed(files: Sequence[Path]) -> list[Tally]:
    """What the files hold, added up as far as they are about the same."""
    found: dict[tuple[Any, ...], Tally] = {}
    for file in files:
        tally = read_tally(file)
        if tally.what in found:
            found[tally.what].add_all(tally)
        else:
            found[tally.what] = tally
    return list(found.values())


def rare(table: Mapping[tuple[str, str], int], enough: int = EACH_PLACE) -> int:
    """How many places met a fault less often than they should."""
    return sum(times < enough for times in table.values())


def spans(numbers: Iterable[int]) -> str:
    """1, 2, 3, 7 → "1-3,7"."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ",".join(f"{first}-{last}" if first != last else str(first) for first, last in found)


def _numbers(text: str) -> Iterator[int]:
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
