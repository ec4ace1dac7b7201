"""What the machine answers and what it does, one turn at a time: it binds first, asks once, tells only whom it knows, and hands over.

A person is always one word away, and is brought in by itself where the machine is not sure, has talked long enough, or where the
matter is a person's. It never asks why (Colombia: Ley 2300 de 2023, art. 5).
"""

import re
from collections.abc import Callable

from recobro.domain import acting
from recobro.domain.acting import Statement
from recobro.domain.conversation import IDENTIFIED_FOR
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today
from recobro.domain.facts import Fact
from recobro.domain.identity import can_talk, checked, could_show, is_an_answer, is_locked, shows
from recobro.domain.meaning import BINDS, RESTS, Meant
from recobro.domain.talk import Talk
from recobro.domain.wishes import WISHES, chooses, listens, offers_again, remembers, takes_file, turns_away

ASKS_WHO = frozenset({"identity", "who"})
"""What is waited for where we asked who is writing."""
COURTESIES = frozenset({"greeting", "other"})
"""What asks for nothing beside an answer."""


def answered(talk: Talk, meant: Meant) -> tuple[Fact, ...]:
    """The facts of one turn: what was meant is acted on, and what it asks is answered."""
    binds = bool(BINDS & set(meant.every))
    is_in_doubt = not meant.is_sure if binds else meant.may_stop or not meant.is_vouched
    if talk.conversation.awaits in ASKS_WHO and not binds and not is_in_doubt and _is_an_answer(talk, meant):
        _check(talk, meant)
        return talk.result()
    if _is_a_guess(talk, meant):
        talk.add(*tried(talk.debtor, talk.statement, talk.today, passed=False))
    if is_in_doubt:
        _doubt(talk, meant)
    elif binds:
        _bind(talk, meant)
    elif talk.is_shared and not talk.is_identified:
        _who(talk, meant)
    else:
        _go_on(talk, meant)
    return talk.result()


def _is_an_answer(talk: Talk, meant: Meant) -> bool:
    """Whether it is taken for the answer to who somebody is, right or wrong, and for nothing else."""
    if meant.is_wordless:
        return False
    return shows(talk.debtor, meant.text) or not meant.is_sure or is_an_answer(meant.text)


def _is_a_guess(talk: Talk, meant: Meant) -> bool:
    """Whether it is about something else, and is a wrong try all the same: with the right words it would have passed. Where we asked
    for none, and know whose phone it is, no words show anything, and a number is a sum or a receipt's. Mail that anybody may
    have sent shows nothing either, and locks nobody out.
    """
    is_open = talk.conversation.awaits in ASKS_WHO or (talk.is_shared and not talk.is_identified)
    if not is_open or not meant.is_vouched or not can_talk(talk.debtor):
        return False
    return could_show(meant.text) and not shows(talk.debtor, meant.text)


def _bind(talk: Talk, meant: Meant) -> None:
    """What the person closes is closed before anything is said; the rest of the message, if any, a person reads."""
    every = set(meant.every)
    if "opt_out" in every:
        closed = acting.opts_out(talk.debtor, talk.statement)
        talk.add(*closed)
        if closed:  # the end is confirmed once, however often it is asked for
            talk.say("optout_confirmation", event="opt_out")
    if "stop_channel" in every:
        facts = acting.stops_channel(talk.debtor, talk.statement, meant.family)
        talk.add(*facts)
        if talk.statement.channel.value not in talk.debtor.stopped:
            talk.say("channel_stopped")
        elif facts:
            talk.say("optout_confirmation", event="opt_out")
    if "wrong_person" in every and "opt_out" not in every:
        talk.add(*acting.wrong_person(talk.debtor, talk.statement))
        talk.say("wrong_person_noted", event="wrong_number")
    if "minor" in every:
        talk.add(*acting.minor(talk.debtor, talk.statement, talk.playbook, talk.now))
    if "deceased" in every:
        talk.add(*acting.deceased(talk.debtor, talk.statement, talk.playbook, talk.now))
    _rest(talk, meant, says=False)
    if meant.is_cut or {"promise", "wants_plan", "wants_to_pay"} & every:
        talk.add(*acting.to_read(talk.debtor, talk.statement, talk.playbook, talk.now))


def _doubt(talk: Talk, meant: Meant) -> None:
    """What only may be meant so, or be written by anybody, keeps everything quiet until a person has read it, and nothing is
    answered: an address is not given up for a misread word, and whoever may be a stranger is told nothing.
    """
    if "deceased" in meant.every:
        talk.add(*acting.deceased(talk.debtor, talk.statement, talk.playbook, talk.now))
    _rest(talk, meant, says=False)
    talk.add(*acting.to_read(talk.debtor, talk.statement, talk.playbook, talk.now))


def _check(talk: Talk, meant: Meant) -> None:
    """The identity check: one try."""
    conversation, passed = talk.conversation, shows(talk.debtor, meant.text)
    if is_locked(talk.debtor):
        turns_away(talk)
        return
    talk.add(*tried(talk.debtor, talk.statement, talk.today, passed=passed))
    if (
        not passed and meant.needs_reader
    ):  # "ya pagué 1500 pesos" may be a wrong answer, and is a payment all the same
        _rest(talk, meant, says=False)
        talk.add(*acting.to_read(talk.debtor, talk.statement, talk.playbook, talk.now))
    if passed:
        until = talk.now + IDENTIFIED_FOR
        talk.move(identified_at=talk.statement.point, identified_until=until, awaits="")
        _heard_out(talk, meant, conversation.wish or "greeting")
    elif is_locked(talk.debtor):
        turns_away(talk)
    else:
        talk.say("identity_wrong", awaits=conversation.awaits, wish=conversation.wish)


def _heard_out(talk: Talk, meant: Meant, wish: str) -> None:
    """Who has just shown who they are gets what they came for, unless the same message says otherwise: that is what they want now, and
    what leaves them in peace binds, and a person reads it.
    """
    is_doubted = not meant.is_sure and meant.intent not in COURTESIES and not is_an_answer(meant.text)
    if is_doubted or not RESTS.isdisjoint(meant.every):
        _rest(talk, meant, says=False)
        talk.hand_over()
    elif meant.is_sure and meant.intent in WISHES and meant.intent not in COURTESIES:
        _go_on(talk, meant)
    else:
        _go_on(talk, Meant(wish))


def tried(debtor: Debtor, statement: Statement, today: Today, *, passed: bool) -> tuple[Fact, ...]:
    """One try in a talk: it counts with those on the page and on every other channel."""
    return checked(debtor, statement.attempt, statement.channel.value, today, passed=passed)


def _who(talk: Talk, meant: Meant) -> None:
    """Several people have this address: who writes is asked, naming nobody. What leaves somebody in peace does so at once: a person
    reads it, whoever answers.
    """
    if meant.needs_reader:
        talk.add(*acting.to_read(talk.debtor, talk.statement, talk.playbook, talk.now))
    if not can_talk(talk.debtor) or talk.has_talked_enough:
        talk.hand_over()
        return
    if is_locked(talk.debtor):
        turns_away(talk)
        return
    if talk.is_another:  # a day that is somebody else's is nobody's here
        talk.move(day=None, amount=0)
    else:
        remembers(talk, meant)
    talk.say("who_writes", awaits="who", wish=meant.intent)


def _go_on(talk: Talk, meant: Meant) -> None:
    number = _number(meant.text)
    conversation = talk.conversation
    if conversation.awaits == "plan" and number is not None:
        chooses(talk, number)
    elif conversation.awaits == "plan" and _may_choose(meant.text):
        offers_again(talk)
    elif _rest(talk, meant):
        pass
    elif not meant.is_sure:
        talk.hand_over()
    elif talk.is_with_a_person:
        pass
    elif talk.has_talked_enough:
        talk.hand_over()
    elif meant.has_file:
        takes_file(talk)
    else:
        WISHES.get(meant.intent, listens)(talk, meant)


def _rest(talk: Talk, meant: Meant, *, says: bool = True) -> bool:
    """What leaves the person in peace or brings a person in; all of it binds, and the first of it is answered. False: none."""
    done = False
    for intent in meant.every:
        act = _RESTS.get(intent)
        if act is None or (intent == "already_paid" and not meant.is_sure):
            continue
        words, values = act(talk, meant)
        if says and not done:
            talk.say(words, values=values)
        done = True
    if done and not meant.is_sure:
        talk.add(*acting.to_read(talk.debtor, talk.statement, talk.playbook, talk.now))
    return done


Rested = tuple[str, dict[str, str]]


def _paid(talk: Talk, meant: Meant) -> Rested:
    facts = acting.already_paid(
        talk.debtor, talk.statement, talk.playbook, talk.now, has_proof=meant.has_file
    )
    talk.add(*facts)
    return ("proof_noted" if meant.has_file else "paid_noted"), {}


def _disputed(talk: Talk, meant: Meant) -> Rested:
    talk.add(*acting.disputes(talk.debtor, talk.statement, talk.playbook, talk.now))
    return "dispute_noted", {}


def _hardship(talk: Talk, meant: Meant) -> Rested:
    talk.add(*acting.hardship(talk.debtor, talk.statement, talk.playbook, talk.now))
    return "hardship_noted", {}


def _complaint(talk: Talk, meant: Meant) -> Rested:
    facts, by = acting.complains(talk.debtor, talk.statement, talk.playbook, talk.now)
    talk.add(*facts)
    number = acting.complaint_number(talk.statement, talk.now)
    return "complaint_noted", {"case_number": number, "reply_by": by.isoformat()}


def _asks_person(talk: Talk, meant: Meant) -> Rested:
    talk.add(*acting.asks_person(talk.debtor, talk.statement, talk.playbook, talk.now))
    return "person_called", {"reply_by": talk.next_business_day().isoformat()}


def _abusive(talk: Talk, meant: Meant) -> Rested:
    talk.add(*acting.abuse(talk.debtor, talk.statement, talk.playbook, talk.now))
    return "closing", {}


_RESTS: dict[str, Callable[[Talk, Meant], Rested]] = {
    "already_paid": _paid,
    "dispute": _disputed,
    "hardship": _hardship,
    "complaint": _complaint,
    "asks_person": _asks_person,
    "abusive": _abusive,
}


_CHOICE = re.compile(
    r"(?:(?:opci[oó]n|op[cç][aã]o|option|plano?|n[uú]mero|number|the|el|la|o|a)\s+)?([1-9])[.)]?",
    re.IGNORECASE,
)
_DIGIT_IN_A_WORD_OR_TWO = re.compile(r"(?:\S+\s+)?[0-9]+\S*")


def _number(text: str) -> int | None:
    """ "2", "2.", "opción 2", "la 2": which of the numbered plans; "día 2" is a day, and "no, 2" may refuse it."""
    found = _CHOICE.fullmatch(text.strip())
    return int(found[1]) if found is not None else None


def _may_choose(text: str) -> bool:
    """Whether a word or two with a number may be meant for one of the plans, and is not plain enough to agree to it."""
    return _DIGIT_IN_A_WORD_OR_TWO.fullmatch(text.strip()) is not None
