"""Before a contact that others' contacts count against: look who was contacted, decide again, and take the room or leave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from recobro.domain.agreeing import voice_of
from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.candidates import intended_contact, packs_of
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact
from recobro.domain.eligibility import Voice, today_of
from recobro.domain.facts import Fact
from recobro.domain.playbook import Playbook
from recobro.domain.shared_caps import (
    Scope,
    Slot,
    counts_with_others,
    look_wider,
    others,
    scopes_of,
    window_of,
)
from recobro.errors import Stale
from recobro.house import House
from recobro.law.contact import Intended
from recobro.ports import Standing

if TYPE_CHECKING:
    from recobro.adapters.scopes import Scopes

ROUNDS = 12
"""As many workers as may want the last room of a household at once; each round, one of them gets it or is told no."""

ACROSS_CLIENTS = frozenset({"agency", "contact_point"})


MOVES_IN_WITH = timedelta(days=31)
"""No law looks further back than a month."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a contact shares with others' and who was contacted there. reported: those that the record does not hold yet.

    days: how long a contact weighs there.
    """

    seen: Mapping[Scope, Standing]
    reported: tuple[Fact, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Held:
    """The places where a claim holds room; none for nearly every contact."""

    claim: str = ""
    places: tuple[tuple[Scope, str], ...] = ()


def room_for(house: House, debtor: Debtor, contact: Contact, now: datetime) -> Room | None:
    """See `room_of`, for a decided contact."""
    point = debtor.point(contact.point)
    if point is None or not _is_wide(house, debtor):
        return None
    voice = _decided_with(debtor, contact, house.playbook, now)
    intended = intended_contact(
        debtor, voice, contact.step.stage, contact.kind, contact.channel, point, house.playbook, now
    )
    return room_of(house, debtor, intended, now)


def _decided_with(debtor: Debtor, contact: Contact, playbook: Playbook, now: datetime) -> Voice:
    """What the law was asked about: the debts that the contact names, though a promise or a payment keeps every other word quiet.
    A neutral answer names none and is about all that may be spoken of.
    """
    today, currency = today_of(debtor, playbook, now), contact.due.currency
    debts = tuple(debt for key in contact.debts if (debt := debtor.debt(key)) is not None)
    if not contact.debts:
        spoken = voice_of(debtor, playbook, today, contact.creditor, currency)
        debts = spoken.debts if spoken is not None else ()
    return Voice(
        contact.creditor, currency, debts, contact.dpd, today.day, contact.due, contact.later, now, ()
    )


def room_of(house: House, debtor: Debtor, intended: Intended, now: datetime) -> Room | None:
    """Who else was contacted where some rule counts that; None: no rule over this contact looks beyond the person."""
    packs = packs_of(debtor, house.playbook)
    scopes = scopes_of(
        packs, intended, debtor.profile.household, is_shared_by_agency=house.agency_scopes is not None
    )
    named = {scope: place for scope in scopes if (place := _place(house, debtor, scope))}
    if not named:
        return None
    seen = {scope: _scopes(house, scope).read(place, now) for scope, place in named.items()}
    mine = {scope: _owner(house, debtor, scope) for scope in seen}
    slots: dict[Scope, Sequence[Slot]] = {scope: list(one.slots.values()) for scope, one in seen.items()}
    return Room(seen, tuple(others(debtor, slots, mine)), window_of(packs, intended))


def take_room(house: House, debtor: Debtor, room: Room, claim: ContactAttempt, now: datetime) -> Held | None:
    """Take room in every scope as it was seen. None: somebody was faster in one of them; what was taken is given back."""
    taken: list[tuple[Scope, str]] = []
    for scope, standing in room.seen.items():
        place = _place(house, debtor, scope)
        creditor = "" if scope.kind == "agency" else claim.creditor
        owner = _owner(house, debtor, scope)
        slot = Slot(claim.claim_id, owner, now, claim.channel, claim.kind, creditor)
        if not _scopes(house, scope).take(place, standing, slot, room.days):
            give_back(house, Held(claim.claim_id, tuple(taken)))
            return None
        taken.append((scope, place))
    return Held(claim.claim_id, tuple(taken))


def give_back(house: House, held: Held) -> None:
    """The contact was certainly not made."""
    for scope, place in held.places:
        _scopes(house, scope).release((place,), held.claim)


def move_in(house: House, debtor: Debtor, now: datetime) -> None:
    """What we sent a person before their household was named, or before they lived where such a law holds, fills its room, too.

    Before the save that names it, and as often as it is tried: each contact has its own place there. Raises Stale.
    """
    home = Scope("household", debtor.profile.household)
    if not home.of or not counts_with_others(packs_of(debtor, house.playbook), home.kind):
        return
    place, owner = _place(house, debtor, home), _owner(house, debtor, home)
    for one in debtor.attempts:
        was_made = one.claim_id and not one.shared and one.status is not AttemptStatus.RELEASED
        if was_made and one.claimed_at > now - MOVES_IN_WITH:
            _fill(
                house, place, Slot(one.claim_id, owner, one.claimed_at, one.channel, one.kind, one.creditor)
            )


def _fill(house: House, place: str, slot: Slot) -> None:
    """Room for a contact that was made already, whether or not there is any left."""
    for _ in range(ROUNDS):
        standing = house.scopes.read(place, house.now())
        if slot.claim in standing.slots or house.scopes.take(place, standing, slot, MOVES_IN_WITH.days):
            return
    raise Stale(place)


def _is_wide(house: House, debtor: Debtor) -> bool:
    is_shared = house.agency_scopes is not None
    return look_wider(packs_of(debtor, house.playbook), is_shared_by_agency=is_shared)


def _scopes(house: House, scope: Scope) -> "Scopes":
    """Where the scope is kept: what reaches across clients, in the agency's own table where there is one."""
    agency = house.agency_scopes
    return agency if agency is not None and scope.kind in ACROSS_CLIENTS else house.scopes


def _place(house: House, debtor: Debtor, scope: Scope) -> str:
    """The scope's name in its table, keyed so that all who share it find the same; empty where nothing identifies it."""
    match scope.kind:
        case "account":
            return f"account#{house.keys.account(scope.of)}"
        case "agency":
            national = debtor.personal.national_id
            return f"agency#{house.agency_keys.debtor(national)}" if national else ""
        case "contact_point" if house.agency_scopes is not None:
            address = debtor.personal.points.get(scope.of, "")
            return f"contact_point#{house.agency_keys.point(address)}" if address else ""
    return f"{scope.kind}#{scope.of}"


def _owner(house: House, debtor: Debtor, scope: Scope) -> str:
    """By what name this person's own contacts stand there: they are in the record already."""
    if scope.kind == "agency":
        return house.playbook.client.name
    return f"{house.playbook.client.name}/{debtor.id}"
