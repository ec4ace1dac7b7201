"""What the creditor is told of a day: contacts, results, promises and payments in its own layout and its own result codes."""

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from infra.cli.command import Command, Plain
from infra.cli.place import Here, shared_options
from infra.cli.screen import Screen
from infra.daily.layout import read_layout
from infra.daily.rows import rows_of, written
from recobro.errors import Conflict, InvalidInput
from recobro.usecases.reconcile_payments import today_of_client


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="daily", required=True)
    said = "one creditor's day as a CSV"
    daily = doing.add_parser("daily", help=said, description=said, formatter_class=Plain)
    daily.add_argument("--for", dest="creditor", required=True, metavar="CREDITOR", help="a brand's id")
    daily.add_argument("--date", default="", metavar="D", help="2026-03-09 (yesterday), the client's day")
    daily.add_argument("--layout", type=Path, metavar="FILE", help="its columns and codes, a TOML file")
    daily.add_argument("--to", type=Path, metavar="FILE", help="where to write (standard output)")
    shared_options(daily, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    layout = read_layout(arguments.layout)
    if arguments.to is not None and arguments.to.exists():
        raise Conflict(f"{arguments.to} is there already: name another file")
    with here() as place:
        day = _day(arguments.date) or today_of_client(place.house) - timedelta(days=1)
        zone = ZoneInfo(place.house.playbook.client.schedule.time_zone)
        rows = rows_of(place.house, arguments.creditor, day)
        body = written(rows, layout, zone)
    if arguments.to is not None:
        arguments.to.write_bytes(body)
    if screen.as_json:
        screen.answer({"day": day.isoformat(), "creditor": arguments.creditor, "rows": len(rows)})
    elif arguments.to is not None:
        screen.say(f"{len(rows)} rows of {day} for {arguments.creditor} in {arguments.to}.")
    else:
        sys.stdout.buffer.write(body)
    return 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("--date", f"is {text!r}", "write 2026-03-09") from None


COMMAND = Command(
    name="report",
    summary="Tell a creditor of a day: contacts, results, promises and payments, in its own layout and codes",
    examples=(
        "recobro report daily --for fabula",
        "recobro report daily --for fabula --date 2026-03-09 --layout fabula-daily.toml --to fabula.csv",
    ),
    options=options,
    run=run,
)
