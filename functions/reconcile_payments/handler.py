"""What did the gateways not tell us? Every hour they are asked, and each day's money is balanced. Running twice counts nothing twice."""

from datetime import timedelta
from typing import Any

from recobro.entry import SWEEP_RESERVE, logger, tell_counts
from recobro.errors import Unavailable
from recobro.house import open_house
from recobro.usecases.reconcile_payments import reconcile_payments

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """EventBridge Scheduler, {}. Fails, after all else is done, when a gateway did not answer: the alarm rings at the second."""
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    try:
        done = reconcile_payments(house, house.now() + left - SWEEP_RESERVE)
    finally:
        tell_counts(house)
    told = {
        "listed": done.listed,
        "heard": done.heard,
        "asked": done.asked,
        "failed": done.failed,
        "uneven": done.uneven,
        "cannot_list": done.cannot_list,
        "finished": done.finished,
    }
    logger.info("reconciled", extra=told)
    if done.uneven:
        logger.error("money_not_accounted_for", extra={"days": done.uneven})
    if done.failed:
        raise Unavailable(f"not asked: {', '.join(sorted(done.failed))}")
    return told
