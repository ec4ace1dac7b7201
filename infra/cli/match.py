"""A bank statement's credits beside what is owed: proposals for a person, who says which of them are posted."""

import argparse
from pathlib import Path
from typing import Any

from infra.bank.lines import Statement
from infra.bank.matching import GATEWAY, post, propose
from infra.bank.statement import read_statement
from infra.cli.command import Plain
from infra.cli.place import Place, shared_options
from infra.cli.screen import Screen
from infra.cli.words import amount
from recobro.domain.bank_line import Proposal
from recobro.errors import InvalidInput

ORDER = ("sure", "likely", "possible", "nobody", "known")


def match_options(doing: Any) -> None:
    said = "match a bank statement (CSV or CAMT.053) with what is owed"
    parser = doing.add_parser("match", help=said, description=said, formatter_class=Plain)
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV or CAMT.053 statement")
    parser.add_argument("--currency", default="", metavar="CUR", help="of a CSV statement: MXN")
    parser.add_argument(
        "--columns", type=Path, metavar="M.toml", help='where the guess is wrong: amount = "Abonos"'
    )
    parser.add_argument(
        "--post",
        default="",
        metavar="WHICH",
        help="post these: sure, or line numbers 3,14; a number posts even what is known by its amount",
    )
    parser.add_argument(
        "--set-aside", action="store_true", help="with --post: what matches nobody waits in quarantine"
    )
    parser.add_argument("--who", default="", help="who decides; needed with --post")
    shared_options(parser, nested=True)


def match(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    read = read_statement(arguments.file, arguments.currency, arguments.columns)
    with screen.progress("people") as tell:
        found = propose(place.house, read.lines, lambda people: tell(people, None))
    found.sort(key=lambda one: (ORDER.index(one.surety), one.line.number))
    if not arguments.post:
        return _shown(found, read, screen)
    if not arguments.who:
        raise InvalidInput("--who", "is missing", "say who decides: it is kept with each payment")
    chosen = _chosen(arguments.post, found)
    if arguments.set_aside:
        chosen += [one for one in found if one.surety == "nobody" and one not in chosen]
    done = post(place.house, chosen, arguments.who)
    if screen.as_json:
        screen.answer(
            {
                "posted": [
                    {"line": one.line.number, "debt": one.debt, "result": told.result} for one, told in done
                ],
                "rejected": read.rejected,
            }
        )
        return 0
    rows = [
        (str(one.line.number), amount(one.line.amount), one.debt, told.result, told.reason)
        for one, told in done
    ]
    screen.table(f"{len(done)} lines", ("line", "amount", "debt", "result", "why"), rows, right=("amount",))
    _unread(read, screen)
    return 0


def _chosen(which: str, found: list[Proposal]) -> list[Proposal]:
    if which == "sure":
        return [one for one in found if one.surety == "sure"]
    by_number = {str(one.line.number): one for one in found}
    chosen = []
    for number in which.split(","):
        one = by_number.get(number.strip())
        if one is not None and one.is_posted:
            fix = f"leave it out; what became of it: recobro payments show {GATEWAY}#{one.line.id}"
            raise InvalidInput("--post", f"line {number} was taken before", fix)
        if one is None or not one.debt:
            raise InvalidInput(
                "--post", f"line {number!r} proposes no debt", "sure, or numbers that the list shows"
            )
        if one.others:
            fix = "recobro payments match … --set-aside, then payments resolve … --to"
            raise InvalidInput("--post", f"line {number} fits {one.others + 1} debts alike", fix)
        chosen.append(one)
    return chosen


def _shown(found: list[Proposal], read: Statement, screen: Screen) -> int:
    if screen.as_json:
        screen.answer({"proposals": found, "others": read.others, "rejected": read.rejected})
        return 0
    rows = [
        (
            str(one.line.number),
            one.line.booked_on.isoformat(),
            amount(one.line.amount),
            one.line.payer,
            one.surety,
            one.debt + (f" or {one.others} more" if one.others else ""),
            ", ".join(one.why),
        )
        for one in found
    ]
    columns = ("line", "booked", "amount", "from", "how sure", "debt", "what agrees")
    screen.table(
        f"{len(found)} credits", columns, rows, empty="No credits in this statement.", right=("amount",)
    )
    screen.say(f"{read.others} other lines are no booked credits.")
    _unread(read, screen)
    screen.say("Nothing was posted. --post sure, or --post 3,14, with --who, posts them.")
    return 0


def _unread(read: Statement, screen: Screen) -> None:
    for number, why in read.rejected:
        screen.say(f"line {number} could not be read: {why}", "bold")
