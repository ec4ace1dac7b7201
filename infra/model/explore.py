"""Every state that can be reached is looked at, nearest first, so that the first broken promise comes with its shortest story."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.model.claim import Bounds, Rules, State, ended_broken, first, is_over, moves, standing_broken
from infra.model.sameness import Key, same, without_what_is_over

PROMISES = (
    "two carrier calls for one attempt",
    "the step was repeated: an earlier try had left",
    "a carrier call without a claim in the ledger",
    "a carrier call after its send_by",
    "a carrier call against what its worker had read",
    "a contact was claimed after the payment's 2xx",
    "a contact was claimed after the opt-out was answered",
    "a payment that was answered 2xx is not in the record",
    "an opt-out that was answered is not in the record",
    "a claim whose message is out was released",
    "one attempt was claimed twice",
    "a claim stands open for ever",
    "a message that is out is not counted",
)
"""What may never be seen: looked at in every move, in every state, and wherever everybody has done what they had to."""


@dataclass
class Explored:
    """broken: the promise that does not hold, empty when all do; trace: how it came to that, one line a move.

    keys: of every state that was reached. complete: nothing is left to look at.
    """

    states: int = 0
    moves: int = 0
    depth: int = 0
    ends: int = 0
    seconds: float = 0.0
    broken: str = ""
    trace: list[str] = field(default_factory=list)
    complete: bool = False
    keys: set[Key] = field(default_factory=set, repr=False)


def explore(
    rules: Rules = Rules(),  # noqa: B008 - immutable
    bounds: Bounds = Bounds(),  # noqa: B008 - immutable
    *,
    most: int = 0,
    key: Callable[[State, Rules], Key] = same,
    told: Callable[[int, int], None] = lambda states, depth: None,
) -> Explored:
    """Breadth first from the beginning. most: stop after so many states, unfinished; 0: never. told: (states, depth).

    key: states with one key are looked at once; the first of them stands in the story.
    """
    started = time.monotonic()
    found = Explored()
    start = first(bounds)
    parents: dict[State, tuple[State | None, str]] = {start: (None, "")}
    seen = found.keys
    seen.add(key(start, rules))
    layer = [start]
    while layer and not found.broken and not (most and len(parents) > most):
        found.depth += 1
        following: list[State] = []
        for state in layer:
            if is_over(without_what_is_over(state, rules), rules):
                found.ends += 1
                found.broken = ended_broken(state)
                if found.broken:
                    found.trace = _story(parents, state)
            for label, after, in_move in () if found.broken else moves(state, rules, bounds):
                found.moves += 1
                name = key(after, rules)
                if name in seen and not in_move:
                    continue
                found.broken = in_move or standing_broken(after)
                if found.broken:
                    found.trace = [*_story(parents, state), label]
                    break
                seen.add(name)
                parents[after] = (state, label)
                following.append(after)
            if found.broken:
                break
        layer = following
        told(len(parents), found.depth)
    found.states, found.seconds = len(parents), time.monotonic() - started
    found.complete = not layer and not found.broken
    return found


def _story(parents: dict[State, tuple[State | None, str]], state: State) -> list[str]:
    lines: list[str] = []
    at: State | None = state
    while at is not None:
        at, label = parents[at]
        if label:
            lines.append(label)
    return lines[::-1]
