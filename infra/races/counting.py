"""In how many orders can they meet? Every one is looked at; those that meet in the same state go on alike and are counted together."""

import sys
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from random import Random

from infra.races.orders import Bounds, Move, Orders, State
from infra.races.running import Memory, Run, begun
from infra.races.scene import Scene
from infra.races.watching import BrokenPromise

DEEPEST = 10_000
"""Moves in one interleaving; there are fewer than a hundred."""

RARE = 0.15
"""Of a drawn order: a misfortune's weight, and time's, beside an ordinary move's."""


@dataclass
class Raced:
    """interleavings: from the first move to the last. raced: those in which a worker was at work when the 2xx went out.

    executions: times that a handler of the real code was run. broken: the promise that did not hold; story: how it came to that.
    """

    interleavings: int = 0
    raced: int = 0
    states: int = 0
    executions: int = 0
    seconds: float = 0.0
    broken: str = ""
    story: tuple[str, ...] = field(default=())


def counted(scene: Scene, bounds: Bounds, told: Callable[[int], None] = lambda states: None) -> Raced:
    """All of them, exactly. told: states, every now and then."""
    orders = Orders(scene, Memory().begun, bounds)
    known: dict[Hashable, tuple[int, int]] = {}
    story: list[Move] = []
    found, started, executed = Raced(), time.process_time(), Run.executions
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))

    def onwards(state: State) -> tuple[int, int]:
        """(interleavings from here on, raced ones of them)."""
        key = orders.key(state)
        if key not in known:
            total, raced, mark = 0, 0, orders.mark()
            for move in orders.moves(state):
                story.append(move)
                more, raced_there = onwards(orders.after(state, move))
                story.pop()
                orders.undo(mark)
                total, raced = total + more, raced + raced_there
            if not total:
                orders.ended(state)
                total, raced = 1, int(state.is_raced)
            known[key] = total, raced
            if len(known) % 10_000 == 0:
                told(len(known))
        return known[key]

    try:
        found.interleavings, found.raced = onwards(orders.first())
    except BrokenPromise as broken:
        found.broken, found.story = str(broken), tuple(one.label for one in story)
    finally:
        orders.undo()
        sys.setrecursionlimit(limit)
    found.states, found.executions = len(known), Run.executions - executed
    found.seconds = time.process_time() - started
    return found


def drawn(scene: Scene, bounds: Bounds, seed: int) -> Raced:
    """One order of every single call, drawn, with nothing remembered: the handlers run from their first line to their last."""
    orders = Orders(scene, lambda _, body, clock: begun(body, clock), bounds, every=True)
    chance, story, state = Random(f"race/{seed}"), list[str](), orders.first()
    found, started, executed = Raced(1), time.process_time(), Run.executions
    try:
        while moves := list(orders.moves(state)):
            (move,) = chance.choices(moves, [1.0 if one.kind in {"", "begins"} else RARE for one in moves])
            story.append(move.label)
            state = orders.after(state, move)
        orders.ended(state)
    except BrokenPromise as broken:
        found.broken, found.story = str(broken), tuple(story)
    finally:
        orders.undo()
    found.raced, found.executions = int(state.is_raced), Run.executions - executed
    found.seconds = time.process_time() - started
    return found
