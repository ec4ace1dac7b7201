"""What was sent and what happened, as lines that anybody can check: the ledger's history in the words of infra/auditor/EXPORT.md.

Nothing is judged here, and nothing of the law is asked: each fact becomes what it said, at the instant it was recorded.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from infra.playbook.laws import own_limits
from recobro.codec import write_instant
from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.chain import Recorded
from recobro.domain.client import Client
from recobro.domain.contact_point import ContactPoint
from recobro.domain.debt import Debt
from recobro.domain.debtor import Debtor, Profile
from recobro.domain.fold import apply
from recobro.domain.past_contacts import past_contacts
from recobro.domain.playbook import Playbook
from recobro.domain.provided import provided
from recobro.domain.rendering import render
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.ports import Content
from recobro.usecases.rehearse import everyone

SCHEMA = "recobro-export/1"
Said = Callable[[str], Content | None]
"""The kept content of a digest."""

Row = dict[str, Any]


def lines_of(house: House, *, words: bool = True) -> Iterator[str]:
    """The export of the whole deployment, a JSON line each. words: what was said as well; it names people and amounts."""
    playbook = house.playbook
    yield from map(_json, head(playbook, house.now()))
    for loaded in everyone(house):
        debtor = loaded.debtor.id

        def said(digest: str, debtor: str = debtor) -> Content | None:
            return house.ledger.content(debtor, digest)

        history = house.ledger.history(debtor)
        yield from map(_json, rows_of(playbook, debtor, history, said if words else None))


def head(playbook: Playbook, now: datetime) -> Iterator[Row]:
    """The first two lines: what export this is, and the client's own limits in a pack's words."""
    client = playbook.client
    yield {"record": "export", "schema": SCHEMA, "client": client.name, "at": _at(now)}
    yield {
        "record": "limits",
        "rules": {table: list(map(dict, rules)) for table, rules in limits_of(client).items()},
        "closed_dates": [day.isoformat() for day in client.extra_holidays],
        "credit_back": client.limits.credit_back_definite_failures,
    }


def limits_of(client: Client) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The client's limits, spelt out as a pack would spell them."""
    filled = {}
    for table, rules in own_limits(client.limits).items():
        whole: Row = {"article": "client file", "conf": "POLICY", "channels": "all"}
        whole |= {"holiday": "allow"} if table == "windows" else {"scope": ["person"], "counts": "sent"}
        filled[table] = [{"id": f"client-{table}-{n}", **whole, **rule} for n, rule in enumerate(rules, 1)]
    return filled


def rows_of(playbook: Playbook, name: str, history: Sequence[Recorded], said: Said | None) -> Iterator[Row]:
    """One person's lines, oldest first. said: None: without what was said."""
    debtor = Debtor(name)
    for one in history:
        after = apply(debtor, one.fact, one.at)
        for row in (*_changed(debtor, after), *_happened(playbook, debtor, after, one.fact, said)):
            yield {"record": row.pop("record"), "person": name, "at": row.pop("at", _at(one.at)), **row}
        debtor = after


def _changed(before: Debtor, after: Debtor) -> Iterator[Row]:
    """What is known from now on of the person, their debts, points, holds and events."""
    if after.profile != before.profile:
        yield _person(after.profile)
    for debt in _new(before.debts, after.debts):
        yield _debt(debt)
    for point in _new(before.points, after.points):
        yield _point(point)
    for event in _new(before.events, after.events):
        yield {"record": "event", "event": event}
    yield from _allowed(before, after)
    for channel in _new(before.stopped, after.stopped):
        yield {"record": "stopped", "channel": channel}
    for hold in _new(before.holds, after.holds):
        if hold.lifted_at is not None:
            yield {"record": "hold_lifted", "hold": hold.id}
        else:
            ends = {"ends_at": _at(hold.review_at)} if hold.resumes and hold.review_at else {}
            row = {"record": "hold", "hold": hold.id, "reason": hold.reason.value, "creditor": hold.creditor}
            yield {**row, "debts": list(hold.debts), **ends}
    if after.is_erased and not before.is_erased:
        yield {"record": "erased"}


def _allowed(before: Debtor, after: Debtor) -> Iterator[Row]:
    """What the person allowed beyond the law's own terms, or took back."""
    for waiver in _new(before.waivers, after.waivers):
        if waiver.ended_at is not None:
            yield {"record": "waiver_ended", "waiver": waiver.name}
        else:
            ends = {"until": _at(waiver.until)} if waiver.until is not None else {}
            yield {"record": "waiver", "waiver": waiver.name, **ends}
    for asked in _new(before.call_backs, after.call_backs):
        if not asked.used_by:
            row = {"record": "call_back", "since": _at(asked.since), "until": _at(asked.until)}
            yield {**row, "creditor": asked.creditor}


def _new(before: Iterable[Any], after: Iterable[Any]) -> list[Any]:
    """What stands in `after` and did not in `before`."""
    old = list(before)
    # Nearly all of it is the very same objects: a company's hundreds of invoices are not compared with each other.
    same = {id(one) for one in old}
    return [one for one in after if id(one) not in same and one not in old]


def _person(profile: Profile) -> Row:
    return {
        "record": "person",
        "class": profile.law if profile.law in ("consumer", "commercial") else "unknown",
        "country": profile.country,
        "subdivision": profile.subdivision,
        "zones": list(profile.zones),
    }


def _debt(debt: Debt) -> Row:
    return {
        "record": "debt",
        "debt": debt.key,
        "creditor": debt.creditor,
        "role": debt.role.value,
        "status": debt.status.value,
        "due_on": debt.due_on.isoformat(),
    }


def _point(point: ContactPoint) -> Row:
    return {
        "record": "point",
        "point": point.id,
        "provenance": point.provenance,
        "line": point.line,
        "state": point.state.value,
        "authorised": sorted(channel.value for channel in point.authorised),
        "blocked": sorted(channel.value for channel in point.blocked),
    }


def _happened(
    playbook: Playbook, before: Debtor, after: Debtor, fact: f.Fact, said: Said | None
) -> Iterator[Row]:
    """The contacts, and what came of them."""
    match fact:
        case f.AttemptClaimed(attempt=attempt) | f.ContactReported(attempt=attempt) if not attempt.shared:
            yield _contact(playbook, fact, attempt, said)
            if attempt.status is not AttemptStatus.CLAIMED:
                yield _outcome(after, attempt.id)
        case f.MessageReceived(channel=channel, point=point, content=content):
            yield {
                "record": "contact",
                "contact": f"in-{content[:20]}-{len(after.attempts)}-{_at(after.last_inbound_at)}",
                "by": "debtor",
                "channel": channel.value,
                "kind": "reply_to_inbound",
                "creditor": "",
                "debts": [],
                "point": point,
                "rung": "conversation" if channel.value == "voice" else "delivered",
            }
    for attempt in _new(before.attempts, after.attempts):
        if before.attempt(attempt.id) is not None and not attempt.shared:
            yield _outcome(after, attempt.id)


def _contact(
    playbook: Playbook, fact: f.AttemptClaimed | f.ContactReported, attempt: ContactAttempt, said: Said | None
) -> Row:
    by = attempt.by if attempt.by in ("creditor", "other_agency") else "collector"
    row = {
        "record": "contact",
        "at": _at(attempt.claimed_at),
        "contact": attempt.id,
        "by": by,
        "channel": attempt.channel.value,
        "kind": attempt.kind.value,
        "creditor": attempt.creditor,
        "debts": list(attempt.debts),
        "point": attempt.point,
    }
    brand = playbook.client.brand(attempt.creditor)
    if brand is not None and by == "collector":
        row["acts_as"] = brand.acts_as_in(attempt.step.stage)
    if isinstance(fact, f.AttemptClaimed) and fact.decision is not None:
        row["stage"] = "past_due" if fact.decision.dpd > 0 else "pre_due"
    content = said(attempt.content) if said is not None and attempt.content else None
    return {**row, **(_words(playbook, content, is_first=attempt.is_first_notice) if content else {})}


def _words(playbook: Playbook, content: Content, *, is_first: bool) -> Row:
    """What was said, and the items it carries; nothing where its template is no longer the one deployed."""
    template = playbook.templates.get(content.template)
    known = playbook.hashes.get(f"template.{content.template}", "")
    if template is None or known != content.template_hash:
        return {}
    try:
        rendered = render(template, content.part, content.variables)
    except InvalidInput:
        return {}
    items = provided(content.part, template.parts[content.part])
    return {
        "text": "\n".join(part for part in (rendered.subject, rendered.text) if part),
        "items": sorted(items | ({"first_contact"} if is_first else set())),
    }


def _outcome(debtor: Debtor, attempt_id: str) -> Row:
    """How far a contact got, as the law's ladder has it."""
    only = replace(debtor, attempts=tuple(one for one in debtor.attempts if one.id == attempt_id))
    past = past_contacts(only)[0]
    row: Row = {"record": "outcome", "contact": attempt_id, "rung": past.rung.value}
    return {**row, "outcome": past.outcome} if past.outcome else row


def _at(instant: datetime | None) -> str:
    return write_instant((instant or datetime.min.replace(tzinfo=UTC)).astimezone(UTC))


def _json(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
