"""May we contact this person, by this channel, for this, now; and if not, why not and when: asked of every
rule in force.

Pure, and it knows no country. Order of evaluation (contact-law §1): stop events, recipient and contact point,
consent, stage, then for kinds that are not exempt: hours and holidays, channel locks, cooldowns and gaps,
caps.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from recobro.domain.refusal import Refusal
from recobro.law.answer import Never, Permitted
from recobro.law.caps import too_often
from recobro.law.case import Case
from recobro.law.clockwork import out_of_hours
from recobro.law.contact import Calendar, Duty, Intended, PastContact
from recobro.law.gates import (
    closed_channel,
    closed_stage,
    no_clock,
    stopped,
    unauthorised,
    wrong_provenance,
    wrong_recipient,
)
from recobro.law.holds import too_soon
from recobro.law.pack import Pack
from recobro.law.zones import instant, seconds

MARGIN = timedelta(seconds=120)
"""What hours are narrowed by: clock skew, the save, and the carrier's own time (DESIGN §4)."""

ORDER = (
    stopped,
    wrong_recipient,
    closed_channel,
    wrong_provenance,
    unauthorised,
    closed_stage,
    no_clock,
    out_of_hours,
    too_soon,
    too_often,
)


def _refusals(case: Case, ts: int) -> Iterator[Refusal]:
    for check in ORDER:
        yield from check(case, ts)


def verdict(
    packs: Sequence[Pack],
    calendars: Mapping[str, Calendar],
    intended: Intended,
    history: Sequence[PastContact],
    now: datetime,
    *,
    duties: Sequence[Duty] = (),
    margin: timedelta = MARGIN,
) -> Refusal | None:
    """None: permitted at `now`. Otherwise the first rule that refuses, with the instant at which it alone
    ceases to.

    history: every contact of this debtor (and, for caps wider than a debtor, of those who share them), in any
    order. calendars: by country, "CC-SUB" and "client". Raises InvalidInput for a zone that does not exist or
    a naive time.
    """
    ts = seconds(now)
    return next(_refusals(Case(packs, calendars, intended, history, ts, duties, margin), ts), None)


def refusals(
    packs: Sequence[Pack],
    calendars: Mapping[str, Calendar],
    intended: Intended,
    history: Sequence[PastContact],
    now: datetime,
    *,
    duties: Sequence[Duty] = (),
    margin: timedelta = MARGIN,
) -> list[Refusal]:
    """Every rule that refuses at `now`, in the order of evaluation: what `explain` shows. Arguments as for
    `verdict`.
    """
    ts = seconds(now)
    return list(_refusals(Case(packs, calendars, intended, history, ts, duties, margin), ts))


def next_permitted(
    packs: Sequence[Pack],
    calendars: Mapping[str, Calendar],
    intended: Intended,
    history: Sequence[PastContact],
    start: datetime,
    *,
    horizon: timedelta = timedelta(days=60),
    duties: Sequence[Duty] = (),
    margin: timedelta = MARGIN,
) -> Permitted | Never:
    """The first permitted instant from `start` on, if no further contact happens: exact to the second.

    Each refusal says when its rule ceases to refuse; nothing before that can be permitted, so the search
    jumps there and asks again. `held_by` is the rule that refused right up to the answer. Arguments otherwise
    as for `verdict`.
    """
    ts = first = seconds(start)
    case = Case(packs, calendars, intended, history, ts, duties, margin)
    last = ts + int(horizon.total_seconds())
    held_by: Refusal | None = None
    while ts <= last:
        refusal = next(_refusals(case, ts), None)
        if refusal is None:
            return Permitted(start if ts == first else instant(ts), held_by)
        held_by = refusal
        if refusal.until is None:
            return Never(refusal)
        ts = int(refusal.until.timestamp())
    return Never(held_by) if held_by is not None else Permitted(start)


def window_end(
    packs: Sequence[Pack],
    calendars: Mapping[str, Calendar],
    intended: Intended,
    now: datetime,
    *,
    margin: timedelta = MARGIN,
) -> datetime:
    """Until when (exclusive) a message sent now may still arrive today: an SMS must expire by then.

    It is `now` itself where the hours are closed, and a day later where no hour rule speaks of such a
    contact.
    """
    ts = seconds(now)
    case = Case(packs, calendars, intended, (), ts, (), margin)
    ends = [
        hours.closes(ts)
        for live, clocks in case.hours
        if not (live.rule.waivers & intended.waivers)
        for hours in clocks
    ]
    if case.rules.windows and not case.zones:
        return now
    return instant(max(ts, min(ends))) if ends else now + timedelta(days=1)
