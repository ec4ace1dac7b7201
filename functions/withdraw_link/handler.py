"""A payment link became void: its gateway is told. Told twice, it is withdrawn once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recobro.entry import each_message
from recobro.errors import InvalidInput
from recobro.house import open_house
from recobro.usecases.withdraw_link import withdraw_link

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS, {"debtor": id} a message."""

    def work(body: str, at: datetime) -> Mapping[str, Any]:
        return {"withdrawn": withdraw_link(house, _debtor(body))}

    return each_message(event, house, "links", work)


def _debtor(body: str) -> str:
    try:
        return str(json.loads(body)["debtor"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("message", f"lacks {error}", '{"debtor": …}') from error
