"""A gateway tells of a payment. It is answered 2xx only when the ledger holds it; told twice, it counts once."""

from typing import Any

from recobro.adapters.gateways import gateway_named
from recobro.entry import answer, asked, raw_body
from recobro.house import open_house
from recobro.ports import Webhook
from recobro.usecases.receive_payment import receive_payment, shown

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """POST /hooks/{gateway}/{endpoint} (HTTP API, payload format 2.0)."""

    def work() -> tuple[int, str]:
        gateway = gateway_named(event["pathParameters"]["gateway"])
        webhook = Webhook(raw_body(event), event.get("headers", {}), event.get("rawQueryString", ""))
        told = receive_payment(house, gateway, event["pathParameters"]["endpoint"], webhook)
        return 200, shown(told)

    return answer(asked(house, "payments", event, work, tells=False))
