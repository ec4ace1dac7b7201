"""What could be otherwise about one person: each change is a fact, a switch or a line of a file, so that it can be tried and not
only said.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from functools import cached_property

from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Decision
from recobro.domain.facts import Fact
from recobro.domain.fold import apply
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled


class Size(IntEnum):
    """How much a change asks for, by who has to act. Time asks for nothing at all."""

    FILE = 1  # a balance file that comes every day anyway
    AGENT = 2  # somebody of the agency closes, lifts or resumes
    CREDITOR = 3  # the creditor says so
    PERSON = 4  # the person allows it
    CLIENT_FILE = 6  # client.toml, reviewed and deployed
    STRATEGY = 8  # strategy.toml, signed by the manager and deployed


def _no_facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    return ()


def _same_book(playbook: Playbook) -> Playbook:
    return playbook


@dataclass(frozen=True)
class Change:
    """One thing that could be otherwise. id: two of one id are the same. because: the refusal that it answers.

    facts: what would be recorded of the person then. book: the files as they would be. frees: the switch that would be on.
    """

    id: str
    size: Size
    said: str
    because: Refusal
    facts: Callable[[Debtor, datetime], tuple[Fact, ...]] = _no_facts
    book: Callable[[Playbook], Playbook] = _same_book
    frees: str = ""


@dataclass(frozen=True)
class Scene:
    """One person at one instant, with everything that a decision rests on, and what of it was changed."""

    person: Debtor
    files: Playbook
    now: datetime
    off: Switches
    changes: tuple[Change, ...] = field(default=())

    @cached_property
    def playbook(self) -> Playbook:
        book = self.files
        for one in self.changes:
            book = one.book(book)
        return book

    @cached_property
    def switches(self) -> Switches:
        freed = {one.frees for one in self.changes}
        off = {scope: why for scope, why in self.off.off.items() if scope not in freed}
        return replace(self.off, off=off)

    @cached_property
    def stands(self) -> tuple[Debtor, tuple[Fact, ...]]:
        """The person then, and every fact that brings them there: what time brings about, and what was changed."""
        debtor, facts = settled(self.person, self.playbook, self.now)
        for change in self.changes:
            for fact in change.facts(debtor, self.now):
                debtor = apply(debtor, fact, self.now)
                facts = (*facts, fact)
        debtor, more = settled(debtor, self.playbook, self.now)
        return debtor, (*facts, *more)

    @cached_property
    def debtor(self) -> Debtor:
        return self.stands[0]

    @cached_property
    def decision(self) -> Decision:
        """What is decided then."""
        return decide(self.debtor, self.playbook, self.now, self.switches)


def decided_alone(scene: Scene, creditor: str, currency: str) -> Decision:
    """What is decided then if the person owed nothing but to that brand in that currency."""
    debts = tuple(one for one in scene.debtor.debts if (one.creditor, one.currency) == (creditor, currency))
    if debts == scene.debtor.debts:
        return scene.decision
    alone = replace(scene.debtor, debts=debts)
    return decide(alone, scene.playbook, scene.now, scene.switches)
