"""A long list is given page by page: how long a page may be, and where the next one begins."""

import base64

from recobro.errors import InvalidInput
from recobro.house import House

LANES = ("pre_due", "overdue")
LONGEST = 100
_LONGEST_CURSOR = 200
"""Characters; one of ours has some eighty, and DynamoDB refuses keys that are longer than its own."""

Place = tuple[str, int, str]
"""(lane, shard, after whom)."""


def page_limit(text: str) -> int:
    """Raises InvalidInput."""
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= LONGEST:
        raise InvalidInput("limit", "is no page's length", f"1 to {LONGEST}")
    return int(text)


def written_cursor(lane: str, shard: int, after: str) -> str:
    return base64.urlsafe_b64encode(f"{lane}:{shard}:{after}".encode()).decode().rstrip("=")


def page_place(house: House, text: str) -> Place:
    """Where the page begins that a cursor names; without one, at the start. Raises InvalidInput."""
    if not text:
        return LANES[0], 0, ""
    wrong = InvalidInput("cursor", "is none of ours", "`next` of the page before, as it came")
    if len(text) > _LONGEST_CURSOR:
        raise wrong
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        lane, shard, after = plain.split(":", 2)
        place = lane, int(shard), after
    except ValueError:
        raise wrong from None
    if lane not in LANES or not 0 <= place[1] < house.due.shards or after.count("|") != 1:
        raise wrong
    return place


def next_place(house: House, lane: str, shard: int) -> tuple[str, int] | None:
    """The shard after that one; None: that was the last of both lanes."""
    if shard + 1 < house.due.shards:
        return lane, shard + 1
    return (LANES[1], 0) if lane == LANES[0] else None
