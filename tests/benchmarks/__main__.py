"""Every figure of the README's table, measured one after another: run it alone on the machine (`make bench`)."""

import json
import sys
from collections.abc import Callable
from typing import Any

from tests.benchmarks import (
    bench_cold_start,
    bench_cost,
    bench_decide,
    bench_deploy,
    bench_end_to_end,
    bench_import,
    bench_law,
    bench_requests,
    bench_simulation,
    bench_uci,
    bench_understand,
)

BENCHES: dict[str, Callable[[], dict[str, Any]]] = {
    "decide": bench_decide.run,
    "law": bench_law.run,
    "requests": bench_requests.run,
    "import": lambda: bench_import.run(with_a_million=False),
    "cold_start": bench_cold_start.run,
    "end_to_end": bench_end_to_end.run,
    "cost": bench_cost.run,
    "deploy": bench_deploy.run,
    "uci": bench_uci.run,
    "simulation": bench_simulation.run,
    "understand": bench_understand.run,
}


def main() -> None:
    """All of them, or those that the command names."""
    for name in sys.argv[1:] or BENCHES:
        print(json.dumps({name: BENCHES[name]()}, indent=2), flush=True)


if __name__ == "__main__":
    main()
