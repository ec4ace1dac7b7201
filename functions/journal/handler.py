"""What was saved becomes history. The stream repeats and resumes; each fact has its own key, so it is written once."""

from typing import Any

from recobro.adapters.journal_copy import JournalCopy
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import Saved
from recobro.adapters.stream import records_of
from recobro.entry import logger, tell_counts
from recobro.errors import Unavailable
from recobro.house import open_house
from recobro.usecases.journal import journal

house = open_house()
items = JournalItems(house.client("dynamodb"), house.settings.table)
copy = JournalCopy(house.files)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """DynamoDB stream of the table; answers the first record that has to come again."""
    written: list[Saved] = []
    try:
        for sequence, image in records_of(event):
            try:
                written.append(journal(house, items, image))
            except Unavailable as error:
                return _again(sequence, error)
        try:
            copy.write(written)
        except Unavailable as error:
            # All of the batch: what has its item already is written to the same key, word for word.
            return _again(event["Records"][0]["dynamodb"]["SequenceNumber"], error)
    finally:
        tell_counts(house)
    return {"batchItemFailures": []}


def _again(sequence: str, error: Unavailable) -> dict[str, Any]:
    logger.warning("comes_again", extra={"source": "journal", "reason": str(error)})
    return {"batchItemFailures": [{"itemIdentifier": sequence}]}
