"""Do the judges catch what we break on purpose? `python -m infra.simulation.planted [LIST.toml]` plants each bug and asks.

A bug is planted where its module is loaded, in a process of its own; no file changes. A list holds, for each bug:

    [[bug]]
    name = "send_before_claim"          # one word, its own
    why = "what goes wrong in the world"
    [[bug.edit]]                        # one or more
    file = "usecases/send.py"           # below layers/recobro/python/recobro, or functions/<name>/handler.py
    find = "the text, exactly once in that file"
    replace = "what stands there instead"
"""

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import json
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from infra.repository import ROOT
from infra.simulation.version import version

PACKAGE = ROOT / "layers" / "recobro" / "python" / "recobro"
LIST = ROOT / "tests" / "simulation" / "planted_bugs.toml"
BLIND = LIST.with_name("planted_bugs_blind.toml")
"""Those of an author who had seen neither the judges nor any test."""

ENOUGH = 500
DAYS = 30
A_RUSH_EVERY = 20
"""Months, after which a morning of many people on a slow channel is lived too."""


@dataclass(frozen=True)
class Edit:
    file: str
    find: str
    replace: str

    @property
    def path(self) -> Path:
        return ROOT / self.file if self.file.startswith("functions/") else PACKAGE / self.file

    @property
    def module(self) -> str:
        """Empty: a handler, which the simulation loads by itself."""
        if self.file.startswith("functions/"):
            return ""
        return "recobro." + self.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


@dataclass(frozen=True)
class Bug:
    name: str
    why: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Found:
    """seed: 0 where it was never caught. runs: seeds tried. seconds: of real time until then."""

    name: str
    caught: bool
    seed: int
    runs: int
    rule: str
    detail: str
    seconds: float


def bugs(file: Path) -> tuple[Bug, ...]:
    """The list. Raises LookupError where an edit's text does not stand exactly once in its file."""
    told = tomllib.loads(file.read_text("utf-8"))["bug"]
    listed = tuple(Bug(one["name"], one["why"], tuple(Edit(**edit) for edit in one["edit"])) for one in told)
    for bug in listed:
        for path in sorted({edit.path for edit in bug.edits}):
            source_with(bug, path)
    return listed


def source_with(bug: Bug, path: Path) -> str:
    """The source of a file with the bug in it."""
    source = path.read_text("utf-8")
    for edit in bug.edits:
        if edit.path != path:
            continue
        if (count := source.count(edit.find)) != 1:
            raise LookupError(f"{bug.name}: {edit.file} holds {edit.find!r} {count} times")
        source = source.replace(edit.find, edit.replace)
    return source


class Loader(importlib.machinery.SourceFileLoader):
    """Loads one module with its bug in it; compiled code is neither read nor kept."""

    bug: Bug

    def get_code(self, fullname: str) -> Any:
        return compile(source_with(self.bug, Path(self.path)), self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules that have the bug."""

    def __init__(self, bug: Bug) -> None:
        self._bug = bug
        self._paths = {edit.module: edit.path for edit in bug.edits if edit.module}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = self._paths.get(fullname)
        if file is None:
            return None
        loader = Loader(fullname, str(file))
        loader.bug = self._bug
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)


def plant(bug: Bug) -> None:
    """From here on this process runs with the bug. Call it before anything of ours is imported."""
    if loaded := [edit.module for edit in bug.edits if edit.module in sys.modules]:
        raise RuntimeError(f"{bug.name}: {', '.join(loaded)} was imported before the bug was planted")
    sys.meta_path.insert(0, Finder(bug))
    handlers = [edit.path for edit in bug.edits if not edit.module]
    if handlers:
        from infra.simulation import runtime

        runtime.HANDLERS.update({path: source_with(bug, path) for path in handlers})


def hunt(bug: Bug, seeds: Sequence[int], days: int = DAYS) -> Found:
    """Simulate seed after seed until a judge objects. In this very process."""
    began = time.perf_counter()
    plant(bug)
    from infra.simulation.run import rush, simulate

    for runs, seed in enumerate(seeds, 1):
        found = simulate(seed, days).violation
        if found is None and seed % A_RUSH_EVERY == 1:
            found = rush(seed).violation
        if found is not None:
            spent = time.perf_counter() - began
            return Found(bug.name, True, seed, runs, found.rule, found.detail, round(spent, 1))
    return Found(bug.name, False, 0, len(seeds), "", "", round(time.perf_counter() - began, 1))


def hunted(file: Path, name: str, seeds: int = ENOUGH, days: int = DAYS, first: int = 1) -> Found:
    """The same, in a process of its own. seeds: how many, from `first` on."""
    command = [sys.executable, "-m", "infra.simulation.planted", str(file), "--one", name]
    asked = [*command, "--seeds", str(seeds), "--days", str(days), "--first", str(first)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    return Found(**json.loads(done.stdout.splitlines()[-1]))


def hunts(file: Path, names: Sequence[str], seeds: int, days: int, jobs: int) -> Iterator[Found]:
    """All of them, some at a time, in the order of the list."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda name: hunted(file, name, seeds, days), names)


def kept(file: Path, days: int) -> dict[str, Found]:
    """What was hunted before. Raises LookupError where it was in other code or in months of another length."""
    if not file.exists():
        return {}
    told = json.loads(file.read_text("utf-8"))
    if (told["version"], told["days"]) != (version(), days):
        raise LookupError(f"{file} is of version {told['version']}, {told['days']} days: name another file")
    return {one["name"]: Found(**one) for one in told["found"]}


def rounds(
    file: Path, keep: Path, names: Sequence[str], seeds: int, days: int, each: int, jobs: int
) -> dict[str, Found]:
    """Some seeds of every bug that is still at large, then some more, written down as they come; what was hunted before is not
    hunted again. Who is easily caught costs little, and a run may be stopped at any time.
    """
    found = kept(keep, days)

    def more(name: str) -> Found:
        before = found.get(name, Found(name, False, 0, 0, "", "", 0.0))
        now = hunted(file, name, min(each, seeds - before.runs), days, before.runs + 1)
        return replace(now, runs=before.runs + now.runs, seconds=round(before.seconds + now.seconds, 1))

    def at_large() -> list[str]:
        return [
            name
            for name in names
            if name not in found or not (found[name].caught or found[name].runs >= seeds)
        ]

    while left := at_large():
        with ThreadPoolExecutor(jobs) as pool:
            for one in pool.map(more, left):
                found[one.name] = one
                told = {
                    "version": version(),
                    "days": days,
                    "found": [asdict(known) for known in found.values()],
                }
                keep.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return {name: found[name] for name in names}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, default=LIST, metavar="LIST.toml")
    parser.add_argument("--one", metavar="NAME", help="one bug, in this process; prints JSON")
    parser.add_argument("--seeds", type=int, default=ENOUGH, help="give up after so many")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--first", type=int, default=1, help="the seed to begin with, for --one")
    parser.add_argument(
        "--keep", type=Path, metavar="FILE.json", help="write down what was hunted, and go on from there"
    )
    parser.add_argument(
        "--each", type=int, default=5, help="with --keep: seeds of a bug before the next one's turn"
    )
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    listed, out = bugs(given.file), sys.stdout.write
    if given.one:
        bug = next(one for one in listed if one.name == given.one)
        out(json.dumps(hunt(bug, range(given.first, given.first + given.seeds), given.days).__dict__) + "\n")
        return 0
    began, missed = time.perf_counter(), []
    out(f"{'planted bug':44} {'seeds':>6} {'seconds':>8}  caught as\n")
    names = [one.name for one in listed]
    if given.keep:
        told: Iterable[Found] = rounds(
            given.file, given.keep, names, given.seeds, given.days, given.each, given.jobs
        ).values()
    else:
        told = hunts(given.file, names, given.seeds, given.days, given.jobs)
    for one in told:
        shown = f"{one.rule}: {one.detail}" if one.caught else "NEVER"
        out(f"{one.name:44} {one.runs:>6} {one.seconds:>8.1f}  {shown[:90]}\n")
        sys.stdout.flush()
        if not one.caught:
            missed.append(one.name)
    share = 100 * (len(listed) - len(missed)) / len(listed)
    out(
        f"{len(listed)} bugs, {len(listed) - len(missed)} caught ({share:.0f} %), {time.perf_counter() - began:.0f} s\n"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
