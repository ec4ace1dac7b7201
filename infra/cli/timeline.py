"""Everything that ever happened with one person, on one page: what we said, what they answered, what they paid, and why."""

import argparse
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.cli.timeline_page import page
from infra.cli.told import told
from infra.cli.who import debtor_named
from infra.cli.words import local
from infra.private_file import for_its_owner
from recobro.domain import business_days, chain
from recobro.domain.chain import Recorded
from recobro.domain.debtor import Debtor
from recobro.domain.facts import kind_of
from recobro.errors import NotFound
from recobro.house import House
from recobro.usecases.thread import digest_of, words_of


@dataclass(frozen=True)
class Line:
    """One fact. at: aware UTC; local: on the person's clock; words: what was said, where it was kept and was asked for."""

    at: datetime
    local: str
    version: int
    kind: str
    what: str
    channel: str
    status: str
    by: str
    why: str
    words: str = ""


@dataclass(frozen=True)
class Timeline:
    """broken: where the chain of facts does not hold, empty when it does."""

    debtor: str
    name: str
    zone: str
    broken: str
    lines: tuple[Line, ...]


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "debtor", metavar="DEBTOR", help="id, debt reference, phone, e-mail or CC:TYPE:NUMBER"
    )
    parser.add_argument(
        "--words", action="store_true", help="show what was said: it names people and amounts"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as one self-contained page")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        debtor_id = debtor_named(place.house, arguments.debtor)
        found = timeline(place.house, debtor_id, words=arguments.words or arguments.html is not None)
    if arguments.html is not None:
        with for_its_owner(arguments.html) as file:
            file.write(page(found))
        screen.note(f"written: {arguments.html}")
    if screen.as_json:
        screen.answer(found)
        return 0
    if arguments.html is None:
        show(found, screen)
    return 0


def timeline(house: House, debtor_id: str, *, words: bool = False) -> Timeline:
    """Every fact of that person, oldest first. Raises NotFound."""
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    zone = str(business_days.zone_of(loaded.debtor, house.playbook))
    history = house.ledger.history(debtor_id)
    lines = tuple(_line(house, loaded.debtor, one, zone, words=words) for one in history)
    broken = chain.first_gap(history, loaded.debtor.head)
    return Timeline(debtor_id, loaded.debtor.personal.name, zone, broken, lines)


def show(found: Timeline, screen: Screen) -> None:
    """The history as a table, the words beneath what they belong to."""
    columns = ("when", "what", "channel", "status", "by", "why")
    rows: list[tuple[str, ...]] = []
    for one in found.lines:
        rows.append((one.local, one.what, one.channel, one.status, one.by, one.why))
        if one.words:
            rows.append(("", "\n".join(f"│ {line}" for line in one.words.splitlines()), "", "", "", ""))
    screen.table(
        f"{found.name} · {found.debtor} · {found.zone}", columns, rows, empty="Nothing happened yet."
    )
    verdict = f"The chain does NOT hold: {found.broken}." if found.broken else "The chain of facts holds."
    screen.say(f"{len(found.lines)} facts. {verdict}", "bold red" if found.broken else "")


def _line(house: House, debtor: Debtor, one: Recorded, zone: str, *, words: bool) -> Line:
    what = told(one, debtor)
    said = ""
    digest = digest_of(one)
    if words and digest:
        content = house.ledger.content(debtor.id, digest)
        said = words_of(house, content) if content is not None else ""
    return Line(
        at=one.at,
        local=local(one.at, zone),
        version=one.version,
        kind=kind_of(one.fact),
        what=what.what,
        channel=what.channel,
        status=what.status,
        by=what.by,
        why=what.why,
        words=said,
    )


COMMAND = Command(
    name="timeline",
    summary="Show everything that happened with one person",
    examples=(
        "recobro timeline d0f3a91c2b7e4d5f60718293",
        "recobro timeline fabula/A-1001 --words",
        "recobro timeline '+52 55 5550 0142' --html timeline.html",
    ),
    options=options,
    run=run,
)
