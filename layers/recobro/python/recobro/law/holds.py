"""After one contact the law may ask for quiet: another channel must wait, a letter must rest, a conversation
must settle.
"""

from collections.abc import Iterator

from recobro.domain.refusal import Refusal
from recobro.law.applicable import Live
from recobro.law.case import Case
from recobro.law.contact import PastContact
from recobro.law.counting import in_scope, reaches
from recobro.law.measures import ChannelLock, Cooldown, Counting


def too_soon(case: Case, ts: int) -> Iterator[Refusal]:
    """Every channel lock, cooldown and gap that still runs at `ts`; each weighs on `lasts` dates from its
    last contact.
    """
    for live in case.rules.holds:
        weighing = _weighing(case, live)
        if not weighing:
            continue
        ends = []
        for zone in case.zones:
            today = zone.ordinal(ts)
            if live.in_force(today):
                free = max(zone.ordinal(at) for at, _ in weighing) + live.lasts
                if free > today:
                    ends.append(zone.day_start(free))
        if ends:
            yield case.refuse(live, max(ends), _detail(live, weighing), _change(live, weighing))


def _weighing(case: Case, live: Live[Counting]) -> list[tuple[int, PastContact]]:
    rule = live.rule
    if isinstance(rule, ChannelLock):
        return [pair for pair in case.seen(live) if pair[1].channel is not case.intended.channel]
    if isinstance(rule, Cooldown) and rule.initiated_by in ("any", "debtor"):
        begun = [pair for pair in case.contacts if pair[1].by == "debtor" and _talked(case, live, pair[1])]
        return begun if rule.initiated_by == "debtor" else case.seen(live) + begun
    return case.seen(live)


def _talked(case: Case, live: Live[Counting], contact: PastContact) -> bool:
    """Whether a contact that the debtor began is of the sort that the rule rests after. Kinds are of what we begin."""
    rule = live.rule
    return (
        contact.channel in rule.channels
        and contact.outcome not in rule.exclude_outcomes
        and reaches(contact, rule.counts)
        and in_scope(rule, contact, case.intended)
    )


def _detail(live: Live[Counting], weighing: list[tuple[int, PastContact]]) -> str:
    last = max(weighing, key=lambda pair: pair[0])[1]
    return f"{last.channel} on {last.at:%Y-%m-%d}, {live.lasts} days"


def _change(live: Live[Counting], weighing: list[tuple[int, PastContact]]) -> str:
    channels = {contact.channel for _, contact in weighing}
    if isinstance(live.rule, ChannelLock) and len(channels) == 1:
        return f"{channels.pop()} instead"
    return ""
