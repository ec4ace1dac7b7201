"""Does the record say what its facts say, of all that it remembers? The facts as an outsider read them, beside the record."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from infra.simulation.checkers.known import Known


def differences(known: Known) -> Iterator[str]:
    """Where the record says something else than its facts."""
    told = known.body
    yield from _lacking(known, told)
    for attempt in told.get("attempts", ()):
        mine = known.tries.get(attempt["id"])
        status = attempt.get("status", "claimed")
        stands = mine.status if mine is not None else known.reported.get(attempt["id"], "unknown to it")
        if stands != status:
            yield f"attempt {attempt['id'][:8]} is {status} in the record, {stands} by its facts"
    for debt in told.get("debts", ()):
        key = f"{debt['creditor']}/{debt['ref']}"
        amounts, owed = debt.get("amounts", {}), known.debts.get(key)
        if owed is None or sum(amounts.values()) != owed.total or debt.get("status", "active") != owed.status:
            yield f"debt {key} is {sum(amounts.values())} {debt.get('status', 'active')} in the record, {owed} by its facts"
    yield from _others(known, told)
    listed = {task["id"] for task in told.get("tasks", ()) if "closed_at" not in task}
    if listed != set(known.tasks):
        yield f"open tasks {sorted(listed ^ set(known.tasks))} differ from the facts"
    for point in told.get("points", ()):
        if point.get("state", "active") != known.points.get(point["id"]):
            yield f"point {point['id'][:6]} is {point.get('state', 'active')}, by its facts {known.points.get(point['id'])}"


def _lacking(known: Known, told: dict[str, Any]) -> Iterator[str]:
    """What the record forgot: a month is too short for it to forget anything of these."""
    keys: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        "attempts": ((one["id"] for one in told.get("attempts", ())), {**known.tries, **known.reported}),
        "debts": ((f"{one['creditor']}/{one['ref']}" for one in told.get("debts", ())), known.debts),
        "points": ((one["id"] for one in told.get("points", ())), known.points),
    }
    for name, (listed, mine) in keys.items():
        if lost := set(mine).difference(listed):
            yield f"the record lacks {name} of its facts: {sorted(lost)}"
    paid: Counter[tuple[str, str]] = Counter()
    for one in told.get("payments", ()):
        paid[one["intent"], one["debt"]] += one["amount"]
    if paid != Counter(known.payments):
        yield f"payments are {dict(paid)} in the record, {known.payments} by its facts"


def _others(known: Known, told: dict[str, Any]) -> Iterator[str]:
    """Of what else the record remembers: it is what the facts say, no more and no less."""
    stands = {one["number"]: one for one in told.get("episodes", ()) if "closed_at" not in one}
    marks = {
        (number, mark["step"]): mark["how"] for number, one in stands.items() for mark in one.get("marks", ())
    }
    mine: dict[str, Any] = {
        "episodes": set(known.episodes),
        "marks": {place: how for place, how in known.marks.items() if place[0] in known.episodes},
        "holds": set(known.holds),
        "promises": set(known.promises),
        "stopped": known.stopped,
        "feeds": {creditor: f"{day}" for creditor, day in known.feeds.items()},
    }
    theirs: dict[str, Any] = {
        "episodes": set(stands),
        "marks": marks,
        "holds": {one["id"] for one in told.get("holds", ()) if "lifted_at" not in one},
        "promises": {one["id"] for one in told.get("promises", ()) if one.get("status", "open") == "open"},
        "stopped": set(told.get("stopped", ())),
        "feeds": told.get("feeds", {}),
    }
    for name, facts in mine.items():
        if facts != theirs[name]:
            yield f"{name} are {theirs[name]} in the record, {facts} by its facts"
