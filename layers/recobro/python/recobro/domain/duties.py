"""What the law obliges us to tell a person, and by when: until it is told, no reminder may take its place in the week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from recobro.domain.attempt import AttemptStatus
from recobro.domain.channel import Channel, Kind
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, today_of
from recobro.domain.playbook import Playbook
from recobro.domain.strategy import Strategy
from recobro.domain.waived import waived
from recobro.law.applicable import period_of
from recobro.law.conduct import LegalDuty
from recobro.law.contact import Duty
from recobro.law.pack import Pack

SILENCE = timedelta(days=15)
"""Chile: the written copy is owed to who stayed silent for fifteen days (Ley 19.496, art. 37)."""

_GIVEN = {AttemptStatus.SENT, AttemptStatus.DELIVERED, AttemptStatus.READ, AttemptStatus.ANSWERED}


@dataclass(frozen=True, slots=True)
class _Owed:
    """One duty towards one creditor's debt: open from `since` to `deadline`. told_since: a notice before it is another's."""

    creditor: str
    debt: str
    since: datetime
    deadline: datetime
    told_since: datetime | None


def open_duties(
    debtor: Debtor, packs: tuple[Pack, ...], playbook: Playbook, now: datetime
) -> tuple[Duty, ...]:
    """The duties that still keep a slot at `now`, one per rule and creditor, by their soonest deadline.

    They may be made by the channels of the strategy's own `duty_notice` steps; by any where it has none, so that nothing is
    taken from a duty that a person must do.
    """
    reserving = _reserving(packs)
    if not reserving:
        return ()
    today = today_of(debtor, playbook, now)
    found: dict[tuple[str, str], datetime] = {}
    for duty, foresight in reserving:
        for owed in _owed(duty, foresight, debtor, today):
            if owed.since <= now < owed.deadline and not _told(debtor, owed, playbook.strategy):
                place = (duty.id, owed.creditor)
                found[place] = min(owed.deadline, found.get(place, owed.deadline))
    if not found:
        return ()
    channels = notice_channels(playbook.strategy)
    return tuple(Duty(rule, deadline, channels, creditor) for (rule, creditor), deadline in found.items())


def notice_channels(strategy: Strategy) -> frozenset[Channel]:
    """By which channels the strategy gives notices."""
    return frozenset(
        channel
        for stage in strategy.stages
        for step in stage.steps
        if step.kind is Kind.DUTY_NOTICE
        for channel in step.channels
    )


@lru_cache(maxsize=256)
def _reserving(packs: tuple[Pack, ...]) -> tuple[tuple[LegalDuty, timedelta], ...]:
    """Each duty that keeps a slot, with how long before its deadline a contact may stand in its way: its pack's longest cap."""
    return tuple(
        (duty, timedelta(days=max((period_of(cap) for cap in pack.caps), default=0)))
        for pack in packs
        for duty in pack.duties
        if duty.reserve_cap
    )


def _owed(duty: LegalDuty, foresight: timedelta, debtor: Debtor, today: Today) -> Iterator[_Owed]:
    match duty.trigger:
        case "due_date_missed":
            yield from _after_due_dates(duty, debtor, today)
        case "info_given_and_silent_15_days":
            yield from _after_silence(duty, foresight, debtor)
        case "intent_to_report_negative":
            yield from _before_reports(duty, foresight, debtor, today)


def _after_due_dates(duty: LegalDuty, debtor: Debtor, today: Today) -> Iterator[_Owed]:
    for debt in _collected(debtor):
        dates = [part.due_on for part in debt.instalments if part.outstanding > 0] or [debt.due_on]
        for due_on in dates:
            missed = today.starts(due_on + timedelta(days=1))
            ends = today.starts(due_on + timedelta(days=1 + (duty.within_days or 0)))
            yield _Owed(debt.creditor, debt.key, missed, ends, missed)


def _after_silence(duty: LegalDuty, foresight: timedelta, debtor: Debtor) -> Iterator[_Owed]:
    heard = debtor.last_inbound_at
    for episode in debtor.open_episodes():
        given = episode.noticed_at
        if given is not None and (heard is None or heard <= given):
            owed = given + SILENCE
            ends = owed + timedelta(days=duty.within_days or 0)
            yield _Owed(episode.creditor, "", ends - foresight, ends, owed)


def _before_reports(duty: LegalDuty, foresight: timedelta, debtor: Debtor, today: Today) -> Iterator[_Owed]:
    for debt in _collected(debtor):
        if debt.report_on is not None:
            ends = today.starts(debt.report_on - timedelta(days=duty.days_before or 0))
            yield _Owed(debt.creditor, debt.key, ends - foresight, ends, None)


def _collected(debtor: Debtor) -> Iterator[Debt]:
    nobodys = waived(debtor)
    return (
        one
        for one in debtor.debts
        if one.status is DebtStatus.ACTIVE and one.outstanding.minor > 0 and one.key not in nobodys
    )


def _told(debtor: Debtor, owed: _Owed, strategy: Strategy) -> bool:
    """Whether its notice was sent: by an attempt that the record still holds, or by the mark of a notice's step."""
    since = owed.told_since
    for one in debtor.attempts:
        if one.shared:
            continue
        fits = one.kind is Kind.DUTY_NOTICE and one.creditor == owed.creditor and one.status in _GIVEN
        about = not owed.debt or not one.debts or owed.debt in one.debts
        if fits and about and (since is None or one.claimed_at >= since):
            return True
    notices = {
        f"{stage.name}.{step.name}"
        for stage in strategy.stages
        for step in stage.steps
        if step.kind is Kind.DUTY_NOTICE
    }
    return any(
        mark.step in notices and mark.how == "sent" and (since is None or mark.at >= since)
        for episode in debtor.open_episodes()
        if episode.creditor == owed.creditor
        for mark in episode.marks
    )
