"""The words that a person adds to a form are read like a message of theirs: what they refuse there is refused at once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from recobro.codec import write_instant
from recobro.domain import acting
from recobro.domain.beside import bound_beside, refuses
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, TaskOpened
from recobro.domain.meaning import BINDS, Meant
from recobro.usecases.meaning import meant_on_page
from recobro.usecases.portal.visit import Visit
from recobro.usecases.saving import opt_out_whom_it_may_mean
from recobro.web import Shown

Own = Callable[[Debtor, datetime], Sequence[Fact]]


def act_and_hear(found: Visit, form: str, own: Own, done: str) -> Shown:
    """Do what a form is for, and what the words beside it bind. form: the intent that it stands for; done: what is said then."""
    words = found.asked.one("words")
    meant = meant_on_page(found.house, words, found.statement, found.debtor, found.house.now())
    brought: list[Fact] = []

    def decide(debtor: Debtor, now: datetime) -> Sequence[Fact]:
        brought[:] = _all_of_it(found, debtor, now, own(debtor, now), meant, form)
        return brought

    if refuses(meant):
        # The others first, as in Visit.act: a page that fails is not always sent again.
        _suppress(found)
        _close_for_the_others(found)
    intent = meant.intent if meant.is_sure and meant.intent in BINDS else form
    found.act(intent, decide, words=words, is_letter=True)
    return found.go(done=_done(brought, meant, done))


def _all_of_it(
    found: Visit, debtor: Debtor, now: datetime, own: Sequence[Fact], meant: Meant, form: str
) -> list[Fact]:
    """What the form and the words bring about."""
    beside = bound_beside(debtor, found.statement, found.house.playbook, now, meant, form)
    if any(isinstance(one, TaskOpened) for one in own):  # whoever takes it has the words before them
        beside = tuple(one for one in beside if not _asks_to_read(one))
    return [*own, *beside]


def _asks_to_read(fact: Fact) -> bool:
    return isinstance(fact, TaskOpened) and fact.task.reason == "read_message"


def _done(brought: Sequence[Fact], meant: Meant, done: str) -> str:
    """The most binding of what was done is what the person is told."""
    if refuses(meant):
        return "stop"
    complains = any(isinstance(one, TaskOpened) and one.task.reason == "complaint" for one in brought)
    return "complain" if complains else done


def _suppress(found: Visit) -> None:
    """The address that the message had reached is closed before anything else is saved."""
    house, point = found.house, found.statement.point
    if point:
        house.suppressions.add(point, "opt_out", write_instant(house.now()))


def _close_for_the_others(found: Visit) -> None:
    """It is closed for everybody who has it (PRACTICE: Shared points)."""
    house, said = found.house, found.statement
    for other in sorted({*house.lookups.debtors(said.point)} - {found.debtor.id}) if said.point else ():
        opt_out_whom_it_may_mean(house, other, said.point, lambda debtor, _now: acting.opts_out(debtor, said))
