"""Load, decide, save, and again if somebody saved first: the loop in which every change of a debtor is made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact
from recobro.errors import NotFound, Stale
from recobro.house import House
from recobro.ports import Content, Loaded, SavedByAnother

ROUNDS = 5
"""After so many lost races the message comes again by its queue."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a use case decided: facts, and what was said with them. No facts: nothing is saved."""

    facts: tuple[Fact, ...] = ()
    contents: tuple[Content, ...] = ()


def change(
    house: House,
    debtor_id: str,
    decide: Callable[[Debtor, datetime], Change | Sequence[Fact]],
    loaded: Loaded | None = None,
) -> Loaded:
    """Save what `decide` makes of the debtor as it stands. Raises NotFound, and Stale after too many lost races.

    loaded: the debtor, where it was read already; who saved since is noticed at the save.
    """
    loaded = loaded or house.ledger.load(debtor_id)
    for _ in range(ROUNDS):
        if loaded is None:
            raise NotFound(f"no debtor {debtor_id}")
        now = house.now()
        decided = decide(loaded.debtor, now)
        wanted = decided if isinstance(decided, Change) else Change(tuple(decided))
        if not wanted.facts:
            return loaded
        try:
            return house.ledger.save(loaded, wanted.facts, now, contents=wanted.contents)
        except SavedByAnother as lost:
            loaded = lost.current
    raise Stale(f"{debtor_id}: saved by others {ROUNDS} times")


def change_whom_it_may_mean(
    house: House, debtor_id: str, decide: Callable[[Debtor, datetime], Change | Sequence[Fact]]
) -> Loaded | None:
    """`change` for somebody whom a lookup names. None: the save that the lookup was written for never came; nobody is there."""
    try:
        return change(house, debtor_id, decide)
    except NotFound:
        return None
