"""What was saved becomes history. The stream repeats and resumes; each fact has its own key, so it is written once."""

from typing import Any

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.stream import records_of
from recobro.entry import logger
from recobro.errors import Unavailable
from recobro.house import open_house
from recobro.usecases.journal import journal

house = open_house()
items = JournalItems(house.client("dynamodb"), house.settings.table)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """DynamoDB stream of the table; answers the first record that has to come again."""
    for sequence, image in records_of(event):
        try:
            journal(house, items, image)
        except Unavailable as error:
            logger.warning("comes_again", extra={"source": "journal", "reason": str(error)})
            return {"batchItemFailures": [{"itemIdentifier": sequence}]}
    return {"batchItemFailures": []}
