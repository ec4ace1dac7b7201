"""What became of our messages, as carriers tell it. A receipt that comes twice, late or out of order moves nothing back."""

from datetime import datetime
from typing import Any

from recobro.adapters.channels.receipts import read_receipts
from recobro.entry import each_message, each_told, tell_counts
from recobro.house import open_house
from recobro.ports import Receipt
from recobro.usecases.receive_receipt import keep_unrecognised, receive_receipt, watch_reputation

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS with carriers' events (SNS raw delivery); answers which have to come again."""
    batch: list[tuple[Receipt, str]] = []

    def work(body: str, at: datetime) -> dict[str, Any]:
        told, trouble = each_told(read_receipts(body, at), lambda one: receive_receipt(house, one))
        keep_unrecognised(house, body, told)
        batch.extend(told)
        if trouble is not None:
            raise trouble
        return {"results": [result for _, result in told]}

    answer = each_message(event, house, "receipts", work)
    watch_reputation(house, batch)
    tell_counts(house)  # a channel that was stopped now: each_message told only of what came before
    return answer
