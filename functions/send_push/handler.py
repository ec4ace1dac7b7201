"""One reminder by a push message: from its queue's hint to the carrier, claimed in between. A repeated message meets its own mark."""

from typing import Any

from recobro.entry import send_each
from recobro.house import open_house

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS: {"debtor", "valid_until", "point", "others", "debts"}; answers which messages have to come again."""
    return send_each(event, house, "push")
