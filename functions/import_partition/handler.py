"""One partition of a creditor's file: each of its people is saved once. A repeated message finds nothing left to change."""

from datetime import datetime
from typing import Any

from recobro.entry import each_message
from recobro.house import open_house
from recobro.intake.notices import piece_told
from recobro.usecases.import_partition import import_partition

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS: {"import", "step", …}; answers which have to come again."""

    def work(body: str, at: datetime) -> dict[str, Any]:
        return import_partition(house, piece_told(body))

    return each_message(event, house, "partition", work)
