"""What a person may ask about their own data: what we hold and from whom, what may go now, what is kept until when and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recobro.domain.chain import Recorded
from recobro.domain.contact_point import ContactPoint
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today
from recobro.domain.facts import (
    AttemptClaimed,
    ContactReported,
    MessageReceived,
    PaymentPosted,
    PromiseMade,
    TaskClosed,
)
from recobro.domain.legal_standing import events_of
from recobro.law.pack import Pack
from recobro.law.retention import Keeping, keep_until

OBJECTIONS = ("data_objection", "data_objection_arco", "data_opposition", "gdpr_objection")
"""The names by which packs know that a person objects to the use of their data."""
OWED = frozenset({DebtStatus.ACTIVE, DebtStatus.DISPUTED, DebtStatus.JUDICIAL, DebtStatus.INSOLVENT})
CONTRACT = "the creditor's contract; whoever asks is answered with the creditor (PRACTICE: Erasure)"


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that we hold. what: "identity", "point", "traits", "contacts", "messages", "words" or "money".

    is_erasable: nothing keeps it. until: the last day on which it is kept; None with is_erasable False: until `rule` itself
    ends. is_law: the source asks for it; else it is our own caution, which the creditor may end sooner.
    """

    what: str
    which: str
    count: int
    source_of: str
    is_erasable: bool
    until: date | None = None
    rule: str = ""
    source: str = ""
    is_law: bool = False


@dataclass(frozen=True, slots=True)
class Rights:
    """objected: since then only the kinds that the law still allows. all_erasable_from: the first day on which nothing is kept
    any more; None: while a debt is open nobody can say.
    """

    debtor: str
    objected: bool
    open_debts: tuple[str, ...]
    holdings: tuple[Holding, ...]
    all_erasable_from: date | None

    @property
    def erasable(self) -> tuple[Holding, ...]:
        return tuple(one for one in self.holdings if one.is_erasable)

    @property
    def blocked(self) -> tuple[Holding, ...]:
        return tuple(one for one in self.holdings if not one.is_erasable)


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that happened on one of the person's days, and where. has_words: something was said and kept."""

    day: date
    group: str
    point: str = ""
    has_words: bool = False


def rights_of(debtor: Debtor, history: Sequence[Recorded], packs: Sequence[Pack], today: Today) -> Rights:
    """The verdict on one person's data as of today. history: all of their facts, since the record forgets old contacts. Pure."""
    events = tuple(_events(history, today))
    owed = tuple(debt.key for debt in debtor.debts if _is_owed(debt, today.day))
    holdings = tuple(_holdings(debtor, events, owed, packs, today.day))
    lasting = [one for one in holdings if not one.is_erasable]
    ends = [one.until for one in lasting if one.until is not None]
    gone = max([today.day, *(day + timedelta(days=1) for day in ends)])
    objected = bool(events_of(debtor) & set(OBJECTIONS))
    return Rights(debtor.id, objected, owed, holdings, gone if len(ends) == len(lasting) else None)


def _is_owed(debt: Debt, day: date) -> bool:
    return debt.status in OWED and debt.outstanding.minor > 0 and debt.is_assigned(day)


def _events(history: Sequence[Recorded], today: Today) -> Iterator[_Event]:
    for one in history:
        day = one.at.astimezone(today.zone).date()
        match one.fact:
            case AttemptClaimed(attempt=attempt) | ContactReported(attempt=attempt) if not attempt.shared:
                on = attempt.claimed_at.astimezone(today.zone).date()
                yield _Event(on, "contacts", attempt.point, bool(attempt.content))
            case MessageReceived(point=point, content=content):
                yield _Event(day, "messages", point, bool(content))
            case TaskClosed(note=note) if note:
                yield _Event(day, "messages", has_words=True)
            case PaymentPosted() | PromiseMade():
                yield _Event(day, "money")


def _holdings(
    debtor: Debtor, events: Sequence[_Event], owed: Sequence[str], packs: Sequence[Pack], day: date
) -> Iterator[Holding]:
    last = max((one.day for one in events), default=day)

    def kept(found: Sequence[_Event], *, words: bool = False) -> Keeping | None:
        every = (keep_until(packs, one.day, last, day, words=words) for one in found)
        return max((one for one in every if one is not None), key=lambda one: one.until, default=None)

    if debtor.personal.name or debtor.personal.national_id:
        yield _holding("identity", "name and number", 1, "creditor", owed, kept(events), day)
    for point in debtor.points:
        used = [one for one in events if one.point == point.id]
        needed = () if _is_wrongly_held(point, packs) else owed
        yield _holding("point", point.id, len(used), point.provenance, needed, kept(used), day)
    traits = (*debtor.profile.attributes, *(("household",) if debtor.profile.household else ()))
    if traits:
        yield Holding("traits", ", ".join(sorted(traits)), len(traits), "creditor", is_erasable=True)
    for group in ("contacts", "messages", "money"):
        found = [one for one in events if one.group == group]
        if found:
            yield _holding(group, _span(found), len(found), "", (), kept(found), day)
    said = [one for one in events if one.has_words]
    if said:
        yield _holding("words", _span(said), len(said), "", (), kept(said, words=True), day)


def _holding(
    what: str, which: str, count: int, source_of: str, owed: Sequence[str], keeping: Keeping | None, day: date
) -> Holding:
    if owed:
        return Holding(what, which, count, source_of, False, None, "debt.open", CONTRACT, is_law=False)
    if keeping is None or keeping.until < day:
        return Holding(what, which, count, source_of, is_erasable=True)
    return Holding(
        what, which, count, source_of, False, keeping.until, keeping.rule, keeping.source, keeping.is_law
    )


def _is_wrongly_held(point: ContactPoint, packs: Sequence[Pack]) -> bool:
    """An address that no debt justifies: it does not work, nobody may use it, or a law forbids where it came from."""
    forbidden = any(point.provenance in rule.forbid for pack in packs for rule in pack.provenance)
    return forbidden or point.state.value != "active"


def _span(events: Sequence[_Event]) -> str:
    days = [one.day for one in events]
    return f"{min(days)} to {max(days)}"


def objection_events(packs: Sequence[Pack]) -> tuple[str, ...]:
    """By which names an objection is recorded so that every law over the person knows it; one at least, which stops everything."""
    known = {rule.event for pack in packs for rule in pack.stop_events}
    return tuple(name for name in OBJECTIONS if name in known) or OBJECTIONS[:1]
