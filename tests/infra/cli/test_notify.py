"""`recobro notify`: the agency sees which of the client's systems are told and whether they can be, and tells them again."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain import facts as f
from recobro.domain.allocation import Split
from recobro.domain.client import Notify
from recobro.domain.notices import EVENTS
from recobro.domain.payment import Payment
from recobro.usecases.journal import QUEUE, journal
from recobro.usecases.saving import change
from tests.infra.cli.conftest import CALLED_FOR, Room, Said
from tests.sample import AMINTA

Run = Callable[..., Said]
PLACES = (
    Notify("core", "https://core.example.com/recobro"),
    Notify("books", "https://books.example.com/", ("payment.posted",)),
)
SECRET = "whsec_" + "cGxhbnRlZCBpbiBhIHRlc3Q="


@pytest.fixture
def telling(room: Room) -> Room:
    """Two systems are told; the secret of one is set, and the queue is there."""
    home = room.house
    home.playbook = replace(home.playbook, client=replace(home.playbook.client, notify=PLACES))
    client, arn = home.client("secretsmanager"), home.settings.secret
    values = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(values | {"notify": {"core": [SECRET]}}))
    for name in (QUEUE, f"{QUEUE}-dead"):
        room.queues[name] = home.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    return room


def paid(room: Room) -> tuple[str, str]:
    """(version, number) of a payment's fact in the history."""
    home = room.house
    posted = Payment("standard#1", "muebles/A1", 50_000, "MXN", home.now(), split=Split(principal=50_000))
    change(home, AMINTA, lambda debtor, now: (f.PaymentPosted(posted),))
    client = home.client("dynamodb")
    image = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    saved = journal(home, JournalItems(client, "ledger"), image)
    found = next(one for one in saved.facts if one["fact"]["kind"] == "payment_posted")
    return str(found["version"]), str(found["number"])


def waiting(room: Room) -> list[Any]:
    sqs, url = room.house.client("sqs"), room.queues[QUEUE]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return sorted((json.loads(one["Body"]) for one in found), key=lambda one: str(one["to"]))


def test_who_is_told_what_and_whether_a_secret_is_set_is_shown_and_no_secret(
    recobro: Run, telling: Room
) -> None:
    telling.house.client("sqs").send_message(QueueUrl=telling.queues[f"{QUEUE}-dead"], MessageBody="{}")
    told = recobro("notify", "show", "--json").json
    assert [(one["name"], one["secret"]) for one in told["notify"]] == [("core", "set"), ("books", "missing")]
    assert [one["events"] for one in told["notify"]] == [list(EVENTS), ["payment.posted"]]
    assert told["waiting"] == {QUEUE: 0, f"{QUEUE}-dead": 1}

    said = recobro("notify", "show")
    assert "https://books.example.com/" in said.out
    assert f"1 in {QUEUE}-dead (recobro dlq show)" in said.out
    assert SECRET.removeprefix("whsec_") not in said.out + json.dumps(told)


def test_a_client_that_tells_nobody_is_told_so(recobro: Run, room: Room) -> None:
    assert "No [[notify]] in client.toml" in recobro("notify", "show").out
    said = recobro("notify", "resend", AMINTA)
    assert said.code == 1
    assert "add [[notify]], and deploy" in said.err


def test_what_may_be_told_of_somebody_is_told_again_under_the_ids_it_had(recobro: Run, telling: Room) -> None:
    version, number = paid(telling)
    ids = {"debtor": AMINTA, "version": version, "number": number}
    assert recobro("notify", "resend", AMINTA, "--json").json == {"resent": 2}
    assert waiting(telling) == [{**ids, "to": "books"}, {**ids, "to": "core"}]

    assert "1 notices" in recobro("notify", "resend", AMINTA, "--to", "books").out
    assert waiting(telling) == [{**ids, "to": "books"}]
    assert recobro("notify", "resend", CALLED_FOR, "--json").json == {"resent": 0}


@pytest.mark.parametrize(
    ("words", "field"),
    [((AMINTA, "--to", "ledger"), "--to: is 'ledger'"), (("d" + "0" * 22 + "9",), "no debtor")],
)
def test_a_system_or_a_debtor_that_is_not_there_is_named_and_nothing_is_sent(
    recobro: Run, telling: Room, words: tuple[str, ...], field: str
) -> None:
    said = recobro("notify", "resend", *words)
    assert said.code == 1
    assert field in said.err
    assert waiting(telling) == []
