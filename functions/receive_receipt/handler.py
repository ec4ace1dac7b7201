"""What became of our messages, as carriers tell it. A receipt that comes twice, late or out of order moves nothing back."""

from datetime import datetime
from typing import Any

from recobro.adapters.channels.receipts import read_receipts
from recobro.entry import each_message
from recobro.house import open_house
from recobro.usecases.receive_receipt import receive_receipt

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS with carriers' events (SNS raw delivery); answers which have to come again."""

    def work(body: str, at: datetime) -> dict[str, Any]:
        return {"results": [receive_receipt(house, one) for one in read_receipts(body, at)]}

    return each_message(event, house, "receipts", work)
