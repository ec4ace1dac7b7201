"""The stop button: what operators paused and circuits opened, in one item that every batch reads before it claims."""

import json
from datetime import datetime

from recobro.adapters.table import Table
from recobro.codec import write_instant
from recobro.domain.playbook import Switches


class SwitchBoard:
    """`SWITCHES`: scope → who and why. Scopes: "all", "creditor:x", "channel:sms", "country:MX"."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self) -> Switches:
        """One consistent read."""
        item = self._table.get("SWITCHES", "SWITCHES")
        if item is None:
            return Switches()
        return Switches({scope: entry["S"] for scope, entry in item["off"]["M"].items()})

    def off(self, scope: str, who: str, why: str, now: datetime) -> None:
        note = json.dumps({"who": who, "why": why, "at": write_instant(now)}, sort_keys=True)
        self._ensure()
        self._table.update(
            "SWITCHES",
            "SWITCHES",
            UpdateExpression="SET #off.#scope = :note",
            ExpressionAttributeNames={"#off": "off", "#scope": scope},
            ExpressionAttributeValues={":note": {"S": note}},
        )

    def on(self, scope: str) -> None:
        self._ensure()
        self._table.update(
            "SWITCHES",
            "SWITCHES",
            UpdateExpression="REMOVE #off.#scope",
            ExpressionAttributeNames={"#off": "off", "#scope": scope},
        )

    def _ensure(self) -> None:
        self._table.put_new("SWITCHES", "SWITCHES", {"off": {"M": {}}})
