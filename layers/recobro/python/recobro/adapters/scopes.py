"""Room that several people share, taken before any of them is contacted: one item a scope, written only as it was read."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from recobro.adapters.table import Table
from recobro.codec import from_plain, to_plain
from recobro.domain.shared_caps import Slot
from recobro.ports import Standing


class Scopes:
    """`SCOPE#<kind>#<keyed hash>`: the contacts of the last weeks, in this deployment's table or in the agency's own."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, place: str, now: datetime) -> Standing:
        """Who holds room there; one consistent read. Slots past their time are left out, whenever the table deletes them."""
        item = self._table.get(*_key(place))
        if item is None:
            return Standing(0, {})
        held = {claim: json.loads(slot["S"]) for claim, slot in item["slots"]["M"].items()}
        slots = {
            claim: from_plain(Slot, plain["slot"])
            for claim, plain in held.items()
            if datetime.fromisoformat(plain["until"]) > now
        }
        until = {claim: datetime.fromisoformat(held[claim]["until"]) for claim in slots}
        return Standing(int(item["version"]["N"]), slots, until)

    def take(self, place: str, standing: Standing, slot: Slot, days: int) -> bool:
        """Whether the slot is ours: written if nobody wrote since `standing` was read, or if our own write had arrived.

        days: how long it weighs on some rule; after that it expires.
        """
        until = {**standing.until, slot.claim: slot.at + timedelta(days=days + 1)}
        slots = {**standing.slots, slot.claim: slot}
        values: dict[str, Any] = {
            ":slots": {"M": {claim: _written(one, until[claim]) for claim, one in slots.items()}},
            ":next": {"N": str(standing.version + 1)},
            ":ttl": {"N": str(int(max(until.values()).timestamp()))},
        }
        condition = "attribute_not_exists(version)"
        if standing.version:
            condition, values[":seen"] = "version = :seen", {"N": str(standing.version)}
        taken = self._table.update(
            *_key(place),
            UpdateExpression="SET slots = :slots, version = :next, #ttl = :ttl",
            ConditionExpression=condition,
            ExpressionAttributeNames={"#ttl": "ttl"},
            ExpressionAttributeValues=values,
        )
        return taken or slot.claim in self.read(place, slot.at).slots

    def release(self, places: Sequence[str], claim: str) -> None:
        """The contact was certainly not made: its room is free again."""
        for place in places:
            self._table.update(
                *_key(place),
                UpdateExpression="REMOVE slots.#claim SET version = version + :one",
                ConditionExpression="attribute_exists(slots.#claim)",
                ExpressionAttributeNames={"#claim": claim},
                ExpressionAttributeValues={":one": {"N": "1"}},
            )


def _written(slot: Slot, until: datetime) -> dict[str, Any]:
    return {"S": json.dumps({"slot": to_plain(slot), "until": to_plain(until)}, sort_keys=True)}


def _key(place: str) -> tuple[str, str]:
    return f"SCOPE#{place}", "SLOTS"
