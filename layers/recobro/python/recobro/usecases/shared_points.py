"""A phone that two people have is nobody's own: what is written there names no debt, whichever of them it is meant for."""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from recobro.domain.contact_point import ContactPoint, PointKind, PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PointRecorded, PointStateChanged
from recobro.domain.phone_forms import canonical, variants
from recobro.house import House
from recobro.ports import Loaded, SavedByAnother
from recobro.usecases.saving import change

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
    coming: list[tuple[str, str, Loaded | None]] = []
    for found in _others(house, person, point):
        here = [one for one in found if one[2] is not None and _is_there(one[2].debtor, one[1])]
        for other, form, loaded in here:
            _tell(house, other, form, loaded)
        if here:
            return True
        coming += [one for one in found if one[2] is None or _may_come(one[2].debtor, one[1])]
    for other, form, loaded in coming:
        if (other, form) not in told:
            told.add((other, form))
            _tell(house, other, form, loaded)
    return bool(coming)


def _others(
    house: House, person: Debtor, point: ContactPoint
) -> Iterator[list[tuple[str, str, Loaded | None]]]:
    """(who, the point's id in their record, their record) of everybody else whom a lookup names, some at a time."""
    if point.kind not in (PointKind.PHONE, PointKind.EMAIL):
        return
    for form in forms_of(house, person, point):
        named = (one for one in house.lookups.each_debtor(form, AT_A_TIME + 1) if one != person.id)
        while several := list(islice(named, AT_A_TIME)):
            found = house.ledger.load_many(several)
            yield [(one, form, found.get(one)) for one in several]


def forms_of(house: House, person: Debtor, point: ContactPoint) -> list[str]:
    """Under which ids others may have it: one telephone is written in several ways (domain/phone_forms.py)."""
    address = person.personal.points.get(point.id, "")
    written = map(canonical, variants(address)) if point.kind is PointKind.PHONE else ()
    return list(dict.fromkeys([point.id, *(house.keys.point(one) for one in written)]))


def others_there(house: House, person: Debtor, point: ContactPoint) -> list[tuple[str, str]]:
    """(who, the point's id in their record) of others on record with a phone or an e-mail; the first that are found."""
    for found in _others(house, person, point):
        here = [(who, form) for who, form, one in found if one is not None and _is_there(one.debtor, form)]
        if here:
            return here
    return []


def _is_there(other: Debtor, point: str) -> bool:
    there = other.point(point)
    return there is not None and not there.is_somebody_elses


def _may_come(other: Debtor, point: str) -> bool:
    """Who does not have it yet may be about to; who was erased is not."""
    return not other.is_erased and other.point(point) is None


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
    if debtor.is_erased:
        return ()
    if there is None:
        return (_moves(point),)
    return (PointRecorded(there.shared),) if there.is_taken_as_own else ()
