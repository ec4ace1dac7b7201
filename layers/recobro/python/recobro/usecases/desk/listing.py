"""What waits for a person, the most urgent first: found by looking at everybody, a bounded part of them at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from recobro.domain.names import initials
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.pages.desk_list import Waiting
from recobro.ports import Due

LANES = ("overdue", "pre_due")
LOOKED_AT = 1_000
"""People a page looks at; about a second and a half of one function's time."""
AT_ONCE = 100
LONGEST = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Look:
    """after: where the next look goes on; empty: everybody was looked at."""

    found: tuple[Waiting, ...]
    people: int
    after: str


def look(house: House, after: str = "") -> Look:
    """after: what an earlier look ended with. Raises InvalidInput for anything else."""
    began, people, place = house.now(), 0, ""
    found: dict[tuple[str, str], Waiting] = {}
    ahead = _ahead(house, after)
    while people < LOOKED_AT and house.now() - began < LONGEST:
        batch = list(islice(ahead, AT_ONCE))
        if not batch:
            place = ""
            break
        loaded = house.ledger.load_many([one.debtor_id for _, one in batch])
        people += len(batch)
        place = f"{batch[-1][0]}.{batch[-1][1].cursor}"
        for debtor_id, one in loaded.items():
            person = initials(one.debtor.personal.name)
            for task in one.debtor.open_tasks():
                is_late = task.due_at < began
                found[debtor_id, task.id] = Waiting(debtor_id, task, person, is_late)
    if place and next(ahead, None) is None:
        place = ""
    listed = sorted(found.values(), key=lambda one: (one.task.priority, one.task.due_at, one.debtor))
    return Look(tuple(listed), people, place)


def _ahead(house: House, after: str) -> Iterator[tuple[str, Due]]:
    """(lane and shard, who) of everybody from there on."""
    shards = [
        (lane, shard)
        for lane in LANES
        for shard in range(max(house.due.shards, house.plan_item.standing(lane).shards))
    ]
    lane, shard, cursor = _place(after) if after else ("", 0, "")
    if after and (lane, shard) not in shards:
        raise InvalidInput("after", "is no place in the list", "begin again")
    for one in shards[shards.index((lane, shard)) if after else 0 :]:
        begins = cursor if one == (lane, shard) else ""
        for due in house.due.everyone(*one, after=begins):
            yield f"{one[0]}.{one[1]}", due


def _place(after: str) -> tuple[str, int, str]:
    lane, shard, cursor = (*after.split(".", 2), "", "")[:3]
    due_at, _, debtor = cursor.partition("|")
    if not shard.isdecimal() or len(shard) > 3 or not due_at or not debtor or len(cursor) > 80:
        raise InvalidInput("after", "is no place in the list", "begin again")
    return lane, int(shard), cursor
