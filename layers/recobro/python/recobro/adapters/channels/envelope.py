"""Whatever stands in a carrier's queue is understood or set aside with its reason; nothing is lost."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from recobro.errors import InvalidInput

GREETINGS = ("Successfully validated SNS topic",)
"""What SES publishes in plain text when a topic is first connected."""


def opened(body: str) -> Mapping[str, Any]:
    """The carrier's JSON in a queue message's body, out of SNS's envelope if raw delivery is off.

    Empty for a greeting. Raises InvalidInput for what is no JSON object. Decimals are exact.
    """
    raw = _parsed(body)
    if isinstance(raw, Mapping) and raw.get("Type") == "Notification" and isinstance(raw.get("Message"), str):
        raw = _parsed(raw["Message"])
    if not isinstance(raw, Mapping):
        raise InvalidInput("body", "is not a JSON object")
    return raw


def _parsed(body: str) -> Any:
    if body.startswith(GREETINGS):
        return {}
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("body", "is not JSON") from error
