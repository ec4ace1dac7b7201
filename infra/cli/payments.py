"""Money that waits for a person: listed with its reason, looked at, placed, refused or returned, and each of it undone."""

import argparse
import getpass
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from infra.bank.creditors_file import take_payments
from infra.cli.command import Command, Plain
from infra.cli.match import match, match_options
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from infra.cli.words import amount, local
from recobro.adapters.payment_log import Entry
from recobro.domain.facts import kind_of
from recobro.domain.money import Money
from recobro.domain.said import said
from recobro.errors import InvalidInput
from recobro.usecases import payments
from recobro.usecases.confirm_payment import confirm_payment
from recobro.usecases.reconcile_payments import day_report, today_of_client


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(
        dest="doing", metavar="quarantine|show|resolve|undo|ask|match|import|report", required=True
    )
    _one(doing, "quarantine", "what waits for a person, oldest first, with its reason")
    shown = _one(doing, "show", "all that is known of one payment", payment=True)
    shown.add_argument(
        "--raw", action="store_true", help="show the gateway's own words: they may name people"
    )
    resolved = _one(doing, "resolve", "decide about a payment in quarantine", payment=True)
    how = resolved.add_mutually_exclusive_group(required=True)
    how.add_argument("--to", metavar="REFERENCE", help="it is for this debt: BRAND/REFERENCE")
    how.add_argument("--reject", action="store_true", help="it is no payment of ours")
    how.add_argument("--send-back", action="store_true", help="it was returned to who sent it")
    _decided(resolved)
    _decided(_one(doing, "undo", "take such a decision back", payment=True))
    _one(doing, "ask", "ask the gateway's API what became of it", payment=True)
    match_options(doing)
    taken = _one(doing, "import", "the creditor's own list: id, reference, amount, currency, at[, status]")
    taken.add_argument("file", type=Path, metavar="FILE", help="a CSV; amounts with their decimals")
    taken.add_argument("--who", required=True, help="who gives it; kept with each payment")
    report = _one(doing, "report", "a day's money: received = posted + quarantined + reversed")
    report.add_argument("day", nargs="?", default="", metavar="DAY", help="2026-03-09 (yesterday)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    done: dict[str, Callable[[argparse.Namespace, Place, Screen], int]] = {
        "quarantine": _quarantine,
        "show": _show,
        "resolve": _resolve,
        "undo": _undo,
        "ask": _ask,
    }
    done |= {"match": match, "import": _import, "report": _report}
    with here() as place:
        code = done[arguments.doing](arguments, place, screen)
        place.go_on()
    return code


def _import(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    """1 when a row came back."""
    done = take_payments(place.house, arguments.file, arguments.who)
    if screen.as_json:
        screen.answer({"results": done.results, "rejects": done.rejects})
        return int(bool(done.rejects))
    rows = [(result, str(count)) for result, count in sorted(done.results.items())]
    screen.table("Rows taken", ("result", "rows"), rows, empty="No row was taken.", right=("rows",))
    back = [(str(line), field, why, fix) for line, field, why, fix in done.rejects]
    if back:
        screen.table("Rows that come back", ("line", "field", "why", "what to write"), back)
    return int(bool(back))


def _quarantine(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    house = place.house
    found = sorted(house.payments.quarantined(), key=lambda one: one.at)
    if screen.as_json:
        screen.answer({"quarantined": [_plain(one) for one in found]})
        return 0
    zone = house.playbook.client.schedule.time_zone
    sums: Counter[str] = Counter()
    rows = []
    for one in found:
        money = said(one.words)
        sums[money.currency] += money.captured
        shown = _money(money.captured, money.currency)
        rows.append((local(one.at, zone), one.intent, shown, one.assigned or money.reference, one.reason))
    columns = (f"since ({zone})", "payment", "amount", "for", "why it waits")
    title = f"{len(found)} payments wait for a person"
    screen.table(title, columns, rows, empty="Nothing is in quarantine.", right=("amount",))
    for currency, minor in sorted(sums.items()):
        if minor:
            screen.say(f"{amount(Money(minor, currency))} in all")
    return 0


def _show(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    entry = payments.payment(place.house, arguments.payment)
    decided = place.house.payments.decided(entry.intent)
    unfinished = place.house.payments.unfinished(entry.intent)
    raw = place.house.payments.raw(entry.intent) if arguments.raw else {}
    if screen.as_json:
        bodies = {digest: body.decode(errors="replace") for digest, body in raw.items()}
        screen.answer({**_plain(entry), "words": entry.words, "ledgers": entry.bases, "decided": decided,
                       "unfinished": unfinished, **({"raw": bodies} if arguments.raw else {})})  # fmt: skip
        return 0
    zone = place.house.playbook.client.schedule.time_zone
    reason = f": {entry.reason}" if entry.reason else ""
    screen.say(f"{entry.intent} is {entry.status}{reason}", "bold")
    if unfinished:
        what, who, since = unfinished["what"], unfinished["who"], unfinished["at"]
        screen.say(f"{who} decided at {since} that it is {what}: not carried out to the end yet.")
        screen.say("The next reconciliation ends it, within the hour; or decide again.")
    words = [
        (
            local(one.told.at, zone),
            one.source,
            one.told.status + ("" if one.told.is_certain else " (a hint)"),
            _money(one.told.amount.minor, one.told.amount.currency),
            one.told.reference,
        )
        for one in sorted(entry.words, key=lambda one: one.told.at)
    ]
    screen.table("What was said", (f"at ({zone})", "by", "what", "amount", "for"), words, right=("amount",))
    currency = said(entry.words).currency
    held = [
        (
            debtor,
            key,
            base.heard.status,
            _money(base.heard.captured, currency),
            _money(base.heard.returned, currency),
        )
        for debtor, known in entry.bases.items()
        for key, base in known.items()
    ]
    columns = ("debtor", "debt", "status", "taken", "given back")
    screen.table("In whose record", columns, held, empty="In nobody's record.", right=columns[3:])
    notes = [(one["at"], one["what"], one["who"], one["why"]) for one in decided]
    screen.table("Decided", ("at", "what", "who", "why"), notes)
    for body in raw.values():
        screen.say(body.decode(errors="replace"))
    return 0


def _resolve(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    how, is_rehearsal = (arguments.who, _why(arguments)), arguments.dry_run
    if arguments.to:
        made = payments.assign(place.house, arguments.payment, arguments.to, *how, is_rehearsal=is_rehearsal)
    else:
        closing = "reject" if arguments.reject else "send_back"
        made = payments.close(place.house, arguments.payment, closing, *how, is_rehearsal=is_rehearsal)
    return _told(made, screen)


def _undo(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    why = _why(arguments)
    made = payments.undo(place.house, arguments.payment, arguments.who, why, is_rehearsal=arguments.dry_run)
    return _told(made, screen)


def _ask(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    told = confirm_payment(place.house, arguments.payment)
    if screen.as_json:
        screen.answer({"payment": arguments.payment, "result": told.result, "reason": told.reason})
    screen.say(f"{arguments.payment}: {told.result}{f' ({told.reason})' if told.reason else ''}", "bold")
    return 1 if told.result == "quarantined" else 0


def _report(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    """Returns 1 where something is not accounted for."""
    try:
        day = date.fromisoformat(arguments.day) if arguments.day else None
    except ValueError:
        raise InvalidInput("DAY", f"is {arguments.day!r}", "write a date, 2026-03-09") from None
    found = day_report(place.house, day or today_of_client(place.house) - timedelta(days=1))
    if screen.as_json:
        screen.answer(
            {"day": found.day, "is_even": found.is_even, "balances": found.balances, "lines": found.lines}
        )
        return 0 if found.is_even else 1
    names = ("received", "posted", "quarantined", "reversed", "unaccounted", "refused")
    rows = [
        (str(one.payments), *(_money(getattr(one, name), one.currency) for name in names))
        for one in found.balances
    ]
    columns = ("payments", *names)
    screen.table(f"Money of {found.day}", columns, rows, empty=f"No money on {found.day}.", right=columns)
    for line in found.lines:
        if line.unaccounted:
            screen.say(f"{line.intent}: {_money(line.unaccounted, line.currency)} not accounted for", "bold")
    return 0 if found.is_even else 1


def _told(made: payments.Resolution, screen: Screen) -> int:
    facts = {debtor: [kind_of(one) for one in listed] for debtor, listed in made.facts.items()}
    if screen.as_json:
        screen.answer(
            {"payment": made.intent, "status": made.status, "rehearsal": made.is_rehearsal, "facts": facts}
        )
        return 0
    would = "would be" if made.is_rehearsal else "is"
    screen.say(f"{made.intent} {would} {made.status}", "bold")
    rows = [(debtor, ", ".join(kinds)) for debtor, kinds in facts.items()]
    screen.table("", ("debtor", "what their record learns"), rows)
    if made.is_rehearsal:
        screen.say("Nothing was changed: leave --dry-run out to do it.")
    return 0


def _why(arguments: argparse.Namespace) -> str:
    if not arguments.why and not arguments.dry_run:
        raise InvalidInput("--why", "is missing", 'say why: --why "statement line 14 names the contract"')
    return str(arguments.why)


def _plain(entry: Entry) -> Mapping[str, Any]:
    money = said(entry.words)
    return {
        "payment": entry.intent,
        "status": entry.status,
        "reason": entry.reason,
        "at": entry.at,
        "amount": money.captured,
        "currency": money.currency,
        "reference": entry.assigned or money.reference,
    }


def _money(minor: int, currency: str) -> str:
    return amount(Money(minor, currency)) if currency else ""


def _decided(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--who", default=getpass.getuser(), help="who decides (%(default)s)")
    parser.add_argument("--why", default="", help="the reason, for the record")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what it would change, and change nothing"
    )


def _one(doing: Any, name: str, summary: str, *, payment: bool = False) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = doing.add_parser(
        name, help=summary, description=summary, formatter_class=Plain
    )
    if payment:
        parser.add_argument(
            "payment", metavar="PAYMENT", help="as `payments quarantine` lists it: gateway#id"
        )
    shared_options(parser, nested=True)
    return parser


COMMAND = Command(
    name="payments",
    summary="Place money that could not be posted, and see all that is known of a payment",
    examples=(
        "recobro payments quarantine",
        "recobro payments show standard#pi_123",
        'recobro payments resolve standard#pi_123 --to fabula/A-17 --why "the receipt says so" --dry-run',
        'recobro payments resolve standard#pi_123 --send-back --why "not our customer"',
        'recobro payments undo standard#pi_123 --why "it was for A-18"',
        "recobro payments match statement.xml",
        "recobro payments match abonos.csv --currency MXN --post sure --who ana",
        "recobro payments report 2026-03-09",
    ),
    options=options,
    run=run,
)
