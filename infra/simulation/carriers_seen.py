"""One message on a carrier's counter, as anybody standing beside it would see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.demo.carriers import Taken


@dataclass
class Seen:
    """at: epoch seconds; told_at: the caller's own clock. result: "" while it is open, then "accepted", "refused",
    "unreached", or "doubtful": the caller cannot know. taken: what really happened; reached: it came to its person;
    is_restricted: refused since the carrier restricts the account; is_throttled: since it takes no more just now.
    """

    number: int
    at: float
    told_at: datetime
    what: Taken
    params: Mapping[str, Any]
    operation: str
    result: str = ""
    taken: bool = False
    message_id: str = ""
    reached: bool = False
    is_restricted: bool = False
    is_throttled: bool = False
