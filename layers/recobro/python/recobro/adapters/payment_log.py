"""Every payment that a gateway told us of, kept raw before anything else happens, and never deleted."""

from datetime import datetime, timedelta

from recobro.adapters.table import Table
from recobro.codec import write_instant

REPEATED_WITHIN = timedelta(days=90)
"""So long a redelivery is worked through again: a record knows its payments for longer (domain/compact.py)."""


class PaymentLog:
    """`PAYMENT#<gateway>#<intent>`: status received → posted | quarantined, with the reason."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def receive(self, intent: str, body: str, now: datetime) -> str:
        """Keep the raw event if it is new. Returns the status that stands: "received" when there is work to do.

        "posted" says that one obligor's record has it; whether every one has, a redelivery finds out, which a crash
        between two of them is followed by.
        """
        there = self._table.put_new(
            f"PAYMENT#{intent}",
            "EVENT",
            {"status": {"S": "received"}, "body": {"S": body[:300_000]}, "at": {"S": write_instant(now)}},
        )
        if there is None:
            return "received"
        is_late = datetime.fromisoformat(there["at"]["S"]) < now - REPEATED_WITHIN
        return "received" if there["status"]["S"] == "posted" and not is_late else there["status"]["S"]

    def settle(self, intent: str, status: str, reason: str = "") -> None:
        """status: "posted" | "quarantined" | "rejected"."""
        self._table.update(
            f"PAYMENT#{intent}",
            "EVENT",
            UpdateExpression="SET #status = :status, reason = :reason",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": status}, ":reason": {"S": reason}},
        )
