"""What people answer: what they close is closed before we answer, what they want is done or handed over, and nothing is lost."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recobro.adapters.lookups import sent_as
from recobro.codec import to_plain, write_instant
from recobro.domain.about_whom import about_one, about_whom
from recobro.domain.acting import Statement, closes_point_channel, to_read
from recobro.domain.another_writes import called_beside, says_another
from recobro.domain.answered import done_by_an_answer
from recobro.domain.attempt import ContactAttempt
from recobro.domain.chain import canonical
from recobro.domain.channel import Channel
from recobro.domain.client import SETUP_NAMES
from recobro.domain.contact_point import PointKind
from recobro.domain.debtor import Debtor
from recobro.domain.dialogue import ASKS_WHO, answered, tried
from recobro.domain.facts import ConversationMoved, Fact, MessageReceived, TaskOpened
from recobro.domain.identity import can_talk, could_show, is_an_answer, shows
from recobro.domain.masking import masked
from recobro.domain.meaning import Meant
from recobro.domain.phone_forms import variants
from recobro.domain.replying import STAGE
from recobro.domain.talk import Talk
from recobro.errors import NotFound
from recobro.house import House
from recobro.ports import Content, Inbound, Loaded
from recobro.usecases.heard_words import heard_words
from recobro.usecases.meaning import meant_by, meant_by_anybody, second_opinion
from recobro.usecases.saving import Change, change, opt_out_whom_it_may_mean
from recobro.usecases.sent_before import sent_before
from recobro.usecases.shared_holds import rest_for_all

HINT_LIVES = timedelta(minutes=15)
"""How long a channel's queue may hold the hint of an answer; the sweep hands it out again."""


@dataclass(frozen=True, slots=True)
class Heard:
    """intent: what it was taken to mean, of whoever it was clearest. debtors: for how many people it was recorded. owed:
    answers handed to their channels.
    """

    intent: str
    debtors: int
    owed: int = 0


def receive_message(house: House, message: Inbound, raw: str = "") -> Heard:
    """Record what was said and act on it. raw: as its carrier told it, kept as evidence with the person's own papers.

    Raises NotFound for a sender whom nobody knows: the review queue has it then.
    """
    people = _people(house, message)
    loaded = _known(house, people)
    answers = _written_to(house, message) if not loaded else {}
    if answers:
        people, loaded = answers, _known(house, answers)
    people = _placed(people, loaded, message)
    if _opts_out(house, message, loaded):
        people, loaded = _closed(house, message, people)
    there = [one.debtor for one in loaded.values()]
    writer = _writer(house, message, people, there)
    writer = replace(writer, about=_about(house, message, people, there, writer))
    if answers:
        writer = _from_elsewhere(house, message, there, answers)
    opinion = _opinion(house, message, loaded.get(writer.id))
    records = [_record(house, one, people[ident], message, writer, opinion) for ident, one in loaded.items()]
    if raw:
        new = (ident for intent, ident, _ in records if intent != "repeated")
        _keep(house, [ident for ident in new if writer.whose(ident) != "another"], raw)
    if not records:
        raise NotFound(f"{message.channel} message {message.id} from nobody we know")
    return Heard(records[0][0], len(records), _hand_out(house, records))


def _closed(
    house: House, message: Inbound, known: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, Loaded]]:
    """Close the address for everybody there, before anything else is done; and who they are. known: who, at which point of theirs:
    where the number is hidden, that is the only way to the address.

    An import may be about to save the address for somebody: its save has to lose and read again (DESIGN §3).
    """
    points = dict.fromkeys((*_addresses(house, message), *filter(None, known.values())))
    for point in points:
        house.suppressions.add(point, "opt_out", write_instant(message.at))
    people = {debtor: point for point in points for debtor in house.lookups.debtors(point)} | dict(known)
    loaded = _known(house, people)
    for ident, point in people.items():
        there = loaded.pop(ident, None)
        if point and (there is None or there.debtor.point(point) is None):
            if opt_out_whom_it_may_mean(house, ident, point, lambda _debtor, _now: ()):
                loaded |= _known(house, {ident: point})
        elif there is not None:
            loaded[ident] = there
    return people, loaded


def _known(house: House, people: Mapping[str, str]) -> dict[str, Loaded]:
    """Who of them has a record: a lookup may have been written for a save that never came, or hold the place of one to come."""
    found = house.ledger.load_many(list(people))
    return {ident: one for ident, one in found.items() if one.debtor.personal.key}


def _keep(house: House, debtors: Sequence[str], raw: str) -> None:
    """In the client's bucket, encrypted at rest; cards, codes and keys masked (PRACTICE: What people answer). After the save: a
    copy that failed to be kept must not undo an opt-out.
    """
    body = masked(raw, LONGEST_KEPT).encode()
    name = hashlib.sha256(body).hexdigest()[:32]
    for debtor in debtors:
        house.files.write(f"heard/{debtor}/{name}.json", body, "application/json")


def own_part(message: Inbound, told: Sequence[Inbound], body: str) -> str:
    """What is kept of a carrier's event as one message's evidence: all of it, or where several people's came together, its own."""
    return body if len(told) == 1 else canonical(to_plain(message))


LONGEST_KEPT = 300_000
"""Characters of a raw message that are kept: more than SNS or SQS carry."""


def sender_forms(message: Inbound) -> list[str]:
    """The forms under which the same address may have been recorded (Mexico's old 1, Argentina's 9, Brazil's ninth digit)."""
    return [message.sender.lower()] if "@" in message.sender else list(variants(message.sender))


def _addresses(house: House, message: Inbound) -> list[str]:
    return list(dict.fromkeys(house.keys.point(form) for form in sender_forms(message)))


def _people(house: House, message: Inbound) -> dict[str, str]:
    """debtor → the point at which they are known by that address; who hides the number is known by the carrier's own id."""
    found = {debtor: point for point in _addresses(house, message) for debtor in house.lookups.debtors(point)}
    if not message.user_id:
        return found
    alias = house.keys.point(f"{message.channel}:{message.user_id}")
    hidden = house.lookups.debtors(alias)
    for debtor in found:
        if debtor not in hidden:
            house.lookups.add_alias(alias, debtor)
    return found or dict.fromkeys(hidden, "")


def _written_to(house: House, message: Inbound) -> dict[str, str]:
    """Whom the message was for that somebody answers from an address that we do not know (our mail was passed on to another mailbox),
    and at which point it reached them.

    Carriers' ids cannot be guessed: who names one has read the message. Whether it was meant for them, nobody knows.
    """
    found: dict[str, str] = {}
    named = house.lookups.debtors(sent_as(message.replies_to)) if message.replies_to else []
    for ident, loaded in house.ledger.load_many(named).items():
        there = (one for one in loaded.debtor.attempts if _is_named(message, one) and not one.shared)
        attempt = next(there, None) or sent_before(house, loaded.debtor, message.replies_to)
        if attempt is not None and attempt.channel == message.channel:
            found[ident] = attempt.point
    return found


def _placed(people: Mapping[str, str], loaded: Mapping[str, Loaded], message: Inbound) -> dict[str, str]:
    """debtor → their point; where the number is hidden, the one at which we reached them last."""
    last = {ident: _last_point(one.debtor, message.channel) for ident, one in loaded.items()}
    return {ident: point or last.get(ident, "") for ident, point in people.items()}


def _opts_out(house: House, message: Inbound, loaded: Mapping[str, Loaded]) -> bool:
    """Whether the address has to be closed before anything else: as anybody there would mean it, or, where nobody is known, as
    anybody would, so that tomorrow's file does not bring it in.
    """
    if message.signal == "opt_out":
        return False  # it closes WhatsApp there, and nothing else
    now = house.now()
    is_shared = len(loaded) > 1
    meant = [meant_by(house, message, one.debtor, now, is_shared=is_shared) for one in loaded.values()]
    return any(one.is_sure and "opt_out" in one.every for one in meant or [meant_by_anybody(house, message)])


EVERYBODYS = frozenset({"opt_out", "minor", "stop_channel"})
"""What binds everybody at an address, whoever of them says it."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who of the people at one address is answered. is_guess: none of several was shown to write, and with the right
    words would have been: it may have been a try at anybody there but the one who is known already.

    is_elsewhere: they write from an address that is nobody's, and are known by nothing but the message they answer: what binds us for
    the better is done, they are told nothing, and a person reads the rest.

    asked: what waits for the answer to "who is writing", whomever of them we took it to be; None: nobody was asked. is_known: they
    are the only one there, or have shown who they are, and the message does not say that somebody else writes; is_another: it does,
    and not that it is this one. about: of whom one of several is "not her" or "she died" said, empty: in
    doubt; None: no such thing was said.
    """

    id: str
    is_known: bool = True
    is_another: bool = False
    is_shared: bool = False
    is_guess: bool = False
    asked: str | None = None
    about: str | None = None
    is_elsewhere: bool = False

    def may_try(self, debtor_id: str) -> bool:
        """Whether the message may have been a wrong try at that person."""
        return self.is_guess and not (self.is_known and debtor_id == self.id)

    def whose(self, debtor_id: str) -> str:
        """Whose words these are, in the record of one of the people there (MessageReceived.whose)."""
        if not self.is_known:
            return "doubt"
        return "own" if debtor_id == self.id else "another"


def _writer(house: House, message: Inbound, people: Mapping[str, str], there: Sequence[Debtor]) -> Writer:
    """Who of several people at one address is meant: who shows it, else who showed it lately and is not said to be another by now,
    else who is called by name instead, else whom the message that it answers was for.
    """
    now = house.now()
    if len(there) < 2:
        return _only_one(message, there, now)
    shown = [one.id for one in there if shows(one, message.body)]
    lately = [one for one in there if one.conversation.is_identified(people[one.id], now)]
    if not shown and len(lately) == 1 and not _is_about_one(house, message, there):
        named = called_beside(message.body, there, lately[0])
        if named or says_another(message.body, lately[0]):
            another = _another(message, people, there, now, named)
            return replace(another, is_guess=message.is_vouched and could_show(message.body))
    known = shown or [one.id for one in lately]
    talks = [one.conversation for one in there if not one.conversation.is_idle(now)]
    asked = next((one.wish for one in talks if one.awaits in ASKS_WHO), None)
    is_tried = could_show(message.body) or (asked is not None and is_an_answer(message.body))
    is_guess = len(shown) != 1 and message.is_vouched and is_tried
    if len(known) == 1:
        return Writer(known[0], is_shared=True, is_guess=is_guess, asked=asked if shown else None)
    last = _last_written_to(message, people, there, now)
    return Writer(last, is_known=False, is_shared=True, is_guess=is_guess, asked=asked)


def _only_one(message: Inbound, there: Sequence[Debtor], now: datetime) -> Writer:
    """Who alone has an address is taken to write from it, unless the message says otherwise, and does not show who they are where we
    asked for it.
    """
    if not there:
        return Writer("")
    (one,) = there
    is_asked = not one.conversation.is_idle(now) and one.conversation.awaits in ASKS_WHO
    is_shown = is_asked and shows(one, message.body)
    is_another = not is_shown and says_another(message.body, one)
    return Writer(one.id, is_known=not is_another, is_another=is_another)


def _another(
    message: Inbound, people: Mapping[str, str], there: Sequence[Debtor], now: datetime, named: Sequence[str]
) -> Writer:
    """Whoever it is by now, it is not the one who showed it lately: the one who is named is asked to show it."""
    if len(named) == 1:
        return Writer(named[0], is_known=False, is_shared=True)
    last = _last_written_to(message, people, there, now)
    return Writer(last, is_known=False, is_another=True, is_shared=True)


def _is_about_one(house: House, message: Inbound, there: Sequence[Debtor]) -> bool:
    """Whether it says "not her" or "she died" of somebody there, whose name is not the writer's then."""
    now = house.now()
    return any(about_one(meant_by(house, message, one, now, is_shared=True).every) for one in there)


def _from_elsewhere(
    house: House, message: Inbound, there: Sequence[Debtor], answers: Mapping[str, str]
) -> Writer:
    """Whoever writes from an address of nobody's is none of those whom we wrote to, and may say "not her" of whom it was for."""
    now = house.now()
    meant_for = [one for one in there if one.id in answers]
    is_said = any(about_one(meant_by(house, message, one, now).every) for one in meant_for)
    about = meant_for[0].id if is_said and len(meant_for) == 1 else None
    return Writer("", is_known=False, is_shared=True, about=about, is_elsewhere=True)


def _last_written_to(
    message: Inbound, people: Mapping[str, str], there: Sequence[Debtor], now: datetime
) -> str:
    last = [
        (is_named, attempt.claimed_at, one)
        for one, attempt in _written(people, there)
        if (is_named := _is_named(message, attempt))
        or (attempt.channel == message.channel and attempt.may_have_arrived(now))
    ]
    return max(last)[2] if last else min(one.id for one in there)


def _written(people: Mapping[str, str], there: Sequence[Debtor]) -> list[tuple[str, ContactAttempt]]:
    """To whom of those at that address we wrote there, and what."""
    return [
        (one.id, attempt)
        for one in there
        for attempt in one.attempts
        if attempt.point == people[one.id] and not attempt.shared
    ]


def _is_named(message: Inbound, attempt: ContactAttempt) -> bool:
    return bool(message.replies_to) and attempt.provider_id == message.replies_to


def _about(
    house: House, message: Inbound, people: Mapping[str, str], there: Sequence[Debtor], writer: Writer
) -> str | None:
    """Of whom "not her" or "she died" is said at an address that several people have; empty: in doubt; None: it is not said."""
    if not writer.is_shared:
        return None
    now = house.now()
    read = {one.id: meant_by(house, message, one, now, is_shared=True).every for one in there}
    if not any(about_one(every) for every in read.values()):
        return None
    meant_for = _meant_for(message, people, there, now)
    every = read.get(meant_for, ())
    if not about_one(every):
        return ""
    known = writer.id if writer.is_known else ""
    return about_whom(message.body, every, there, meant_for=meant_for, writer=known)


def _meant_for(message: Inbound, people: Mapping[str, str], there: Sequence[Debtor], now: datetime) -> str:
    """Whom the message was for that is answered: the one it names, else the last there that reached them, by that channel before
    any other; empty: none. What we answered to them was for whoever wrote.
    """
    last = [
        (is_named, attempt.channel == message.channel, attempt.claimed_at, one)
        for one, attempt in _written(people, there)
        if (is_named := _is_named(message, attempt))
        or (attempt.step.stage != STAGE and attempt.may_have_arrived(now))
    ]
    return max(last)[3] if last else ""


Record = tuple[str, str, tuple[Channel, ...]]
"""(intent, debtor, channels by which answers are owed)."""


def _opinion(house: House, message: Inbound, writer: Loaded | None) -> str:
    """Asked once, before anything is saved, of what is new."""
    if (
        house.second_reader is None
        or writer is None
        or _is_repeated(writer.debtor, said(writer.debtor, message))
    ):
        return ""
    return second_opinion(house, message, writer.debtor)


def _is_repeated(debtor: Debtor, content: Content) -> bool:
    return any(one.said == content.digest for one in debtor.approaches)


def _record(
    house: House, loaded: Loaded, point: str, message: Inbound, writer: Writer, opinion: str
) -> Record:
    """One message in one person's history; a redelivery changes nothing. Another's words are not kept there, unless somebody of ours
    has to read them to know what to do.
    """
    told: list[str] = [""]

    def decide(debtor: Debtor, now: datetime) -> Change:
        content = said(debtor, message)
        if _is_repeated(debtor, content):
            return Change()
        attempt = _answered(debtor, message, point, now)
        own = opinion if debtor.id == writer.id else ""
        is_shared = writer.is_shared and not writer.is_elsewhere
        meant = meant_by(house, message, debtor, now, own, attempt, is_shared=is_shared)
        told[:] = [meant.intent]
        channel = Channel(message.channel)
        whose = writer.whose(debtor.id)
        intent = meant.intent if whose != "another" else _bound_by(debtor, meant, writer)
        heard = MessageReceived(channel, point, content.digest, intent, attempt, whose)
        statement = Statement(channel, content.digest, point, attempt)
        facts = _facts(house, debtor, statement, meant, now, writer)
        if message.signal == "opt_out":
            facts = closes_point_channel(debtor, statement)
        is_kept = whose != "another" or any(isinstance(one, TaskOpened) for one in facts)
        return Change((heard, *done_by_an_answer(debtor, attempt), *facts), (content,) if is_kept else ())

    saved = change(house, loaded.debtor.id, decide, loaded)
    short = Statement(Channel(message.channel), said(saved.debtor, message).digest).short
    rest_for_all(house, saved.debtor, (one for one in saved.debtor.holds if one.id.endswith(short)))
    now = house.now()
    open_ones = tuple(dict.fromkeys(one.channel for one in saved.debtor.replies if now < one.expires_at))
    return told[0] or "repeated", loaded.debtor.id, open_ones


def _facts(
    house: House, debtor: Debtor, statement: Statement, meant: Meant, now: datetime, writer: Writer
) -> tuple[Fact, ...]:
    """An opt-out, a child and a channel that is not wanted are everybody's at that address; a wrong person or a dead one is whom the
    message was for, and all others there rest until a person has read it; the rest is the writer's, and until we know who that is,
    everybody is left in peace until a person has read it.

    A guess at who writes is one at everybody there who is not known to write: else each of them could be tried without end in
    another's name.
    """
    talk = Talk(
        debtor,
        statement,
        house.playbook,
        now,
        is_shared=writer.is_shared,
        is_known=writer.is_known,
        is_another=writer.is_another,
    )
    if debtor.id == writer.id and writer.about in (None, debtor.id):
        if writer.asked is not None and talk.conversation.awaits not in ASKS_WHO:
            talk.move(awaits="who", wish=writer.asked)
        return answered(talk, meant)
    talk.is_with_a_person = True  # one confirmation is enough: the writer's
    is_tried = writer.may_try(debtor.id) and can_talk(debtor)
    guessed = (
        *(tried(debtor, statement, talk.today, passed=False) if is_tried else ()),
        *_check_ended(debtor, statement, now, writer),
    )
    bound = _binding(debtor, meant, writer)
    if bound is None:
        return guessed
    if writer.about not in (None, debtor.id):
        talk.add(*to_read(debtor, statement, house.playbook, now))
    if writer.is_elsewhere and set(meant.every) - set(bound.every):
        talk.add(*to_read(debtor, statement, house.playbook, now))
    facts = answered(talk, bound)
    return (*guessed, *(one for one in facts if debtor.id == writer.id or not _is_answer(one)))


def _check_ended(
    debtor: Debtor, statement: Statement, now: datetime, writer: Writer
) -> tuple[ConversationMoved, ...]:
    """Who showed lately who they are has to show it anew, once somebody else has the phone, or may have it."""
    talk = debtor.conversation
    is_theirs = writer.is_known and debtor.id == writer.id
    if is_theirs or not talk.is_identified(statement.point, now):
        return ()
    return (ConversationMoved(talk.unidentified()),)


def _binding(debtor: Debtor, meant: Meant, writer: Writer) -> Meant | None:
    """What of a message binds one of several people who did not write it of themselves; None: nothing."""
    mine = EVERYBODYS | (about_one(meant.every) if debtor.id == writer.about else frozenset())
    kept = tuple(one for one in meant.every if one in mine)
    if kept:
        return replace(meant, intent=kept[0], also=kept[1:], text="")
    if writer.about is not None or meant.may_stop or (meant.needs_reader and not writer.is_known):
        return replace(meant, intent="other", also=(), text="", may_stop=True)
    if writer.is_elsewhere:
        return replace(meant, intent="other", also=(), text="", may_stop=True)
    return None


def _bound_by(debtor: Debtor, meant: Meant, writer: Writer) -> str:
    """All that one person's record says of the meaning of another's words."""
    bound = _binding(debtor, meant, writer)
    return bound.intent if bound is not None else "other"


def _is_answer(fact: Fact) -> bool:
    return type(fact).__name__ in {"ReplyOwed", "ConversationMoved"}


def said(debtor: Debtor, message: Inbound) -> Content:
    """The words as we keep them: cards, codes and keys masked."""
    return heard_words(debtor, message.channel, message.id, masked(message.body))


def _last_point(debtor: Debtor, channel: str) -> str:
    """Where we reached the person last by that channel: who hides the number answers from there."""
    used = [one.point for one in debtor.attempts if one.channel == channel and not one.shared]
    phones = [one.id for one in debtor.points if one.kind is PointKind.PHONE]
    return next(reversed(used), next(iter(phones), ""))


def _answered(debtor: Debtor, message: Inbound, point: str, now: datetime) -> str:
    """The attempt that a message answers: the one it names, else the last by that channel at that point which may have come there."""
    there = (message.channel, point)
    made = [one for one in debtor.attempts if (one.channel, one.point) == there and not one.shared]
    named = (one.id for one in made if _is_named(message, one))
    arrived = (one.id for one in reversed(made) if one.may_have_arrived(now))
    return next(named, "") or next(arrived, "")


def _hand_out(house: House, records: Sequence[Record]) -> int:
    """Hint the channels that an answer is owed. Lost hints come round with the sweep: the ledger holds what is owed."""
    valid_until = write_instant(house.now() + HINT_LIVES)
    owed = [
        (SETUP_NAMES[one], debtor)
        for _, debtor, channels in records
        for one in channels
        if one in SETUP_NAMES
    ]
    for channel, debtor in owed:
        hint = {"debtor": debtor, "valid_until": valid_until}
        if channel in house.outboxes.channels:
            house.outboxes.enqueue(channel, [hint], house.playbook.client.channels[channel].rate)
    return len(owed)
