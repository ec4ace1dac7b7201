"""A gateway only hinted at a payment: its API is asked before anybody is credited. Asked twice, it counts once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recobro.entry import each_message
from recobro.errors import InvalidInput
from recobro.house import open_house
from recobro.usecases.confirm_payment import confirm_payment

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS, {"intent": "<gateway>#<id>"} a message."""

    def work(body: str, at: datetime) -> Mapping[str, Any]:
        return {"result": confirm_payment(house, _intent(body)).result}

    return each_message(event, house, "questions", work)


def _intent(body: str) -> str:
    try:
        return str(json.loads(body)["intent"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("message", f"lacks {error}", '{"intent": …}') from error
