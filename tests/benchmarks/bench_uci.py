"""Thirty thousand real accounts through the whole house: imported, and worked for a first working day in their own time zone.

The data is public and not in this repository (see uci_portfolio.py): UCI_CREDIT_CARD_CSV=FILE python -m tests.benchmarks uci
"""

import os
import shutil
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.cli.importing import Asked, drop
from infra.cli.kept import house_of
from infra.cli.place import client_files
from infra.local.system import LocalSystem
from infra.repository import CLIENTS
from infra.synth import synthesise
from recobro.usecases.rehearse import everyone
from tests.benchmarks.bench_end_to_end import Accepting
from tests.benchmarks.uci_portfolio import MAPPING, SOURCE_ENV, write_portfolio

CLIENT = Path(__file__).with_name("uci_client")
YESTERDAY = date(2026, 11, 23)
"""The day of the balances. A Tuesday follows: neither a week's beginning nor a holiday where the strict default looks."""
MIDNIGHT = datetime(2026, 11, 23, 16, tzinfo=UTC)
"""00:00 in Taipei."""


def run() -> dict[str, Any]:
    """Rows, how many people can be reached by channel, and what the first day sent, left to people, or refused and why."""
    source = os.environ.get(SOURCE_ENV)
    if not source:
        return {"not measured": f"set {SOURCE_ENV} to the public file"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assembly = synthesise(str(_client_in(folder)))
        portfolio = folder / "portfolio.csv"
        rows = write_portfolio(Path(source), portfolio, creditor="fabula", as_of=YESTERDAY)
        world = Accepting()
        with LocalSystem.boot(assembly, start=MIDNIGHT, world=world, seed=7) as system:
            house = house_of(system, client_files(assembly))
            began = time.perf_counter()
            ident = drop(house, Asked(portfolio, "full", YESTERDAY, MAPPING.read_text(encoding="utf-8")))
            system.run_until(MIDNIGHT + timedelta(hours=5))
            about = house.imports.about(ident) or {}
            imported = time.perf_counter() - began
            began = time.perf_counter()
            system.run_until(MIDNIGHT + timedelta(hours=23))
            worked = time.perf_counter() - began
            return {
                "rows": rows,
                "state": about.get("state"),
                "accepted": about.get("accepted"),
                "handed_back": about.get("conflicts"),
                "reach": about.get("reach"),
                "import_seconds": round(imported),
                "day_seconds": round(worked),
                "sent": world.sent,
                "day": _told(house),
                "failures": len(system.failures),
                "set_aside": sum(system.dlq_depths().values()),
            }


def _client_in(folder: Path) -> Path:
    """The client's own file with the demonstration client's strategy and words."""
    made = folder / "uci"
    shutil.copytree(CLIENT, made)
    shutil.copytree(CLIENTS / "demo" / "messages", made / "messages")
    shutil.copy(CLIENTS / "demo" / "strategy.toml", made)
    return made


def _told(house: Any) -> dict[str, Any]:
    found: Counter[str] = Counter()
    for loaded in everyone(house):
        person = loaded.debtor
        found["owing"] += any(debt.outstanding.minor > 0 for debt in person.debts)
        found["contacted"] += bool(person.attempts)
        found["task for a person"] += any(task.is_open for task in person.tasks)
        for attempt in person.attempts:
            found[f"by {attempt.channel.value}"] += 1
    return dict(sorted(found.items()))


if __name__ == "__main__":
    print(run())
