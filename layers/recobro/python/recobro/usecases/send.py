"""One contact, from intent to outcome: decide again now, claim, send once, record. Twice is worse than late."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial, reduce

from recobro.adapters.lookups import suppressed_key
from recobro.adapters.switches import FRESH
from recobro.counts import CIRCUIT_OPENED
from recobro.domain.attempt import AttemptStatus, ContactAttempt, attempt_id
from recobro.domain.claimable import still_claimable
from recobro.domain.client import SETUP_NAMES
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision
from recobro.domain.facts import (
    AttemptClaimed,
    AttemptProgressed,
    Fact,
    PersonalChanged,
    PointStateChanged,
    StepMarked,
    TaskOpened,
)
from recobro.domain.fold import apply
from recobro.domain.hand_over import WORDS_MISSING, unsayable_task
from recobro.domain.playbook import Switches
from recobro.domain.price import at_most
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled
from recobro.errors import InvalidInput, NotFound, Stale, Unavailable
from recobro.house import House
from recobro.ports import Carrier, Loaded, Overtaken, SavedByAnother, Sent
from recobro.usecases.carriers_word import keep_no, point_facts, tell_others_there
from recobro.usecases.compose import Composed, compose
from recobro.usecases.saving import change
from recobro.usecases.shared_holds import carries_over, others_in, resolved_meanwhile, said_elsewhere
from recobro.usecases.shared_room import ROUNDS, Held, give_back, room_for, take_room
from recobro.usecases.spending import afford, unspent, without_money

SEND_BY = timedelta(seconds=15)
"""From the claim to the last instant at which the carrier may be called (DESIGN §3)."""

CONNECTING = timedelta(seconds=3)
"""A call that is begun may take so long until the carrier hears of it (adapters/channels/once.py: connect_timeout)."""

RATE_UNITS = 60
"""Rates are granted a second and counted by the minute."""

LOST_RACES = 2
"""After so many saves that others made first, the next sweep hands the person out again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message. result: "sent" | "refused" | "released" | "unknown" | "expired" | "lost_race" | "no_budget"."""

    result: str
    debtor: str
    attempt: str = ""
    reason: str = ""


class NotKept(Unavailable):
    """A carrier's no that says more than that of this message is on record, and the rest could not be kept: the message comes again.

    is_in_doubt: its record counts the contact as perhaps made all the same.
    """

    what = "what it says of the address was not written for everybody there"

    def __init__(self, code: str, *, is_in_doubt: bool) -> None:
        super().__init__(f"{code}: {self.what}")
        self.is_in_doubt = is_in_doubt


class CircuitNotOpened(NotKept):
    """A carrier's no that closes the whole channel is on record, and the channel could not be closed."""

    what = "the switch of its channel was not written"


@dataclass(frozen=True, slots=True)
class About:
    """What a sweep found out about a contact as it handed it out: by which point, and who else owes what it asks for.

    debts: their short forms; nothing was found out about others.
    """

    point: str
    others: tuple[str, ...]
    debts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What was read with the debtor, begun at `at`. closed: why the point must not be used, empty: it may be. debts: in which `others`
    are all the others, by their short forms.
    """

    at: datetime
    point: str
    closed: str
    others: tuple[Debtor, ...]
    debts: tuple[str, ...]


def may_send(house: House, channel: str, count: int, now: datetime) -> bool:
    """Take the carrier's rate for a batch. Refused: the messages are dropped, the next sweep hands them out again."""
    rate = house.playbook.client.channels[channel].rate
    minute = f"{now:%Y-%m-%dT%H:%M}"
    return house.budgets.take(f"rate#{channel}", minute, count, rate * RATE_UNITS, max(count, rate * 10))


def send(
    house: House,
    carrier: Carrier,
    channel: str,
    debtor_id: str,
    valid_until: datetime,
    switches: Callable[[], Switches],
    about: About | None = None,
    spent: Callable[[], Mapping[str, Refusal]] | None = None,
) -> Outcome:
    """Send what `debtor_id` is due by `channel`, if it still is. Raises Unavailable while nothing was claimed yet.

    switches: asked at every decision and once more before its claim. about: as the hint names it, to be read with the debtor;
    None: whoever gave the hint did not look. spent: for which channels there is no money this month, asked where another channel
    than this one would be used; None: to be read each time.
    """
    now = house.now()
    spent = spent or partial(without_money, house, now)
    if now >= valid_until:
        return Outcome("expired", debtor_id)
    loaded, beside = _read(house, debtor_id, about)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    lost_races = 0
    for _ in range(ROUNDS):
        done = _try(house, carrier, channel, loaded, switches, spent, beside)
        if isinstance(done, Outcome):
            return done
        if done is not None:
            loaded, lost_races = done, lost_races + 1
        if lost_races == LOST_RACES:
            break
    return Outcome("lost_race", debtor_id)


def _read(house: House, debtor_id: str, about: About | None) -> tuple[Loaded | None, Beside | None]:
    """One request in either case."""
    if about is None:
        return house.ledger.load(debtor_id), None
    at = house.now()
    found, closed = house.ledger.load_beside([debtor_id, *about.others], *suppressed_key(about.point))
    loaded = found.pop(debtor_id, None)
    reason = closed["reason"]["S"] if closed is not None else ""
    return loaded, Beside(at, about.point, reason, tuple(one.debtor for one in found.values()), about.debts)


def _said_elsewhere(
    house: House, debtor: Debtor, contact: Contact, beside: Beside | None, now: datetime
) -> tuple[Fact, ...]:
    """What binds this contact and has not reached the record yet: who has the address closed it, who owes the debt contests or paid it."""
    if beside is not None and now - beside.at > FRESH:
        beside = None  # whoever stood still since reads again: nobody's version guards what others have said meanwhile
    asked = {house.keys.short_debt(key) for key in contact.debts}
    are_these = beside is not None and asked <= set(beside.debts)
    others = beside.others if beside is not None and are_these else others_in(house, debtor, contact.debts)
    is_read = beside is not None and beside.point == contact.point
    closed = beside.closed if beside is not None and is_read else house.suppressions.reason(contact.point)
    point = debtor.point(contact.point)
    facts: tuple[Fact, ...] = ()
    if closed and point is not None and point.state is PointState.ACTIVE:
        facts = (PointStateChanged(point.id, PointState.SUPPRESSED, closed),)
    return (*facts, *said_elsewhere(house, debtor, others, contact.debts, now))


def _try(
    house: House,
    carrier: Carrier,
    channel: str,
    loaded: Loaded,
    switches: Callable[[], Switches],
    spent: Callable[[], Mapping[str, Refusal]],
    beside: Beside | None,
) -> Outcome | Loaded | None:
    """One round. Returns what stands now where somebody saved first.

    None where others took the room that was left, or where something took long since: decide again by the clock and the
    switches as they are.
    """
    now, standing = house.now(), switches()
    debtor, facts = settled(loaded.debtor, house.playbook, now)
    decision, standing = _decided(house, debtor, channel, standing, spent, now)
    if not isinstance(decision, Contact) or SETUP_NAMES[decision.channel] != channel:
        return _refused(house, loaded, facts, decision, now)
    room = room_for(house, debtor, decision, now)
    reported = _said_elsewhere(house, debtor, decision, beside, now)
    reported += room.reported if room is not None else ()
    if reported:
        told = reduce(lambda one, fact: apply(one, fact, now), reported, debtor)
        again = decide(told, house.playbook, now, standing)
        if again != decision:
            return _refused(house, loaded, (*facts, *reported), again, now)
    claim = _claim_of(house, debtor, decision, now)
    composed = _said_in_full(house, debtor, decision, claim, now)
    if isinstance(composed, str):
        return _unsayable(house, loaded, facts, decision, composed, now)
    claim = replace(
        claim,
        content=composed.content.digest,
        template=composed.content.template_hash,
        is_first_notice=composed.carries_notice,
    )
    held = take_room(house, debtor, room, claim, now) if room is not None else Held()
    if held is None:
        return None
    price = at_most(house.playbook.client.channels[channel], channel, composed.outgoing.body)
    if not afford(house, channel, price, now):
        give_back(house, held)
        return Outcome("no_budget", debtor.id, reason=f"budget.{channel}")
    if house.now() - now > FRESH or switches().off != standing.off:
        give_back(house, held)
        return None
    none_left = tuple(no for _, no in sorted(standing.spent.items()))
    claimed = AttemptClaimed(claim, decision, off=tuple(sorted(standing.off)), spent=none_left)
    is_sent = True  # until we know better: what is in doubt, or counts as such, keeps its room and its money
    try:
        done = _claim_and_send(house, carrier, loaded, (*facts, claimed), claim, composed, now)
        is_sent = isinstance(done, Outcome) and done.result != "released"
    except NotKept as refused:
        is_sent = refused.is_in_doubt
        raise
    finally:
        if not is_sent:
            give_back(house, held)
            unspent(house, channel, price, now)
    return done


def _said_in_full(
    house: House, debtor: Debtor, contact: Contact, claim: ContactAttempt, now: datetime
) -> Composed | str:
    """The message, or the first rule against its words: a law's, or that some are missing."""
    try:
        composed = compose(house, debtor, contact, claim, now)
    except (InvalidInput, NotFound):
        return WORDS_MISSING
    return composed.refused[0].rule if composed.refused else composed


def _decided(
    house: House,
    debtor: Debtor,
    channel: str,
    standing: Switches,
    spent: Callable[[], Mapping[str, Refusal]],
    now: datetime,
) -> tuple[Decision, Switches]:
    """What to do now, and what it rests on: which budgets are spent is asked only where another channel would be used. The sweep may
    have passed that one over for want of money; whether there is any for ours is known when it is taken.
    """
    decision = decide(debtor, house.playbook, now, standing)
    if not isinstance(decision, Contact) or SETUP_NAMES[decision.channel] == channel:
        return decision, standing
    limited = replace(standing, spent=spent())
    return (decide(debtor, house.playbook, now, limited) if limited.spent else decision), limited


def _claim_and_send(
    house: House,
    carrier: Carrier,
    loaded: Loaded,
    facts: tuple[Fact, ...],
    claim: ContactAttempt,
    composed: Composed,
    now: datetime,
) -> Outcome | Loaded | None:
    """Returns what stands there instead where somebody else saved first and the claim is not in it; None as `_try` does."""

    def still() -> bool:
        return house.now() - now <= FRESH

    try:
        claimed = house.ledger.save(loaded, facts, now, contents=(composed.content,), still=still)
    except Overtaken:
        return None
    except SavedByAnother as lost:
        if lost.current is None:
            raise NotFound(f"no debtor {loaded.debtor.id}") from lost
        mine = lost.current.debtor.attempt(claim.id)
        if mine is not None and mine.claim_id == claim.claim_id:
            return _after_a_later_save(house, carrier, lost.current, claim, composed)
        return lost.current
    return _send_claimed(house, carrier, claimed, claim, composed)


def _after_a_later_save(
    house: House, carrier: Carrier, current: Loaded, claim: ContactAttempt, composed: Composed
) -> Outcome:
    """Our claim stands under a save that came after it: what that save brought may forbid the contact, or its words."""
    now = house.now()
    may_go = still_claimable(current.debtor, claim, house.playbook, now)
    if may_go and composed.may_be_said(current.debtor, house.playbook, now):
        return _send_claimed(house, carrier, current, claim, composed)
    code = "superseded_by_a_later_save"
    released = AttemptProgressed(claim.id, AttemptStatus.RELEASED, outcome=code)
    saved = change(house, current.debtor.id, lambda debtor, now: (released,))
    return Outcome(_not_sent(saved.debtor, claim), current.debtor.id, claim.id, code)


def _send_claimed(
    house: House, carrier: Carrier, claimed: Loaded, claim: ContactAttempt, composed: Composed
) -> Outcome:
    debtor_id = claimed.debtor.id
    in_time = house.now() + CONNECTING <= claim.send_by
    sent = carrier.send(composed.outgoing) if in_time else Sent("refused", code="late", then="retry")
    facts = outcome_facts(claim, sent)
    if sent.then == "open_circuit":
        try:
            house.switches.off(f"channel:{claim.channel.value}", "circuit", sent.code, house.now())
        except Unavailable as error:
            # The no is certain all the same: its slot is free for the next try, which meets the ban again.
            saved = _record(house, claimed, claim, sent, facts)
            raise CircuitNotOpened(sent.code, is_in_doubt=_not_sent(saved, claim) == "unknown") from error
        house.counts[CIRCUIT_OPENED] += 1
    try:
        keep_no(house, claim, sent.then)
    except Unavailable as error:
        # Nobody else would hear of a no that stood in this record alone: the next try meets it again.
        saved = _record(house, claimed, claim, sent, outcome_facts(claim, replace(sent, then="retry")))
        raise NotKept(sent.code, is_in_doubt=_not_sent(saved, claim) == "unknown") from error
    saved = _record(house, claimed, claim, sent, facts)
    try:
        tell_others_there(house, debtor_id, claim, sent.then, sent.code)
    except (Stale, Unavailable) as error:
        raise NotKept(sent.code, is_in_doubt=_not_sent(saved, claim) == "unknown") from error
    result = {"accepted": "sent", "refused": _not_sent(saved, claim), "unknown": "unknown"}[sent.status]
    return Outcome(result, debtor_id, claim.id, sent.code)


def _not_sent(saved: Debtor, claim: ContactAttempt) -> str:
    """What nobody was sent is released, unless its lease had ended before we knew: the record counts it as perhaps sent for good,
    and so must everybody who shares a limit with it.
    """
    stands = saved.attempt(claim.id)
    is_in_doubt = stands is not None and stands.status is AttemptStatus.UNKNOWN
    return "unknown" if is_in_doubt else "released"


def outcome_facts(claim: ContactAttempt, sent: Sent) -> tuple[Fact, ...]:
    """What the carrier's answer makes of a claim: DESIGN §3, Claim before send."""
    match sent.status:
        case "accepted":
            progressed = AttemptProgressed(
                claim.id, AttemptStatus.SENT, provider_id=sent.provider_id, cost=sent.cost, outcome=sent.code
            )
            return (progressed, StepMarked(claim.step.episode, claim.step.mark, "sent"))
        case "unknown":
            return (AttemptProgressed(claim.id, AttemptStatus.UNKNOWN, outcome=sent.code),)
    spent = sent.then not in {"retry", "park", "open_circuit"}
    released = AttemptProgressed(claim.id, AttemptStatus.RELEASED, outcome=sent.code, is_spent=spent)
    return (released, *point_facts(claim, sent.then, sent.code))


def _record(
    house: House, claimed: Loaded, claim: ContactAttempt, sent: Sent, facts: tuple[Fact, ...]
) -> Debtor:
    """Save the outcome on what we hold; where somebody saved since, on what stands there now. Returns the record as saved."""
    debtor = _readdressed(claimed.debtor, claim.point, sent.new_address)
    moved = debtor is not claimed.debtor
    changed = (PersonalChanged(house.keys.personal_digest(debtor.personal)),) if moved else ()
    try:
        saved = house.ledger.save(claimed, (*facts, *changed), house.now(), debtor=debtor if moved else None)
    except SavedByAnother:
        saved = change(house, claimed.debtor.id, lambda debtor, now: _still_to_be_said(debtor, claim, facts))
    return saved.debtor


def _still_to_be_said(debtor: Debtor, claim: ContactAttempt, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Of a message that is known to have failed by now, no step is marked as sent: another channel may try."""
    stands = debtor.attempt(claim.id)
    if stands is None or stands.status is not AttemptStatus.FAILED:
        return facts
    return tuple(fact for fact in facts if not isinstance(fact, StepMarked))


def _readdressed(debtor: Debtor, point: str, address: str) -> Debtor:
    """Push services rotate a device's token and tell us with the answer; the old one soon dies."""
    if not address or debtor.personal.points.get(point) == address:
        return debtor
    points = {**debtor.personal.points, point: address}
    return replace(debtor, personal=replace(debtor.personal, points=points))


def _refused(
    house: House, loaded: Loaded, facts: tuple[Fact, ...], decision: Decision, now: datetime
) -> Outcome:
    """The queue is a hint: the ledger says no, or another channel. Saved only where time moved something."""
    if facts:
        saved = house.ledger.save(loaded, facts, now)
        if carries_over(facts):
            change(house, loaded.debtor.id, partial(resolved_meanwhile, house), saved)
    refusals = getattr(decision, "refusals", ())
    reason = refusals[0].rule if refusals else type(decision).__name__.lower()
    return Outcome("refused", loaded.debtor.id, reason=reason)


def _unsayable(
    house: House,
    loaded: Loaded,
    facts: tuple[Fact, ...],
    contact: Contact,
    rule: str,
    now: datetime,
) -> Outcome:
    """The law forbids these very words, or some of them are missing: nothing is sent, a person reads them, and until then the machine
    keeps quiet about it. rule: against what.

    Whoever saved first may have changed what would be said: the next sweep asks again.
    """
    debtor = loaded.debtor
    task = unsayable_task(debtor, contact, house.playbook, now)
    try:
        house.ledger.save(loaded, (*facts, TaskOpened(task)), now)
    except SavedByAnother:
        return Outcome("lost_race", debtor.id)
    return Outcome("refused", debtor.id, reason=rule)


def _claim_of(house: House, debtor: Debtor, contact: Contact, now: datetime) -> ContactAttempt:
    hashes = house.playbook.hashes
    return ContactAttempt(
        id=attempt_id(debtor.id, contact.recipient, contact.creditor, contact.step, contact.number),
        step=contact.step,
        number=contact.number,
        creditor=contact.creditor,
        channel=contact.channel,
        point=contact.point,
        claimed_at=now,
        claim_id=f"{house.chance.getrandbits(64):016x}",
        send_by=now + SEND_BY,
        kind=contact.kind,
        recipient=contact.recipient,
        debts=contact.debts,
        strategy=hashes.get("strategy", "")[:16],
        law=hashes.get(f"law.{debtor.profile.country}", hashes.get("law.strict", ""))[:16],
        book=hashes.get("book", "")[:16],
    )
