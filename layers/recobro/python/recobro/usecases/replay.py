"""Was it decided so, and would it be again? A stored decision, replayed from facts, kept rules and time alone. Writes nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from recobro.codec import to_plain
from recobro.domain import chain
from recobro.domain.attempt import ContactAttempt
from recobro.domain.candidates import intended_contact, packs_of
from recobro.domain.chain import Recorded, canonical
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.eligibility import today_of, voices
from recobro.domain.playbook import Playbook
from recobro.domain.rendering import render
from recobro.domain.replay import Difference, as_it_stood, claim_of, differences, switches_of
from recobro.domain.settle import settled
from recobro.domain.wording import digest
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.law.asked import Asked, asked
from recobro.playbook_file import from_documents, template_from


@dataclass(frozen=True, slots=True)
class Replayed:
    """stored, replayed: canonical JSON; stored is empty for a contact that a person made, which no machine decided.

    rules: "deployed" (the same as today's), "kept" (read again from the bucket), "unrecorded" (an older release did not say
    which; today's were taken) or "lost". words: "same", "differ", "gone" or "none". asked: the rules of law that spoke of it.
    """

    debtor: str
    attempt: ContactAttempt
    at: datetime
    rules: str
    book: str
    stored: str
    replayed: str
    differences: tuple[Difference, ...]
    laws: tuple[str, ...]
    asked: tuple[Asked, ...]
    words: str
    broken: str

    @property
    def is_same(self) -> bool:
        """Byte for byte."""
        return self.stored == self.replayed


def replay(house: House, debtor_id: str, attempt_id: str) -> Replayed:
    """The decision behind an attempt, stored and made again. Raises NotFound."""
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    history = house.ledger.history(debtor_id)
    return replayed(house, loaded.debtor, history, attempt_id)


def replayed(house: House, now: Debtor, history: Sequence[Recorded], attempt_id: str) -> Replayed:
    """The same for a history at hand. now: the person as on record, for the key under which words were hashed."""
    recorded, claimed = claim_of(history, attempt_id)
    attempt, stored = claimed.attempt, claimed.decision
    at = attempt.claimed_at
    rules, playbook = rules_of(house, attempt)
    before, _ = settled(as_it_stood(now.id, history, recorded.version), playbook, at)
    then, plain = "", ""
    found: tuple[Difference, ...] = ()
    if stored is not None:
        again = decide(before, playbook, at, switches_of(claimed))
        then, plain = canonical(to_plain(again)), canonical(to_plain(stored))
        found = tuple(differences(json.loads(plain), json.loads(then)))
        if type(again) is not type(stored):
            kinds: tuple[Any, Any] = (type(stored).__name__, type(again).__name__)
            found = (Difference("", *kinds), *found)
    return Replayed(
        debtor=now.id,
        attempt=attempt,
        at=at,
        rules=rules,
        book=attempt.book,
        stored=plain,
        replayed=then,
        differences=found,
        laws=tuple(one.id for one in packs_of(before, playbook)),
        asked=_asked(before, attempt, playbook),
        words=_words(house, now, attempt),
        broken=chain.first_gap(history, now.head),
    )


def rules_of(house: House, attempt: ContactAttempt) -> tuple[str, Playbook]:
    """What an attempt was decided with, and how we know."""
    if not attempt.book:
        return "unrecorded", house.playbook
    if house.playbook.hashes.get("book", "").startswith(attempt.book):
        return "deployed", house.playbook
    try:
        return "kept", from_documents(kept(house, attempt.book), lambda one: kept(house, one))
    except NotFound:
        return "lost", house.playbook


def kept(house: House, address: str) -> bytes:
    """A document by (the first half of) its hash. Raises NotFound."""
    found = house.files.find(f"strategies/{address}")
    if found is None:
        raise NotFound(f"nothing is kept under {address}")
    return house.files.read(found)


def _asked(debtor: Debtor, attempt: ContactAttempt, playbook: Playbook) -> tuple[Asked, ...]:
    """Nothing where the voice or the point can't be found again, which the differences then say."""
    point = debtor.point(attempt.point)
    spoken = voices(debtor, playbook, today_of(debtor, playbook, attempt.claimed_at))
    voice = next(
        (one for one in spoken if one.creditor == attempt.creditor and set(attempt.debts) <= _keys(one)), None
    )
    if point is None or voice is None:
        return ()
    if attempt.debts:
        voice = replace(voice, debts=tuple(debt for debt in voice.debts if debt.key in attempt.debts))
    intended = intended_contact(
        debtor,
        voice,
        attempt.step.stage,
        attempt.kind,
        attempt.channel,
        point,
        playbook,
        attempt.claimed_at,
    )
    return asked(packs_of(debtor, playbook), playbook.calendars, intended, attempt.claimed_at)


def _keys(voice: Any) -> set[str]:
    return {debt.key for debt in voice.debts}


def _words(house: House, debtor: Debtor, attempt: ContactAttempt) -> str:
    """Whether template and variables still render to the words whose keyed hash the claim recorded."""
    if not attempt.content:
        return "none"
    content = house.ledger.content(debtor.id, attempt.content)
    if content is None or not debtor.personal.key:
        return "gone"
    template = house.playbook.templates.get(content.template)
    if template is None or house.playbook.hashes.get(f"template.{content.template}") != content.template_hash:
        try:
            template = template_from(kept(house, content.template_hash))
        except NotFound:
            return "gone"
    try:
        words = render(template, content.part, content.variables)
    except InvalidInput:
        return "differ"
    return "same" if digest(words, debtor.personal.key) == attempt.content else "differ"
