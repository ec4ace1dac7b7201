"""Was anybody contacted who must not be? Everything that was sent, judged by a program that shares no code with the one that sent it."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.cli.command import Command, Plain
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from infra.exporting import lines_of
from infra.private_file import for_its_owner
from infra.repository import ROOT
from recobro.errors import InvariantBroken

AUDITOR = ROOT / "infra" / "auditor"
PACKS = ROOT / "layers" / "recobro" / "python" / "recobro" / "law" / "packs"
WORDS = PACKS.parent / "words"
JUDGED = (0, 1, 2)
"""How the auditor ends when it could begin: no breach, breaches, or lines set aside."""


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="export|run", required=True)
    export = doing.add_parser(
        "export", help="write what was sent and what happened to a file", formatter_class=Plain
    )
    export.add_argument("file", type=Path, metavar="FILE", help="JSON Lines, as infra/auditor/EXPORT.md says")
    judged = doing.add_parser(
        "run", help="export, judge by the published law, and show every breach", formatter_class=Plain
    )
    judged.add_argument(
        "--margin", type=int, default=0, metavar="SECONDS", help="narrow all hours by so much (0)"
    )
    for one in (export, judged):
        one.add_argument("--without-words", action="store_true", help="leave out what was said")
        shared_options(one, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        if arguments.doing == "export":
            count = write(place, arguments.file, words=not arguments.without_words)
            screen.note("it names people and what they were told: keep it as you keep the ledger")
            screen.say(f"{count} lines written to {arguments.file}.")
            if screen.as_json:
                screen.answer({"file": str(arguments.file), "lines": count})
            return 0
        with aside() as file:
            write(place, file, words=not arguments.without_words)
            found = judged(file, arguments.margin)
    if screen.as_json:
        screen.answer(found)
    else:
        show(found, screen)
    return 1 if found["breaches"] else 2 if found["set_aside"] else 0


def write(place: Place, file: Path, *, words: bool) -> int:
    """Write the export, readable by its owner alone; how many lines."""
    with for_its_owner(file) as out:
        count = 0
        for line in lines_of(place.house, words=words):
            out.write(line)
            count += 1
    return count


def judged(file: Path, margin: int = 0, *, packs: Path = PACKS, words: Path = WORDS) -> Mapping[str, Any]:
    """What the auditor says of an export, in a process of its own that can't see ours. packs, words: folders of the law."""
    law = ["--packs", str(packs), "--words", str(words)]
    command = [sys.executable, "-I", "-S", str(AUDITOR), str(file), *law, "--json"]
    done = subprocess.run(
        [*command, "--margin", str(margin)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode not in JUDGED or not done.stdout:
        raise InvariantBroken(f"the auditor could not judge: {done.stderr.strip()[-500:]}")
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def show(found: Mapping[str, Any], screen: Screen) -> None:
    """Every breach, every line set aside, then the count."""
    rows = [
        (one["local"], one["rule"], one["person"], one["channel"], one["contact"], one["why"], one["article"])
        for one in found["breaches"]
    ]
    columns = ("when (local)", "rule", "person", "channel", "contact", "why", "article")
    screen.table("Breaches", columns, rows, empty="No breach.")
    aside = [(str(one["number"]), one["field"], one["problem"], one["fix"]) for one in found["set_aside"]]
    screen.table("Lines set aside", ("line", "field", "problem", "fix"), aside)
    screen.say(
        f"{found['contacts']} contacts with {found['persons']} persons judged, {found['with_words']} with their words; "
        f"{len(rows)} breaches, {len(aside)} lines set aside.",
        "bold red" if rows else "bold",
    )


@contextmanager
def aside() -> Iterator[Path]:
    """A file that nobody else reads and that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        yield Path(folder) / "export.jsonl"


COMMAND = Command(
    name="audit",
    summary="Judge everything that was sent by the published law, with a program that shares no code with ours",
    examples=(
        "recobro audit run",
        "recobro audit run --margin 120 --json",
        "recobro audit export contacts.jsonl --without-words",
        "python infra/auditor contacts.jsonl --packs layers/recobro/python/recobro/law/packs",
    ),
    options=options,
    run=run,
)
