"""What people may do for themselves, whichever way they come: the page, a message and an agent all call these and nothing else.

Each binds before it returns. `statement` names the word (a form's own id, a message's digest), so that a click that comes twice,
or a message told twice, changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from recobro.codec import write_instant
from recobro.domain import acting, agreeing
from recobro.domain.acting import Statement
from recobro.domain.confirming import agreed_in_writing
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact
from recobro.domain.plan import Authority, PlanOffer
from recobro.domain.playbook import Playbook
from recobro.domain.refusal import Refusal
from recobro.errors import NotFound
from recobro.house import House
from recobro.usecases.saving import change, change_whom_it_may_mean

Decides = Callable[[Debtor, Playbook, datetime], Sequence[Fact] | Refusal]


def _act(house: House, debtor_id: str, decide: Decides) -> Refusal | None:
    """Save what it brings about; None: done, or done before."""
    refused: list[Refusal] = []

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        decided = decide(debtor, house.playbook, now)
        refused[:] = [decided] if isinstance(decided, Refusal) else []
        return () if isinstance(decided, Refusal) else tuple(decided)

    change(house, debtor_id, facts)
    return refused[0] if refused else None


def promise(
    house: House, debtor_id: str, statement: Statement, amount: int, due_on: date, creditor: str = ""
) -> Refusal | None:
    """A promise to pay; a later one takes its place. Refused with the furthest day or least amount in `detail`."""
    return _act(
        house,
        debtor_id,
        lambda debtor, book, now: agreeing.promises(debtor, statement, book, now, amount, due_on, creditor),
    )


def offers(house: House, debtor_id: str, authority: Authority = Authority.AUTOMATIC) -> tuple[PlanOffer, ...]:
    """The plans that may be offered now. Raises NotFound."""
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    return agreeing.plan_offers(loaded.debtor, house.playbook, house.now(), authority)


def choose_plan(
    house: House,
    debtor_id: str,
    statement: Statement,
    offer_id: str,
    authority: Authority = Authority.AUTOMATIC,
) -> Refusal | None:
    """Agree one of `offers`, by its id, and owe its copy in writing; anything that policy did not compute is refused."""
    return _act(
        house,
        debtor_id,
        lambda debtor, book, now: agreed_in_writing(debtor, statement, book, now, offer_id, authority),
    )


def dispute(house: House, debtor_id: str, statement: Statement, debts: tuple[str, ...] = ()) -> None:
    """These debts rest until a person has answered; none named: those it was said about."""
    _act(house, debtor_id, lambda debtor, book, now: acting.disputes(debtor, statement, book, now, debts))


def already_paid(house: House, debtor_id: str, statement: Statement, *, has_proof: bool = False) -> None:
    """Peace while the money is looked for; with proof, until a person has seen it."""
    _act(
        house,
        debtor_id,
        lambda debtor, book, now: acting.already_paid(debtor, statement, book, now, has_proof=has_proof),
    )


def hardship(house: House, debtor_id: str, statement: Statement) -> None:
    """Thirty days of rest and a person who looks."""
    _act(house, debtor_id, lambda debtor, book, now: acting.hardship(debtor, statement, book, now))


def complain(house: House, debtor_id: str, statement: Statement) -> tuple[str, date]:
    """Returns the complaint's number and the day by which it is answered."""
    told: list[date] = []

    def decide(debtor: Debtor, book: Playbook, now: datetime) -> tuple[Fact, ...]:
        facts, day = acting.complains(debtor, statement, book, now)
        told[:] = [day]
        return facts

    _act(house, debtor_id, decide)
    return acting.complaint_number(statement, house.now()), told[0]


def ask_person(house: House, debtor_id: str, statement: Statement) -> None:
    """A person calls or writes back; the machine keeps quiet until then."""
    _act(house, debtor_id, lambda debtor, book, now: acting.asks_person(debtor, statement, book, now))


def pause(house: House, debtor_id: str, statement: Statement, days: int) -> None:
    """Quiet for some days, 30 at most."""
    _act(house, debtor_id, lambda debtor, book, now: acting.pauses(debtor, statement, book, now, days))


def not_me(house: House, debtor_id: str, statement: Statement) -> None:
    """The address reaches somebody else: it is bad for this person and nobody else."""
    _act(house, debtor_id, lambda debtor, _, now: acting.wrong_person(debtor, statement))


def stop(house: House, debtor_id: str, statement: Statement, scope: str = "point") -> int:
    """scope: "point" (for everybody on it), "channel" (this channel, or `family` as in "channel:whatsapp"), or "person".

    Returns for how many people it binds; the address is suppressed before anything else happens.
    """
    kind, _, family = scope.partition(":")
    if kind == "channel":
        _act(house, debtor_id, lambda debtor, _, now: acting.stops_channel(debtor, statement, family))
        return 1
    if kind == "person":
        _act(house, debtor_id, lambda debtor, _, now: acting.stops_everything(debtor, statement))
    if not statement.point:
        return 1
    house.suppressions.add(statement.point, "opt_out", write_instant(house.now()))
    everybody = sorted({debtor_id, *house.lookups.debtors(statement.point)})
    for one in everybody:
        change_whom_it_may_mean(house, one, lambda debtor, now: acting.opts_out(debtor, statement))
    return len(everybody)
