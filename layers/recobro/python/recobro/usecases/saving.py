"""Load, decide, save, and again if somebody saved first: the loop in which every change of a debtor is made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PointStateChanged
from recobro.errors import NotFound, Stale
from recobro.house import House
from recobro.ports import Content, Loaded, Overtaken, SavedByAnother

ROUNDS = 5
"""After so many lost races the message comes again by its queue."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a use case decided: facts, and what was said with them. No facts: nothing is saved.

    within: how long after it was begun the decision holds, where it rests on what no version of this record guards; saved later, it
    is made anew. None: as long as nobody saves.
    """

    facts: tuple[Fact, ...] = ()
    contents: tuple[Content, ...] = ()
    within: timedelta | None = None


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
        begun = house.now()
        now = after(loaded.saved_at, begun)
        decided = decide(loaded.debtor, now)
        wanted = decided if isinstance(decided, Change) else Change(tuple(decided))
        if not wanted.facts:
            return loaded
        still = partial(_holds, house, begun, wanted.within)
        try:
            return house.ledger.save(loaded, wanted.facts, now, contents=wanted.contents, still=still)
        except SavedByAnother as lost:
            loaded = lost.current
        except Overtaken:
            continue
    raise Stale(f"{debtor_id}: saved by others, or decided too slowly, {ROUNDS} times")


CLOCKS_APART = timedelta(seconds=10)
"""More than two workers' clocks ever differ; a record from further ahead has a clock that nothing is decided by."""


def after(saved_at: datetime | None, now: datetime) -> datetime:
    """`now`, but after the save that is decided upon, by whichever clock that was made: what happened later is dated later."""
    is_ahead = saved_at is not None and now < saved_at <= now + CLOCKS_APART
    return saved_at + timedelta(microseconds=1) if saved_at is not None and is_ahead else now


def _holds(house: House, decided_at: datetime, within: timedelta | None) -> bool:
    return within is None or house.now() - decided_at <= within


def change_whom_it_may_mean(
    house: House, debtor_id: str, decide: Callable[[Debtor, datetime], Change | Sequence[Fact]]
) -> Loaded | None:
    """`change` for somebody whom a lookup names. None: the save that the lookup was written for never came; nobody is there."""
    try:
        return change(house, debtor_id, decide)
    except NotFound:
        return None


def before_anybody_saves(house: House, debtor_id: str, fact: Fact) -> Loaded | None:
    """Begin a record that is not there with one fact, so that whoever is about to save it loses. What stands there where somebody was
    faster; None: begun.
    """
    try:
        house.ledger.save(Loaded(Debtor(debtor_id)), (fact,), house.now())
    except SavedByAnother as lost:
        return lost.current
    return None


def opt_out_whom_it_may_mean(
    house: House, debtor_id: str, point: str, decide: Callable[[Debtor, datetime], Change | Sequence[Fact]]
) -> bool:
    """`change` for an opt-out at a point, for somebody whom a lookup names. False: the point is not in their record.

    An import may be about to save it there, having read that nobody objects: the version moves all the same, from a stub where
    there is no record yet, so that its save loses and it reads again (DESIGN §3, Lookups and suppressions).
    """
    objected = PointStateChanged(point, PointState.SUPPRESSED, "opt_out")
    loaded = house.ledger.load(debtor_id) or before_anybody_saves(house, debtor_id, objected)
    if loaded is None:
        return False

    def decided(debtor: Debtor, now: datetime) -> Change | Sequence[Fact]:
        return decide(debtor, now) if debtor.point(point) is not None else (objected,)

    return change(house, debtor_id, decided, loaded).debtor.point(point) is not None
