"""When somebody has to look at this person again, and in which lane: computed with every save, so nobody is forgotten."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision, HandOver, Wait
from recobro.domain.eligibility import days_past_due, today_of
from recobro.domain.facts import PlanJudged, PromiseJudged, TaskOpened
from recobro.domain.playbook import Playbook
from recobro.domain.settle import settled, timers

FAR = datetime(9999, 12, 31, tzinfo=UTC)
"""Every open debtor stands in the index; this is where those stand for whom nothing is planned."""


@dataclass(frozen=True, slots=True)
class Planned:
    """lane: "pre_due" | "overdue"; a debtor is in exactly one. at: the earliest instant at which something may be due."""

    lane: str
    at: datetime


def planned(debtor: Debtor, playbook: Playbook, now: datetime) -> Planned:
    """Where the debtor stands in the index after a save at `now`."""
    as_of_now, unwritten = settled(debtor, playbook, now)
    at = _earliest(as_of_now, decide(as_of_now, playbook, now), playbook, now)
    # What time has judged, and whom it has asked, waits for nobody's next step: the next sweep writes what this save does not.
    is_due = any(isinstance(one, TaskOpened | PromiseJudged | PlanJudged) for one in unwritten)
    return Planned(lane_of(as_of_now, playbook, now), min(at, whole_second(now)) if is_due else at)


def lane_of(debtor: Debtor, playbook: Playbook, now: datetime) -> str:
    today = today_of(debtor, playbook, now)
    overdue = any(
        days_past_due(debt, today) > 0
        for debt in debtor.debts
        if debt.outstanding.minor > 0 and debt.status == "active"
    )
    return "overdue" if overdue else "pre_due"


def _earliest(debtor: Debtor, decision: Decision, playbook: Playbook, now: datetime) -> datetime:
    due = list(timers(debtor, playbook, now))
    match decision:
        case Contact() | HandOver():
            due.append(now)
        case Wait(until=until):
            due.append(until)
    return whole_second(min(due, default=FAR))


def whole_second(instant: datetime) -> datetime:
    """Rounded up, so that who is found due in the index really is."""
    return instant if not instant.microsecond else instant.replace(microsecond=0) + timedelta(seconds=1)
