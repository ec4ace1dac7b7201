"""How fast a portfolio is read and checked on one core, and that a million rows need no more memory than ten thousand."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from recobro.adapters.portfolio.opened import open_portfolio
from recobro.domain.client import Agency, Brand, Client, Schedule
from recobro.intake.context import Context
from recobro.intake.outcome import AcceptedRow
from recobro.intake.portfolio import read
from recobro.intake.tally import Counting
from recobro.keys import Keys
from tests.benchmarks.portfolio_files import write_portfolio

SIZES = (10_000, 100_000)
WITH_A_MILLION = (10_000, 1_000_000)


def run(*, with_a_million: bool = False) -> dict[str, Any]:
    """Rows a second of one core (survey, parsing and validation) and peak memory in MiB for each size, each in a process of its own."""
    sizes = WITH_A_MILLION if with_a_million else SIZES
    with tempfile.TemporaryDirectory() as folder:
        measured = []
        for size in sizes:
            path = Path(folder) / f"{size}.csv"
            write_portfolio(path, size)
            measured.append(_in_a_child(path))
            path.unlink()
    first, last = measured[0], measured[-1]
    return {
        "rows_per_second": last["rows_per_second"],
        "rows": [one["rows"] for one in measured],
        "accepted": [one["accepted"] for one in measured],
        "peak_mib": [one["peak_mib"] for one in measured],
        "peak_growth_mib": round(last["peak_mib"] - first["peak_mib"], 1),
    }


def _in_a_child(path: Path) -> dict[str, Any]:
    answer = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "tests.benchmarks.bench_import", "--measure", str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": ":".join(one for one in sys.path if one), "PYTHONHASHSEED": "0"},
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def measure(path: Path) -> dict[str, Any]:
    """Read the whole file once, as an import does up to the point where rows are shared out."""
    context = Context(_client(), Keys(b"benchmark"), date(2026, 11, 22))
    counting = Counting()
    debtors = 0
    started = time.process_time()  # other work on the machine is not ours
    with path.open("rb") as file:
        for outcome in read(open_portfolio(file, path.name), None, context):
            counting.add(outcome)
            debtors += isinstance(outcome, AcceptedRow)
    seconds = time.process_time() - started
    tally = counting.tally()
    return {
        "rows": tally.rows,
        "accepted": tally.accepted,
        "rows_per_second": round(tally.rows / seconds),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _client() -> Client:
    agency = Agency("Despacho Ejemplo", "Calle Uno 1", "+525555010000", "hola@example.com", "A. Responsable")
    brand = Brand("acme", "Acme", "Acme S.A.", "third_party", "MX", "hola@example.com")
    return Client("bench", ("MX",), agency, (brand,), Schedule("America/Mexico_City"), {})


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        print(json.dumps(run(with_a_million="--million" in sys.argv), indent=2))
