"""Whoever works on a deployed client from a checkout that is not the deployed one would decide by another strategy and law."""

from collections.abc import Callable

from recobro.house import House
from recobro.usecases.rehearse import LANES


def other_rules(house: House) -> str:
    """How the deployed plans were made where these files would make others, in words; empty: by the same, or nobody was planned yet."""
    ours = f"{house.playbook.plan_hash[:12]} over {house.due.shards} shards"
    for lane in LANES:
        standing = house.plan_item.standing(lane)
        theirs = f"{standing.planned_with[:12]} over {standing.shards} shards"
        if standing.planned_with and theirs != ours:
            return f"{lane} is planned with strategy and law {theirs}, and these files are {ours}"
    return ""


def tell_of_other_rules(house: House, note: Callable[[str], None]) -> None:
    """What an operator has to know before anything is decided or explained there."""
    if said := other_rules(house):
        note(f"{said}: what is decided or explained here is by these files; take those that are deployed")
