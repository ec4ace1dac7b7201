"""Does the auditor catch what the engine gets wrong? `python -m tests.law.mutations` plants each bug in turn and asks.

A bug is planted where the engine is loaded, in a process of its own; no file changes.
"""

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from tests.law.planted_bugs import BUGS, Planted

ROOT = Path(__file__).parents[2]
LAW = ROOT / "layers/recobro/python/recobro/law"
SEED = 20_261_122
ENOUGH = 60_000


class Loader(importlib.machinery.SourceFileLoader):
    """Loads one module of the engine with its bug in it."""

    bug: Planted

    def get_data(self, path: str) -> bytes:
        source = super().get_data(path).decode()
        if source.count(self.bug.text) != 1:
            raise LookupError(f"{self.bug.file} holds {self.bug.text!r} {source.count(self.bug.text)} times")
        return source.replace(self.bug.text, self.bug.instead).encode()

    def path_stats(self, path: str) -> dict[str, float]:
        raise OSError(f"{path}: compiled code is neither read nor kept")


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that has the bug."""

    def __init__(self, bug: Planted) -> None:
        self.bug = bug
        self.module = f"recobro.law.{Path(bug.file).stem}"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        loader = Loader(fullname, str(LAW / self.bug.file))
        loader.bug = self.bug
        return importlib.util.spec_from_file_location(fullname, LAW / self.bug.file, loader=loader)


def ask(bug: Planted | None, contacts: int, seed: int) -> int:
    """How many random contacts it took until engine and auditor disagreed; 0: they never did. In this very process."""
    if bug is not None:
        sys.meta_path.insert(0, Finder(bug))
    from random import Random

    from tests.law.compare import auditor_refuses, engine_refuses
    from tests.law.random_contacts import draw, published

    law, chance = published(), Random(seed)
    for number in range(1, contacts + 1):
        drawn = draw(chance)
        if engine_refuses(drawn) != auditor_refuses(law, drawn):
            return number
    return 0


def caught_after(name: str, contacts: int = ENOUGH, seed: int = SEED) -> int:
    """The same, in a process of its own: how many contacts until the named bug shows; 0: never."""
    command = [sys.executable, "-m", "tests.law.mutations", "--one", name]
    asked = [*command, "--contacts", str(contacts), "--seed", str(seed)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    return int(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", metavar="NAME", help="one bug, in this process; prints the number alone")
    parser.add_argument("--contacts", type=int, default=ENOUGH, help="give up after so many")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    out = sys.stdout.write
    if given.one:
        bug = next(one for one in BUGS if one.name == given.one)
        out(f"{ask(bug, given.contacts, given.seed)}\n")
        return 0
    began, missed = time.perf_counter(), []
    with ThreadPoolExecutor(2) as pool:
        counts = pool.map(lambda one: caught_after(one.name, given.contacts, given.seed), BUGS)
        out(f"{'planted bug':50} {'file':14} {'contacts until caught':>22}\n")
        for bug, count in zip(BUGS, counts, strict=True):
            out(f"{bug.name:50} {bug.file:14} {f'{count:,}' if count else 'NEVER':>22}\n")
            if not count:
                missed.append(bug.name)
    out(f"{len(BUGS)} bugs, {len(BUGS) - len(missed)} caught, {time.perf_counter() - began:.0f} s\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
