"""What the records say that lookups should say: who is found by what, which addresses are closed, who is together in a debt."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from recobro.adapters.lookups import KEPT_AFTER_SENDING, sent_items
from recobro.adapters.state_record import Item
from recobro.codec import write_instant
from recobro.domain.attempt import ContactAttempt
from recobro.domain.contact_point import PointKind, PointState
from recobro.domain.debtor import Debtor
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.saving import change
from recobro.usecases.shared_points import AT_A_TIME, has_others


@dataclass(frozen=True, slots=True)
class Lost:
    """One thing that is not written where it should be. mend: writes it; again: changes nothing."""

    debtor: str
    what: str
    mend: Callable[[], object]


Named = Mapping[str, tuple[str, Collection[str]]]
"""A place by which a record's person is to be found, in words → its lookups' name, and whom they lead to."""


def named_by(house: House, debtor: Debtor) -> Named:
    """Who is found by what this record has."""
    places = {f"point {point.id}": point.id for point in debtor.points}
    places |= {f"debt {debt.key}": house.keys.debt(debt.key) for debt in debtor.debts}
    return {what: (hashed, house.lookups.debtors(hashed)) for what, hashed in places.items()}


def lost(house: House, loaded: Loaded, named: Named) -> Iterator[Lost]:
    """The lookups and closed addresses that one record asks for and that are not there."""
    debtor = loaded.debtor
    for what, (hashed, people) in named.items():
        if debtor.id not in people:
            mend = partial(house.lookups.add, hashed, debtor.id)
            yield Lost(debtor.id, f"no lookup leads to {debtor.id} from {what}", mend)
    yield from _open_again(house, debtor)
    yield from _unheard(house, loaded)


def _open_again(house: House, debtor: Debtor) -> Iterator[Lost]:
    """Whatever closed an address for one person closed it for everybody: an opt-out, a complaint, an erasure."""
    for point in debtor.points:
        if point.state is PointState.SUPPRESSED and not house.suppressions.reason(point.id):
            reason, at = point.reason or "opt_out", write_instant(house.now())
            mend = partial(house.suppressions.add, point.id, reason, at)
            yield Lost(debtor.id, f"what closed point {point.id} bound only one person", mend)


def _unheard(house: House, loaded: Loaded) -> Iterator[Lost]:
    """Messages whose carrier may still tell of them and would not be understood."""
    debtor = loaded.debtor
    wanted = {_place(item): (item, one) for one in debtor.attempts for item in _sent(house, debtor, one)}
    there = {_place(item) for item in house.table.get_many(list(wanted))}
    for place, (item, attempt) in wanted.items():
        if place not in there and not _is_to_come(house, loaded, attempt.provider_id):
            mend = partial(house.table.put, *place, item)
            yield Lost(debtor.id, f"attempt {attempt.id} is not found by its carrier's id", mend)


def _place(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _sent(house: House, debtor: Debtor, attempt: ContactAttempt) -> Iterator[Item]:
    """The lookup that the journal wrote once the message was sent; none for one so old that the table has let go of it."""
    if house.now() - attempt.claimed_at < KEPT_AFTER_SENDING:
        fact = {"kind": "attempt_progressed", "provider_id": attempt.provider_id}
        yield from sent_items(debtor.id, [{"at": write_instant(attempt.claimed_at), "fact": fact}])


def _is_to_come(house: House, loaded: Loaded, provider_id: str) -> bool:
    """The journal writes the lookup before the fact: while it has the fact still to write, nothing is lost."""
    return any(
        not house.ledger.has_fact(loaded.debtor.id, one["version"], one["number"])
        for one in loaded.pending
        if one["fact"].get("provider_id") == provider_id
    )


class Together:
    """Who is in a debt or at a phone with others, told record by record; lost lookups make nobody alone.

    Whoever has a lookup is named by it, whoever has none names themselves: when all records have been met, nobody is missing, and
    those who share nothing take no room.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._in_debt: dict[str, set[str]] = defaultdict(set)
        self._at_point: dict[str, set[str]] = defaultdict(set)
        self._unread: set[str] = set()

    def leave_out(self, debtor_id: str) -> None:
        """Somebody whose record nobody can read: of their phones nothing is known."""
        self._unread.add(debtor_id)

    def meet(self, debtor: Debtor, named: Named) -> None:
        """To be told of everybody, before their lookups are mended or after."""
        for debt in debtor.debts:
            _, people = named[f"debt {debt.key}"]
            if {*people} != {debtor.id}:
                self._in_debt[debt.key] |= {debtor.id, *people}
        for point in debtor.points:
            _, people = named[f"point {point.id}"]
            if point.kind in (PointKind.PHONE, PointKind.EMAIL) and {*people} != {debtor.id}:
                self._at_point[point.id] |= {debtor.id, *people}

    def apart(self) -> Iterator[Lost]:
        """Debts that several people owe, of whom a payment would leave some chased."""
        house = self._house
        several = {
            house.keys.short_debt(key): key for key, people in self._in_debt.items() if len(people) > 1
        }
        there = house.obligors.together(several)
        for short, key in sorted(several.items()):
            people = self._in_debt[key]
            if not people <= there.get(short, frozenset()):
                what = f"a payment of debt {key} would leave others who owe it chased"
                yield Lost(min(people), what, partial(house.obligors.add, short, people))

    def alone(self) -> Iterator[Lost]:
        """Phones and e-mails that somebody else has, too, and that are written to as if they were one person's own."""
        for point, people in sorted(self._at_point.items()):
            has_it = self._taken_as_own(point, people) if len(people) > 1 else {}
            for who in sorted(one for one, is_own in has_it.items() if is_own and len(has_it) > 1):
                what = f"point {point} of {who} is written to as if nobody else had it"
                yield Lost(who, what, partial(change, self._house, who, partial(has_others, point)))

    def _taken_as_own(self, point: str, people: set[str]) -> dict[str, bool]:
        """Who has it → whether their record takes it for their own; without those who told us that it is somebody else's."""
        found: dict[str, bool] = {}
        known = sorted(people - self._unread)
        for start in range(0, len(known), AT_A_TIME):
            for one in self._house.ledger.load_many(known[start : start + AT_A_TIME]).values():
                there = one.debtor.point(point)
                if there is not None and not there.is_somebody_elses:
                    found[one.debtor.id] = there.is_taken_as_own
        return found
