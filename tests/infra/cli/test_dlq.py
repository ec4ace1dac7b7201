"""A dead letter is listed with the reason of its last failure and goes back once, whole; a second run moves nothing."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest

from infra.cli import main
from infra.cli.dlq import looked_at
from recobro.adapters.given_up import GAVE_UP, record_of
from recobro.adapters.state_record import key
from recobro.entry import each_message
from recobro.errors import Unavailable
from tests.house import Clock, house
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA

Recobro = Callable[..., Said]


@pytest.fixture
def queues(room: Room) -> Room:
    """Two queues, each with its dead letters."""
    sqs = room.house.client("sqs")
    for name in ("send-email", "receipts"):
        for full in (name, f"{name}-dead"):
            room.queues[full] = sqs.create_queue(QueueName=full)["QueueUrl"]
    return room


def dies(room: Room, queue: str, body: str, error: Exception | None = None) -> str:
    """A message that failed its last time, as Lambda and SQS deal with it."""
    sent = room.house.client("sqs").send_message(
        QueueUrl=room.queues[f"{queue}-dead"],
        MessageBody=body,
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "sample"}},
    )
    ident: str = sent["MessageId"]
    if error is not None:
        fail(room, ident, body, error, count=5)
    return ident


def fail(room: Room, ident: str, body: str, error: Exception, count: int) -> None:
    record = {"messageId": ident, "body": body, "attributes": {"ApproximateReceiveCount": str(count)}}

    def work(body: str, at: datetime) -> dict[str, Any]:
        raise error

    answered = each_message({"Records": [record]}, room.house, "send_email", work)
    assert answered["batchItemFailures"] == [{"itemIdentifier": ident}]


def hint(room: Room, **later: float) -> str:
    valid_until = (room.house.now() + timedelta(**later)).isoformat()
    return json.dumps({"debtor": "d0", "valid_until": valid_until})


def bodies(room: Room, queue: str) -> list[str]:
    asked = {"QueueUrl": room.queues[queue], "MaxNumberOfMessages": 10, "VisibilityTimeout": 0}
    found = room.house.client("sqs").receive_message(**asked).get("Messages", [])
    return sorted(one["Body"] for one in found)


def test_dead_letters_are_listed_with_the_reason_of_their_last_failure(
    queues: Room, recobro: Recobro
) -> None:
    late, fresh = hint(queues, minutes=-1), hint(queues, minutes=9)
    dies(queues, "send-email", late, Unavailable("ThrottlingException"))
    dies(queues, "send-email", fresh)

    assert recobro("dlq", "list", "--json").json == {"receipts": 0, "send-email": 2}
    shown = {one["ran_out"]: one for one in recobro("dlq", "show", "--json").json}
    assert shown[True]["reason"] == "send_email: Unavailable: ThrottlingException"
    assert "crashed or ran out of time" in shown[False]["reason"]
    assert bodies(queues, "send-email-dead") == sorted([late, fresh]), "to look is not to take"


def test_only_the_last_failure_is_remembered(queues: Room) -> None:
    fail(queues, "m-1", "{}", Unavailable("slow"), count=4)
    assert queues.house.asides.why("m-1") == ""
    fail(queues, "m-1", "{}", Unavailable("slow"), count=5)
    assert queues.house.asides.why("m-1") == "send_email: Unavailable: slow"


def test_a_body_that_may_name_people_is_shown_only_when_asked_for(queues: Room, recobro: Recobro) -> None:
    dies(queues, "receipts", "what somebody wrote")

    assert "what somebody wrote" not in recobro("dlq", "show").out
    assert "what somebody wrote" in recobro("dlq", "show", "--body").out


def test_they_go_back_whole_and_once(queues: Room, recobro: Recobro) -> None:
    for number in range(12):
        dies(queues, "receipts", f"receipt {number}")
    assert recobro("dlq", "redrive", "receipts", "--dry-run", "--json").json["moved"] == {"receipts": 12}
    assert bodies(queues, "receipts") == []

    assert recobro("dlq", "redrive", "receipts", "--json").json["moved"] == {"receipts": 12}
    assert recobro("dlq", "redrive", "all", "--json").json["moved"] == {"receipts": 0, "send-email": 0}
    assert recobro("dlq", "list", "--json").json == {"receipts": 0, "send-email": 0}
    sqs = queues.house.client("sqs")
    came = sqs.receive_message(
        QueueUrl=queues.queues["receipts"], MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert came[0]["MessageAttributes"]["kind"]["StringValue"] == "sample"


def test_one_goes_back_and_the_others_stay(queues: Room, recobro: Recobro) -> None:
    idents = [dies(queues, "receipts", f"receipt {number}") for number in range(3)]

    assert recobro("dlq", "redrive", "receipts", "--id", idents[1], "--json").json["moved"] == {"receipts": 1}
    assert bodies(queues, "receipts") == ["receipt 1"]
    assert bodies(queues, "receipts-dead") == ["receipt 0", "receipt 2"]


def test_what_is_looked_at_is_in_sight_again_before_its_reasons_are_looked_up(queues: Room) -> None:
    """Hundreds of reasons take an operator's machine minutes; somebody else's look must not miss them meanwhile."""
    for number in range(25):
        dies(queues, "receipts", f"receipt {number}")
    found = looked_at(queues, "receipts")
    next(found)

    counted = queues.house.client("sqs").get_queue_attributes(
        QueueUrl=queues.queues["receipts-dead"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert counted["Attributes"]["ApproximateNumberOfMessages"] == "25"
    assert len(list(found)) == 24


def test_what_somebody_else_has_in_hand_is_said_and_not_passed_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with house(Clock(), backend="moto") as opened:
        room = Room(opened)
        sqs = opened.client("sqs")
        for name in ("receipts", "receipts-dead"):
            room.queues[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        for number in range(3):
            dies(room, "receipts", f"receipt {number}")
        sqs.receive_message(QueueUrl=room.queues["receipts-dead"], VisibilityTimeout=600)
        assert main(("dlq", "show", "receipts"), lambda: nullcontext(room)) == 0

    assert "2 of about 3 seen" in capsys.readouterr().err


def test_a_queue_that_is_not_there_is_named_with_those_that_are(queues: Room, recobro: Recobro) -> None:
    said = recobro("dlq", "redrive", "nothing")
    assert said.code == 1
    assert "receipts, send-email" in said.err


def test_what_is_wrong_is_said_mended_and_said_no_more(room: Room, recobro: Recobro) -> None:
    table = room.house.client("dynamodb")
    lookup = {"pk": {"S": "LOOKUP#p1"}}
    for item in table.scan(TableName="ledger")["Items"]:
        if item["pk"] == lookup["pk"]:
            table.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})

    looked = recobro("repair", "lookups", "--dry-run")
    assert looked.code == 0
    assert "Nothing was changed" in looked.out
    assert all(one["is_mended"] for one in recobro("repair", "lookups", "--json").json["found"])
    assert recobro("repair", "lookups", "--json").json["found"] == []


def test_what_the_journal_gave_up_on_is_given_to_the_journal_again(room: Room, recobro: Recobro) -> None:
    """The function does more than write the history, and under its own role: a copy, a log, what it hands on."""
    image = room.house.client("dynamodb").get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    record = record_of(image, int(image["version"]["N"]))
    room.house.files.write(f"{GAVE_UP}one", json.dumps({"payload": {"Records": [record]}}).encode())

    room.answers = {"journal": {"batchItemFailures": [{"itemIdentifier": "1"}]}}
    refused = recobro("repair", "history", "--json")
    assert refused.code == 1
    assert "give the command again" in refused.json["found"][0]["why"]
    assert list(room.house.files.keys(GAVE_UP)) == [f"{GAVE_UP}one"]

    room.answers = {"journal": {"batchItemFailures": []}}
    first = recobro("repair", "history", "--json").json["found"][0]
    assert (first["debtor"], first["is_mended"]) == (AMINTA, True)
    assert room.asked[-1][0] == "journal"
    assert list(room.house.files.keys(GAVE_UP)) == []
