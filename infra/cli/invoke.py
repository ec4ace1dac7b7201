"""Run one function on one event, as its trigger would: to try a sample of `events/`, or to repeat what failed."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from recobro.errors import InvalidInput


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("function", metavar="FUNCTION", help="a folder of functions/")
    parser.add_argument("event", metavar="EVENT.json", help="the event; - reads standard input")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """Prints the function's answer; 1 when it raised or handed messages back."""
    event = event_in(arguments.event)
    with here() as place:
        answer = place.invoke(arguments.function, event)
        place.go_on()
    screen.answer(answer)
    return 1 if isinstance(answer, dict) and answer.get("batchItemFailures") else 0


def event_in(path: str) -> Any:
    """The event in a file. Raises InvalidInput naming file, line and column of what is no JSON."""
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"{path}, line {error.lineno}, column {error.colno}"
        raise InvalidInput("event", error.msg, "correct that place", where) from error


COMMAND = Command(
    name="invoke",
    summary="Run one function on one event and print its answer",
    examples=(
        "recobro invoke receive_message events/receive_message/two_way_sms_baja.json",
        """echo '{"lane": "overdue"}' | recobro invoke escalation -""",
    ),
    options=options,
    run=run,
)
