"""What the sweeps of an interval have handed out of each carrier's share and of the pace: one item, written only as it was read."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from recobro.adapters.table import Table
from recobro.codec import from_plain, to_plain, write_instant
from recobro.domain.shares import Taken

KEPT = timedelta(days=1)
"""An interval is asked about while it lasts, and in the next one."""


class Shares:
    """`SHARE`, an item for each interval in which anybody was to be contacted."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, *starts: datetime) -> tuple[Taken, ...]:
        """What was taken in the intervals that start there; one consistent request."""
        keys = [write_instant(one) for one in starts]
        found = {one["sk"]["S"]: one for one in self._table.get_many([("SHARE", key) for key in keys])}
        return tuple(
            replace(
                from_plain(Taken, json.loads(found[key]["taken"]["S"])),
                version=int(found[key]["version"]["N"]),
            )
            if key in found
            else Taken()
            for key in keys
        )

    def take(self, starts: datetime, taken: Taken) -> bool:
        """Whether that is what stands there now: only if nobody wrote since `taken.version` was read."""
        values = {
            ":taken": {"S": json.dumps(to_plain(taken), sort_keys=True)},
            ":next": {"N": str(taken.version + 1)},
            ":ttl": {"N": str(int((starts + KEPT).timestamp()))},
        }
        condition = "attribute_not_exists(version)"
        if taken.version:
            condition, values[":seen"] = "version = :seen", {"N": str(taken.version)}
        return self._table.update(
            "SHARE",
            write_instant(starts),
            UpdateExpression="SET taken = :taken, version = :next, #ttl = :ttl",
            ConditionExpression=condition,
            ExpressionAttributeNames={"#ttl": "ttl"},
            ExpressionAttributeValues=values,
        )
