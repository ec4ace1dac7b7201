"""Of all the rules in force, only some speak of this kind of contact by this channel; they are picked once
and kept.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Generic, TypeVar

from recobro.domain.channel import Channel, Kind
from recobro.law.conduct import ChannelRule, Consent, Provenance, Recipient, StopEvent
from recobro.law.coverage import Level, Reach, reach
from recobro.law.measures import Cap, Cooldown, Counting, MinGap, Window
from recobro.law.pack import Pack
from recobro.law.rule import Conf, Rule
from recobro.law.value import Value

FOREVER = 1 << 30
R = TypeVar("R", bound=Rule)
R_co = TypeVar("R_co", bound=Rule, covariant=True)


class Live(Value, Generic[R_co]):
    """A rule that speaks of the contact in question. since, to: first and last local date, as ordinals.

    ignored: kinds of past contacts that the rule's pack keeps out of its measures. lasts: for rules that look
    back, the dates that a past contact weighs on (its own included).
    """

    rule: R_co
    pack: Pack
    source: str
    since: int
    to: int
    ignored: frozenset[str] = frozenset()
    lasts: int = 0

    def in_force(self, ordinal: int) -> bool:
        """Whether the rule holds on that local date."""
        return self.since <= ordinal <= self.to


class Applicable(Value):
    """The rules that speak of one shape of contact, in the order in which they are asked."""

    stops: tuple[Live[StopEvent], ...]
    known_events: frozenset[str]
    recipients: dict[str, tuple[Live[Recipient], ...]]
    channel_rules: tuple[Live[ChannelRule], ...]
    provenance: tuple[Live[Provenance], ...]
    consent: tuple[Live[Consent], ...]
    closed_stages: tuple[Live[Rule], ...]
    windows: tuple[Live[Window], ...]
    holds: tuple[Live[Counting], ...]  # channel locks, then cooldowns, then gaps
    caps: tuple[Live[Cap], ...]
    zones: tuple[str, ...]
    lookback: int
    unreserved: frozenset[str]


def _source(rule: Rule, pack: Pack, caution: str) -> str:
    if pack.fallback:
        return ""  # names the country, so it is written when the refusal is
    if rule.conf is Conf.POLICY:
        return f"{rule.article} (our own caution, not law)"
    return f"{rule.article} ({caution}: applied by our own caution)" if caution else rule.article


def _live(rule: R, pack: Pack, how: Reach, ignored: frozenset[str] = frozenset(), lasts: int = 0) -> Live[R]:
    to = rule.to.toordinal() if rule.to else FOREVER
    return Live(
        rule=rule,
        pack=pack,
        source=_source(rule, pack, how.caution),
        since=rule.since.toordinal(),
        to=to,
        ignored=ignored,
        lasts=lasts,
    )


def exempt_kinds(pack: Pack) -> frozenset[str]:
    """The kinds that a pack takes out of its measures."""
    return frozenset(kind for rule in pack.exempt for kind in rule.kinds)


def _remaining(window: Window, pack: Pack, packs: tuple[Pack, ...], channel: Channel) -> tuple[Window, ...]:
    """What is left of a window's time where an overlay that is known to apply has its own word on these hours.

    Only POLICY gives way (contact-law), and only while the overlay's word is in force.
    """
    left = [window]
    if window.conf is not Conf.POLICY:
        return (window,)
    for overlay in packs:
        for other in overlay.windows if overlay.parent == pack.id else ():
            if other.replaces_policy and channel in other.channels:
                left = [part for each in left for part in _outside(each, other)]
    return tuple(left)


def _outside(window: Window, other: Window) -> Iterator[Window]:
    """The parts of a window's time before and after another's."""
    if window.since < other.since:
        before = other.since - timedelta(days=1)
        yield window.but(to=before if window.to is None else min(window.to, before))
    if other.to is not None and (window.to is None or window.to > other.to):
        yield window.but(since=max(window.since, other.to + timedelta(days=1)))


def period_of(cap: Cap) -> int:
    """The longest that a contact weighs on a cap, in local dates."""
    return {"day": 1, "week": 7, "month": 31}.get(cap.calendar, cap.rolling_days)


def _lasts(rule: Rule) -> int:
    if isinstance(rule, Cap):
        return period_of(rule)
    if isinstance(rule, MinGap):
        return rule.full_days_between + 1
    if isinstance(rule, Cooldown):
        return rule.days + 1 - rule.trigger_day_is_day
    return getattr(rule, "rolling_days", 0)


@lru_cache(maxsize=4096)
def applicable(
    packs: tuple[Pack, ...], channel: Channel, kind: Kind, stage: str, acts_as: str, debtor: str
) -> Applicable:
    """The rules of `packs` that speak of such a contact; kept for the process, as packs never change within
    one.
    """
    reaches = [(pack, reach(pack, packs, stage, acts_as, debtor)) for pack in packs]
    protecting = [(pack, how) for pack, how in reaches if how.protects]
    measured = [(p, how) for p, how in reaches if how.level >= Level.WINDOWS and kind not in exempt_kinds(p)]
    full = [(p, how, _ignored(p, how)) for p, how in measured if how.level is Level.FULL]

    def looking_back(name: str, on: str = "channels") -> list[Live[Counting]]:
        return [
            _live(rule, p, how, ignored, _lasts(rule))
            for p, how, ignored in full
            for rule in getattr(p, name)
            if channel in getattr(rule, on) and kind not in rule.exclude_kinds
        ]

    holds = looking_back("channel_locks") + looking_back("cooldowns", "blocks") + looking_back("min_gaps")
    caps = [
        _live(cap, p, how, ignored, _lasts(cap))
        for p, how, ignored in full
        for cap in p.caps
        if channel in cap.channels and kind not in cap.exclude_kinds
    ]
    return Applicable(
        stops=tuple(
            _live(rule, p, how)
            for p, how in reaches
            for rule in p.stop_events
            if channel in rule.blocks and kind not in rule.allows
        ),
        known_events=frozenset(rule.event for pack in packs for rule in pack.stop_events),
        recipients={
            rule.who: tuple(
                _live(same, p, how) for p, how in reaches for same in p.recipients if same.who == rule.who
            )
            for pack in packs
            for rule in pack.recipients
        },
        channel_rules=tuple(
            _live(rule, p, how)
            for p, how in protecting
            for rule in p.channel_rules
            if channel in rule.channels
        ),
        provenance=tuple(_live(rule, p, how) for p, how in protecting for rule in p.provenance),
        consent=tuple(
            _live(rule, p, how)
            for p, how in reaches
            for rule in p.consent
            if channel in rule.channels
            and kind not in rule.exempt_kinds
            and (how.protects or rule.companies_too)
        ),
        closed_stages=tuple(
            _live(how.closed_by, p, how)
            for p, how in reaches
            if how.closed_by is not None and kind not in exempt_kinds(p)
        ),
        windows=tuple(
            _live(part, p, how)
            for p, how in measured
            for rule in p.windows
            if channel in rule.channels
            for part in _remaining(rule, p, packs, channel)
        ),
        holds=tuple(holds),
        caps=tuple(caps),
        zones=tuple(dict.fromkeys(name for pack in packs for name in pack.zones)),
        lookback=max([*(live.lasts for live in holds), *(live.lasts for live in caps)], default=0),
        unreserved=frozenset(duty.id for p in packs for duty in p.duties if not duty.reserve_cap),
    )


def _ignored(pack: Pack, how: Reach) -> frozenset[str]:
    kinds = exempt_kinds(pack)
    return kinds if how.counts_pre_due else kinds | {Kind.REMINDER_PRE_DUE.value}
