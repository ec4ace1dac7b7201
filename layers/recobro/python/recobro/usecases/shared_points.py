"""A phone that two people have is nobody's own: what is written there names no debt, whichever of them it is meant for."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from recobro.domain.contact_point import ContactPoint, PointKind, PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PointRecorded, PointStateChanged
from recobro.house import House
from recobro.ports import Loaded, SavedByAnother
from recobro.usecases.saving import change

MANY = 25
"""So many have told one another already; a creditor's own number stands in thousands of rows, and is shared since the second."""


def with_others(
    house: House, debtor_id: str, new: Collection[ContactPoint], told: set[tuple[str, str]]
) -> frozenset[str]:
    """Those of a person's new phones and e-mails that others have, too; after it, the others' records say so.

    To be asked between the lookups of the new points and the save that brings them. told: by whoever asks again after a lost race.
    Two imports may bring two people at once: each finds the other's lookup, or moves the other's version, so that its save loses
    and it looks again (DESIGN §3, Lookups and suppressions).
    """
    shared: set[str] = set()
    for point in new:
        if point.kind not in (PointKind.PHONE, PointKind.EMAIL):
            continue
        others = [one for one in house.lookups.debtors(point.id) if one != debtor_id]
        found = house.ledger.load_many(others[:MANY])
        for other in others[:MANY]:
            loaded = found.get(other)
            if loaded is not None and not _may_be_there(loaded.debtor, point.id):
                continue
            shared.add(point.id)
            if (other, point.id) not in told:
                told.add((other, point.id))
                _tell(house, other, point.id, loaded)
    return frozenset(shared)


def is_of_several(house: House, debtor_id: str, point: str) -> bool:
    """Whether anybody else is on record with that point who did not tell us that it is somebody else's."""
    others = [one for one in house.lookups.debtors(point) if one != debtor_id]
    found = [one.debtor for one in house.ledger.load_many(others[:MANY]).values()]
    return any(one.point(point) is not None and _may_be_there(one, point) for one in found)


def _may_be_there(other: Debtor, point: str) -> bool:
    """Not who told us that it is somebody else's, nor who was erased; who does not have it yet may be about to."""
    there = other.point(point)
    return not other.is_erased and (there is None or there.state is not PointState.BAD)


def _tell(house: House, other: str, point: str, loaded: Loaded | None) -> None:
    if loaded is None:
        try:
            house.ledger.save(Loaded(Debtor(other)), (_moves(point),), house.now())
        except SavedByAnother as lost:
            loaded = lost.current
        else:
            return
    change(house, other, partial(has_others, point), loaded)


def _moves(point: str) -> PointStateChanged:
    """Changes nothing, since the point is not there; but who was about to save it there has to look again."""
    return PointStateChanged(point, PointState.ACTIVE, "shared")


def has_others(point: str, debtor: Debtor, _now: datetime) -> tuple[Fact, ...]:
    """What a record says of a point once somebody else has it, too; nothing where it says so already."""
    there = debtor.point(point)
    if there is None:
        return (_moves(point),)
    return (PointRecorded(there.shared),) if there.is_taken_as_own else ()
