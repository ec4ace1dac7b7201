"""Nobody is told of a debt before they show that it is theirs: two things that our own message did not give away, five tries,
then a person (PRACTICE: Disclosure levels)."""

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

_TELLS_REFERENCES = frozenset({Channel.EMAIL, Channel.WHATSAPP, Channel.LETTER})
_BLANK = re.compile(r"[^0-9a-z@.]+")


def questions(debtor: Debtor, sent: ContactAttempt | None) -> tuple[str, ...]:
    """Which two things to ask, always the same for one message; fewer than two: nobody can be identified here.

    sent: the message that led here; what it told and where it went is not asked. Names: "id_ending" (last four of the
    national id), "surname", "phone_ending" and "email" (of another point on record), "reference_ending".
    """
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


def checked(
    debtor: Debtor, sent: ContactAttempt | None, channel: str, today: Today, *, passed: bool
) -> tuple[Fact, ...]:
    """What is recorded of one try; the last one that fails hands the person over."""
    fact = IdentityChecked(sent.id if sent is not None else "", channel, passed)
    if passed or debtor.failed_identity + 1 < TRIES:
        return (fact,)
    due = business_days.plus(today.day, 1, today.holidays)
    ident = f"tid{today.now:%Y%m%dT%H%M%S}"
    return (fact, TaskOpened(Task(ident, IDENTITY_TASK, 2, today.now, today.starts(due + timedelta(days=1)))))


def _known(debtor: Debtor, sent: ContactAttempt | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each thing that can be asked, the hardest to guess first, with the answers that are right."""
    personal = debtor.personal
    number = _plain(personal.national_id.rpartition(":")[2]).decode()
    if len(number) >= 6:
        yield "id_ending", (number[-4:],)
    surnames = _surnames(debtor)
    if surnames:
        yield "surname", surnames
    used = sent.point if sent is not None else ""
    others = [one for one in debtor.points if one.id != used and one.id in personal.points]
    phones = [personal.points[one.id] for one in others if one.kind is PointKind.PHONE]
    if phones:
        yield "phone_ending", tuple(one[-4:] for one in phones)
    emails = [personal.points[one.id] for one in others if one.kind is PointKind.EMAIL]
    if emails:
        yield "email", tuple(emails)
    references = [_plain(one.ref).decode() for one in debtor.debts]
    endings = tuple(one[-4:] for one in references if len(one) >= 6)
    if endings and sent is not None and sent.channel not in _TELLS_REFERENCES:
        yield "reference_ending", endings


def _surnames(debtor: Debtor) -> tuple[str, ...]:
    """Any of the surnames will do: files write them first or last, one or two. A company's name stands in its greeting."""
    if debtor.profile.kind == "company":
        return ()
    given = set(_words(names.given_name(debtor.personal))) | set(_words(debtor.personal.given_name))
    family, comma, _ = debtor.personal.name.partition(",")
    words = _words(family if comma else debtor.personal.name)
    return tuple(one for one in (words if comma else words[1:]) if len(one) >= 3 and one not in given)


def _words(name: str) -> list[str]:
    bare = (_plain(word).decode() for word in name.split())
    return [word for word in bare if word and word not in names.PARTICLES]


def _plain(text: str) -> bytes:
    """Small letters and digits, no accents: how somebody types it on an old phone is right."""
    letters = unicodedata.normalize("NFKD", text[:200].casefold())
    return _BLANK.sub("", letters).encode("ascii", "ignore")
