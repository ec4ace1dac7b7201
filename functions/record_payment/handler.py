"""The client's own system tells of a payment. It is answered when the ledger holds it; told twice, it counts once."""

from typing import Any

from recobro.entry import raw_body
from recobro.house import open_house
from recobro.problem import answered
from recobro.usecases.record_payment import record_payment

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """POST /payments (HTTP API, payload format 2.0)."""

    def work() -> tuple[int, dict[str, Any]]:
        done = record_payment(house, event.get("headers", {}), raw_body(event))
        told = {"payment": done.payment, "result": done.told.result}
        return (200 if done.is_repeated else 201), told | (
            {"reason": done.told.reason} if done.told.reason else {}
        )

    return answered(house, "calls", event, work)
