"""A phone that two people have is nobody's own: what is written there names no debt, whichever of them it is meant for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from recobro.domain.contact_point import ContactPoint, PointKind, PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PointRecorded, PointStateChanged
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.saving import before_anybody_saves, change

AT_A_TIME = 25
"""A creditor's own number may stand in a hundred thousand rows: who comes last reads no more of them than who comes third."""


def with_others(
    house: House, person: Debtor, new: Collection[ContactPoint], told: set[tuple[str, str]]
) -> frozenset[str]:
    """Those of a person's new phones and e-mails that others have, too; after it, the others' records say so.

    To be asked between the lookups of the new points and the save that brings them. person: with the addresses that the save
    brings. told: kept by whoever asks again after a lost race. Where somebody is on record with it, everybody else there has been
    told already or is about to read of them, so that they alone are told. Where nobody is, two imports may be bringing two people
    at once: each finds the other's lookup and moves the other's version, so that its save loses and it looks again (DESIGN §3,
    Lookups and suppressions).
    """
    return frozenset(point.id for point in new if _has_others(house, person, point, told))


def _has_others(house: House, person: Debtor, point: ContactPoint, told: set[tuple[str, str]]) -> bool:
    coming: list[_Named] = []
    for found in _others(house, person, point):
        here = [one for one in found if one.is_there]
        for one in here:
            _tell(house, one)
        if here:
            return True
        coming += [one for one in found if one.may_come]
    for one in coming:
        if (one.id, one.point) not in told:
            told.add((one.id, one.point))
            _tell(house, one)
    return bool(coming)


@dataclass(frozen=True, slots=True)
class _Named:
    """Somebody whom a lookup names. point: its id in their record; loaded: as they stand, None: there is no record yet."""

    id: str
    point: str
    loaded: Loaded | None

    @property
    def there(self) -> ContactPoint | None:
        return self.loaded.debtor.point(self.point) if self.loaded is not None else None

    @property
    def is_there(self) -> bool:
        return self.there is not None and not self.there.is_somebody_elses

    @property
    def may_come(self) -> bool:
        """Who does not have it yet may be about to; who was erased is not."""
        return self.loaded is None or (self.there is None and not self.loaded.debtor.is_erased)


def _others(house: House, person: Debtor, point: ContactPoint) -> Iterator[list[_Named]]:
    """Everybody else whom a lookup names, some at a time."""
    if point.kind not in (PointKind.PHONE, PointKind.EMAIL):
        return
    named = (one for one in house.lookups.each_debtor(point.id, AT_A_TIME + 1) if one != person.id)
    while several := list(islice(named, AT_A_TIME)):
        found = house.ledger.load_many(several)
        yield [_Named(one, point.id, found.get(one)) for one in several]


def _tell(house: House, other: _Named) -> None:
    loaded = other.loaded or before_anybody_saves(house, other.id, _moves(other.point))
    if loaded is not None:
        change(house, other.id, partial(has_others, other.point), loaded)


def _moves(point: str) -> PointStateChanged:
    """Changes nothing, since the point is not there; but who was about to save it there has to look again."""
    return PointStateChanged(point, PointState.ACTIVE, "shared")


def has_others(point: str, debtor: Debtor, _now: datetime) -> tuple[Fact, ...]:
    """What a record says of a point once somebody else has it, too; nothing where it says so already."""
    there = debtor.point(point)
    if debtor.is_erased:
        return ()
    if there is None:
        return (_moves(point),)
    return (PointRecorded(there.shared),) if there.is_taken_as_own else ()
