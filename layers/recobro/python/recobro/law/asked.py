"""A permitted contact, too, must be shown to a regulator with its articles: every rule that was asked and had nothing against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recobro.law.applicable import Live
from recobro.law.case import Case
from recobro.law.contact import Calendar, Intended
from recobro.law.pack import Pack
from recobro.law.rule import Rule
from recobro.law.zones import seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule in force that speaks of the contact. about: "hours" | "caps" | "gaps" | "consent" …; source: article or page."""

    pack: str
    rule: str
    about: str
    source: str


def asked(
    packs: Sequence[Pack], calendars: Mapping[str, Calendar], intended: Intended, now: datetime
) -> tuple[Asked, ...]:
    """The rules that `engine.verdict` weighs for that contact at `now`, in its order. Pure."""
    ts = seconds(now)
    case = Case(packs, calendars, intended, (), ts, (), timedelta(0))
    found = (
        Asked(live.pack.id, live.rule.id, about, live.source)
        for about, live in _live(case)
        if case.holding(live, ts)
    )
    return tuple(dict.fromkeys(found))


def _live(case: Case) -> Iterator[tuple[str, Live[Rule]]]:
    rules = case.rules
    yield from (("stop events", live) for live in rules.stops)
    for role in (case.intended.role, "workplace" if case.intended.line == "work" else ""):
        yield from (("recipient", live) for live in rules.recipients.get(role, ()))
    yield from (("channel", live) for live in rules.channel_rules)
    yield from (("provenance", live) for live in rules.provenance)
    yield from (("consent", live) for live in rules.consent)
    yield from (("stage", live) for live in rules.closed_stages)
    yield from (("hours", live) for live in rules.windows)
    yield from (("gaps", live) for live in rules.holds)
    yield from (("caps", live) for live in rules.caps)
