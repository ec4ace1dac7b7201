"""What the journal failed on until Lambda gave up stands whole in the bucket, until the journal has taken it after all."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from recobro.adapters.files import Files
from recobro.adapters.state_record import Item, Saved, read_saved, recorded_from_plain
from recobro.adapters.stream import records_of
from recobro.domain.chain import Recorded
from recobro.errors import RecobroError

GAVE_UP = "aws/lambda/"
"""Where Lambda puts the records of a batch that failed to the end, their images included.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One save that is in no history. record: as the stream brought it; saved: None where nobody can read it; facts: none where
    this release cannot read them.
    """

    record: Mapping[str, Any]
    debtor: str
    version: int
    saved: Saved | None
    facts: tuple[Recorded, ...]

    @property
    def links(self) -> dict[str, str]:
        """hash of each of its facts → hash of the fact before."""
        return {one["hash"]: one["before"] for one in self.saved.facts} if self.saved is not None else {}


def given_up(files: Files) -> Iterator[tuple[str, list[GivenUp]]]:
    """(key of the file, its saves in order); files that hold none are left out."""
    for key in files.keys(GAVE_UP):
        told = json.loads(files.read(key))
        payload = told.get("payload") or {"Records": []}
        plain = json.loads(payload) if isinstance(payload, str) else payload
        saves = [
            _given_up(record, image)
            for record in plain["Records"]
            for _, image in records_of({"Records": [record]})
        ]
        if saves:
            yield key, saves


UNREADABLE = (RecobroError, KeyError, TypeError, ValueError, AttributeError, zlib.error)
"""It may be why the journal failed, and the journal says so when it is given this record again."""


def _given_up(record: Mapping[str, Any], image: Item) -> GivenUp:
    debtor, version = image["pk"]["S"].removeprefix("DEBTOR#"), int(image["version"]["N"])
    saved: Saved | None = None
    facts: tuple[Recorded, ...] = ()
    with suppress(*UNREADABLE):
        saved = read_saved(image)
        facts = tuple(map(recorded_from_plain, saved.facts))
    return GivenUp(record, debtor, version, saved, facts)


def record_of(item: Item, version: int) -> dict[str, Any]:
    """A STATE item as the stream would bring it for one of the saves whose facts it carries."""
    image = {
        name: {"B": base64.b64encode(bytes(value["B"])).decode()} if "B" in value else value
        for name, value in item.items()
    }
    change = {"SequenceNumber": str(version), "NewImage": {**image, "version": {"N": str(version)}}}
    return {"eventName": "MODIFY", "dynamodb": change}
