"""A creditor's file was dropped: read it, hand back what can't be used, and hand on the rest. Told twice, it is one import."""

from datetime import datetime
from typing import Any

from recobro.entry import each_message
from recobro.house import open_house
from recobro.intake.notices import dropped_key
from recobro.usecases.import_portfolio import import_portfolio

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS with EventBridge's "Object Created" of the bucket; answers which have to come again."""

    def work(body: str, at: datetime) -> dict[str, Any]:
        return import_portfolio(house, dropped_key(body))

    return each_message(event, house, "portfolio", work)
