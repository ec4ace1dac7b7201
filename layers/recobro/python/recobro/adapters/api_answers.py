"""What was answered to a request's key: a program that asks again, because it never heard, gets the same answer once more.

draft-ietf-httpapi-idempotency-key-header.
"""

from datetime import datetime, timedelta

from recobro.adapters.table import Table
from recobro.errors import Conflict

KEPT = timedelta(hours=48)


class ApiAnswers:
    """`ANSWER#<keyed hash of caller and key>`, for two days."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def before(self, mark: str, request: str, now: datetime) -> tuple[int, str] | None:
        """The answer that was given; None: none yet, so do the work. Raises Conflict: the same key asked for something else."""
        expires = str(int((now + KEPT).timestamp()))
        there = self._table.put_new(
            f"ANSWER#{mark}", "ANSWER", {"request": {"S": request}, "ttl": {"N": expires}}
        )
        if there is None:
            return None
        if there["request"]["S"] != request:
            raise Conflict("the key was used for another request")
        return (int(there["status"]["N"]), there["body"]["S"]) if "body" in there else None

    def given(self, mark: str, status: int, body: str) -> None:
        """Who asked before and never came so far finds no answer and does the work again, which is harmless."""
        self._table.update(
            f"ANSWER#{mark}",
            "ANSWER",
            UpdateExpression="SET #status = :status, body = :body",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"N": str(status)}, ":body": {"S": body}},
        )
