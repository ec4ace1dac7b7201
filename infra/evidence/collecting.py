"""Everything that the ledger holds of one person, as the files of an archive: facts as recorded, and what can be shown of each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.evidence.verify_evidence import VIEWS, note_digest, received_digest
from recobro.adapters.state_record import recorded_to_plain
from recobro.codec import to_plain
from recobro.domain.attempt import ContactAttempt
from recobro.domain.business_days import zone_of
from recobro.domain.chain import Recorded, canonical, first_gap
from recobro.domain.debtor import Debtor
from recobro.domain.facts import AttemptClaimed, MessageReceived, TaskClosed, kind_of
from recobro.domain.rendering import Rendered, render
from recobro.domain.shared_caps import is_of_others
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.playbook_file import document, template_from
from recobro.ports import Content
from recobro.usecases.replay import Replayed, kept, replayed, rules_of
from recobro.usecases.whose_words import in_doubt, is_anothers

Line = dict[str, Any]

KNOWN = frozenset({"deployed", "kept"})
"""How a replay came by the rules of its day (usecases/replay.py); by any other way it took today's."""

INWARD = frozenset(
    {
        *("feed_read", "episode_opened", "episode_closed", "step_marked"),
        *("conversation_moved", "reply_owed", "plan_moved"),
    }
)
"""Kinds of facts that only order our own work: in the chain as all others are, and on no page."""


@dataclass
class Collected:
    """in_doubt: digests of words that another may have written, which the person is not given. views: file name → its lines.
    rules: hash → document. missing: what should be there and is not, in words. broken: where the history itself does not hold.
    """

    debtor: Debtor
    zone: str
    history: Sequence[Recorded]
    for_the_person: bool = False
    in_doubt: frozenset[str] = frozenset()
    views: dict[str, list[Line]] = field(default_factory=dict)
    rules: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    broken: str = ""

    @property
    def files(self) -> dict[str, bytes]:
        """As they stand in the archive."""
        facts = map(recorded_to_plain, self.history)
        person = {**to_plain(self.debtor.personal), "id": self.debtor.id}
        return {
            "facts.jsonl": _lines(facts),
            "person.json": canonical(person).encode(),
            **{name: _lines(lines) for name, lines in self.views.items()},
            **{f"rules/{digest}.json": body for digest, body in self.rules.items()},
        }


def collected(house: House, debtor_id: str, *, for_the_person: bool = False) -> Collected:
    """One person's record, whole. Raises NotFound. Writes nothing.

    for_the_person: without what others were told or wrote, which is theirs to know of; and with the person's own words even where
    nobody can prove any more that they are.
    """
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    debtor, history = loaded.debtor, house.ledger.history(debtor_id)
    doubts = in_doubt(house, debtor, history) if for_the_person else frozenset()
    found = Collected(debtor, str(zone_of(debtor, house.playbook)), history, for_the_person, doubts)
    if broken := first_gap(history, debtor.head):
        found.broken = broken
        found.missing.append(f"part of the history: {broken}")
    for name, kinds in VIEWS.items():
        found.views[name] = [
            _shown(house, found, name, one)
            for one in history
            if kind_of(one.fact) in kinds
            and not (for_the_person and (is_of_others(one.fact) or is_anothers(one.fact)))
        ]
    return found


def _shown(house: House, found: Collected, name: str, one: Recorded) -> Line:
    plain = recorded_to_plain(one)
    line: Line = {"place": f"{one.version}.{one.number}", "at": plain["at"], "fact": plain["fact"]}
    match name, one.fact:
        case "messages.jsonl", AttemptClaimed(attempt=attempt):
            return {**line, "said": _sent(house, found, attempt)}
        case "verdicts.jsonl", AttemptClaimed(attempt=attempt):
            return {**line, **_verdict(house, found, attempt)}
        case "received.jsonl", MessageReceived(content=digest) if digest in found.in_doubt:
            return {**line, "fact": _without_words(line["fact"]), "said": None, "withheld": True}
        case "received.jsonl", MessageReceived(whose="another"):
            return {**line, "said": None}
        case "received.jsonl", MessageReceived(content=digest, channel=channel):
            return {**line, "said": _heard(house, found, digest, f"received by {channel}")}
        case "notes.jsonl", TaskClosed(note=digest) if digest:
            return {**line, "said": _heard(house, found, digest, "of a note")}
    return line


def _without_words(fact: Line) -> Line:
    """That somebody wrote, and not what or what they meant by it."""
    return {name: value for name, value in fact.items() if name not in ("content", "intent")}


def _sent(house: House, found: Collected, attempt: ContactAttempt) -> Line | None:
    """The words again, from template and variables; None: nothing was said, or it is no longer kept: of who was erased, nothing is,
    though the journal may not have caught up yet.
    """
    if not attempt.content:
        return None
    named = f"the words of attempt {attempt.id} ({attempt.content[:12]})"
    content = _kept_content(house, found, attempt.content)
    if content is None:
        found.missing.append(named)
        return None
    try:
        body = _document(house, found, content.template_hash, f"template.{content.template}")
        words: Rendered = render(template_from(body), content.part, content.variables)
    except (NotFound, InvalidInput) as error:
        found.missing.append(f"{named}: {error}")
        return None
    return {
        "subject": words.subject,
        "preview": words.preview,
        "text": words.text,
        "parameters": list(words.parameters),
        "template": content.template,
        "template_hash": content.template_hash,
        "part": content.part,
        "variables": dict(content.variables),
    }


def _heard(house: House, found: Collected, digest: str, whose: str) -> Line | None:
    """The words as they were kept; None: they are not there, or can't be shown to be those that were recorded: those that older
    releases took from the page were hashed with more than was kept.
    """
    if not digest:
        return None  # a button was pressed, and nothing was written
    content = _kept_content(house, found, digest)
    if content is None:
        found.missing.append(f"words {whose} ({digest[:12]})")
        return None
    said = {
        "channel": content.part,
        "id": content.variables.get("id", ""),
        "text": content.variables["body"],
    }
    if not (found.for_the_person or _is_as_recorded(said, digest, found.debtor.personal.key)):
        found.missing.append(f"proof of the words {whose} ({digest[:12]})")
        return None
    return said


def _kept_content(house: House, found: Collected, digest: str) -> Content | None:
    return None if found.debtor.is_erased else house.ledger.content(found.debtor.id, digest)


def _is_as_recorded(said: Line, digest: str, key: str) -> bool:
    hashed = note_digest if said["channel"] == "note" else received_digest
    return bool(key) and hashed(said, key) == digest


def _verdict(house: House, found: Collected, attempt: ContactAttempt) -> Line:
    """The rules that were asked, with their articles, and whether the decision is made so again."""
    again: Replayed = replayed(house, found.debtor, found.history, attempt.id)
    if again.rules not in KNOWN:
        return _unknown_rules(found, attempt, again)
    bound = dict(_bound(house, attempt, again))
    for name, digest in bound.items():
        try:
            _document(house, found, digest, name)
        except NotFound:
            found.missing.append(f"{name} ({digest[:12]}) of attempt {attempt.id}")
    return {
        "rules": again.rules,
        "decided_again": "person" if not again.stored else "same" if again.is_same else "differs",
        "differences": [to_plain(one) for one in again.differences],
        "laws": list(again.laws),
        "bound": bound,
        "asked": [to_plain(one) for one in again.asked],
    }


def _unknown_rules(found: Collected, attempt: ContactAttempt, again: Replayed) -> Line:
    """What today's rules say of it is no evidence of what was decided then."""
    found.missing.append(f"the rules of attempt {attempt.id} ({attempt.book or 'not recorded'})")
    return {
        "rules": again.rules,
        "decided_again": "rules_lost" if again.stored else "person",
        "differences": [],
        "laws": [],
        "bound": {},
        "asked": [],
    }


def _bound(house: House, attempt: ContactAttempt, again: Replayed) -> Iterator[tuple[str, str]]:
    """The strategy and the laws behind an attempt, by name and hash."""
    _, playbook = rules_of(house, attempt)
    for name in ("strategy", *(f"law.{one}" for one in again.laws)):
        if name in playbook.hashes:
            yield name, playbook.hashes[name]


def _document(house: House, found: Collected, digest: str, name: str) -> bytes:
    """A kept document, once. Raises NotFound."""
    if digest not in found.rules:
        if house.playbook.hashes.get(name) == digest:
            found.rules[digest] = document(house.playbook, name)
        else:
            found.rules[digest] = kept(house, digest)
    return found.rules[digest]


def _lines(lines: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{canonical(json.loads(json.dumps(line)))}\n" for line in lines).encode()
