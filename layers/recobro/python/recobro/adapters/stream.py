"""The table's stream as a Lambda receives it: which saves happened, in order, per debtor."""

import base64
from collections.abc import Iterator
from typing import Any


def records_of(event: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(sequence number, STATE image) of every save in the batch; other items and deletions are not history's affair."""
    for record in event["Records"]:
        change = record["dynamodb"]
        image = change.get("NewImage")
        if image is not None and image["sk"].get("S") == "STATE":
            yield change["SequenceNumber"], _decoded(image)


def _decoded(image: dict[str, Any]) -> dict[str, Any]:
    """Stream events carry binaries as base64 text; the client carries them as bytes."""
    return {
        name: {"B": base64.b64decode(value["B"])} if "B" in value and isinstance(value["B"], str) else value
        for name, value in image.items()
    }
