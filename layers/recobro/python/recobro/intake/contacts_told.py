"""Contacts that others made count like ours: the creditor's, the former agency's, and the calls that the person began."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey, attempt_id
from recobro.domain.debtor import Debtor
from recobro.domain.past_contacts import rung_of
from recobro.intake.outcome import ContactTold
from recobro.law.contact import Rung

COUNT_FOR = timedelta(days=31)
"""No law looks further back than a month; what is older would only fill the record."""

AHEAD = timedelta(days=1)
"""By how much a contact of today may seem to lie in the future: a day without its hour, a clock beside ours. It counts all the same."""

_REACHED_NOBODY = frozenset({"busy", "not_in_service", "network_failure", "invalid_number"})
_TALKS = frozenset({"conversation", "right_party", "promise", "refused"})


_FURTHER = {rung: place for place, rung in enumerate(Rung)}


@dataclass(frozen=True, slots=True)
class Telling:
    """One row's word of a contact with one person. debts: those that it names; none: it counts for every debt."""

    creditor: str
    debts: tuple[str, ...]
    told: ContactTold


def contacts_of_a_report(debtor: Debtor, rows: Sequence[Telling]) -> list[ContactAttempt]:
    """The contacts that a report of contacts tells of one person and that the record does not hold yet.

    Each row is a contact, and so are two that look alike: a day on which somebody called twice is told by the same words twice.
    Only rows that name the same instant are one contact, about all the debts that they name and as far as any of them says it got.
    """
    of_one_instant = [row for row in rows if not row.told.written]
    return [
        *_told_together(debtor, of_one_instant),
        *_each(debtor, [row for row in rows if row.told.written]),
    ]


def contacts_of_a_portfolio(debtor: Debtor, rows: Sequence[Telling]) -> list[ContactAttempt]:
    """The contacts that a portfolio tells of one person and that the record does not hold yet.

    Its rows are debts, and each says when the last contact was: what they say in the same words is one contact about all of them,
    and another for every other time, way or outcome.
    """
    return list(_told_together(debtor, rows))


def _told_together(debtor: Debtor, rows: Sequence[Telling]) -> Iterator[ContactAttempt]:
    """Rows that tell of the same contact are one, for the debts with which it does not stand in the record yet."""
    groups: dict[object, list[Telling]] = {}
    for row in rows:
        told = row.told
        outcome = told.outcome if told.written else ""
        groups.setdefault((told.by, row.creditor, _step(told), outcome), []).append(row)
    for same in groups.values():
        furthest = max(same, key=lambda one: _reached(_made(debtor, one)))
        debts = tuple(dict.fromkeys(debt for one in same for debt in one.debts))
        if not all(one.debts for one in same):
            debts = ()
        known = [one for one in debtor.attempts if _is_told_by(one, _made(debtor, furthest), furthest.told)]
        held = {debt for one in known for debt in one.debts}
        left = tuple(debt for debt in debts if debt not in held)
        if all(one.debts for one in known) and (left or not debts):
            yield _made(debtor, replace(furthest, debts=left))


def _is_told_by(known: ContactAttempt, told: ContactAttempt, row: ContactTold) -> bool:
    """Whether the record holds the contact already. What was held as a busy line and is told as a talk is counted again: that is
    the safe direction, and the record keeps what it was told first.
    """
    if (known.step.stage, known.by, known.creditor) != (told.step.stage, told.by, told.creditor):
        return False
    if row.written:
        return known.step in (told.step, _step_of_older_releases(row)) and known.outcome == told.outcome
    return known.step == told.step and _reached(known) >= _reached(told)


def _each(debtor: Debtor, rows: Sequence[Telling]) -> Iterator[ContactAttempt]:
    """Every row a contact of its own; told again, the first of those that look alike is the first again, and so on."""
    known = {one.id: one for one in debtor.attempts}
    alike, recognised = Counter[Telling](), set[str]()
    for row in rows:
        old = known.get(_id_of_older_releases(debtor.id, row))
        if old is not None and old.id not in recognised and _says_the_same(old, row):
            # One contact of a day and channel is what an older release kept of all its rows: the others count from now on.
            recognised.add(old.id)
            continue
        alike[row] += 1
        made = _made(debtor, row, alike[row])
        if made.id not in known:
            yield made


def _says_the_same(known: ContactAttempt, row: Telling) -> bool:
    return (known.debts, known.outcome) == (row.debts, row.told.outcome)


def _made(debtor: Debtor, row: Telling, number: int = 1) -> ContactAttempt:
    return reported(debtor.id, row.creditor, row.debts, row.told, number)


def _reached(attempt: ContactAttempt) -> int:
    return _FURTHER[rung_of(attempt)]


def reported(
    debtor: str, creditor: str, debts: tuple[str, ...], told: ContactTold, number: int = 1
) -> ContactAttempt:
    """The contact as the record keeps it, its outcome as it was told; the same contact always has the same id.

    number: which of those that look alike, in the order in which one report tells them.
    """
    step = _step(told)
    whose = "\x1f".join((told.by, told.outcome, *sorted(debts)))
    return ContactAttempt(
        id=attempt_id(debtor, whose, creditor, step, number),
        step=step,
        number=number,
        creditor=creditor,
        channel=told.channel,
        point="",
        claimed_at=told.at,
        claim_id="",
        send_by=told.at,
        debts=debts,
        status=_status(told),
        by=told.by,
        outcome=told.outcome,
    )


def _step(told: ContactTold) -> StepKey:
    """When and how, and the time as it was written where that names no instant."""
    plain = _step_of_older_releases(told)
    if not told.written:
        return plain
    return replace(plain, step=f"{plain.step}.{hashlib.sha256(told.written.encode()).hexdigest()[:8]}")


def _step_of_older_releases(told: ContactTold) -> StepKey:
    return StepKey(0, "reported", f"{told.at:%Y%m%dT%H%M%SZ}.{told.channel.value}")


def _id_of_older_releases(debtor: str, row: Telling) -> str:
    """Until 2026-11 a contact was known by its time and channel alone. The same file may come again after the update: what it told
    then is found by this name for the month in which it counts.
    """
    return attempt_id(debtor, row.told.by, row.creditor, _step_of_older_releases(row.told), 1)


def _status(told: ContactTold) -> AttemptStatus:
    """How far it got; a word that nobody knows leaves it sent, which every law counts at its strictest."""
    if told.by == "debtor" or told.outcome in _TALKS:
        return AttemptStatus.ANSWERED
    return AttemptStatus.FAILED if told.outcome in _REACHED_NOBODY else AttemptStatus.SENT
