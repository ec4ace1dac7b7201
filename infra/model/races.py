"""In how many orders can a payment and two deliveries of a contact meet? Counted exactly, each of them looked at."""

import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from infra.model.claim import Bounds, Rules, State, ended_broken, first, moves, standing_broken

RACE = Bounds(deliveries=2, opts_out=False, imports=False, receipts=0)
"""A payment and two deliveries, with a crash, a lost answer, a write that arrives late, and time that passes meanwhile."""

DEEPEST = 10_000
"""Moves in one interleaving; there are fewer than a hundred."""


@dataclass
class Races:
    """interleavings: complete runs, from the first move to where nothing is left to do. raced: those in which the 2xx went out
    while a contact was being decided, claimed or sent. broken: promise → interleavings that break it."""

    interleavings: int = 0
    raced: int = 0
    states: int = 0
    seconds: float = 0.0
    broken: Counter[str] = field(default_factory=Counter)


def races(rules: Rules = Rules(), bounds: Bounds = RACE) -> Races:  # noqa: B008 - immutable
    """Every interleaving is a path through the states; paths that meet in one state go on alike and are counted together."""
    known: dict[State, tuple[int, int, Counter[str]]] = {}
    started, limit = time.process_time(), sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        total, raced, broken = _from(first(bounds), rules, bounds, known)
    finally:
        sys.setrecursionlimit(limit)
    return Races(total, raced, len(known), time.process_time() - started, broken)


def _from(
    state: State, rules: Rules, bounds: Bounds, known: dict[State, tuple[int, int, Counter[str]]]
) -> tuple[int, int, Counter[str]]:
    if state in known:
        return known[state]
    total, raced, broken = 0, 0, Counter[str]()
    for _, after, in_move in moves(state, rules, bounds):
        wrong = in_move or standing_broken(after)
        runs, races_there, worse = (
            (1, 0, Counter({wrong: 1})) if wrong else _from(after, rules, bounds, known)
        )
        total += runs
        answers = after.paid_answered and not state.paid_answered
        raced += runs if answers and state.workers else races_there
        broken += worse
    if not total:
        total = 1
        wrong = ended_broken(state)
        broken = Counter({wrong: 1} if wrong else {})
    known[state] = total, raced, broken
    return known[state]
