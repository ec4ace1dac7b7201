"""A creditor's file goes in, and its sender hears at once what was taken, what was handed back and why, and who can be reached."""

import argparse
import getpass
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from infra.cli.command import Command
from infra.cli.import_report import answered, show, show_guess, show_known, show_paper
from infra.cli.place import Here, Place
from infra.cli.screen import Screen
from recobro.errors import InvalidInput
from recobro.house import House


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="CSV, XLSX or JSON Lines")
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="M.toml",
        help="which column is what, and what none says; columns that it does not name at all are guessed, and shown",
    )
    feed = parser.add_mutually_exclusive_group()
    feed.add_argument("--full", dest="feed", action="store_const", const="full", default="",
                      help="it names every debt: what it leaves out is recalled")  # fmt: skip
    feed.add_argument("--delta", dest="feed", action="store_const", const="delta",
                      help="it names what changed; recalls nothing (the default)")  # fmt: skip
    parser.add_argument("--as-of", default="", metavar="DATE", help="the day its balances were true (today)")
    parser.add_argument("--dry-run", action="store_true", help="read it here, and import nothing")
    parser.add_argument("--rejects", type=Path, metavar="FILE.csv", help="where to put what was handed back")
    parser.add_argument(
        "--confirm", default="", metavar="ID", help="say that a large recall is meant, and let it go on"
    )
    parser.add_argument("--list", action="store_true", help="list the imports so far")
    parser.add_argument("--who", default=getpass.getuser(), help="who confirms (%(default)s)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """Returns 1 for a file that was refused as a whole, or of which nothing would be taken."""
    if sum(map(bool, (arguments.file, arguments.confirm, arguments.list))) != 1:
        fix = "recobro import FILE, recobro import --confirm ID or recobro import --list"
        raise InvalidInput("FILE", "and --confirm and --list: exactly one of them", fix)
    if arguments.file is not None and not arguments.file.is_file():
        raise InvalidInput("FILE", f"{arguments.file} is no file", "name a CSV, XLSX or JSON Lines file")
    mapping, as_of = _mapping(arguments.mapping), _as_of(arguments.as_of)
    with here() as place:
        if arguments.list:
            return show_known(place.house, screen)
        if arguments.confirm:
            return _confirm(arguments, place, screen)
        return _import(arguments, place, screen, mapping, as_of)


def _import(
    arguments: argparse.Namespace, place: Place, screen: Screen, mapping: str, as_of: date | None
) -> int:
    from infra.cli.importing import asked_of, drop, looked_over, on_paper

    asked = asked_of(place.house, arguments.file, mapping, arguments.feed, as_of)
    if arguments.dry_run:
        with screen.progress("rows") as tell:
            found = on_paper(place.house, asked, tell)
        return show_paper(found, screen)
    with looked_over(place.house, asked) as portfolio:
        if portfolio.is_guessed:
            # What was shown is what is used, whatever a later release would guess.
            asked = replace(asked, mapping=portfolio.as_toml())
            show_guess(asked.mapping, screen)
    return _end(arguments, place, screen, drop(place.house, asked))


def _confirm(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    from recobro.usecases.import_partition import confirm

    confirm(place.house, arguments.confirm, arguments.who)
    return _end(arguments, place, screen, arguments.confirm)


def _end(arguments: argparse.Namespace, place: Place, screen: Screen, import_id: str) -> int:
    from infra.cli.importing import follow

    with screen.progress("importing") as tell:
        about = follow(place, import_id, tell)
    rejects = _fetch_rejects(place.house, about, arguments)
    if screen.as_json:
        screen.answer(answered(about, rejects))
    else:
        show(about, rejects, screen)
    return 1 if about["state"] == "refused" else 0


def _mapping(path: Path | None) -> str:
    """The mapping's text, checked here so that a slip costs seconds. Raises InvalidInput naming file, line and field."""
    from recobro.intake.mapping import load_mapping

    if path is None:
        return ""
    text = path.read_text(encoding="utf-8")
    load_mapping(text, path.name)
    return text


def _as_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("--as-of", f"is {text!r}", "write a date, 2026-11-22") from None


def _fetch_rejects(house: House, about: dict[str, Any], arguments: argparse.Namespace) -> Path | None:
    """The rejects file beside what was imported, if anything was handed back."""
    key = about.get("rejects_file")
    if not key or not (about.get("rejected") or about.get("conflicts")):
        return None
    beside = (
        arguments.file.with_suffix(".rejects.csv")
        if arguments.file
        else Path(f"{about['import']}.rejects.csv")
    )
    path: Path = arguments.rejects or beside
    path.write_bytes(house.files.read(key))
    return path


COMMAND = Command(
    name="import",
    summary="Bring in a creditor's file; says what was taken, what was not and why, and who can be reached",
    examples=(
        "recobro import portfolio.csv --dry-run",
        "recobro import portfolio.xlsx --mapping fabula.toml --full --as-of 2026-11-22",
        "recobro import --list",
        "recobro import --confirm i0a1b2c3d4e5f607 --who ana",
        "recobro import changes.csv --delta --client acme --profile acme-prod --json",
    ),
    options=options,
    run=run,
)
