"""Why was this person contacted, or not? Every no with its article, until when it holds, and the least that would change it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce

from recobro.domain import business_days
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.candidates import intended_contact, packs_of, tries_of, weigh
from recobro.domain.chain import Recorded
from recobro.domain.changes import Scene
from recobro.domain.channel import Channel
from recobro.domain.contact_point import CHANNELS_OF, ContactPoint, PointState
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide, episode_of
from recobro.domain.decision import Contact, Decision, HandOver, Stop, Wait
from recobro.domain.duties import open_duties
from recobro.domain.eligibility import Voice, today_of, voices_of_messages
from recobro.domain.facts import PointStateChanged
from recobro.domain.fold import apply
from recobro.domain.lawful_words import unsayable
from recobro.domain.least_change import LeastChange, Sought, least_change, refusals_of
from recobro.domain.money import Money
from recobro.domain.past_contacts import past_contacts
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.refusal import Refusal
from recobro.domain.refused_now import refused_now
from recobro.domain.replay import as_it_stood
from recobro.domain.segmentation import current_step, next_step_day, segment_of, stages_for
from recobro.domain.settle import settled
from recobro.domain.strategy import Stage, Step
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.law.contact import Duty
from recobro.law.engine import refusals as refused_by_law
from recobro.usecases.shared_holds import others_in, said_elsewhere
from recobro.usecases.shared_room import ROUNDS, room_for
from recobro.usecases.spending import without_money


@dataclass(frozen=True, slots=True)
class Way:
    """One channel at one point (empty: none known). opens_at: first permitted instant; None: not by waiting.

    refusals: every rule that refuses now; empty: this way is open.
    """

    channel: Channel
    point: str
    level: str
    opens_at: datetime | None
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class VoiceExplained:
    """What one creditor brand may say in one currency. unspoken: debt key and why it may not be named.

    stage, step: the step in question; begins_on: its local day where it lies ahead. held: what holds the whole step.
    """

    creditor: str
    currency: str
    dpd: int
    due: Money
    later: Money
    debts: tuple[str, ...]
    unspoken: tuple[tuple[str, Refusal], ...]
    segment: str
    episode: int
    is_first_contact: bool
    stage: str
    step: str
    begins_on: date | None
    decision: Decision
    held: tuple[Refusal, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """result: "contact" | "task" | "wait" | "stop". change: the least that would let us write; empty: nothing or time.

    blocked_by: what refuses now and is answered by the change, or yields by then; blocked_later: what the change answers besides,
    and begins only while we wait. then_at, then: when and what would be sent, found by trying it; None: no
    change there is would lead to a contact (is_whole False: we gave up looking).
    duties: what the law obliges us to tell the person, by when; each keeps a slot free. laws: the packs that bind, by id.
    words: the rules against what would be said, now or once everything else lets us write; `then` is None until they are changed.
    as_of: the last save of the record that this was answered from, where it has been saved since; None: the record of now.
    """

    debtor: str
    at: datetime
    zone: str
    result: str
    decision: Decision
    lane: str
    next_action: datetime | None
    voices: tuple[VoiceExplained, ...]
    change: tuple[str, ...]
    blocked_by: tuple[Refusal, ...] = ()
    then_at: datetime | None = None
    then: Contact | None = None
    is_whole: bool = True
    duties: tuple[Duty, ...] = ()
    laws: tuple[str, ...] = ()
    words: tuple[Refusal, ...] = ()
    blocked_later: tuple[Refusal, ...] = ()
    as_of: datetime | None = None


def explain(house: House, debtor_id: str, at: datetime | None = None) -> Explained:
    """What would happen to that person at `at` (now), and why not otherwise. Writes nothing. Raises NotFound, and InvalidInput
    where `at` lies before the history.

    Before the last save it is the record as it stood then that answers; the rules and the switches are those of now.
    """
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    switches = house.switches.read()
    if at is not None and loaded.saved_at is not None and at < loaded.saved_at:
        stood, as_of = _as_it_stood_at(at, loaded.debtor, house.ledger.history(debtor_id))
        return replace(explained(stood, house.playbook, at, switches), as_of=as_of)
    now = at or house.now()
    limited = replace(switches, spent=without_money(house, now))
    told = _told_by_others(house, loaded.debtor, now, limited)
    found = _as_others_leave_room(house, told, now, limited)
    if limited.spent and isinstance(found.decision, Wait | Stop):
        found = _unless_it_is_the_money(found, _as_others_leave_room(house, told, now, switches), limited)
    return replace(found, lane=loaded.lane, next_action=loaded.next_action)


def _as_others_leave_room(house: House, told: Debtor, now: datetime, switches: Switches) -> Explained:
    """What is found, with who else was contacted where the contact that would follow shares a limit: it may only follow later."""
    found, by_then = _explained(told, house.playbook, now, switches)
    for _ in range(ROUNDS):
        if found.then is None or found.then_at is None or by_then is None:
            break
        room = room_for(house, by_then, found.then, found.then_at)
        if room is None or not room.reported:
            break
        told = reduce(lambda one, fact: apply(one, fact, now), room.reported, told)
        found, by_then = _explained(told, house.playbook, now, switches)
    return found


def _unless_it_is_the_money(found: Explained, with_money: Explained, switches: Switches) -> Explained:
    """The same, unless more money alone would let us write now: no record says that the month's is spent.

    with_money: what would be found if nothing were spent.
    """
    contact = with_money.decision
    over = switches.no_money(contact.channel, found.at) if isinstance(contact, Contact) else None
    if over is None or over.until is None:
        return found
    decision = found.decision
    waits_for_it = isinstance(decision, Wait) and over in decision.refusals
    return replace(
        found,
        result="wait",
        decision=decision if waits_for_it else Wait(over.until, (over,)),
        blocked_by=(over,),
        change=(over.change,),
        then_at=None,
        then=None,
    )


def _told_by_others(house: House, debtor: Debtor, now: datetime, switches: Switches) -> Debtor:
    """The person with what has not reached the record and binds all the same: who closed an address, what those who owe the same
    debts contest or paid and, if a contact is due, who else was contacted where a limit is shared. It is read as whoever sends reads
    it, and no room is taken.
    """
    stands, _ = settled(debtor, house.playbook, now)
    closed = tuple(
        PointStateChanged(one.id, PointState.SUPPRESSED, reason)
        for one in stands.points
        if one.state is PointState.ACTIVE and (reason := house.suppressions.reason(one.id))
    )
    keys = tuple(one.key for one in stands.debts)
    told = (*closed, *said_elsewhere(house, stands, others_in(house, stands, keys), keys, now))
    stands = reduce(lambda one, fact: apply(one, fact, now), told, stands)
    is_told = bool(told)
    # Whoever is told no by one address may be due at the next, where others were contacted, too.
    for _ in range(ROUNDS):
        contact = decide(stands, house.playbook, now, switches)
        room = room_for(house, stands, contact, now) if isinstance(contact, Contact) else None
        if room is None or not room.reported:
            break
        is_told = True
        stands = reduce(lambda one, fact: apply(one, fact, now), room.reported, stands)
    return stands if is_told else debtor


def _as_it_stood_at(at: datetime, now: Debtor, history: Sequence[Recorded]) -> tuple[Debtor, datetime]:
    """The record at an instant that is over, and when it had been saved last. now: whose names it bears, which no history holds."""
    before = [one for one in history if one.at <= at]
    if not before or before[0].version > 1:
        begun = f"from {history[0].at.isoformat()} on" if history and history[0].version == 1 else "of now"
        raise InvalidInput("at", "lies before what the history tells", f"ask about an instant {begun}")
    stood = as_it_stood(now.id, before, before[-1].version + 1)
    return replace(stood, personal=now.personal), before[-1].at


def explained(debtor: Debtor, playbook: Playbook, now: datetime, switches: Switches) -> Explained:
    """The same for a debtor at hand; pure."""
    return _explained(debtor, playbook, now, switches)[0]


def _explained(
    debtor: Debtor, playbook: Playbook, now: datetime, switches: Switches
) -> tuple[Explained, Debtor | None]:
    """With it the person as changed by the least change, to whom `then` would be sent; None: nothing would be."""
    scene = Scene(debtor, playbook, now, switches)
    debtor, decision = scene.debtor, scene.decision
    spoken = tuple(_voices(debtor, playbook, now, switches))
    words = unsayable(debtor, playbook, now, switches)
    sought = Sought(None) if words else least_change(scene)
    if words and isinstance(decision, Contact):
        decision = Stop(words)
    least = None if isinstance(decision, Contact) else sought.least
    words = words or (_words_then(least) if least else ())
    packs = packs_of(debtor, playbook)
    found = Explained(
        debtor=debtor.id,
        at=now,
        zone=str(business_days.zone_of(debtor, playbook)),
        result=result_of(decision),
        decision=decision,
        lane="",
        next_action=None,
        voices=spoken,
        change=(*(one.said for one in least.changes), *_words_change(words))
        if least
        else _words_change(words),
        blocked_by=(*least.blocked_by, *words) if least else words or refusals_of(scene),
        then_at=least.at if least and not words else None,
        then=least.contact if least and not words else None,
        is_whole=sought.is_whole,
        words=words,
        duties=open_duties(debtor, packs, playbook, now),
        laws=tuple(pack.id for pack in packs),
        blocked_later=least.blocked_later if least else (),
    )
    return found, least.scene.debtor if least and not words else None


def _words_then(least: LeastChange) -> tuple[Refusal, ...]:
    """Why the words of that contact may not go out: what is refused to the hour now may be refused to the words by then."""
    then = least.scene
    return unsayable(then.debtor, then.playbook, least.at, then.switches)


def _words_change(words: Iterable[Refusal]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.change for one in words if one.change))


def result_of(decision: Decision) -> str:
    """A decision in one word."""
    match decision:
        case Contact():
            return "contact"
        case HandOver():
            return "task"
        case Wait():
            return "wait"
        case Stop():
            return "stop"


def _voices(
    debtor: Debtor, playbook: Playbook, now: datetime, switches: Switches
) -> Iterator[VoiceExplained]:
    today = today_of(debtor, playbook, now)
    for voice in voices_of_messages(debtor, playbook, today):
        alone = replace(debtor, debts=tuple(debt for debt in debtor.debts if _speaks_of(voice, debt.key)))
        decision = decide(alone, playbook, now, switches)
        segment = segment_of(debtor, voice, playbook.strategy)
        stages = stages_for(segment, playbook.strategy)
        episode = episode_of(debtor, voice)
        number = episode.number if episode is not None else 0
        asked = _step_in_question(stages, voice, decision)
        ways: tuple[Way, ...] = ()
        if asked is not None and voice.debts:
            ways = tuple(_ways(debtor, voice, *asked, number, playbook, switches, now))
        met = refused_now(getattr(decision, "refusals", ()), alone, playbook, now)
        seen = {refusal for way in ways for refusal in way.refusals}
        ahead = asked is not None and asked[1].on_dpd > voice.dpd
        yield VoiceExplained(
            creditor=voice.creditor,
            currency=voice.currency,
            dpd=voice.dpd,
            due=voice.due,
            later=voice.later,
            debts=tuple(debt.key for debt in voice.debts),
            unspoken=voice.refused,
            segment=segment,
            episode=number,
            is_first_contact=voice.dpd > 0 and (episode is None or episode.noticed_at is None),
            stage=asked[0].name if asked else "",
            step=asked[1].name if asked else "",
            begins_on=voice.due_on + timedelta(days=asked[1].on_dpd) if asked and ahead else None,
            decision=decision,
            held=tuple(one for one in met if one not in seen),
            ways=ways,
        )


def _speaks_of(voice: Voice, key: str) -> bool:
    return any(debt.key == key for debt in voice.debts) or any(key == other for other, _ in voice.refused)


def _step_in_question(stages: list[Stage], voice: Voice, decision: Decision) -> tuple[Stage, Step] | None:
    """The step of today, or the next one where today's is done or there is none."""
    current = current_step(stages, voice.dpd)
    over = {"step.done", "step.superseded", "strategy.no_step", "strategy.max_tries"}
    if current is not None and not any(one.rule in over for one in getattr(decision, "refusals", ())):
        return current
    day = next_step_day(stages, voice.dpd)
    ahead = ((stage, step) for stage in stages for step in stage.steps if step.on_dpd == day)
    return next(ahead, current)


def _ways(
    debtor: Debtor,
    voice: Voice,
    stage: Stage,
    step: Step,
    episode: int,
    playbook: Playbook,
    switches: Switches,
    now: datetime,
) -> Iterator[Way]:
    history = past_contacts(debtor)
    packs = packs_of(debtor, playbook)
    duties = open_duties(debtor, packs, playbook, now)
    tries = tries_of(debtor, StepKey(episode, stage.name, step.name))
    for channel in step.channels:
        alone = replace(step, channels=(channel,))
        barred = weigh(
            replace(debtor, points=()), voice, stage, alone, tries, playbook, switches, history, now
        ).refused
        closed = tuple(one for one in barred if one.rule != "person.no_point")
        points = [one for one in debtor.points if channel in CHANNELS_OF[one.kind]]
        if not points:
            yield Way(channel, "", "", None, barred)
        for point in points:
            intended = intended_contact(debtor, voice, stage.name, step.kind, channel, point, playbook, now)
            lawful = tuple(refused_by_law(packs, playbook.calendars, intended, history, now, duties=duties))
            own = tuple(_own_refusals(channel, point, tries))
            over = switches.no_money(channel, now)
            unpaid = (over,) if over is not None else ()
            found = weigh(
                replace(debtor, points=(point,)),
                voice,
                stage,
                alone,
                tries,
                playbook,
                switches,
                history,
                now,
            ).found
            opens_at = found[0].at if found and not closed and not own else None
            yield Way(channel, point.id, point.level.value, opens_at, closed + own + unpaid + lawful)


def _own_refusals(
    channel: Channel, point: ContactPoint, tries: Iterable[ContactAttempt]
) -> Iterator[Refusal]:
    """What closes one point, whatever the law would allow."""
    another = f"another {point.kind.value}"
    if point.state.value != "active":
        yield Refusal(f"point.{point.state.value}", "PRACTICE: Opt-out", detail=point.reason, change=another)
    if channel in point.blocked:
        yield Refusal("point.blocked", "carrier or person", detail=channel.value, change=another)
    for one in tries:
        failed = one.is_spent or one.status is AttemptStatus.FAILED
        if failed and one.channel is channel and one.point == point.id:
            yield Refusal("step.spent", "DESIGN: Claim before send", detail=one.outcome, change=another)
