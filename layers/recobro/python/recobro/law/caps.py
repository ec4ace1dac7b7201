"""How often is too often: caps count what was done, what is about to be done, and what the law still obliges
us to do.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from recobro.domain.channel import Kind
from recobro.domain.refusal import Refusal
from recobro.law.applicable import Live
from recobro.law.case import Case
from recobro.law.contact import Intended, PastContact
from recobro.law.measures import Cap
from recobro.law.zones import HORIZON_DAYS, Zone

WORK_LINES = frozenset({"work", "unknown"})
HOME_LINES = frozenset({"home", "shared", "unknown"})


def condition(name: str, intended: Intended) -> bool:
    """Whether a cap's `only_if` holds for the intended contact; what is unknown holds."""
    if name == "residential_line":
        return intended.line in HOME_LINES
    if name == "contact_point_work":
        return intended.line in WORK_LINES
    return intended.channel not in intended.authorised  # "no_prior_express_consent", "no_consent_yet"


def lifts_on(cap: Cap, day: int) -> int:
    """The first local date (ordinal) on which a contact of `day` no longer weighs on the cap."""
    if cap.rolling_days:
        return day + cap.rolling_days
    if cap.calendar == "day":
        return day + 1
    if cap.calendar == "week":
        return day + 7 - (day - 1) % 7
    first = date.fromordinal(day).replace(day=1)
    return (first + timedelta(days=32)).replace(day=1).toordinal()


def buckets(case: Case, live: Live[Cap]) -> list[list[tuple[int, PastContact]]]:
    """The past contacts that count, once for each debt where the cap is per debt."""
    cap, intended, seen = live.rule, case.intended, case.seen(live)
    if cap.per_channel:
        seen = [pair for pair in seen if pair[1].channel is intended.channel]
    if "contact_point_work" in cap.only_if and intended.point:
        seen = [pair for pair in seen if pair[1].point in ("", intended.point)]
    if not intended.debts or not {"debt", "account"} & set(cap.scope):
        return [seen]
    return [[pair for pair in seen if not pair[1].debts or debt in pair[1].debts] for debt in intended.debts]


def too_often(case: Case, ts: int) -> Iterator[Refusal]:
    """Every cap that has no room at `ts` for the intended contact beside the duties that are reserved."""
    for live in case.rules.caps:
        cap = live.rule
        if not all(condition(name, case.intended) for name in cap.only_if):
            continue
        due = reserved(case, cap, ts)
        ends: list[int | None] = []
        most = 0
        for bucket in buckets(case, live):
            if len(bucket) + len(due) >= cap.at_most:
                for zone in case.zones:
                    if live.in_force(zone.ordinal(ts)):
                        days = sorted((zone.ordinal(at) for at, _ in bucket), reverse=True)
                        end = full_until(cap, zone, days, due, ts)
                        if end is None or end > ts:
                            ends.append(end)
                            today = zone.ordinal(ts)
                            most = max(most, sum(lifts_on(cap, day) > today for day in days))
        if ends:
            until = None if None in ends else max(end for end in ends if end is not None)
            held = f" and {len(due)} reserved" if due else ""
            yield case.refuse(live, until, f"{most}{held} of {cap.at_most} in {_period(cap)}")


def reserved(case: Case, cap: Cap, ts: int) -> list[int]:
    """Deadlines of the duties that still keep a slot of this cap at `ts`, soonest first; a notice frees its
    creditor's soonest.
    """
    if not case.duties:
        return []
    mine = case.intended.creditor
    due = [
        (end, duty.creditor)
        for end, duty in case.duties
        if end > ts
        and (not duty.channels or duty.channels & cap.channels)
        and (duty.creditor in ("", mine) or "creditor" not in cap.scope)
    ]
    if case.intended.kind is Kind.DUTY_NOTICE:
        own = next((pair for pair in due if pair[1] in ("", mine)), None)
        if own is not None:
            due.remove(own)
    return [end for end, _ in due]


def full_until(cap: Cap, zone: Zone, days: Sequence[int], due: Sequence[int], ts: int) -> int | None:
    """When the cap first has room again if nothing else happens; an instant up to `ts` if it has, None if
    never.

    days: local dates of the past contacts, latest first. due: deadlines of reserving duties, soonest first.
    """
    end = _without(cap, zone, days, cap.at_most - 1 - len(due))
    for passed, deadline in enumerate(due, start=1):
        if end is not None and end <= max(deadline, ts):
            return end
        later = _without(cap, zone, days, cap.at_most - 1 - len(due) + passed)
        end = None if later is None else max(deadline, later)
    return end


def _without(cap: Cap, zone: Zone, days: Sequence[int], room: int) -> int | None:
    """When at most `room` past contacts are left in the period; `-1` if that is so already."""
    if room < 0:
        return None
    if len(days) <= room:
        return -1
    lifts = lifts_on(cap, days[room])
    return zone.day_start(lifts) if lifts < days[0] + HORIZON_DAYS else None


def _period(cap: Cap) -> str:
    return f"{cap.rolling_days} days" if cap.rolling_days else f"one {cap.calendar}"
