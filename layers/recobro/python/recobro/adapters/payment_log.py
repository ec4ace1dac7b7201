"""Every payment that a gateway told us of, kept raw before anything else happens, and never deleted."""

from datetime import datetime

from recobro.adapters.table import Table
from recobro.codec import write_instant


class PaymentLog:
    """`PAYMENT#<gateway>#<intent>`: status received → posted | quarantined, with the reason."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def receive(self, intent: str, body: str, now: datetime) -> str:
        """Keep the raw event if it is new. Returns the status that stands: "received" when there is work to do."""
        there = self._table.put_new(
            f"PAYMENT#{intent}",
            "EVENT",
            {"status": {"S": "received"}, "body": {"S": body[:300_000]}, "at": {"S": write_instant(now)}},
        )
        return "received" if there is None else there["status"]["S"]

    def settle(self, intent: str, status: str, reason: str = "") -> None:
        """status: "posted" | "quarantined" | "rejected"."""
        self._table.update(
            f"PAYMENT#{intent}",
            "EVENT",
            UpdateExpression="SET #status = :status, reason = :reason",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": status}, ":reason": {"S": reason}},
        )
