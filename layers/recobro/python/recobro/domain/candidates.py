"""Through which channel and point a step may reach a person, and from when: the preference of the strategy inside the law."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import CHANNELS_OF, ContactPoint, Level
from recobro.domain.debt import Debt, Role
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Wait
from recobro.domain.duties import open_duties
from recobro.domain.eligibility import Voice, days_past_due, today_of
from recobro.domain.legal_standing import events_of, stage_of
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.preferences import as_law
from recobro.domain.refusal import Refusal
from recobro.domain.strategy import Stage, Step
from recobro.domain.waiver import AT_WORK, CALL_BACK_WAIVERS, MARGIN, open_waivers
from recobro.law.answer import Never
from recobro.law.choose import CLIENT, packs_for
from recobro.law.contact import Intended, PastContact
from recobro.law.engine import next_permitted, window_end
from recobro.law.pack import Pack

_LEVELS = {Level.IDENTIFIED: 0, Level.ADDRESSED: 1, Level.NEUTRAL: 2}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A channel at a point, permitted and paid for from `at` on. held_by: what holds until then."""

    channel: Channel
    point: ContactPoint
    at: datetime
    intended: Intended
    held_by: Refusal | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found. refused: why each other channel can't be used, in the order of preference."""

    found: tuple[Candidate, ...]
    refused: tuple[Refusal, ...]


def packs_of(debtor: Debtor, playbook: Playbook) -> tuple[Pack, ...]:
    """The laws over one person: country, subdivision, the client's own tighter limits, and the person's own hours."""
    lawful = packs_for(playbook.packs, debtor.profile.country, debtor.profile.subdivision)
    own = playbook.packs.get(CLIENT)
    bound = (*lawful, own) if own is not None else lawful
    return (*bound, as_law(debtor.hours)) if debtor.hours else bound


def tries_of(debtor: Debtor, key: StepKey) -> list[ContactAttempt]:
    """The attempts already made for a step."""
    return [one for one in debtor.attempts if one.step == key]


def is_tried_out(tries: list[ContactAttempt], most: int) -> bool:
    """Whether something failed so often that it is left. What a carrier had no room for is no failure."""
    return sum(one.is_spent or one.status is AttemptStatus.FAILED for one in tries) >= most


MOST_CLAIMS = 40
"""Of one step, as fast as sweeps come: a carrier that has no room for hours must cost nobody a message, nor fill the record."""

BACK_OFF = timedelta(hours=1)


def rest_after(tries: list[ContactAttempt], now: datetime) -> Wait | None:
    """The wait of what was claimed so often and never left; None: it may be tried at once."""
    if len(tries) < MOST_CLAIMS:
        return None
    until = max(one.claimed_at for one in tries) + BACK_OFF
    return (
        Wait(until, (Refusal("attempt.released", "DESIGN: claim before send", until),))
        if until > now
        else None
    )


def next_number(tries: list[ContactAttempt]) -> int:
    """Of the next try of a step. It never goes back, whatever the record has forgotten: an id is given once."""
    return 1 + max((one.number for one in tries), default=0)


def weigh(
    debtor: Debtor,
    voice: Voice,
    stage: Stage,
    step: Step,
    tries: list[ContactAttempt],
    playbook: Playbook,
    switches: Switches,
    history: tuple[PastContact, ...],
    now: datetime,
) -> Weighed:
    """The channels of the step in its order, each with its best point, and why the others are out; no further than the first
    that is open now.
    """
    found: list[Candidate] = []
    refused: list[Refusal] = []
    spent = {(one.channel, one.point) for one in tries if one.is_spent or one.status is AttemptStatus.FAILED}
    packs = packs_of(debtor, playbook)
    duties = open_duties(debtor, packs, playbook, now)
    for channel in step.channels:
        closed = closed_to(debtor, voice, stage, channel, playbook, switches)
        if closed is not None:
            refused.append(closed)
            continue
        over = switches.no_money(channel, now)
        begins = over.until if over is not None and over.until is not None else now
        points = [one for one in debtor.points if one.carries(channel) and (channel, one.id) not in spent]
        if not points:
            refused.append(_no_point(debtor, channel))
        for point in sorted(points, key=lambda one: (one.contact != "payables", _LEVELS[one.level])):
            intended = intended_contact(debtor, voice, stage.name, step.kind, channel, point, playbook, now)
            answer = next_permitted(packs, playbook.calendars, intended, history, begins, duties=duties)
            if isinstance(answer, Never):
                refused.append(answer.refusal)
            else:
                found.append(Candidate(channel, point, answer.at, intended, over or answer.held_by))
                if answer.at <= now:
                    return Weighed(tuple(found), tuple(refused))
    return Weighed(tuple(found), tuple(refused))


def arrives_by(debtor: Debtor, candidate: Candidate, playbook: Playbook, now: datetime) -> datetime:
    """The last instant at which the law lets the message still arrive."""
    return arrival_ends(debtor, candidate.intended, playbook, now)


def arrival_ends(debtor: Debtor, intended: Intended, playbook: Playbook, now: datetime) -> datetime:
    """Until when (exclusive) the law lets it arrive today; hours that the person opened for a time close with that time."""
    packs, calendars = packs_of(debtor, playbook), playbook.calendars
    ends = window_end(packs, calendars, intended, now)
    for one in debtor.waivers:
        if one.until is not None and one.name in intended.waivers and one.is_open(now):
            without = replace(intended, waivers=intended.waivers - {one.name})
            ends = min(ends, max(window_end(packs, calendars, without, now), one.until - MARGIN))
    return ends


def intended_contact(
    debtor: Debtor,
    voice: Voice,
    stage: str,
    kind: Kind,
    channel: Channel,
    point: ContactPoint,
    playbook: Playbook,
    now: datetime,
) -> Intended:
    """The contact as the law sees it. stage: the strategy's; in whose name it speaks depends on it. now: when waivers must
    stand; a call-back that the person asked for opens what the pack leaves to them. A reminder that names an overdue debt collects it.
    """
    legal = stage_of(voice.debts, _oldest_dpd(debtor, voice, playbook, now))
    if kind is Kind.REMINDER_PRE_DUE and legal == "past_due":
        kind = Kind.COLLECTION
    brand = playbook.client.brand(voice.creditor)
    profile = debtor.profile
    waivers = frozenset(open_waivers(debtor.waivers, now)) if debtor.waivers else frozenset()
    if kind is Kind.CONSENTED_CALLBACK:
        waivers |= set(AT_WORK if point.line == "work" else CALL_BACK_WAIVERS)
    return Intended(
        channel=channel,
        kind=kind,
        creditor=voice.creditor,
        stage=legal,
        acts_as=brand.acts_as_in(stage) if brand is not None else "third_party",
        debts=tuple(debt.key for debt in voice.debts),
        debtor="commercial" if profile.law == "commercial" else "consumer",
        role=_role(voice),
        country=profile.country,
        subdivision=profile.subdivision,
        zones=profile.zones,
        provenance=point.provenance,
        authorised=point.authorised,
        waivers=waivers,
        events=events_of(debtor),
        line=point.line,
        point=point.id,
    )


def _oldest_dpd(debtor: Debtor, voice: Voice, playbook: Playbook, now: datetime) -> int:
    """Of the oldest debt that is named, however little it is: a debt under the minimum is overdue in the eyes of the law all the same."""
    if voice.dpd > 0 or not voice.debts:
        return voice.dpd
    today = today_of(debtor, playbook, now)
    return days_past_due(min(voice.debts, key=Debt.oldest_due_on), today)


def _role(voice: Voice) -> str:
    """The weakest part that the person has in the debts named: who only vouches is protected as such."""
    others = (one.role for one in voice.debts if one.role is not Role.PRINCIPAL)
    return next(others, Role.PRINCIPAL).value


def closed_to(
    debtor: Debtor, voice: Voice, stage: Stage, channel: Channel, playbook: Playbook, switches: Switches
) -> Refusal | None:
    """What closes a whole channel to this person, before any point or hour is looked at."""
    if playbook.client.setup(channel) is None and channel is not Channel.VOICE:
        return Refusal(
            "client.channel", f"client.toml: channels.{channel.value}", change="enable the channel"
        )
    country = debtor.profile.country
    brand = playbook.client.brand(voice.creditor)
    acts_as = brand.acts_as_in(stage.name) if brand is not None else "third_party"
    if not playbook.client.is_approved(channel, country, voice.creditor, acts_as):
        return Refusal(
            f"gate.{channel.value}",
            "carriers' content policy on debt collection",
            detail=f"{country} {voice.creditor} as {acts_as}",
            change="record the carrier's approval in client.toml",
        )
    off = switches.off_for(creditor=voice.creditor, channel=channel.value, country=country)
    if off:
        return Refusal(
            "switch.off",
            "operator or circuit",
            detail=off,
            change=f"recobro resume --{off.replace(':', ' ')}",
        )
    if channel.value in debtor.stopped or "*" in debtor.stopped:
        return Refusal("person.stopped", "PRACTICE: Opt-out", detail=channel.value)
    return None


def _no_point(debtor: Debtor, channel: Channel) -> Refusal:
    kinds = [kind.value for kind, channels in CHANNELS_OF.items() if channel in channels]
    known = [one.state.value for one in debtor.points if channel in CHANNELS_OF[one.kind]]
    detail = f"{channel.value}: {', '.join(sorted(set(known))) if known else 'none known'}"
    return Refusal(
        "person.no_point", "PRACTICE: Who is who", detail=detail, change=f"another {' or '.join(kinds)}"
    )
