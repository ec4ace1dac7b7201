"""Were promises and plans kept? Once a day, before anybody is written to: what was paid decides, and running twice changes nothing."""

from datetime import timedelta
from typing import Any

from recobro.entry import SWEEP_RESERVE, logger, tell_counts
from recobro.house import open_house
from recobro.unforeseen import where_it_broke
from recobro.usecases.each_alone import check_all_done
from recobro.usecases.review_promises import review_promises

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """EventBridge Scheduler, {}."""
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    try:
        reviewed = review_promises(house, house.now() + left - SWEEP_RESERVE)
    finally:
        tell_counts(house)
    told = {"looked_at": reviewed.looked_at, **reviewed.judged, "lost_races": reviewed.lost_races}
    faults = {one: where_it_broke(fault) for one, fault in reviewed.faults.items()}
    logger.info("reviewed", extra={**told, "faults": faults})
    check_all_done(reviewed.faults)
    return told
