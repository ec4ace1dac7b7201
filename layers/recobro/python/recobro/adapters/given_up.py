"""What the journal failed on until Lambda gave up stands whole in the bucket, until the journal has taken it after all."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recobro.adapters.files import Files
from recobro.adapters.state_record import Item, read_saved, recorded_from_plain
from recobro.adapters.stream import records_of
from recobro.domain.chain import Recorded

GAVE_UP = "aws/lambda/"
"""Where Lambda puts the records of a batch that failed to the end, their images included.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One save that is in no history. record: as the stream brought it; facts: none where nobody can read them."""

    record: Mapping[str, Any]
    debtor: str
    version: int
    facts: tuple[Recorded, ...]


def given_up(files: Files) -> Iterator[tuple[str, list[GivenUp]]]:
    """(key of the file, its saves in order); files that hold none are left out."""
    for key in files.keys(GAVE_UP):
        told = json.loads(files.read(key))
        payload = told.get("payload") or {"Records": []}
        plain = json.loads(payload) if isinstance(payload, str) else payload
        saves = [
            GivenUp(
                record, image["pk"]["S"].removeprefix("DEBTOR#"), int(image["version"]["N"]), _facts(image)
            )
            for record in plain["Records"]
            for _, image in records_of({"Records": [record]})
        ]
        if saves:
            yield key, saves


def _facts(image: Item) -> tuple[Recorded, ...]:
    try:
        return tuple(recorded_from_plain(fact) for fact in read_saved(image).facts)
    except (KeyError, ValueError, zlib.error):
        # It may be why the journal failed, and the journal says so when it is given this record again.
        return ()


def record_of(item: Item, version: int) -> dict[str, Any]:
    """A STATE item as the stream would bring it for one of the saves whose facts it carries."""
    image = {
        name: {"B": base64.b64encode(bytes(value["B"])).decode()} if "B" in value else value
        for name, value in item.items()
    }
    change = {"SequenceNumber": str(version), "NewImage": {**image, "version": {"N": str(version)}}}
    return {"eventName": "MODIFY", "dynamodb": change}
