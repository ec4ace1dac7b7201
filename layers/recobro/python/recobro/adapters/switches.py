"""The stop button: what operators paused and circuits opened, in one item that every batch reads before it claims."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from recobro.adapters.table import Table
from recobro.codec import write_instant
from recobro.domain.playbook import Switches

FRESH = timedelta(seconds=4)
"""The stop button binds within ten seconds (PRACTICE: Running it): this, and a save that gives up after two."""


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

    def watched(self, now: Callable[[], datetime]) -> Callable[[], Switches]:
        """As they stand, read again when what is known is older than FRESH: one read serves a batch that is quick."""
        held, read_at = Switches(), datetime.min.replace(tzinfo=UTC)

        def current() -> Switches:
            nonlocal held, read_at
            while now() - read_at > FRESH:
                asked_at = now()
                held = self.read()
                read_at = asked_at
            return held

        return current

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
