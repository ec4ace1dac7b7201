"""Something happened that the client's own systems want to know: they are told until they say that they have it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recobro.entry import each_message
from recobro.errors import InvalidInput
from recobro.house import open_house
from recobro.usecases.notify_client import notify_client

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS, {"debtor": id, "version": "7", "number": "0", "to": name} a message."""

    def work(body: str, at: datetime) -> Mapping[str, Any]:
        debtor, version, number, to = _named(body)
        return {"result": notify_client(house, debtor, version, number, to), "to": to}

    return each_message(event, house, "notices", work)


def _named(body: str) -> tuple[str, int, int, str]:
    try:
        said = json.loads(body)
        return str(said["debtor"]), int(said["version"]), int(said["number"]), str(said["to"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("message", f"lacks {error}", '{"debtor": …, "version": …, …}') from error
