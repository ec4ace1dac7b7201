"""Contacts that others made, put on record so that they count: the creditor's calls, the former agency's messages."""

import argparse
import io
from dataclasses import asdict
from pathlib import Path

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from recobro.adapters.portfolio.opened import open_portfolio
from recobro.errors import InvalidInput
from recobro.intake.rejects_file import RejectsFile
from recobro.usecases.report_contacts import Reported, report_contacts


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV, XLSX or JSON Lines with the columns debt (and creditor) or address, at, "
        "channel; by (creditor, other_agency, debtor) and outcome where known",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be put on record, and save nothing"
    )
    parser.add_argument("--rejects", type=Path, metavar="FILE.csv", help="where to put what was handed back")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """Returns 1 when rows were handed back."""
    path: Path = arguments.file
    if not path.is_file():
        raise InvalidInput("FILE", f"{path} is no file", "name a CSV, XLSX or JSON Lines file")
    with here() as place, path.open("rb") as file:
        source = open_portfolio(file, path.name)
        done = report_contacts(place.house, source.rows(), dry=arguments.dry_run)
    rejects = _rejects(done, arguments.rejects or path.with_suffix(".rejects.csv"))
    if screen.as_json:
        screen.answer({**asdict(done), "rejects": len(done.rejects), "rejects_file": rejects})
    else:
        _show(done, rejects, screen, dry=arguments.dry_run)
    return 1 if done.rejects else 0


def _rejects(done: Reported, path: Path) -> str:
    if not done.rejects:
        return ""
    out = io.StringIO()
    file = RejectsFile(out)
    for one in done.rejects:
        file.add(one)
    path.write_text(out.getvalue(), encoding="utf-8")
    return str(path)


def _show(done: Reported, rejects: str, screen: Screen, *, dry: bool) -> None:
    would = "would be " if dry else ""
    screen.say(
        f"{done.rows} rows: {done.counted} contacts {would}put on record for {done.people} people, {done.repeated} known "
        f"already, {done.too_old} too old to weigh on any law, {len(done.rejects)} handed back.",
        "bold",
    )
    screen.table(
        "What became of them", ("outcome", "rows"), sorted((k, str(v)) for k, v in done.outcomes.items())
    )
    if rejects:
        screen.say(f"Handed back, each row with its reason: {rejects}")


COMMAND = Command(
    name="contacts",
    summary="Put contacts on record that the creditor, a former agency or the person made; they count like ours",
    examples=(
        "recobro contacts gestiones.csv --dry-run",
        "recobro contacts gestiones.jsonl --client acme --profile acme-prod",
        "recobro contacts gestiones.xlsx --rejects devueltas.csv",
    ),
    options=options,
    run=run,
)
