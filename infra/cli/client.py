"""A new client in a minute: the few things that only the agency knows are asked, the rest is suggested and can be changed."""

import argparse
import sys
from pathlib import Path

from infra.cli.command import Command, Plain
from infra.cli.place import Here, shared_options
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

QUESTIONS = (
    ("country", "Whose people are written to (country, two letters)", "MX"),
    ("agency", "Who writes: your agency's name, as people see it", ""),
    ("responsible", "Who in your agency answers for it", ""),
    ("phone", "The number that people call", ""),
    ("address", "Your agency's address", ""),
    ("creditor", "For whom: the creditor's name", ""),
    ("sender", "The address that e-mail comes from", ""),
    ("region", "AWS Region in which the data stays (empty: suggested)", ""),
)
"""Option, question, what an empty answer means."""


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="new", required=True)
    new = doing.add_parser("new", help="write a client's folder", formatter_class=Plain)
    new.add_argument("name", metavar="NAME", help="2 to 20 lower-case letters, digits and dashes")
    for key, question, _ in QUESTIONS:
        new.add_argument(f"--{key}", default=None, metavar="TEXT", help=question)
    new.add_argument("--gateway", action="append", default=[], metavar="NAME", help="who tells of payments")
    new.add_argument("--yes", action="store_true", help="ask nothing; what is not given is marked CHANGE")
    new.add_argument("--into", type=Path, default=None, metavar="DIR", help="where (infra/clients)")
    shared_options(new, has_place=False, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    from infra.playbook import inspect
    from infra.repository import CLIENTS
    from infra.starting.writing import Answers, open_points, write_client

    told = {key: _answer(arguments, screen, key, question, usual) for key, question, usual in QUESTIONS}
    told["country"] = told["country"].upper()
    answers = Answers(arguments.name, gateways=tuple(arguments.gateway), legal={}, **told)
    folder = write_client(answers, arguments.into or CLIENTS)
    compiled = inspect(folder)
    left = open_points((folder / "client.toml").read_text("utf-8"))
    if screen.as_json:
        errors = [str(one) for one in compiled.errors]
        screen.answer(
            {"folder": folder, "to_write": [{"line": n, "text": t} for n, t in left], "errors": errors}
        )
        return 0
    screen.say(f"{folder} is written; nothing of it is deployed.", "bold")
    screen.table("Still to be written in client.toml", ("line", "what"), [(str(n), text) for n, text in left])
    if compiled.errors:
        screen.say(
            f"The shipped words do not satisfy {answers.country} yet, in {len(compiled.errors)} places:"
        )
        screen.say(f"  {compiled.errors[0]}")
    name = answers.name if folder.parent == CLIENTS else str(folder)
    screen.say(f"Next: make check CLIENT={name}, then AWS_PROFILE=... make deploy CLIENT={name},")
    screen.say(
        f"then recobro doctor --client {name} --profile ... which says what AWS and the carriers still need."
    )
    return 0


def _answer(arguments: argparse.Namespace, screen: Screen, key: str, question: str, usual: str) -> str:
    given: str | None = getattr(arguments, key)
    if given is not None or arguments.yes:
        return given or usual
    screen.note(f"{question}{f' [{usual}]' if usual else ''}:")
    line = sys.stdin.readline()
    if not line:
        raise InvalidInput(f"--{key}", "was not answered", f"answer, give --{key}, or say --yes")
    return line.strip() or usual


COMMAND = Command(
    name="client",
    summary="Write the folder of a new client: few questions, words that were checked, one quiet channel",
    examples=(
        "recobro client new acme",
        'recobro client new acme --yes --country CO --creditor "Muebles Fábula" --sender avisos@example.com',
    ),
    options=options,
    run=run,
    has_place=False,
)
