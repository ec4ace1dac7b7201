"""What a person chooses binds the scheduler: they may narrow at will, and widen only what the law over them leaves to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from recobro.domain import acting
from recobro.domain.as_shown import ALL, AsShown, as_shown
from recobro.domain.channel import GROUPS, Channel
from recobro.domain.client import SETUP_NAMES
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    ChannelReopened,
    ChannelStopped,
    Fact,
    HoldLifted,
    HoursChosen,
    ProfileChanged,
    WaiverEnded,
    WaiverGranted,
)
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.preferences import DAYS, SHORTEST, ChosenHours
from recobro.domain.session import seen_by
from recobro.domain.waiver import CALL_BACK_WAIVERS, Waiver, open_waivers
from recobro.pages.html import NOTHING, Html
from recobro.pages.scene import LANGUAGES, told
from recobro.pages.settings import HOURS, PAUSES, pause_page, settings_page
from recobro.usecases.allow import waivers_known
from recobro.usecases.portal.visit import Visit
from recobro.web import Shown

NAMED: dict[str, frozenset[Channel]] = {
    "whatsapp": frozenset({Channel.WHATSAPP}),
    "sms": frozenset({Channel.SMS}),
    "email": frozenset({Channel.EMAIL}),
    "phone": GROUPS["phone"],
    "push": frozenset({Channel.PUSH}),
}
"""Channels as people call them."""


def settings_form(found: Visit, said: Html = NOTHING, status: int = 200) -> Shown:
    allowed = set(open_waivers(found.debtor.waivers, found.house.now()))
    waivers = {name: name in allowed for name in _grantable(found)}
    return Shown(settings_page(found.scene, _channels(found, found.debtor), waivers, said), status)


def settings(found: Visit) -> Shown:
    """All of the form at once, as it was sent: what is not ticked is closed. What was refused after the form was made stays so, and
    the person is told."""
    hours = hours_chosen(found)
    if hours is None:
        return settings_form(found, told(found.scene, "set_hours_wrong", wrong=True, least=SHORTEST), 422)
    channels = _channels(found, found.debtor)
    wanted = {name for name in found.asked.fields.get("channel", ()) if name in channels}
    allowed = {name for name in found.asked.fields.get("waiver", ()) if name in _grantable(found)}
    language, evidence = found.asked.one("language"), f"page {found.statement.short}"
    kept: list[bool] = []

    def decide(debtor: Debtor, now: datetime) -> Sequence[Fact]:
        shown, standing = _as_shown(found), set(open_waivers(debtor.waivers, now))
        opened = {name for name in wanted if shown.may_open(NAMED[name])}
        granted = {name for name in allowed - standing if shown.may_grant(name)}
        chosen = shown.chosen(hours, debtor.hours)
        shut = {name for name, is_open in _channels(found, debtor).items() if not is_open}
        kept[:] = [
            not shut.isdisjoint(wanted - opened),
            allowed - standing != granted,
            chosen != hours and shown.is_new(hours),
        ]
        facts: list[Fact] = [*_channel_facts(debtor, shown, set(channels), wanted, opened, evidence)]
        if chosen != debtor.hours:
            facts.append(HoursChosen(chosen))
        if language in LANGUAGES and language != debtor.profile.language[:2]:
            facts.append(ProfileChanged(replace(debtor.profile, language=language)))
        facts += [WaiverGranted(Waiver(name, evidence, now)) for name in sorted(granted)]
        facts += [WaiverEnded(name, evidence) for name in _grantable(found) if name in standing - allowed]
        return facts

    found.act("settings", decide, words=_in_words(found, wanted, allowed, hours))
    shown = found.go(done="settings_kept" if any(kept) else "settings")
    return replace(shown, language=language if language in LANGUAGES else None)


def _as_shown(found: Visit) -> AsShown:
    """What the form that was sent had shown, and what was said since, here or anywhere else."""
    version = seen_by(found.asked.one("form"))
    return as_shown(found.debtor.id, found.house.ledger.history(found.debtor.id), version)


def hours_chosen(found: Visit) -> ChosenHours | None:
    """None: hours that leave too little. All days at any hour is no choice at all."""
    days = tuple(day for day in DAYS if day in found.asked.fields.get("day", ()))
    opens, closes = found.asked.one("opens"), found.asked.one("closes")
    if (opens and not _is_hour(opens)) or (closes and not _is_hour(closes)) or not days:
        return None
    if not opens and not closes:
        return ChosenHours() if days == DAYS else ChosenHours(days, time(HOURS.start), time(HOURS.stop - 1))
    first, last = int(opens or HOURS.start), int(closes or HOURS.stop - 1)
    return ChosenHours(days, time(first), time(last)) if last - first >= SHORTEST else None


def _is_hour(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) in HOURS


def _channels(found: Visit, debtor: Debtor) -> dict[str, bool]:
    """Those that this client uses, people's own calls included, and whether the person has them open."""
    client = found.house.playbook.client
    used = {
        name
        for name, channels in NAMED.items()
        if any(one in SETUP_NAMES and client.setup(one) for one in channels)
    }
    is_closed = ALL in debtor.stopped
    return {
        name: not is_closed and not all(one.value in debtor.stopped for one in channels)
        for name, channels in NAMED.items()
        if name in used | {"phone"}
    }


def _channel_facts(
    debtor: Debtor, shown: AsShown, every: set[str], wanted: set[str], opened: set[str], evidence: str
) -> list[Fact]:
    """Every channel closed one by one, or open; a stop of everything ends where something is opened again.

    opened: those of the wanted that a tick may open.
    """
    is_stopped = ALL in debtor.stopped
    ends_stop = is_stopped and bool(opened)
    facts: list[Fact] = [ChannelReopened(ALL, evidence)] if ends_stop else []
    for name in sorted(every):
        # A kind of it that was refused elsewhere ("no machine calls") stays closed: the page showed the whole as open.
        opens = name in opened and shown.was_closed(NAMED[name])
        # What was refused since the page was made was refused while everything was: it stays closed by itself.
        closes = (name not in wanted and (not is_stopped or bool(wanted))) or (
            ends_stop and name not in opened
        )
        for channel in sorted(NAMED[name]):
            if opens and channel.value in debtor.stopped:
                facts.append(ChannelReopened(channel.value, evidence))
            elif closes and channel.value not in debtor.stopped:
                facts.append(ChannelStopped(channel.value, "person"))
    return facts


def _grantable(found: Visit) -> tuple[str, ...]:
    """What a click may allow: the plain waivers that some law over this person knows. One that asks for an instrument of its own
    (Colombia, Ley 2300 art. 3) is no click's affair."""
    known = waivers_known(found.house, found.debtor)
    return tuple(name for name in CALL_BACK_WAIVERS if name in known)


def _in_words(found: Visit, wanted: set[str], allowed: set[str], hours: ChosenHours) -> str:
    """What was ticked, in the words that stood beside it: the evidence that a waiver rests on."""
    scene = found.scene
    said = [
        f"{scene.say('set_channels')} {', '.join(scene.say(f'channel_{one}') for one in sorted(wanted)) or '-'}"
    ]
    if hours:
        days = ", ".join(scene.say(f"day_{one}") for one in hours.days)
        said.append(f"{scene.say('set_when')}: {days}, {hours.opens:%H:%M}-{hours.closes:%H:%M}")
    said += [scene.say("set_wider") for _ in allowed]
    return " | ".join(said)


def pause_form(found: Visit) -> Shown:
    paused = [one for one in _pauses(found.debtor, found.house.now()) if one.review_at is not None]
    until = max((one.review_at for one in paused if one.review_at is not None), default=None)
    shown = found.scene.last_day(until) if until is not None else ""
    return Shown(pause_page(found.scene, shown, stopped=ALL in found.debtor.stopped))


def pause(found: Visit) -> Shown:
    given = found.asked.one("days")
    days = int(given) if given in {str(one) for one in PAUSES} else PAUSES[0]
    book = found.house.playbook
    found.act("pause", lambda debtor, now: acting.pauses(debtor, found.statement, book, now, days))
    return found.go(done="pause")


def stop(found: Visit) -> Shown:
    """Every channel, until the person says otherwise here or to one of us; what the law makes us send remains a person's work."""

    def decide(debtor: Debtor, now: datetime) -> Sequence[Fact]:
        # Asked for again on a page that showed it, it counts: an older page must not take it back.
        is_said = ALL in debtor.stopped and not _as_shown(found).may_end_stop()
        return () if is_said else (ChannelStopped(ALL, "person"),)

    found.act("opt_out", decide)
    return found.go(done="stop")


def resume(found: Visit) -> Shown:
    """The person takes back their own pause or stop, as the page showed it; nobody else's, and none that they asked for since."""
    kept: list[bool] = []

    def decide(debtor: Debtor, now: datetime) -> Sequence[Fact]:
        shown, paused = _as_shown(found), _pauses(debtor, now)
        lifted = [HoldLifted(one.id, "debtor") for one in paused if shown.may_lift(one.id)]
        ends_stop = ALL in debtor.stopped and shown.may_end_stop()
        kept[:] = [ALL in debtor.stopped and not ends_stop, len(lifted) < len(paused)]
        return (*([ChannelReopened(ALL, f"page {found.statement.short}")] if ends_stop else []), *lifted)

    found.act("resume", decide)
    return found.go(done="resume_kept" if any(kept) else "resume")


def _pauses(debtor: Debtor, now: datetime) -> list[Hold]:
    return [
        one
        for one in debtor.holds
        if one.reason is HoldReason.PAUSE
        and one.owner == "debtor"
        and one.lifted_at is None
        and (one.review_at is None or one.review_at > now)
    ]
