"""Some limits are wider than one person: a household, a phone that several share, an account that two people owe, and a
person whom one agency asks for two creditors. Who else was contacted then decides whether this one may be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from recobro.domain.attempt import SHARED, AttemptStatus, ContactAttempt, StepKey, attempt_id
from recobro.domain.channel import Channel, Kind
from recobro.domain.debtor import Debtor
from recobro.domain.facts import ContactReported, Fact
from recobro.law.applicable import Live, applicable
from recobro.law.caps import condition
from recobro.law.choose import CLIENT
from recobro.law.contact import Intended
from recobro.law.counting import shares
from recobro.law.measures import Counting
from recobro.law.pack import Pack

KINDS = ("household", "contact_point", "account")
"""What people of one deployment may have in common; "agency" is the same person in another deployment."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Something shared. kind: see KINDS. of: the household's hash, the point's id, the debt's key; empty for "agency"."""

    kind: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One contact that takes room in a scope. owner: whose, so that nobody counts their own twice."""

    claim: str
    owner: str
    at: datetime
    channel: Channel
    kind: Kind
    creditor: str = ""


def scopes_of(
    packs: tuple[Pack, ...], intended: Intended, household: str, *, is_shared_by_agency: bool
) -> tuple[Scope, ...]:
    """The scopes in which some rule over that contact counts others; none under nearly every law.

    household: hash of the person's; empty: not known, and then only the person's own contacts are.
    """
    if not look_wider(packs, is_shared_by_agency=is_shared_by_agency):
        return ()
    kinds = {
        kind
        for live in _looking_back(packs, intended)
        for kind in _kinds(live, is_shared_by_agency=is_shared_by_agency)
    }
    found: list[Scope] = []
    if "household" in kinds and household:
        found.append(Scope("household", household))
    if "contact_point" in kinds and intended.point:
        found.append(Scope("contact_point", intended.point))
    if "account" in kinds:
        found += [Scope("account", debt) for debt in intended.debts]
    if "agency" in kinds:
        found.append(Scope("agency"))
    return tuple(found)


@lru_cache(maxsize=256)
def look_wider(packs: tuple[Pack, ...], *, is_shared_by_agency: bool) -> bool:
    """Whether any rule of these packs looks beyond one person: under most laws no contact ever asks further."""
    kinds = (*KINDS, "agency") if is_shared_by_agency else KINDS
    return any(counts_with_others(packs, kind) for kind in kinds)


@lru_cache(maxsize=256)
def counts_with_others(packs: tuple[Pack, ...], kind: str) -> bool:
    """Whether any rule of these packs counts contacts with others who have that in common: see KINDS."""
    return any(shares(rule, kind) for rule in _counting(packs))


def window_of(packs: tuple[Pack, ...], intended: Intended) -> int:
    """For how many days a contact may still weigh on some rule: how long its slot is kept."""
    return max((live.lasts for live in _looking_back(packs, intended)), default=0) + 1


def others(
    debtor: Debtor, seen: Mapping[Scope, Sequence[Slot]], mine: Mapping[Scope, str]
) -> Iterator[ContactReported]:
    """The contacts of others that a person's record does not hold yet. mine: by which name one's own stand in each scope."""
    known = {one.id for one in debtor.attempts}
    for scope, slots in seen.items():
        for slot in slots:
            made = _attempt(debtor, scope, slot)
            if slot.owner != mine[scope] and made.id not in known:
                known.add(made.id)
                yield ContactReported(made)


def is_of_others(fact: Fact) -> bool:
    """Whether a fact only counts a contact with somebody else: whom we write to besides is nothing to tell this person."""
    return isinstance(fact, ContactReported) and bool(fact.attempt.shared)


def _attempt(debtor: Debtor, scope: Scope, slot: Slot) -> ContactAttempt:
    step = StepKey(0, SHARED + scope.kind, slot.claim)
    return ContactAttempt(
        id=attempt_id(debtor.id, scope.kind, slot.creditor, step, 1),
        step=step,
        number=1,
        creditor=slot.creditor,
        channel=slot.channel,
        point=scope.of if scope.kind == "contact_point" else "",
        claimed_at=slot.at,
        claim_id="",
        send_by=slot.at,
        kind=slot.kind,
        debts=(scope.of,) if scope.kind == "account" else (),
        status=AttemptStatus.SENT,
        by=SHARED + scope.kind,
    )


def _counting(packs: tuple[Pack, ...]) -> Iterator[Counting]:
    """The laws' own; the client's limits are the client's, and ask nobody else."""
    for pack in packs:
        if pack.id != CLIENT:
            yield from (rule for rule in pack.rules() if isinstance(rule, Counting))


def _looking_back(packs: tuple[Pack, ...], intended: Intended) -> Iterator[Live[Counting]]:
    rules = applicable(
        packs, intended.channel, intended.kind, intended.stage, intended.acts_as, intended.debtor
    )
    yield from rules.holds
    for live in rules.caps:
        if all(condition(name, intended) for name in live.rule.only_if):
            yield live


def _kinds(live: Live[Counting], *, is_shared_by_agency: bool) -> Iterator[str]:
    """The client's own limits are the client's: they ask nobody else."""
    if live.pack.id == CLIENT:
        return
    yield from (kind for kind in KINDS if shares(live.rule, kind))
    if is_shared_by_agency and shares(live.rule, "agency"):
        yield "agency"
