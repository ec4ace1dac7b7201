"""Reads an export line by line. A line that cannot be meant is set aside with its reason, counted and shown, never skipped."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

SCHEMA = "recobro-export/1"
RUNGS = ("released", "attempt", "sent", "connected", "delivered", "conversation")
MAKERS = ("collector", "creditor", "other_agency", "debtor")


@dataclass(frozen=True)
class Line:
    """One line. at: when it was recorded (what was known from then on)."""

    number: int
    record: str
    person: str
    at: datetime
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Aside:
    """A line that could not be read: its number, the field, what is wrong with it and how to mend it."""

    number: int
    field: str
    problem: str
    fix: str


class _Wrong(Exception):
    def __init__(self, field: str, problem: str, fix: str) -> None:
        self.complaint = (field, problem, fix)


@dataclass
class Export:
    """head: the first line; limits: the client's own; lines: everything else, by when it was recorded."""

    head: Mapping[str, Any]
    limits: Mapping[str, Any]
    lines: list[Line]
    aside: list[Aside]


def read_export(lines: Iterable[str]) -> Export:
    """An export from its text lines."""
    export = Export({}, {}, [], [])
    contacts: set[tuple[str, str]] = set()
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            said = _object(text)
            record = _one_of(said, "record", ("export", "limits", *FIELDS))
            if record == "export":
                _one_of(said, "schema", (SCHEMA,))
                export.head = said
            elif record == "limits":
                export.limits = said
            else:
                export.lines.append(_line(number, record, said, contacts))
        except _Wrong as wrong:
            export.aside.append(Aside(number, *wrong.complaint))
    if not export.head:
        fix = f'begin with {{"record": "export", "schema": "{SCHEMA}", …}}'
        export.aside.insert(0, Aside(1, "record", "no line says what export this is", fix))
    export.lines.sort(key=lambda one: one.at)
    return export


def _line(number: int, record: str, said: dict[str, Any], contacts: set[tuple[str, str]]) -> Line:
    checked = dict(said)
    for name, read in FIELDS[record].items():
        optional = name.endswith("?")
        field = name.removesuffix("?")
        if field in said:
            checked[field] = read(said, field)
        elif not optional:
            raise _Wrong(field, f"is missing from a {record}", "see EXPORT.md")
    person = _text(said, "person")
    if record == "contact":
        key = (person, checked["contact"])
        if key in contacts:
            raise _Wrong(
                "contact", f"{key[1]!r} stands twice", "write each contact once, and its outcomes as outcomes"
            )
        contacts.add(key)
    at = checked["at"]
    return Line(number, record, person, checked.get("recorded_at", at), checked)


def _object(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError as error:
        raise _Wrong("line", f"is no JSON: {error}", "write one JSON object a line") from None
    if not isinstance(said, dict):
        raise _Wrong("line", "is no JSON object", "write one JSON object a line")
    return said


def _text(said: Mapping[str, Any], field: str) -> str:
    value = said.get(field)
    if not isinstance(value, str):
        raise _Wrong(field, f"must be text, not {value!r}", 'write it in "quotes"')
    return value


def _texts(said: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = said.get(field)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Wrong(field, f"must be a list of texts, not {value!r}", 'write ["…"]')
    return tuple(value)


def _instant(said: Mapping[str, Any], field: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(said, field))
    except ValueError:
        raise _Wrong(field, f"{said[field]!r} is no instant", "write 2026-01-31T14:05:00Z") from None
    if at.tzinfo is None:
        raise _Wrong(field, f"{said[field]!r} has no zone", "end it with Z, in UTC")
    return at


def _day(said: Mapping[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(_text(said, field))
    except ValueError:
        raise _Wrong(field, f"{said[field]!r} is no date", "write 2026-01-31") from None


def _flag(said: Mapping[str, Any], field: str) -> bool:
    if not isinstance(said.get(field), bool):
        raise _Wrong(field, f"must be true or false, not {said.get(field)!r}", "write true or false")
    return bool(said[field])


def _one_of(said: Mapping[str, Any], field: str, known: tuple[str, ...]) -> str:
    value = said.get(field)
    if value not in known:
        raise _Wrong(field, f"{value!r} is not known", f"one of: {', '.join(known)}")
    return str(value)


def _among(*known: str) -> Callable[[Mapping[str, Any], str], str]:
    return lambda said, field: _one_of(said, field, known)


FIELDS: Mapping[str, Mapping[str, Callable[[Mapping[str, Any], str], Any]]] = {
    "person": {
        "at": _instant,
        "class": _among("consumer", "commercial", "unknown"),
        "country": _text,
        "subdivision?": _text,
        "zones": _texts,
        "waivers?": _texts,
        "household?": _text,
    },
    "debt": {
        "at": _instant,
        "debt": _text,
        "creditor": _text,
        "role": _text,
        "status": _text,
        "due_on": _day,
    },
    "point": {
        "at": _instant,
        "point": _text,
        "provenance": _text,
        "line?": _text,
        "state": _among("active", "suppressed", "bad"),
        "authorised": _texts,
        "blocked?": _texts,
    },
    "waiver": {"at": _instant, "waiver": _text, "until?": _instant},
    "waiver_ended": {"at": _instant, "waiver": _text},
    "call_back": {"at": _instant, "since": _instant, "until": _instant, "creditor?": _text},
    "event": {"at": _instant, "event": _text},
    "stopped": {"at": _instant, "channel": _text},
    "hold": {
        "at": _instant,
        "hold": _text,
        "reason": _text,
        "debts?": _texts,
        "creditor?": _text,
        "ends_at?": _instant,
    },
    "hold_lifted": {"at": _instant, "hold": _text},
    "duty": {"at": _instant, "rule": _text, "deadline": _instant, "channels?": _texts, "creditor?": _text},
    "duty_done": {"at": _instant, "rule": _text},
    "contact": {
        "at": _instant,
        "recorded_at?": _instant,
        "contact": _text,
        "by": _among(*MAKERS),
        "channel": _text,
        "kind": _text,
        "creditor": _text,
        "debts": _texts,
        "point": _text,
        "stage?": _among("pre_due", "past_due", "litigation", "insolvency"),
        "acts_as?": _among("first_party", "third_party", "debt_buyer"),
        "rung?": _among(*RUNGS),
        "outcome?": _text,
        "text?": _text,
        "items?": _texts,
    },
    "outcome": {"at": _instant, "contact": _text, "rung": _among(*RUNGS), "outcome?": _text},
    "erased": {"at": _instant},
}
"""Record → field → how it is read; a `?` ends the name of one that may be absent. EXPORT.md says what each means."""
