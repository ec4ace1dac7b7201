"""Checks what was sent against the published law, by a program that shares no code with the one that sent it."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from .export_lines import Export, read_export
from .law_files import BadFile, read_law
from .replay import Audit, Auditor

EXAMPLES = """examples:
  python infra/auditor contacts.jsonl --packs layers/recobro/python/recobro/law/packs
  python infra/auditor contacts.jsonl --packs packs --calendars calendars --words words --json
  python infra/auditor contacts.jsonl --packs packs --margin 120     hold it to the house's own two minutes

It ends with 0: no breach; 1: breaches; 2: no breach, but lines were set aside, so it can't vouch for all; 3: it could not begin.
EXPORT.md, beside this program, says how an export is written."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the auditor; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="auditor",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("export", type=Path, metavar="EXPORT.jsonl", help="what was sent and what happened")
    parser.add_argument(
        "--packs", type=Path, required=True, metavar="DIR", help="the published packs (*.toml)"
    )
    parser.add_argument(
        "--calendars", type=Path, metavar="DIR", help="holidays (calendars, beside the packs)"
    )
    parser.add_argument("--words", type=Path, metavar="DIR", help="forbidden words (words, beside the packs)")
    parser.add_argument(
        "--margin", type=int, default=0, metavar="SECONDS", help="narrow all hours by so much (0)"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON, for machines")
    given = parser.parse_args(argv)
    try:
        law = read_law(given.packs, given.calendars, given.words)
        with given.export.open(encoding="utf-8") as lines:
            export = read_export(lines)
    except (BadFile, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"auditor: {error}\n")
        return 3
    audit = Auditor(law, export, timedelta(seconds=given.margin)).run()
    out = as_json(export, audit) if given.as_json else as_text(export, audit)
    sys.stdout.write(out + "\n")
    return 1 if audit.findings else 2 if export.aside else 0


def as_json(export: Export, audit: Audit) -> str:
    """The result for machines."""
    return json.dumps(
        {
            "client": export.head.get("client", ""),
            "contacts": audit.judged,
            "released": audit.released,
            "persons": audit.persons,
            "with_words": audit.with_words,
            "breaches": [
                {
                    "rule": one.breach.rule,
                    "article": one.breach.article,
                    "person": one.person,
                    "contact": one.contact,
                    "channel": one.channel,
                    "local": one.breach.local.isoformat(),
                    "why": one.breach.why,
                    "line": one.line,
                }
                for one in audit.findings
            ],
            "set_aside": [vars(one) for one in export.aside],
        },
        ensure_ascii=False,
        indent=1,
    )


def as_text(export: Export, audit: Audit) -> str:
    """The result for people: every breach, every line set aside, then the count."""
    lines = []
    for one in audit.findings:
        lines.append(f"BREACH {one.breach.rule} · {one.breach.article}")
        lines.append(
            f"  contact {one.contact} to {one.person} by {one.channel}, "
            f"{one.breach.local:%a %Y-%m-%d %H:%M:%S %Z}: {one.breach.why} (line {one.line})"
        )
    lines += [f"SET ASIDE line {one.number}: {one.field}: {one.problem}; {one.fix}" for one in export.aside]
    lines.append(
        f"{audit.judged} contacts with {audit.persons} persons judged ({audit.with_words} with their words), "
        f"{audit.released} released claims passed over: {len(audit.findings)} breaches, "
        f"{len(export.aside)} lines set aside"
    )
    return "\n".join(lines)
