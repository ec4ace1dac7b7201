"""Nobody is told of a debt before they show that it is theirs: two things that our own message did not give away, five tries over
all channels together, then a person (PRACTICE: Disclosure levels).

A page asks for what fits the message that led there (`questions`); in a talk it is always a surname and the end of the national id,
in the person's own words (`shows`).
"""

import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import timedelta

from recobro.domain import business_days, names
from recobro.domain.attempt import ContactAttempt
from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointKind
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today
from recobro.domain.facts import Fact, IdentityChecked, TaskOpened
from recobro.domain.task import IDENTITY_TASK, Task

NEEDED = 2
TRIES = 5
ENDING = 4
"""Characters of a number that are asked for."""
LEAST = 6
"""Characters of a number of which only the ending is asked for: of a shorter one, too much would be."""
LONGEST_ANSWER, SHORT_ANSWER = 16, 5
"""Words in which somebody may say who they are; and in which a message that holds a number can hardly be anything else."""

_TELLS_REFERENCES = frozenset({Channel.EMAIL, Channel.WHATSAPP, Channel.LETTER})
_BLANK = re.compile(r"[^0-9a-z@.]+")
_WORD = re.compile(r"[0-9a-z]+")
_INSIDE_NUMBER = re.compile(r"(?<=[0-9])[.-](?=[0-9k])")
_CURRENCY = (
    r"(?:pesos?|soles|dolar(?:es)?|dollars?|guaranies|reais|bolivianos|quetzales|colones|lempiras|cordobas"
    r"|mxn|cop|clp|ars|pen|brl|usd|uyu|pyg|bob|gtq|crc|hnl|nio|dop)"
)
_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
    r"|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)"
)
_SUM_OR_DAY = re.compile(
    r"(?:\$|\bs/\.?)\s*[0-9][0-9.,]*(?![0-9a-z])"
    rf"|\b{_CURRENCY}\s*[0-9][0-9.,]*(?![0-9a-z])"
    rf"|\b[0-9][0-9.,]*\s*(?:de\s+)?{_CURRENCY}\b"
    r"|\b[0-9]{1,2}/[0-9]{1,2}/(?:20)?[0-9]{2}\b"
    r"|\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b"
    rf"|\b[0-9]{{1,2}}\s+(?:de\s+)?{_MONTH}\s+(?:del?\s+)?20[0-9]{{2}}\b"
)
"""A number that is plainly money or a day ("$1500", "1500 pesos", "13/03/2026"): nobody says so who they are."""


def questions(debtor: Debtor, sent: ContactAttempt | None) -> tuple[str, ...]:
    """Which two things to ask, always the same for one message; fewer than two: nobody can be identified here.

    sent: the message that led here; what it told and where it went is not asked. Where somebody said that they are another
    person nothing is asked any more: whoever goes on trying there is guessing. Names: "id_ending" (last four of the
    national id), "surname", "phone_ending" and "email" (of another point on record), "reference_ending".
    """
    there = debtor.point(sent.point) if sent is not None else None
    if there is not None and there.is_somebody_elses:
        return ()
    return tuple(name for name, _ in _known(debtor, sent))[:NEEDED]


def is_locked(debtor: Debtor) -> bool:
    """Whether the tries are used up: then only a person can help."""
    return debtor.failed_identity >= TRIES


def is_right(debtor: Debtor, sent: ContactAttempt | None, answers: Mapping[str, str]) -> bool:
    """Whether both answers are; which of them was wrong is told to nobody, nor by how long it took to say so."""
    asked = [(name, right) for name, right in _known(debtor, sent)][:NEEDED]
    if len(asked) < NEEDED:
        return False
    matches = [
        max([hmac.compare_digest(_plain(answers.get(name, "")), _plain(one)) for one in right])
        for name, right in asked
    ]
    return all(matches)


def can_talk(debtor: Debtor) -> bool:
    """Whether a talk can find out who writes; a company's people are known to a person, not to two words."""
    return debtor.profile.kind != "company" and bool(_surnames(debtor)) and len(_number(debtor)) >= LEAST


def shows(debtor: Debtor, text: str) -> bool:
    """Whether a message gives a surname and the number or its ending, in any order and with other words around: one number, since
    a list of them is guessing. False too where no tries are left.
    """
    if is_locked(debtor) or not can_talk(debtor) or not could_show(text):
        return False
    (given,) = _numbers(text)
    said, number = given.encode(), _number(debtor).encode()
    is_number = max(hmac.compare_digest(said, number), hmac.compare_digest(said, number[-ENDING:]))
    is_surname = not set(_surnames(debtor)).isdisjoint(_words(text))
    return is_number and is_surname


def could_show(text: str) -> bool:
    """Whether a message would have shown who somebody is, had its words been the right ones; whoever's they were: a wrong one counts
    as a try, and how near it came makes no difference.
    """
    given = _numbers(text)
    return 1 < len(_words(text)) <= LONGEST_ANSWER and len(given) == 1 and _may_be_asked_for(*given)


def beside(debtor: Debtor, text: str) -> str:
    """What a message that gives the right answer says besides: it without the surname and the number, which are words of another
    meaning, too ("prueba", "paz", "reyes").
    """
    number = _number(debtor)
    own = {*_surnames(debtor), number, number[-ENDING:]}
    kept = [one for one in text.split() if not (words := _words(one)) or not own.issuperset(words)]
    return " ".join(kept)


def is_an_answer(text: str) -> bool:
    """Whether a message can hardly be anything but an answer to the check: a few words, of which one is a number's."""
    words = _words(text)
    return 1 < len(words) <= SHORT_ANSWER and any(_is_number(word) for word in words)


def checked(debtor: Debtor, attempt: str, channel: str, today: Today, *, passed: bool) -> tuple[Fact, ...]:
    """What is recorded of one try, on whatever channel; the last one that fails hands the person over.

    attempt: the message that led there, empty: none that we know. Nothing where the tries are used up already.
    """
    if is_locked(debtor):
        return ()
    fact = IdentityChecked(attempt, channel, passed)
    if passed or debtor.failed_identity + 1 < TRIES:
        return (fact,)
    due = business_days.plus(today.day, 1, today.holidays)
    ident = f"tid{today.now:%Y%m%dT%H%M%S}"
    return (fact, TaskOpened(Task(ident, IDENTITY_TASK, 2, today.now, today.starts(due + timedelta(days=1)))))


def _known(debtor: Debtor, sent: ContactAttempt | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each thing that can be asked, the hardest to guess first, with the answers that are right."""
    personal = debtor.personal
    number = _number(debtor)
    if len(number) >= LEAST:
        yield "id_ending", (number[-ENDING:],)
    surnames = _surnames(debtor)
    if surnames:
        yield "surname", surnames
    used = sent.point if sent is not None else ""
    others = [one for one in debtor.points if one.id != used and one.id in personal.points]
    phones = [personal.points[one.id] for one in others if one.kind is PointKind.PHONE]
    if phones:
        yield "phone_ending", tuple(one[-ENDING:] for one in phones)
    emails = [personal.points[one.id] for one in others if one.kind is PointKind.EMAIL]
    if emails:
        yield "email", tuple(emails)
    references = [_plain(one.ref).decode() for one in debtor.debts]
    endings = tuple(one[-ENDING:] for one in references if len(one) >= LEAST)
    if endings and sent is not None and not _was_told(debtor, sent):
        yield "reference_ending", endings


def _was_told(debtor: Debtor, sent: ContactAttempt) -> bool:
    """Whether whoever reads that address was told a reference: by WhatsApp before, perhaps, of a link that comes by SMS."""
    there = (one.channel for one in (sent, *debtor.attempts) if one.point == sent.point)
    return not _TELLS_REFERENCES.isdisjoint(there)


def _surnames(debtor: Debtor) -> tuple[str, ...]:
    """Any of the surnames will do: files write them first or last, one or two. A company's name stands in its greeting."""
    if debtor.profile.kind == "company":
        return ()
    given = set(_words(names.given_name(debtor.personal))) | set(_words(debtor.personal.given_name))
    family, comma, _ = debtor.personal.name.partition(",")
    words = _words(family if comma else debtor.personal.name)
    if not comma and given.isdisjoint(words):
        words = words[1:]  # greeted by a name that is not written here: the first word may be the given one
    return tuple(one for one in words if len(one) > 1 and one not in given)


def _number(debtor: Debtor) -> str:
    """The national id, letters and digits."""
    return _plain(debtor.personal.national_id.rpartition(":")[2]).decode()


def _is_number(word: str) -> bool:
    return len(word) >= ENDING and any(one.isdigit() for one in word)


def _may_be_asked_for(number: str) -> bool:
    """Whether it is as long as an ending, or as a whole number of which the ending is asked for."""
    return len(number) == ENDING or len(number) >= LEAST


def _words(text: str) -> list[str]:
    """Words without accents, marks and particles; a number is one word, whatever dots and dashes it is written with."""
    return _split(_folded(text))


def _numbers(text: str) -> set[str]:
    """The numbers by which somebody may mean to show who they are."""
    return {one for one in _split(_SUM_OR_DAY.sub(" ", _folded(text))) if _is_number(one)}


def _folded(text: str) -> str:
    """What is read of a message: its beginning, in small letters without accents."""
    return unicodedata.normalize("NFKD", text[:200].casefold()).encode("ascii", "ignore").decode()


def _split(folded: str) -> list[str]:
    return [one for one in _WORD.findall(_INSIDE_NUMBER.sub("", folded)) if one not in names.PARTICLES]


def _plain(text: str) -> bytes:
    """Small letters and digits, no accents: how somebody types it on an old phone is right."""
    letters = unicodedata.normalize("NFKD", text[:200].casefold())
    return _BLANK.sub("", letters).encode("ascii", "ignore")
