"""Who is late? On a schedule: sweeps the people with overdue debts. Running twice repeats nothing: the ledger decides."""

from typing import Any

from recobro.entry import run_sweep
from recobro.house import open_house

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """EventBridge Scheduler, {"lane": "overdue"}."""
    return run_sweep(house, event, context)
