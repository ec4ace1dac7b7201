"""The law that binds us, to read, to check and to compare: what a lawyer signs is what the engine does."""

import argparse
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from infra.cli import law_diff
from infra.cli.command import Command, Plain
from infra.cli.place import Here, client_named, shared_options
from infra.cli.screen import Screen
from infra.lawbook.checking import Checked, check
from infra.lawbook.page import Page, html, page_of
from infra.playbook.compiling import inspect
from infra.repository import client_folder
from recobro.errors import InvalidInput, NotFound
from recobro.law.choose import packs_for
from recobro.law.load import PACKS, load_packs
from recobro.law.pack import Pack
from recobro.law.rule import Conf


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="list|show|check|diff", required=True)
    listed = doing.add_parser("list", help="every pack, with what is law and what is ours")
    shown = doing.add_parser("show", help="a pack as a page, with articles", formatter_class=Plain)
    shown.add_argument(
        "pack", metavar="CO", help="a pack (US-NYC), or a country without one: the strict default"
    )
    shown.add_argument("--html", type=Path, metavar="FILE", help="write it as one self-contained page")
    for one in (listed, shown):
        one.add_argument("--on", metavar="DATE", default="", help="as it stands on that day (today)")
    checked = doing.add_parser("check", help="lint packs, word lists, calendars and a client's words")
    checked.add_argument(
        "named", nargs="?", metavar="CLIENT", help="a folder of infra/clients (CLIENT, else demo)"
    )
    checked.add_argument(
        "--packs", type=Path, default=PACKS, metavar="DIR", help="a folder of drafts (as shipped)"
    )
    law_diff.options(doing.add_parser("diff", help=law_diff.__doc__, formatter_class=Plain))
    for name, one in doing.choices.items():
        shared_options(one, nested=True, has_place=name == "diff")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    match arguments.doing:
        case "list":
            return _list(day_given("--on", arguments.on), screen)
        case "show":
            return _show(arguments, screen)
        case "check":
            return _check(arguments, screen)
    return law_diff.run(arguments, screen, here)


def day_given(field: str, text: str) -> date:
    """The day that was written; today where none was. Raises InvalidInput."""
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError:
        raise InvalidInput(field, f"is {text!r}", "write a date, 2026-03-20") from None


def _list(on: date, screen: Screen) -> int:
    rows = [_row(page_of(pack, on), pack) for pack in load_packs().values()]
    if screen.as_json:
        screen.answer({"on": on, "packs": rows})
        return 0
    columns = ("pack", "name", "status", "reviewed", "rules", "law", "ours", "weak", "next change")
    screen.table(
        "Contact law", columns, [[str(cell) for cell in row.values()] for row in rows], right=columns[4:8]
    )
    return 0


def _row(page: Page, pack: Pack) -> Mapping[str, Any]:
    lines = [line for line in page.lines() if line.holds]
    ahead = [line.since for line in page.lines() if line.since > page.on]
    ahead += [line.to for line in page.lines() if line.to is not None and line.to >= page.on]
    return {
        "pack": page.id,
        "name": page.name,
        "status": page.status,
        "reviewed": page.reviewed.isoformat(),
        "rules": len(lines),
        "law": sum(not line.is_ours for line in lines),
        "ours": sum(line.is_ours for line in lines),
        "weak": sum(rule.conf is Conf.LOW for rule in pack.rules()),
        "next_change": min(ahead).isoformat() if ahead else "",
    }


def _show(arguments: argparse.Namespace, screen: Screen) -> int:
    page = page_of(pack_named(arguments.pack, screen), day_given("--on", arguments.on))
    if arguments.html is not None:
        arguments.html.write_text(html(page), encoding="utf-8")
        screen.note(f"written: {arguments.html}")
    if screen.as_json:
        screen.answer(page)
    elif arguments.html is None:
        show(page, screen)
    return 0


def pack_named(name: str, screen: Screen) -> Pack:
    """The pack of that id; for a country that has none the strict default, said aloud. Raises NotFound."""
    packs = load_packs()
    named = {one.lower(): pack for one, pack in packs.items()}
    if name.lower() in named:
        return named[name.lower()]
    if len(name) != 2 or not name.isalpha():
        raise NotFound(f"there is no pack {name!r}: {', '.join(packs)}")
    screen.note(
        f"there is no pack for {name.upper()}: its people are under the strict default, our own caution"
    )
    return packs_for(packs, name)[0]


def show(page: Page, screen: Screen) -> None:
    """The page for a terminal."""
    screen.say(page.headline, "bold")
    screen.say(f"Time zones: {', '.join(page.zones) or 'the debtor’s own'}.")
    screen.say()
    for title, lines in page.sections:
        rows = [
            (
                line.rule,
                line.words + (f" ({line.note})" if line.note else ""),
                line.article,
                line.weight,
                ("" if line.holds else "NOT IN FORCE, ") + line.span,
            )
            for line in lines
        ]
        screen.table(title, ("rule", "what it says", "where it stands", "how sure", "when"), rows)
    asked = [(one.question, one.strict, one.liberal, one.taken) for one in page.questions]
    screen.table("Where the law can be read two ways", ("question", "strict", "liberal", "we take"), asked)
    screen.table("Sources", ("", ""), page.sources)


def _check(arguments: argparse.Namespace, screen: Screen) -> int:
    found = check(datetime.now(UTC).date(), arguments.packs)
    client = client_named(arguments.named)
    folder = client_folder(client)
    if not folder.is_dir():
        raise NotFound(f"there is no client folder {client!r}")
    if not found.errors:
        words = inspect(folder)
        found.errors += words.errors
        found.notes += words.warnings
    if screen.as_json:
        screen.answer({"client": client, "errors": found.errors, "notes": found.notes})
    else:
        _tell(found, client, screen)
    return 1 if found.errors else 0


def _tell(found: Checked, client: str, screen: Screen) -> None:
    columns = ("file", "rule or field", "problem", "fix")
    for title, listed in (("To look at", found.notes), ("To mend", found.errors)):
        screen.table(title, columns, [(one.where, one.field, one.problem, one.fix) for one in listed])
    confidence = Counter(rule.conf.value for pack in found.packs.values() for rule in pack.rules())
    rules = ", ".join(f"{count} {name}" for name, count in confidence.most_common())
    verdict = f"{len(found.errors)} to mend" if found.errors else "fit to be relied on"
    screen.say(f"{len(found.packs)} packs ({rules}) and the words of {client}: {verdict}.", "bold")


COMMAND = Command(
    name="law",
    summary="Read the contact law as a page, check packs and words, see what a new law changes and costs",
    examples=(
        "recobro law list",
        "recobro law show CO --html colombia.html",
        "recobro law show US-NYC --on 2026-08-31",
        "recobro law check acme",
        "recobro law diff CO drafts/CO.toml",
        "recobro law diff CO drafts/CO.toml --history --client acme --profile acme-prod",
    ),
    options=options,
    run=run,
)
