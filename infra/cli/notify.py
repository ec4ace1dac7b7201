"""Which of the client's own systems hear of what happens, whether they can, and what of somebody's history they are told again."""

import argparse
import json
from typing import Any

from infra.cli.command import Command, Plain
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from recobro.domain.notices import EVENTS
from recobro.errors import InvalidInput
from recobro.usecases.journal import QUEUE
from recobro.usecases.notify_client import again


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="show|resend", required=True)
    said = "who is told what, whether a secret is set, and how many notices wait"
    shown = doing.add_parser("show", help=said, description=said, formatter_class=Plain)
    shared_options(shown, nested=True)
    said = "tell all that may be told of one debtor once more, under the ids that it had"
    sent = doing.add_parser("resend", help=said, description=said, formatter_class=Plain)
    sent.add_argument("debtor", metavar="DEBTOR", help="an id, as `recobro timeline` shows it")
    sent.add_argument("--to", default="", metavar="NAME", help="only this one of the client's systems")
    shared_options(sent, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        doing = _show if arguments.doing == "show" else _resend
        code = doing(arguments, place, screen)
        place.go_on()
    return code


def _show(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    house = place.house
    found: list[dict[str, Any]] = [
        {
            "name": one.name,
            "url": one.url,
            "events": list(one.events or EVENTS),
            "secret": "set" if house.secrets.notify(one.name, house.now()) else "missing",
        }
        for one in house.playbook.client.notify
    ]
    waiting = {name: _count(place, url) for name, url in place.queues.items() if name.startswith(QUEUE)}
    if screen.as_json:
        screen.answer({"notify": found, "waiting": waiting})
        return 0
    rows = [(one["name"], one["url"], ", ".join(one["events"]), one["secret"]) for one in found]
    columns = ("name", "address", "told of", "secret")
    screen.table("Told of what happens", columns, rows, empty="No [[notify]] in client.toml: nobody is told.")
    for name, count in sorted(waiting.items()):
        screen.say(f"{count} in {name}" + (" (recobro dlq show)" if name != QUEUE else ""))
    return 0


def _resend(arguments: argparse.Namespace, place: Place, screen: Screen) -> int:
    names = [one.name for one in place.house.playbook.client.notify]
    if QUEUE not in place.queues:
        raise InvalidInput(
            "notify", "nobody is told: the client has no such queue", "add [[notify]], and deploy"
        )
    if arguments.to and arguments.to not in names:
        raise InvalidInput("--to", f"is {arguments.to!r}", f"one of: {', '.join(names)}")
    messages = list(again(place.house, arguments.debtor, arguments.to))
    for one in messages:
        place.house.client("sqs").send_message(
            QueueUrl=place.queues[QUEUE], MessageBody=json.dumps(dict(one), sort_keys=True)
        )
    if screen.as_json:
        screen.answer({"resent": len(messages)})
    else:
        screen.say(
            f"{len(messages)} notices are on their way again; who has heard them knows them by their ids."
        )
    return 0


def _count(place: Place, url: str) -> int:
    name = "ApproximateNumberOfMessages"
    asked: Any = place.house.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(asked["Attributes"][name])


COMMAND = Command(
    name="notify",
    summary="Show which of the client's own systems are told of what happens, and tell them again",
    examples=(
        "recobro notify show",
        "recobro notify resend d0123456789abcdef01234567 --to core --profile acme --client acme",
    ),
    options=options,
    run=run,
)
