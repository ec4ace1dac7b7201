"""Where a person may be reached after a file: what is new is added, what the person closed stays closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from recobro.domain.channel import Channel
from recobro.domain.client import Attestation, Client
from recobro.domain.contact_point import (
    CHANNELS_OF,
    Authorisation,
    ContactPoint,
    Level,
    PointKind,
    PointState,
)
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PointRecorded
from recobro.domain.phone_forms import reached_by
from recobro.intake.outcome import AcceptedRow, PointGiven
from recobro.keys import Keys

_TAINTED = ("reference", "skip_trace", "credit_bureau_lookup")
_OWN = frozenset({"creditor", "debtor", "debtor_authorised"})
"""Sources by which a point is known to be the person's own, so that it may be addressed (PRACTICE: Disclosure levels)."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What all rows and attestations say of one point."""

    given: PointGiven
    provenance: str
    authorisations: tuple[Authorisation, ...]


def points_of(
    debtor: Debtor,
    rows: Sequence[AcceptedRow],
    *,
    client: Client,
    keys: Keys,
    today: date,
    suppressed: Mapping[str, str],
    shared: Collection[str] = (),
) -> tuple[list[Fact], dict[str, str]]:
    """Facts for points that are new or better known, and the values of all points named: point id → value.

    shared: points that somebody else has, too.
    """
    told: dict[str, _Told] = {}
    for row in rows:
        attested = _attestation(client, row.creditor, today)
        for given in row.points:
            point = keys.point(given.value)
            told[point] = _joined(told.get(point), _of_row(row, given, attested))
    known = {point.id: point for point in debtor.points}
    facts: list[Fact] = []
    for point, one in told.items():
        before = known.get(point)
        after = _new(point, one) if before is None else _better(before, one)
        if point in suppressed and after.state is PointState.ACTIVE:
            after = replace(after, state=PointState.SUPPRESSED, reason=suppressed[point])
        if point in shared and after.is_taken_as_own:
            after = after.shared
        if after != before:
            facts.append(PointRecorded(after))
    known_values = debtor.personal.points
    return facts, {
        point: reached_by(known_values.get(point, ""), one.given.value) for point, one in told.items()
    }


def _of_row(row: AcceptedRow, given: PointGiven, attested: Attestation | None) -> _Told:
    """The row's own word first; the creditor's attestation where the row has none (PRACTICE: Missing provenance)."""
    fits = attested is not None and given.provenance in ("", attested.provenance)
    provenance = given.provenance or (attested.provenance if attested is not None else "")
    allowed: list[Authorisation] = []
    if row.allowed is not None:
        at = _midnight(row.allowed.on or row.calculated_on)
        allowed = [Authorisation(channel, row.allowed.evidence, at) for channel in row.allowed.channels]
    elif fits and attested is not None and attested.evidence:
        allowed = [
            Authorisation(channel, attested.evidence, _midnight(attested.on)) for channel in attested.channels
        ]
    possible = CHANNELS_OF[given.kind]
    return _Told(given, provenance, tuple(one for one in allowed if one.channel in possible))


def _joined(first: _Told | None, then: _Told) -> _Told:
    """A source that taints a point outweighs one that doesn't, a line that others use one that they don't; authorisations add up."""
    if first is None:
        return then
    tainted = next((one.provenance for one in (first, then) if one.provenance in _TAINTED), "")
    given = first.given.told_again(then.given)
    authorisations = _with(first.authorisations, then.authorisations)
    return _Told(given, tainted or first.provenance or then.provenance, authorisations)


def _new(point: str, told: _Told) -> ContactPoint:
    given = told.given
    return ContactPoint(
        id=point,
        kind=given.kind,
        provenance=told.provenance or "unknown",
        level=_level(given.kind, told.provenance, given.line),
        contact=given.contact,
        line=given.line,
        authorisations=told.authorisations,
    )


def _better(known: ContactPoint, told: _Told) -> ContactPoint:
    """State, blocked channels and authorisations are never undone by a file; a shared or work line never becomes private."""
    given = told.given
    line = known.line if given.line == "unknown" or known.line in ("shared", "work") else given.line
    provenance = told.provenance if told.provenance not in ("", "unknown") else known.provenance
    level = _level(known.kind, provenance, line)
    if known.level is not Level.NEUTRAL and level is Level.NEUTRAL and provenance == known.provenance:
        level = known.level if line == known.line else Level.NEUTRAL
    if known.state is not PointState.ACTIVE:
        level = known.level
    if known.of_several:
        level = Level.NEUTRAL
    return replace(
        known,
        provenance=provenance,
        level=level,
        contact=given.contact or known.contact,
        line=line,
        authorisations=_with(known.authorisations, told.authorisations),
    )


def _level(kind: PointKind, provenance: str, line: str) -> Level:
    """Addressed: the person's own attested phone or e-mail. Envelopes and lock screens are read by others."""
    is_own = provenance in _OWN and line not in ("work", "shared")
    return Level.ADDRESSED if is_own and kind in (PointKind.PHONE, PointKind.EMAIL) else Level.NEUTRAL


def _with(known: tuple[Authorisation, ...], more: tuple[Authorisation, ...]) -> tuple[Authorisation, ...]:
    """The first evidence for a channel stays; a second file doesn't change it."""
    channels: set[Channel] = {one.channel for one in known}
    added: list[Authorisation] = []
    for one in more:
        if one.channel not in channels:
            channels.add(one.channel)
            added.append(one)
    return (*known, *added)


def _attestation(client: Client, creditor: str, today: date) -> Attestation | None:
    """The creditor's latest word that is already in force."""
    valid = [one for one in client.attestations if one.creditor == creditor and one.on <= today]
    return max(valid, key=lambda one: one.on, default=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
