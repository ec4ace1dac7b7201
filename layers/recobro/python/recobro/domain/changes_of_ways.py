"""What would open a way to a person: an address, an authorisation, a waiver, a carrier's approval, a switch."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from recobro.domain.attempt import AttemptStatus, StepKey
from recobro.domain.candidates import closed_to, intended_contact, packs_of, tries_of
from recobro.domain.changes import Change, Scene, Size
from recobro.domain.channel import MACHINE_CHANNELS, Channel, Kind
from recobro.domain.client import SETUP_NAMES, Approval, ChannelSetup
from recobro.domain.contact_point import CHANNELS_OF, Authorisation, ContactPoint, Level, PointKind
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.decide import episode_of
from recobro.domain.eligibility import Voice, today_of, voices_of_messages
from recobro.domain.facts import (
    DebtStatusChanged,
    Fact,
    HoldLifted,
    PointRecorded,
    ProfileChanged,
    WaiverGranted,
)
from recobro.domain.fold import apply
from recobro.domain.legal_standing import EVENT_OF_HOLD
from recobro.domain.past_contacts import past_contacts
from recobro.domain.playbook import Playbook
from recobro.domain.refusal import Refusal
from recobro.domain.strategy import Stage, Step
from recobro.domain.waiver import Waiver
from recobro.law.engine import refusals
from recobro.law.pack import Pack

EVIDENCE = "explain"


def changes_of_way(
    scene: Scene, voice: Voice, stage: Stage, step: Step, channel: Channel, point_id: str
) -> Iterator[Change]:
    """What answers the refusals that close one channel at one point whatever the hour. point_id: empty: at a new one."""
    closed = closed_to(scene.debtor, voice, stage, channel, scene.playbook, scene.switches)
    if closed is not None:
        yield from _opened(scene, voice, stage, channel, closed)
        return
    kind = kind_for(channel)
    point = scene.debtor.point(point_id or f"new-{kind.value}") if kind is not None else None
    if point is None and kind is not None and not point_id:
        yield _another_point(scene, channel, kind)
    elif (
        point is not None
        and point.carries(channel)
        and not _is_spent(scene, voice, stage, step, channel, point)
    ):
        yield from _by_law(scene, voice, stage, step, channel, point)


def kind_for(channel: Channel) -> PointKind | None:
    """What kind of point a channel needs."""
    return next((kind for kind, channels in CHANNELS_OF.items() if channel in channels), None)


def is_over(scene: Scene) -> bool:
    """Whether nothing may be sent whatever else were so: erased, every channel closed by the person, or an event told to us
    after which the law lets no machine write.
    """
    debtor, book = scene.debtor, scene.playbook
    if debtor.is_erased or "*" in debtor.stopped:
        return True
    if not debtor.events:
        return False
    today = today_of(debtor, book, scene.now)
    return all(
        _is_silenced(scene, voice, channel)
        for voice in voices_of_messages(debtor, book, today)
        for channel in MACHINE_CHANNELS
    )


def _is_silenced(scene: Scene, voice: Voice, channel: Channel) -> bool:
    debtor, book = scene.debtor, scene.playbook
    point = ContactPoint("any", PointKind.PHONE, PREFERRED[0], Level.ADDRESSED, line="mobile")
    packs = packs_of(debtor, book)
    for kind in (Kind.REMINDER_PRE_DUE, Kind.COLLECTION):
        intended = intended_contact(debtor, voice, "", kind, channel, point, book, scene.now)
        found = refusals(
            packs, book.calendars, replace(intended, events=frozenset(debtor.events)), (), scene.now
        )
        if not any(one.until is None and one.detail in debtor.events for one in found):
            return False
    return True


def _is_spent(
    scene: Scene, voice: Voice, stage: Stage, step: Step, channel: Channel, point: ContactPoint
) -> bool:
    episode = episode_of(scene.debtor, voice)
    key = StepKey(episode.number if episode is not None else 0, stage.name, step.name)
    return any(
        (one.channel, one.point) == (channel, point.id)
        and (one.is_spent or one.status is AttemptStatus.FAILED)
        for one in tries_of(scene.debtor, key)
    )


def _opened(scene: Scene, voice: Voice, stage: Stage, channel: Channel, closed: Refusal) -> Iterator[Change]:
    """Nobody reopens what a person closed (`person.stopped`)."""
    match closed.rule.partition(".")[0]:
        case "client":
            enable = partial(_enabled, name=SETUP_NAMES.get(channel, channel.value))
            said = f"channels.{SETUP_NAMES.get(channel, channel.value)} enabled in client.toml"
            yield Change(f"channel:{channel.value}", Size.CLIENT_FILE, said, closed, book=enable)
        case "gate":
            country = scene.debtor.profile.country
            brand = scene.playbook.client.brand(voice.creditor)
            acts_as = (brand.acts_as_in(stage.name),) if brand is not None else ("third_party",)
            day = today_of(scene.debtor, scene.playbook, scene.now).day
            one = Approval(channel, country, voice.creditor, EVIDENCE, day, acts_as)
            said = (
                f"a carrier's approval of {channel.value} for {voice.creditor} in {country}, in client.toml"
            )
            ident = f"approval:{channel.value}:{voice.creditor}:{stage.name}"
            yield Change(ident, Size.CLIENT_FILE, said, closed, book=partial(_approved, one=one))
            yield from _placed(scene, voice, closed)
        case "switch":
            said = f"recobro resume --{closed.detail.replace(':', ' ')}"
            yield Change(f"switch:{closed.detail}", Size.AGENT, said, closed, frees=closed.detail)


def _enabled(playbook: Playbook, name: str) -> Playbook:
    client = playbook.client
    setup = replace(client.channels.get(name, ChannelSetup()), enabled=True)
    return replace(playbook, client=replace(client, channels={**client.channels, name: setup}))


def _approved(playbook: Playbook, one: Approval) -> Playbook:
    client = playbook.client
    return replace(playbook, client=replace(client, approvals=(*client.approvals, one)))


def _another_point(scene: Scene, channel: Channel, kind: PointKind) -> Change:
    """An address that nobody has told us of yet, from where the law lets it come."""
    known = [one.id for one in scene.debtor.points if one.kind is kind]
    why = Refusal(
        "person.no_point",
        "PRACTICE: Who is who",
        detail=f"{channel.value}: {'none known' if not known else 'not by ' + ', '.join(known)}",
    )
    origins = _origins(packs_of(scene.debtor, scene.playbook))
    new = ContactPoint(f"new-{kind.value}", kind, origins[0], Level.ADDRESSED, line=_line_of(kind))
    said = f"another {kind.value} of the person's (from {new.provenance})"
    return Change(f"point:{kind.value}", Size.PERSON, said, why, lambda *_: (PointRecorded(new),))


def _line_of(kind: PointKind) -> str:
    return "mobile" if kind is PointKind.PHONE else "unknown"


PREFERRED = ("debtor_authorised", "debtor", "creditor")


def _origins(packs: Sequence[Pack]) -> list[str]:
    """Where points may come from under all of the packs, what the person gave us first."""
    rules = [rule for pack in packs for rule in pack.provenance]
    known = {origin for rule in rules for origin in rule.allowed} or set(PREFERRED)
    lawful = [one for one in known if all(one in rule.allowed - rule.forbid for rule in rules)]
    return sorted(lawful or known, key=lambda one: (one not in PREFERRED, one))


def _by_law(
    scene: Scene, voice: Voice, stage: Stage, step: Step, channel: Channel, point: ContactPoint
) -> Iterator[Change]:
    """The changes after which fewer rules refuse whatever the hour."""
    lasting = _lasting(scene.debtor, scene, voice, stage, step, channel, point)
    if not lasting:
        return
    for change in _candidates(scene, voice, channel, point, lasting[0]):
        debtor = scene.debtor
        for fact in change.facts(debtor, scene.now):
            debtor = apply(debtor, fact, scene.now)
        changed = debtor.point(point.id) or point
        if len(_lasting(debtor, scene, voice, stage, step, channel, changed)) < len(lasting):
            yield change


def _lasting(
    debtor: Debtor,
    scene: Scene,
    voice: Voice,
    stage: Stage,
    step: Step,
    channel: Channel,
    point: ContactPoint,
) -> list[Refusal]:
    """The rules of law that refuse this way now and that no waiting ends."""
    packs, book = packs_of(debtor, scene.playbook), scene.playbook
    intended = intended_contact(debtor, voice, stage.name, step.kind, channel, point, book, scene.now)
    found = refusals(packs, book.calendars, intended, past_contacts(debtor), scene.now)
    return [one for one in found if one.until is None]


def _candidates(
    scene: Scene, voice: Voice, channel: Channel, point: ContactPoint, why: Refusal
) -> Iterator[Change]:
    """Everything that the law may ask of a point or a person."""
    packs = packs_of(scene.debtor, scene.playbook)
    if channel not in point.authorised:
        given = Authorisation(channel, EVIDENCE, scene.now)
        allowed = partial(_with_authorisation, point=point.id, given=given)
        said = f"a recorded authorisation of {channel.value} at {point.id}"
        yield Change(f"authorise:{point.id}:{channel.value}", Size.PERSON, said, why, allowed)
    for origin in _origins(packs)[:2]:
        if origin != point.provenance:
            come = partial(_recorded, point=point.id, provenance=origin)
            said = f"evidence that {point.id} comes from {origin}"
            yield Change(f"provenance:{point.id}:{origin}", Size.CREDITOR, said, why, come)
    if point.line != "mobile" and point.kind is PointKind.PHONE:
        own = partial(_recorded, point=point.id, line="mobile")
        said = f"{point.id} known to be the person's own mobile"
        yield Change(f"line:{point.id}", Size.PERSON, said, why, own)
    for name in sorted(_waivers(packs)):
        waiver = WaiverGranted(Waiver(name, EVIDENCE, scene.now))
        said = f"the person's {name.replace('_', ' ')}, with its proof"
        yield Change(f"waiver:{name}", Size.PERSON, said, why, partial(_always, fact=waiver))
    yield from _placed(scene, voice, why)
    yield from _standing(scene.debtor, why)


def _standing(debtor: Debtor, why: Refusal) -> Iterator[Change]:
    """What the law reads from holds and statuses may be taken back; what we were told in so many words happened."""
    for hold in debtor.holds:
        if hold.reason in EVENT_OF_HOLD and hold.lifted_at is None:
            lifted = partial(_always, fact=HoldLifted(hold.id, EVIDENCE))
            said = f"hold {hold.id} ({hold.reason.value}) lifted by {hold.owner or 'its owner'}"
            yield Change(f"hold:{hold.id}", Size.AGENT, said, why, lifted)
    for debt in debtor.debts:
        if debt.status is DebtStatus.INSOLVENT:
            active = partial(_always, fact=DebtStatusChanged(debt.key, DebtStatus.ACTIVE))
            said = f"the creditor states {debt.key}: no longer in an insolvency"
            yield Change(f"solvent:{debt.key}", Size.CREDITOR, said, why, active)


def _placed(scene: Scene, voice: Voice, why: Refusal) -> Iterator[Change]:
    """Where the person lives, if nobody told us: then the law of that place holds instead of the strictest."""
    profile, book = scene.debtor.profile, scene.playbook
    brand = book.client.brand(voice.creditor)
    country = profile.country if profile.country in book.packs or brand is None else brand.country
    pack = book.packs.get(country)
    if pack is not None and (not profile.zones or country != profile.country):
        zones = profile.zones or pack.zones[:1] or (book.client.schedule.time_zone,)
        placed = ProfileChanged(replace(profile, country=country, zones=zones))
        said = f"the creditor states where the person lives ({country}, {zones[0]})"
        yield Change("place", Size.CREDITOR, said, why, partial(_always, fact=placed))


def _waivers(packs: Sequence[Pack]) -> set[str]:
    in_hours = {name for pack in packs for rule in pack.windows for name in rule.waivers}
    return in_hours | {name for pack in packs for rule in pack.channel_rules for name in rule.unless}


def _always(debtor: Debtor, now: object, fact: Fact) -> tuple[Fact, ...]:
    return (fact,)


def _with_authorisation(debtor: Debtor, now: object, point: str, given: Authorisation) -> tuple[Fact, ...]:
    known = debtor.point(point)
    if known is None:
        return ()
    return (PointRecorded(replace(known, authorisations=(*known.authorisations, given))),)


def _recorded(debtor: Debtor, now: object, point: str, **changed: str) -> tuple[Fact, ...]:
    known = debtor.point(point)
    return () if known is None else (PointRecorded(replace(known, **changed)),)  # type: ignore[arg-type]
