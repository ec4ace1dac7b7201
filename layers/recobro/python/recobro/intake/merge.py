"""A file brought twice changes nothing, and a feed never undoes what a person told us: rows become facts only where new."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from recobro.domain.client import Client
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    ChannelStopped,
    ContactReported,
    DebtorOpened,
    Fact,
    FeedRead,
    LegalEventHappened,
    PersonalChanged,
    ProfileChanged,
)
from recobro.intake.contacts_told import AHEAD, COUNT_FOR, Telling, contacts_of_a_portfolio
from recobro.intake.merge_debts import debts_of, parted, refusals
from recobro.intake.merge_person import personal_of, profile_of
from recobro.intake.merge_points import points_of
from recobro.intake.outcome import AcceptedRow, RejectedRow
from recobro.keys import Keys


@dataclass(frozen=True, slots=True)
class Merged:
    """facts: to be saved, in order; none when the rows say nothing new. debtor: as it was, with the new personal content.

    rejects: rows that contradict what is known; nothing of them is in the facts.
    """

    facts: tuple[Fact, ...]
    debtor: Debtor
    rejects: tuple[RejectedRow, ...]


def merge(
    debtor: Debtor | None,
    rows: Sequence[AcceptedRow],
    *,
    now: datetime,
    import_id: str,
    feed_as_of: date,
    client: Client,
    keys: Keys,
    principals: Mapping[str, str] | None = None,
    suppressed: Mapping[str, str] | None = None,
    shared: Collection[str] = (),
    handed_back: Collection[str] = (),
    erased: Collection[str] = (),
) -> Merged:
    """One debtor's accepted rows of one file, as facts.

    debtor: as loaded; None when there is none yet. rows: all of one debtor, at least one, in the file's order.
    principals: debt key → the debtor who is its principal by the lookups. suppressed: point id → why it must not be used.
    shared: ids of points that somebody else has, too. handed_back: keys of debts of which the file names rows that were not taken.
    erased: keys of debts whose principal was erased.
    """
    before = debtor or Debtor(rows[0].debtor)
    whole, parts = parted(rows, handed_back)
    kept, rejects = refusals(before, whole, principals or {}, erased) if whole else ((), ())
    rejects = (*parts, *rejects)
    if not kept:
        return Merged((), before, rejects)
    debts, settled = debts_of(before, kept, import_id, client)
    points, values = points_of(
        before,
        kept,
        client=client,
        keys=keys,
        today=feed_as_of,
        suppressed=suppressed or {},
        shared=shared,
    )
    profile = profile_of(before, kept)
    personal = personal_of(before, kept, values, keys)
    facts: list[Fact] = []
    if debtor is None:
        facts.append(DebtorOpened(profile, keys.personal_digest(personal)))
    else:
        if profile != before.profile:
            facts.append(ProfileChanged(profile))
        if personal != before.personal:
            facts.append(PersonalChanged(keys.personal_digest(personal)))
    facts += points
    facts += _stopped(before, kept)
    facts += _events(before, kept)
    facts += debts
    facts += _contacts(before, kept, now)
    # Of a creditor who could not be understood about one of this person's debts, nothing is confirmed.
    unread = {key.partition("/")[0] for key in handed_back if before.debt(key) is not None}
    told = [row for row in kept if row.creditor not in unread]
    facts += _feeds(before, told, feed_as_of, import_id)
    return Merged(tuple(facts), replace(before, personal=personal), (*rejects, *settled))


def missing(debtor: Debtor, rows: Sequence[AcceptedRow], creditor: str) -> tuple[Debt, ...]:
    """The debts of a creditor that are in our hands and that a full file's rows of this debtor don't name: to be recalled."""
    named = {row.debt_key for row in rows}
    return tuple(
        debt
        for debt in debtor.debts
        if debt.creditor == creditor
        and debt.key not in named
        and debt.status in (DebtStatus.ACTIVE, DebtStatus.DISPUTED)
    )


def _stopped(debtor: Debtor, rows: Sequence[AcceptedRow]) -> Iterator[Fact]:
    """Channels that the creditor says the person closed. No feed ever opens one again."""
    closed = set(debtor.stopped)
    for row in rows:
        for channel in row.refused:
            if channel not in closed:
                closed.add(channel)
                yield ChannelStopped(channel, "creditor")


def _events(debtor: Debtor, rows: Sequence[AcceptedRow]) -> Iterator[Fact]:
    """Suits, insolvencies and deaths that the creditor told us of. No feed ever takes one back: a person does."""
    told = dict.fromkeys(row.legal_event for row in rows if row.legal_event)
    return (LegalEventHappened(event) for event in told if event not in debtor.events)


def _contacts(debtor: Debtor, rows: Sequence[AcceptedRow], now: datetime) -> Iterator[Fact]:
    """Contacts that others made: they count against the caps, each once."""
    told = [
        Telling(row.creditor, (row.debt_key,), row.contact_told)
        for row in rows
        if row.contact_told is not None and now - COUNT_FOR <= row.contact_told.at <= now + AHEAD
    ]
    return map(ContactReported, contacts_of_a_portfolio(debtor, told))


def _feeds(debtor: Debtor, rows: Sequence[AcceptedRow], as_of: date, source: str) -> Iterator[Fact]:
    """The day on which all balances that these rows give were true: the oldest of them, never later than the file's own."""
    days: dict[str, date] = {}
    for row in rows:
        days[row.creditor] = min(days.get(row.creditor, as_of), row.calculated_on)
    for creditor, day in sorted(days.items()):
        known = debtor.feeds.get(creditor)
        if known is None or day > known:
            yield FeedRead(creditor, day, source)
