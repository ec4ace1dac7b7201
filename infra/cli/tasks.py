"""What only a person can do: listed by urgency, taken by name, called by the same law as any contact, closed with what came of it."""

import argparse
import getpass
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from infra.cli.command import Command, Plain
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.cli.words import local
from recobro.domain.money import exponent
from recobro.domain.refusal import Refusal
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases import tasks
from recobro.usecases.desk.one import claimed_call
from recobro.usecases.rehearse import everyone


@dataclass(frozen=True)
class Listed:
    """One open task, as a person chooses from it."""

    debtor: str
    task: str
    reason: str
    priority: int
    due_at: datetime
    creditor: str
    owner: str
    name: str
    is_overdue: bool


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="list|take|call|close", required=True)
    listed = doing.add_parser("list", help="open tasks, the most urgent first", formatter_class=Plain)
    listed.add_argument("--owner", help="only those of one person; - for those nobody took")
    listed.add_argument("--reason", help="only of one reason (call, read_message …)")
    shared_options(listed, nested=True)
    listed.add_argument("--overdue", action="store_true", help="only those past their day")
    taken = _one(doing, "take", "put a name on a task")
    taken.add_argument("--who", default=getpass.getuser(), help="whose it is (%(default)s)")
    called = _one(doing, "call", "claim the call that a task asks for, if the law allows it now")
    called.add_argument("--who", default=getpass.getuser(), help="who calls (%(default)s)")
    closed = _one(doing, "close", "close a task with what came of it")
    closed.add_argument("--as", dest="disposition", required=True, choices=tasks.DISPOSITIONS, metavar="OUTCOME",
                        help=", ".join(tasks.DISPOSITIONS))  # fmt: skip
    closed.add_argument(
        "--attempt",
        default="",
        help="the call that led to it, as `tasks call` named it (the one that the task led to)",
    )
    closed.add_argument("--debt", action="append", default=[], metavar="CREDITOR/REF",
                        help="what it is about, where it is not all; may be repeated")  # fmt: skip
    closed.add_argument("--amount", default="", help="promised, in the debt's currency: 1500.00")
    closed.add_argument("--on", default="", metavar="DATE", help="promised for: 2026-03-20")
    closed.add_argument("--note", default="", help="what was said, in your words; kept, and read by the law")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        if arguments.doing == "list":
            return _list(arguments, place, screen)
        debtor_id = debtor_named(place.house, arguments.debtor)
        done = {"take": _take, "call": _call, "close": _close}[arguments.doing]
        return done(arguments, place.house, debtor_id, screen)


def open_tasks(house: House, seen: Callable[[int], None] = lambda people: None) -> Iterator[Listed]:
    """Every open task of everybody, in no order. seen: told how many people were looked at."""
    now = house.now()
    for number, loaded in enumerate(everyone(house), 1):
        seen(number)
        debtor = loaded.debtor
        for task in debtor.open_tasks():
            yield Listed(
                debtor.id,
                task.id,
                task.reason,
                task.priority,
                task.due_at,
                task.creditor,
                task.owner,
                debtor.personal.name,
                task.due_at < now,
            )


def _list(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    with screen.progress("people") as tell:
        everybody = open_tasks(place.house, lambda people: tell(people, None))
        found = sorted(everybody, key=lambda one: (one.priority, one.due_at, one.debtor))
    owner = "" if arguments.owner == "-" else arguments.owner
    found = [
        one
        for one in found
        if (owner is None or one.owner == owner)
        and (not arguments.reason or one.reason == arguments.reason)
        and (not arguments.overdue or one.is_overdue)
    ]
    if screen.as_json:
        screen.answer({"tasks": found})
        return 0
    zone = place.house.playbook.client.schedule.time_zone
    rows = [
        (
            str(one.priority),
            local(one.due_at, zone) + (" overdue" if one.is_overdue else ""),
            one.reason,
            one.name,
            one.creditor,
            one.owner,
            one.debtor,
            one.task,
        )
        for one in found
    ]
    columns = ("priority", f"due ({zone})", "reason", "person", "creditor", "owner", "debtor", "task")
    screen.table(f"{len(found)} open tasks", columns, rows, empty="No open tasks.", right=("priority",))
    return 0


def _take(arguments: argparse.Namespace, house: House, debtor_id: str, screen: Screen) -> int:
    tasks.take(house, debtor_id, arguments.task, arguments.who)
    return _done(
        screen, {"task": arguments.task, "owner": arguments.who}, f"{arguments.task} is {arguments.who}'s."
    )


def _call(arguments: argparse.Namespace, house: House, debtor_id: str, screen: Screen) -> int:
    answer = tasks.call(house, debtor_id, arguments.task, arguments.who)
    if isinstance(answer, str):
        said = f"Call now; then: recobro tasks close {debtor_id} {arguments.task} --attempt {answer} --as …"
        return _done(screen, {"attempt": answer}, said)
    if screen.as_json:
        screen.answer({"refusal": answer})
        return 1
    screen.say(refused(answer, house.playbook.client.schedule.time_zone), "bold")
    return 1


def refused(refusal: Refusal, zone: str) -> str:
    """Not now, and why, in one line."""
    until = f" until {local(refusal.until, zone)}" if refusal.until else ""
    change = f"; what would change it: {refusal.change}" if refusal.change else ""
    return f"Not now: {refusal.rule} ({refusal.source}){until} {refusal.detail}{change}"


def _close(arguments: argparse.Namespace, house: House, debtor_id: str, screen: Screen) -> int:
    amount, due_on, debts = 0, None, tuple(arguments.debt)
    if arguments.disposition == "promise":
        amount, due_on = promised(house, debtor_id, arguments.task, arguments.amount, arguments.on, debts)
    found = tasks.close(
        house,
        debtor_id,
        arguments.task,
        arguments.disposition,
        attempt=arguments.attempt or _claimed(house, debtor_id, arguments.task),
        amount=amount,
        due_on=due_on,
        note=arguments.note,
        debts=debts,
    )
    again = _still_waiting(house, debtor_id, arguments.task)
    told = {"task": arguments.task, "disposition": arguments.disposition, "note": found, "open_again": again}
    words = [f"{arguments.task} is closed: {arguments.disposition}."]
    if again:
        words.append(f"It is open again as {again}: its money is placed by nobody yet (recobro payments).")
    words += [f"The law forbids saying that: {one.detail} ({one.rule}, {one.source})." for one in found]
    return _done(screen, told, "\n".join(words))


def _still_waiting(house: House, debtor_id: str, task_id: str) -> str:
    """The task that took the place of the one just closed, because its money waits; empty: none did."""
    loaded = house.ledger.load(debtor_id)
    listed = loaded.debtor.tasks if loaded is not None else ()
    closed = next((one for one in listed if one.id == task_id), None)
    if closed is None or not closed.waits_for:
        return ""
    return next((one.id for one in listed if one.is_open and one.step == closed.step), "")


def _claimed(house: House, debtor_id: str, task_id: str) -> str:
    """The task's own call whose end nobody has told yet; empty: there is none."""
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        return ""
    made = claimed_call(loaded.debtor, tasks.open_task(loaded.debtor, task_id))
    return made.id if made is not None else ""


def promised(
    house: House, debtor_id: str, task_id: str, amount: str, on: str, debts: tuple[str, ...] = ()
) -> tuple[int, date]:
    """Minor units of what the task is about, and the day. Raises InvalidInput, NotFound."""
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    task = tasks.open_task(loaded.debtor, task_id)
    currency = tasks.first_voice(loaded.debtor, task, house, house.now(), debts).currency
    try:
        minor = Decimal(amount).scaleb(exponent(currency))
    except InvalidOperation:
        raise InvalidInput("--amount", f"is {amount!r}", "write 1500.00") from None
    if minor != minor.to_integral_value():
        raise InvalidInput("--amount", f"has more decimals than {currency}", "round it")
    try:
        return int(minor), date.fromisoformat(on)
    except ValueError:
        raise InvalidInput("--on", f"is {on!r}", "write a date, 2026-03-20") from None


def _done(screen: Screen, told: Mapping[str, object], words: str) -> int:
    if screen.as_json:
        screen.answer(told)
    screen.say(words)
    return 0


def _one(
    doing: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    parser = doing.add_parser(name, help=summary, description=summary, formatter_class=Plain)
    parser.add_argument("debtor", metavar="DEBTOR", help="id, debt reference, phone or e-mail")
    parser.add_argument("task", metavar="TASK", help="as `tasks list` shows it")
    shared_options(parser, nested=True)
    return parser


COMMAND = Command(
    name="tasks",
    summary="What people have to do: list it, take it, call, close it",
    examples=(
        "recobro tasks list --owner -",
        "recobro tasks take d0f3… t1.late.call --who ana",
        "recobro tasks call d0f3… t1.late.call --who ana",
        "recobro tasks close d0f3… t1.late.call --as promise --attempt a91c… --amount 1500.00 --on 2026-03-20",
        "recobro tasks close d0f3… tdispute-4a1b… --as resume --note 'the creditor sent the signed contract'",
    ),
    options=options,
    run=run,
)
