"""A rule as a lawyer would say it, so that whoever signs a pack reads what the engine does and not how it is written."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from recobro.domain.channel import GROUPS, Channel
from recobro.law import conduct as c
from recobro.law import measures as m
from recobro.law import rule as r

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COVERAGE: Mapping[r.Coverage, str] = {
    r.Coverage.COVERED: "every rule holds, as law",
    r.Coverage.POLICY_SAME_WINDOWS: "every rule holds, by our own caution",
    r.Coverage.NOT_COVERED_SAME_WINDOWS: "only the hours hold, by our own caution, and such contacts stay out of the caps",
    r.Coverage.NOT_COVERED: "the pack does not speak of it",
    r.Coverage.FORBIDDEN: "no collection at all",
}
RUNGS = {
    "attempt": "attempts count, failed ones too",
    "sent": "what the carrier accepted counts",
    "connected": "what rang or reached voicemail counts",
    "delivered": "what was delivered counts",
    "conversation": "only conversations count",
}


def said(rule: r.Rule) -> str:
    """One sentence or two without the article: what may, must or must not be done."""
    return _SAYERS[type(rule)](rule)


def by(channels: Iterable[Channel]) -> str:
    """Channels by the name of their family where they are one."""
    named = frozenset(channels)
    family = next((name for name, members in GROUPS.items() if members == named), None)
    if family == "all":
        return "any channel"
    missing = sorted(channel.value for channel in frozenset(Channel) - named)
    if family is None and len(missing) < 4:
        return f"any channel but {_and(missing)}"
    spelt = _and(sorted(channel.value for channel in named))
    return f"{family} ({spelt})" if family else spelt


def hours(days: Iterable[tuple[tuple[int, int], ...]]) -> str:
    """ "Mon-Fri 07:00-19:00, Sat 08:00-15:00; closed Sun"."""
    runs: list[tuple[list[int], tuple[tuple[int, int], ...]]] = []
    for number, stretches in enumerate(days):
        if runs and runs[-1][1] == stretches:
            runs[-1][0].append(number)
        else:
            runs.append(([number], stretches))
    opened = [
        f"{_run(days)} {' and '.join(f'{_clock(a)}-{_clock(b)}' for a, b in spans)}"
        for days, spans in runs
        if spans
    ]
    closed = [_run(days) for days, spans in runs if not spans]
    return ", ".join(opened) + (f"; closed {_and(closed)}" if closed else "")


def _run(days: list[int]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _and(names: Iterable[str]) -> str:
    listed = [name.replace("_", " ") for name in names]
    return ", ".join(listed[:-1]) + (" and " if listed[1:] else "") + "".join(listed[-1:])


def _or(names: Iterable[str]) -> str:
    return " or ".join(sorted(name.replace("_", " ") for name in names))


def _applies(rule: r.Applies) -> str:
    return (
        f"Binds {_and(sorted(rule.actors))}; where anybody else collects, {COVERAGE[rule.other_actors]}. "
        f"Where the debtor is a company, {COVERAGE[rule.commercial]}."
    )


def _stage(rule: r.StageRule) -> str:
    return f"{rule.stage.replace('_', ' ').capitalize()}: {COVERAGE[rule.coverage]}."


HOLIDAYS = {
    "forbid": "never on holidays",
    "forbid_known": "never on known holidays",
    "allow": "holidays as any day",
}


def _window(rule: m.Window) -> str:
    waived = f" Lifted by {_or(rule.waivers)}." if rule.waivers else ""
    instead = " In place of the country's own caution." if rule.replaces_policy else ""
    return f"By {by(rule.channels)}: {hours(rule.days)}; {HOLIDAYS[rule.holiday]}.{waived}{instead}"


def _counted(rule: m.Counting) -> str:
    words = f"per {_and(rule.scope)}; {RUNGS[rule.counts]}"
    if rule.exclude_outcomes:
        words += f", but not {_or(rule.exclude_outcomes)}"
    if rule.exclude_kinds:
        words += f"; {_or(rule.exclude_kinds)} aside"
    if rule.credit_back:
        words += f"; a client may, with counsel's word, credit back {_or(rule.credit_back)}"
    if rule.shared_with is not None:
        others = f"what the {_or(rule.shared_with)} did counts as well"
        words += f"; {others if rule.shared_with else 'what others did does not count'}"
    return words


def _cap(rule: m.Cap) -> str:
    period = f"one calendar {rule.calendar}" if rule.calendar else f"{rule.rolling_days} days running"
    each = " by each channel" if rule.per_channel else ""
    only = f" Only where {_and(rule.only_if)}." if rule.only_if else ""
    return f"At most {rule.at_most} in {period}{each}, by {by(rule.channels)}, {_counted(rule)}.{only}"


def _gap(rule: m.MinGap) -> str:
    return (
        f"{rule.full_days_between} whole days between two contacts by {by(rule.channels)}, {_counted(rule)}."
    )


def _lock(rule: m.ChannelLock) -> str:
    return f"After a contact by {by(rule.channels)}, only the same channel for {rule.rolling_days} days, {_counted(rule)}."


def _cooldown(rule: m.Cooldown) -> str:
    begun = "whoever began it" if rule.initiated_by == "any" else f"begun by the {rule.initiated_by}"
    first = "its own day included" if rule.trigger_day_is_day else "from the day after it"
    return (
        f"After a conversation by {by(rule.channels)} ({begun}), no {by(rule.blocks)} for {rule.days} days, {first}; "
        f"{_counted(rule)}."
    )


def _consent(rule: c.Consent) -> str:
    free = f"; {_or(rule.exempt_kinds)} do without" if rule.exempt_kinds else ""
    too = " Companies have it as well." if rule.companies_too else ""
    return f"{by(rule.channels).capitalize()}: {rule.requirement.replace('_', ' ')}{free}.{too}"


def _provenance(rule: c.Provenance) -> str:
    never = f"; never from {_or(rule.forbid)}" if rule.forbid else ""
    return f"Addresses and numbers come from {_or(rule.allowed)}{never}."


def _caller_id(rule: c.CallerId) -> str:
    registered = f" The number is registered: {rule.must_be_registered}." if rule.must_be_registered else ""
    prefix = f" Prefix: {rule.prefix}." if rule.prefix else ""
    return f"Hidden numbers: {rule.hidden}.{registered}{prefix}"


def _recipient(rule: c.Recipient) -> str:
    return f"{rule.who.replace('_', ' ').capitalize()}: {rule.treatment.replace('_', ' ')}."


def _channel_rule(rule: c.ChannelRule) -> str:
    unless = f" unless {_or(rule.unless)}" if rule.unless else ""
    return f"No contact by {by(rule.channels)}{unless}."


def _required(rule: c.Required) -> str:
    whom = f", where {_or(rule.actors)} collects" if rule.actors else ""
    kinds = f", in a {_or(rule.kinds)}" if rule.kinds else ""
    linked = ""
    if rule.link_on:
        linked = (
            f" By {by(rule.link_on)} all but {_and(rule.in_message) or 'nothing'} may stand behind the link."
        )
    return f"Said at {rule.when.replace('_', ' ')}{kinds}{whom}, by {by(rule.channels)}: {_and(rule.items)}.{linked}"


def _forbidden(rule: c.Forbidden) -> str:
    kinds = f" in a {_or(rule.kinds)}" if rule.kinds else ""
    but = f", but in a {_or(rule.except_kinds)}" if rule.except_kinds else ""
    unless = f", unless {_or(rule.unless_provided)}" if rule.unless_provided else ""
    kept = (
        f"{len(rule.phrases)} phrases are looked for" if rule.phrases else "kept by the process, not by words"
    )
    return (
        f"Never said{kinds} by {by(rule.channels)}: {rule.content.replace('_', ' ')}{but}{unless} ({kept})."
    )


def _duty(rule: c.LegalDuty) -> str:
    when = "as the note says"
    if rule.within_days is not None:
        when = f"within {rule.within_days} days" if rule.within_days else "at once"
    elif rule.days_before is not None:
        when = f"at least {rule.days_before} days before"
    kept = " A slot of the caps is kept for it." if rule.reserve_cap else ""
    told = f", with {_and(rule.content)}" if rule.content else ""
    return f"On {rule.trigger.replace('_', ' ')}: a {rule.kind.replace('_', ' ')} {when}{told}.{kept}"


def _stop(rule: c.StopEvent) -> str:
    still = f"; still allowed: {_or(rule.allows)}" if rule.allows else ""
    return f"On {rule.event.replace('_', ' ')} ({rule.effect.replace('_', ' ')}): silence by {by(rule.blocks)}{still}."


def _exempt(rule: c.Exempt) -> str:
    return f"Outside hours, caps and gaps while they stay pure: {_and(sorted(rule.kinds))}."


def _retention(rule: c.Retention) -> str:
    return f"Kept for {rule.years} years from {rule.counted_from.replace('_', ' ')}: {_and(rule.fields)}."


def _complaint(rule: c.ComplaintAnswer) -> str:
    return f"A complaint has its answer within {rule.business_days} business days."


def _registry(rule: c.Registry) -> str:
    return f"{rule.by.replace('_', ' ').capitalize()} stands in {rule.name.replace('_', ' ')} before {rule.before.replace('_', ' ')}."


_SAYERS: Mapping[type, Callable[[Any], str]] = {
    r.Applies: _applies,
    r.StageRule: _stage,
    m.Window: _window,
    m.Cap: _cap,
    m.MinGap: _gap,
    m.ChannelLock: _lock,
    m.Cooldown: _cooldown,
    c.Consent: _consent,
    c.Provenance: _provenance,
    c.CallerId: _caller_id,
    c.Recipient: _recipient,
    c.ChannelRule: _channel_rule,
    c.Required: _required,
    c.Forbidden: _forbidden,
    c.LegalDuty: _duty,
    c.StopEvent: _stop,
    c.Exempt: _exempt,
    c.Retention: _retention,
    c.ComplaintAnswer: _complaint,
    c.Registry: _registry,
}
