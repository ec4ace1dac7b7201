"""What failed five times waits in a dead-letter queue: see what and why, and put it back once the cause is gone."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.cli.command import Command, Plain
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from infra.cli.words import local
from recobro.errors import InvalidInput

DEAD = "-dead"
HIDDEN = 60
"""Seconds for which a message that is looked at is out of sight: a second look in that time would miss it."""
AT_ONCE = 10
NO_REASON = "none was kept: the function crashed or ran out of time"


@dataclass(frozen=True)
class Dead:
    """One message. sent: when it was first sent. ran_out: a hint whose time is over; put back, it is dropped."""

    id: str
    queue: str
    sent: datetime
    reason: str
    ran_out: bool
    bytes: int
    body: str = ""


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="list|show|redrive", required=True)
    listed = doing.add_parser("list", help="how many wait in each queue", formatter_class=Plain)
    shown = doing.add_parser(
        "show", help="each message with the reason of its last failure", formatter_class=Plain
    )
    shown.add_argument(
        "queue", nargs="?", default="", metavar="QUEUE", help="only this one: send-sms, receipts …"
    )
    shown.add_argument("--body", action="store_true", help="show the input itself: it may name people")
    back = doing.add_parser(
        "redrive", help="put them back into the queue they came from", formatter_class=Plain
    )
    back.add_argument("queue", metavar="QUEUE", help="send-sms, receipts …; all: every one")
    back.add_argument("--id", default="", metavar="MESSAGE", help="only this message")
    back.add_argument("--dry-run", action="store_true", help="say what would go back and move nothing")
    for one in (listed, shown, back):
        shared_options(one, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        match arguments.doing:
            case "list":
                return _list(place, screen)
            case "show":
                return _show(place, screen, arguments.queue, with_body=arguments.body)
        return _redrive(place, screen, arguments)


def _list(place: Place, screen: Screen) -> int:
    counts = {name: _count(place, name) for name in sorted(pairs(place))}
    if screen.as_json:
        screen.answer(counts)
        return 0
    rows = [(name, str(count)) for name, count in counts.items() if count]
    screen.table("", ("queue", "dead letters"), rows, empty="Nothing waits.", right=("dead letters",))
    return 0


def _show(place: Place, screen: Screen, queue: str, *, with_body: bool) -> int:
    names = [queue] if queue else [name for name in sorted(pairs(place)) if _count(place, name)]
    found = [one for name in names for one in looked_at(place, name, with_body=with_body)]
    if screen.as_json:
        screen.answer(
            [{key: value for key, value in vars(one).items() if with_body or key != "body"} for one in found]
        )
        return 0
    rows = [
        (
            one.queue,
            one.id,
            local(one.sent, "UTC"),
            one.reason,
            "ran out" if one.ran_out else "",
            str(one.bytes),
        )
        for one in found
    ]
    columns = ("queue", "message", "sent (UTC)", "last failure", "", "bytes")
    screen.table("", columns, rows, empty="Nothing waits.", right=("bytes",))
    for one in found if with_body else ():
        screen.say(f"{one.id}: {one.body}")
    return 0


def _redrive(place: Place, screen: Screen, arguments: argparse.Namespace) -> int:
    names = sorted(pairs(place)) if arguments.queue == "all" else [arguments.queue]
    moved: dict[str, int] = {}
    with screen.progress("putting back") as tell:
        for name in names:
            moved[name] = 0
            for _ in redriven(place, name, arguments.id, dry_run=arguments.dry_run):
                moved[name] += 1
                tell(sum(moved.values()), None)
    if not arguments.dry_run:
        place.go_on()
    if screen.as_json:
        screen.answer({"dry_run": arguments.dry_run, "moved": moved})
        return 0
    rows = [(name, str(count)) for name, count in moved.items() if count]
    said = "would go back" if arguments.dry_run else "put back"
    screen.table("", ("queue", said), rows, empty=f"Nothing {said}.", right=(said,))
    return 0


def pairs(place: Place) -> dict[str, tuple[str, str]]:
    """Queue → (its dead letters' URL, its own), without the client's prefix."""
    queues = place.queues
    return {
        name.removesuffix(DEAD): (url, queues[name.removesuffix(DEAD)])
        for name, url in queues.items()
        if name.endswith(DEAD)
    }


def looked_at(place: Place, queue: str, *, with_body: bool = False) -> Iterator[Dead]:
    """Every message of a dead-letter queue once; each is put back in sight afterwards."""
    url, _ = _pair(place, queue)
    sqs, held = place.house.client("sqs"), []
    try:
        for message in _messages(place, url):
            held.append(message)
            yield _dead(place, queue, message, with_body=with_body)
    finally:
        for message in held:
            sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )


def redriven(place: Place, queue: str, only: str = "", *, dry_run: bool) -> Iterator[str]:
    """Put back, one after another: sent first, deleted then, so that a crash between the two repeats it and loses nothing."""
    dead, source = _pair(place, queue)
    if dry_run:
        yield from (one.id for one in looked_at(place, queue) if only in {"", one.id})
        return
    sqs, others = place.house.client("sqs"), []
    for message in _messages(place, dead):
        if only not in {"", message["MessageId"]}:
            others.append(message)
            continue
        attributes = message.get("MessageAttributes", {})
        sqs.send_message(QueueUrl=source, MessageBody=message["Body"], MessageAttributes=attributes)
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        yield message["MessageId"]
    for message in others:
        sqs.change_message_visibility(
            QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )


def _messages(place: Place, url: str) -> Iterator[dict[str, Any]]:
    """What is in the queue now, each message once: what fails again meanwhile is for the next run."""
    sqs, left = place.house.client("sqs"), _waiting(place, url)
    seen: set[str] = set()
    while left > 0:
        found = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=AT_ONCE,
            VisibilityTimeout=HIDDEN,
            WaitTimeSeconds=1,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        fresh = [one for one in found if one["MessageId"] not in seen]
        if not fresh:
            return
        seen.update(one["MessageId"] for one in fresh)
        left -= len(fresh)
        yield from fresh


def _dead(place: Place, queue: str, message: dict[str, Any], *, with_body: bool) -> Dead:
    body = message["Body"]
    sent = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    reason = place.house.asides.why(message["MessageId"]) or NO_REASON
    ran_out = queue.startswith("send-") and _ran_out(body, place.house.now())
    return Dead(message["MessageId"], queue, sent, reason, ran_out, len(body), body if with_body else "")


def _ran_out(body: str, now: datetime) -> bool:
    try:
        return datetime.fromisoformat(json.loads(body)["valid_until"]) <= now
    except (KeyError, TypeError, ValueError):
        return False


def _pair(place: Place, queue: str) -> tuple[str, str]:
    known = pairs(place)
    if queue not in known:
        raise InvalidInput("QUEUE", f"is {queue!r}", f"one of: {', '.join(sorted(known))}")
    return known[queue]


def _count(place: Place, queue: str) -> int:
    return _waiting(place, _pair(place, queue)[0])


def _waiting(place: Place, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    held = place.house.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(held[name]) for name in names)


COMMAND = Command(
    name="dlq",
    summary="See what failed five times and why, and put it back once the cause is gone",
    examples=(
        "recobro dlq list",
        "recobro dlq show send-sms",
        "recobro dlq redrive receipts --dry-run",
        "recobro dlq redrive all --profile acme",
    ),
    options=options,
    run=run,
)
