"""What failed five times waits in a dead-letter queue: see what and why, and put it back once the cause is gone."""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.cli.command import Command, Plain
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from infra.cli.words import local
from recobro.errors import InvalidInput

DEAD = "-dead"
HIDDEN = 300
"""Seconds for which a message that is taken is out of sight, unless it is put back in sight before."""
IN_VAIN = 3
"""Looks that bring nothing new before we stop: a look samples some of the queue's servers, and others may hold what is left.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""
NOT_OURS_ANY_MORE = {"MessageNotInflight", "InvalidParameterValue", "ReceiptHandleIsInvalid"}
"""What SQS says of a message whose time out of sight has ended: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html"""
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
    found: list[Dead] = []
    for name in names:
        waiting, before = _count(place, name), len(found)
        found += looked_at(place, name, with_body=with_body)
        if (seen := len(found) - before) < waiting:
            screen.note(
                f"{name}: {seen} of about {waiting} seen; somebody has the others in hand, look again"
            )
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
    """Every message of a dead-letter queue once; all are back in sight before the first reason is looked up."""
    url, _ = _pair(place, queue)
    held: list[dict[str, Any]] = []
    try:
        for batch in _batches(place, url):
            held += batch
    finally:
        _in_sight(place, url, held)
    for message in held:
        yield _dead(place, queue, message, with_body=with_body)


def _in_sight(place: Place, url: str, messages: Iterable[dict[str, Any]]) -> None:
    """Each may be taken by anybody again. One that is so already, or that somebody else took or deleted, is left alone."""
    sqs = place.house.client("sqs")
    for message in messages:
        try:
            sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
        except ClientError as error:
            if error.response["Error"]["Code"].rpartition(".")[2] not in NOT_OURS_ANY_MORE:
                raise


def redriven(place: Place, queue: str, only: str = "", *, dry_run: bool) -> Iterator[str]:
    """Put back, one after another: sent first, deleted then, so that a crash between the two repeats it and loses nothing."""
    dead, source = _pair(place, queue)
    if dry_run:
        yield from (one.id for one in looked_at(place, queue) if only in {"", one.id})
        return
    sqs = place.house.client("sqs")
    others: list[dict[str, Any]] = []
    try:
        for batch in _batches(place, dead):
            chosen = [one for one in batch if only in {"", one["MessageId"]}]
            others += [one for one in batch if one not in chosen]
            for message in chosen:
                attributes = message.get("MessageAttributes", {})
                sqs.send_message(QueueUrl=source, MessageBody=message["Body"], MessageAttributes=attributes)
                sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
                yield message["MessageId"]
            if only and chosen:
                return
    finally:
        _in_sight(place, dead, others)


def _batches(place: Place, url: str) -> Iterator[list[dict[str, Any]]]:
    """What is in the queue now, each message once: what fails again meanwhile is for the next run."""
    sqs, left = place.house.client("sqs"), _waiting(place, url)
    seen: set[str] = set()
    in_vain = 0
    while left > 0 and in_vain < IN_VAIN:
        found = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=AT_ONCE,
            VisibilityTimeout=HIDDEN,
            WaitTimeSeconds=1,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        fresh = [one for one in found if one["MessageId"] not in seen]
        in_vain = 0 if fresh else in_vain + 1
        seen.update(one["MessageId"] for one in fresh)
        left -= len(fresh)
        yield fresh


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
