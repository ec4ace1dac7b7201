"""A creditor's file was dropped: read it, hand back what can't be used, and hand on the rest. Told twice, it is one import."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from recobro.entry import each_message
from recobro.house import open_house
from recobro.usecases.import_portfolio import import_portfolio

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS with EventBridge's "Object Created" of the bucket; answers which have to come again."""

    def work(body: str, at: datetime) -> dict[str, Any]:
        return import_portfolio(house, unquote_plus(json.loads(body)["detail"]["object"]["key"]))

    return each_message(event, house, "portfolio", work)
