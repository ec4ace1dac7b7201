"""A person asks what we hold, or objects to its use: the answer is exact, and the objection binds from the moment it is saved."""

from datetime import datetime, timedelta

from recobro.domain import business_days
from recobro.domain.candidates import packs_of
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of
from recobro.domain.facts import Fact, LegalEventHappened, TaskOpened
from recobro.domain.rights import Rights, objection_events, rights_of
from recobro.domain.task import Task
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases.saving import change
from recobro.usecases.unnamed import refuse_what_names

REASON = "data_rights"


def rights(house: House, debtor_id: str) -> Rights:
    """What we hold of that person, what may go now, and what is kept until when. Raises NotFound."""
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    debtor = loaded.debtor
    today = today_of(debtor, house.playbook, house.now())
    return rights_of(debtor, house.ledger.history(debtor_id), packs_of(debtor, house.playbook), today)


def object_to_use(house: House, debtor_id: str, evidence: str) -> str:
    """The person objects to the use of their data: nothing is sent but what the law still allows, and a person answers.

    evidence: the message, letter or form, and not whose it is: the words stay in the chain for good. Returns the id of the open
    task. Raises InvalidInput, NotFound.
    """
    if not evidence.strip():
        raise InvalidInput("evidence", "is missing", "name the message, letter or form that says so")
    opened: list[str] = []

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        refuse_what_names(debtor, "evidence", evidence)
        waiting = next((one.id for one in debtor.open_tasks() if one.reason == REASON), "")
        new = [
            LegalEventHappened(event, evidence.strip())
            for event in objection_events(packs_of(debtor, house.playbook))
            if event not in debtor.events
        ]
        if waiting:
            opened[:] = [waiting]
            return tuple(new)
        task = _task(debtor, house, now)
        opened[:] = [task.id]
        return (*new, TaskOpened(task))

    change(house, debtor_id, facts)
    return opened[0]


def _task(debtor: Debtor, house: House, now: datetime) -> Task:
    """The creditor has to answer, so ours is the next business day."""
    today = today_of(debtor, house.playbook, now)
    due = business_days.plus(today.day, 1, today.holidays)
    return Task(f"tdr{now:%Y%m%dT%H%M%S}", REASON, 1, now, today.starts(due + timedelta(days=1)))
