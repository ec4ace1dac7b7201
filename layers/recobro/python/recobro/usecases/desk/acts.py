"""What somebody at their desk does: each act is the use case that the command has, under the name that the pool vouches for.

Whoever acts has the task first, and that is on record: what follows stands beside their name.
"""

from datetime import date

from recobro.domain.acting import Statement
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of
from recobro.domain.figures import locale_for
from recobro.domain.refusal import Refusal
from recobro.domain.session import seen_by
from recobro.domain.task import Task
from recobro.domain.typed import amount_typed, day_typed
from recobro.errors import InvalidInput, NotFound
from recobro.pages.desk_acts import PAUSES
from recobro.pages.desk_task import task_page
from recobro.pages.html import NOTHING
from recobro.usecases import acting, tasks
from recobro.usecases.desk.one import claimed_call, one_task, task_of
from recobro.usecases.desk.sitting import Sitting
from recobro.web import Asked, Shown

SAID = ("take", "call", "offer", "pause")
"""What is said on the task's page once it is done; a closed task has none, and is said on the list."""


def open_task(found: Sitting, wrong: str = "", draft: str = "", status: int = 200) -> Shown:
    """The task's page. wrong: what could not be done, as a word; draft: the note that came with it."""
    done = found.at.asked.query.get("done", "")
    said = NOTHING
    if wrong:
        said = found.desk.told(wrong, wrong=True)
    elif done in SAID:
        said = found.desk.told(f"done_{done}")
    one = one_task(found)
    return Shown(task_page(found.desk_showing(one.debtor), one, said, draft), status)


def take(found: Sitting) -> Shown:
    _mine(found)
    return found.go("take")


def call(found: Sitting) -> Shown:
    """Claimed by the same law as any contact; only then is the number shown."""
    task = _mine(found)
    no = tasks.call(found.house, found.at.debtor, task.id, found.who.name)
    return open_task(found, "not_now", status=409) if isinstance(no, Refusal) else found.go("call")


def close(found: Sitting) -> Shown:
    """With what came of it; what was typed and cannot be taken comes back with the note."""
    asked, house = found.at.asked, found.house
    task = _mine(found)
    debtor, _ = task_of(found)
    note, result, about = asked.one("note"), asked.one("result"), asked.one("debt")
    attempt = claimed_call(debtor, task)
    try:
        debts = (about,) if about else ()
        amount, day = _promised(found, debtor, task, debts) if result == "promise" else (0, None)
        flagged = tasks.close(
            house,
            debtor.id,
            task.id,
            result,
            attempt=attempt.id if attempt is not None else "",
            amount=amount,
            due_on=day,
            note=note,
            debts=debts,
            seen=seen_by(asked.one("form")),
            account=_shown_account(asked) if not debts else None,
        )
    except InvalidInput as error:
        known = {
            "amount": "wrong_amount",
            "due_on": "wrong_due_on",
            "disposition": "wrong_result",
            "seen": "written_since",
            "account": "owed_since",
        }
        return open_task(found, known.get(error.field, "wrong"), note, 422)
    except NotFound:
        # Nothing is owed that could be promised; or somebody closed the task meanwhile, which is said instead.
        return open_task(found, "wrong", note, 422)
    return Shown(to=f"/console?done={'flagged' if flagged else 'close'}")


def _shown_account(asked: Asked) -> tuple[str, str] | None:
    """Creditor and currency that the form of a promise named; None: forms of an older release do not say."""
    shown = (asked.one("creditor"), asked.one("currency"))
    return shown if all(shown) else None


def _promised(found: Sitting, debtor: Debtor, task: Task, debts: tuple[str, ...]) -> tuple[int, date]:
    """What was typed, in minor units, and by when. Raises InvalidInput, and NotFound where nothing is owed."""
    asked, house, now = found.at.asked, found.house, found.house.now()
    currency = tasks.first_voice(debtor, task, house, now, debts).currency
    locale = locale_for(house.playbook, found.desk.language, debtor.profile.country)
    amount = amount_typed(asked.one("amount"), currency, locale)
    day = day_typed(asked.one("day"), today_of(debtor, house.playbook, now).day)
    if amount is None:
        raise InvalidInput("amount", "cannot be read", "figures alone")
    if day is None:
        raise InvalidInput("due_on", "cannot be read, or has passed", "today or later")
    return amount, day


def offer(found: Sitting) -> Shown:
    """A plan that policy computes for their own authority, and no other."""
    _mine(found)
    statement = _statement(found)
    no = acting.choose_plan(
        found.house, found.at.debtor, statement, found.at.asked.one("offer"), found.who.authority
    )
    return open_task(found, "no_offer", status=409) if isinstance(no, Refusal) else found.go("offer")


def pause(found: Sitting) -> Shown:
    days = found.at.asked.one("days")
    if days not in {str(one) for one in PAUSES}:
        raise InvalidInput("days", "is none of those offered", "open the page again")
    _mine(found)
    acting.pause(found.house, found.at.debtor, _statement(found), int(days))
    return found.go("pause")


def _mine(found: Sitting) -> Task:
    """Raises NotFound, and Conflict where it is somebody else's and this is nobody in charge."""
    _, task = task_of(found)
    if task.owner != found.who.name:
        tasks.take(found.house, found.at.debtor, task.id, found.who.name, is_over=found.who.is_supervisor)
    return task


def _statement(found: Sitting) -> Statement:
    """Told to somebody of ours; the form's own number names it, so that a second click says nothing new."""
    nonce = found.at.asked.one("nonce")
    if not nonce.isalnum() or len(nonce) != 16:
        raise NotFound("a form without its number")
    return Statement(Channel.VOICE, f"console {found.at.act} {nonce}", by=found.who.name)
