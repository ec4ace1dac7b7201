"""What people answer. An opt-out binds before this returns; a message that comes twice is recorded once."""

from datetime import datetime
from typing import Any

from recobro.adapters.channels.messages import read_messages
from recobro.entry import each_message, each_told
from recobro.house import open_house
from recobro.usecases.receive_message import own_part, receive_message

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS with carriers' inbound messages (SNS raw delivery); answers which have to come again."""

    def work(body: str, at: datetime) -> dict[str, Any]:
        messages = read_messages(body, at)
        told, trouble = each_told(
            messages, lambda one: receive_message(house, one, own_part(one, messages, body))
        )
        if trouble is not None:
            raise trouble
        return {"intents": [heard.intent for _, heard in told]}

    return each_message(event, house, "messages", work)
