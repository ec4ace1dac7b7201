"""What one contact costs in DynamoDB requests and write units, beside the usual way over the same facts."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.entry import send_each
from recobro.house import House
from recobro.ports import Receipt, Sent
from recobro.usecases.journal import journal
from recobro.usecases.receive_receipt import receive_receipt
from recobro.usecases.sweep import sweep
from tests.benchmarks.bench_decide import with_history
from tests.house import Clock, PretendCarrier, house, settle_in
from tests.sample import debt, debtor, playbook

PEOPLE = 1_000


class Meter:
    """Counts the table's requests by who made them."""

    def __init__(self, client: Any) -> None:
        self.counts: Counter[str] = Counter()
        self.who = "set-up"
        client.meta.events.register("before-call.dynamodb", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.counts[f"{self.who} {model.name}"] += 1

    def of(self, *who: str) -> int:
        return sum(count for name, count in self.counts.items() if name.split()[0] in who)


@contextmanager
def working_house() -> Iterator[tuple[House, Clock, Meter]]:
    clock = Clock()
    client = replace(
        playbook().client,
        channels={name: replace(one, rate=1_000) for name, one in playbook().client.channels.items()},
    )
    with house(clock, book=replace(playbook(), client=client)) as home:
        for channel in client.channels:
            url = home.client("sqs").create_queue(QueueName=f"send-{channel}")["QueueUrl"]
            os.environ[f"QUEUE_SEND_{channel.upper()}"] = url
        meter = Meter(home._dynamodb)
        yield home, clock, meter


def run(people: int = PEOPLE) -> dict[str, Any]:
    """Sweep, send in batches of ten, journal, two receipts each; requests per contact by part."""
    with working_house() as (home, _, meter):
        ids = [f"d{number:023x}" for number in range(people)]
        for ident in ids:
            settle_in(home, replace(debtor(debt("A1"), debt("A2"), debt("A3")), id=ident))
        carrier = PretendCarrier(Sent("accepted", provider_id="m", cost=1))
        home._carriers["sms"] = (carrier, _Closes())
        meter.who = "planning"
        began = time.perf_counter()
        handed = sweep(home, "overdue").handed["sms"]
        _send_all(home, meter)
        spent = time.perf_counter() - began
        _aftermath(home, meter, ids)
        contacts = len(carrier.asked)
        if contacts != people or handed != people:
            raise AssertionError(f"{handed} handed out, {contacts} sent, of {people}")
        usual, usual_seconds = usual_way(people)
        return {
            "contacts": contacts,
            "synchronous_per_contact": round(meter.of("planning", "sending") / contacts, 3),
            "of_which_planning": round(meter.of("planning") / contacts, 3),
            "journal_per_contact": round(meter.of("journal") / contacts, 3),
            "receipts_per_contact": round(meter.of("receipts") / contacts, 3),
            "usual_way_per_contact": round(usual / people, 3),
            "ours_over_usual_time": round(spent / usual_seconds, 2),
            **write_units(),
        }


class _Closes:
    def close(self) -> None:
        """Nothing is pooled by a carrier that is pretended."""


def _send_all(home: House, meter: Meter) -> None:
    """As the event source would: ten messages to an invocation."""
    meter.who = "sending"
    sqs = home.client("sqs")
    url = os.environ["QUEUE_SEND_SMS"]
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        records = [{"messageId": one["MessageId"], "body": one["Body"], "attributes": {}} for one in messages]
        answer = send_each({"Records": records}, home, "sms")
        if answer["batchItemFailures"]:
            raise AssertionError(answer)


def _aftermath(home: House, meter: Meter, ids: list[str]) -> None:
    dynamodb = home._dynamodb
    for ident in ids:
        meter.who = "set-up"
        image = dynamodb.get_item(TableName="ledger", Key=key(ident))["Item"]
        loaded = home.ledger.load(ident)
        attempt = loaded.debtor.attempts[0].id if loaded is not None else ""
        meter.who = "journal"
        journal(home, JournalItems(dynamodb, "ledger"), image)
        meter.who = "receipts"
        for status in ("delivered", "read"):
            receive_receipt(home, Receipt(ident, attempt, status, "", home.now(), "sms"))


def usual_way(people: int) -> tuple[int, float]:
    """Powertools idempotency around the send, one counter per window (day, week), a read of the person and a log entry."""
    from aws_lambda_powertools.utilities.idempotency import (
        DynamoDBPersistenceLayer,
        IdempotencyConfig,
        idempotent_function,
    )

    with working_house() as (home, clock, _):
        client = home._dynamodb
        client.create_table(
            TableName="idempotency",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        meter = Meter(client)
        store = DynamoDBPersistenceLayer("idempotency", boto3_client=client)

        def contact(step: str) -> str:
            client.get_item(TableName="ledger", Key=key(step), ConsistentRead=True)
            for window in ("day", "week"):
                client.update_item(
                    TableName="ledger",
                    Key={"pk": {"S": f"CAP#{step}"}, "sk": {"S": window}},
                    UpdateExpression="ADD used :one",
                    ConditionExpression="attribute_not_exists(used) OR used < :cap",
                    ExpressionAttributeValues={":one": {"N": "1"}, ":cap": {"N": "4"}},
                )
            client.put_item(
                TableName="ledger", Item={"pk": {"S": f"LOG#{step}"}, "sk": {"S": clock.now.isoformat()}}
            )
            return "sent"

        once: Any = idempotent_function(
            contact, data_keyword_argument="step", persistence_store=store, config=IdempotencyConfig()
        )
        meter.who = "usual"
        began = time.perf_counter()
        for number in range(people):
            once(step=f"d{number:023x}")
        return meter.of("usual"), time.perf_counter() - began


def write_units() -> dict[str, Any]:
    """Of the claim and of the outcome, for a debtor of 3 debts and 10 attempts; index writes counted where keys move."""
    with working_house() as (home, _, _):
        debts = tuple(
            debt(f"A{number}", due_on=date(2026, 3, 4) + timedelta(days=number)) for number in range(3)
        )
        person = with_history(debtor(*debts), attempts=10)
        settle_in(home, person)
        loaded = home.ledger.load(person.id)
        if loaded is None:
            raise AssertionError("nobody there")
        seeded = replace(
            loaded, debtor=replace(loaded.debtor, attempts=person.attempts, episodes=person.episodes)
        )
        home.ledger.save(seeded, (), home.now())
        home._carriers["sms"] = (PretendCarrier(Sent("accepted", provider_id="m", cost=1)), _Closes())
        sizes: list[int] = []
        keys: list[tuple[str, str]] = []

        def weigh(params: dict[str, Any], **_: Any) -> None:
            body = json.loads(params["body"])["Item"]
            if body["sk"]["S"] == "STATE":
                sizes.append(_size(body))
                keys.append((body["due_shard"]["S"], body["due_at"]["S"]))

        home._dynamodb.meta.events.register("before-call.dynamodb.PutItem", weigh)
        sweep(home, "overdue")
        _send_all(home, Meter(home._dynamodb))
        units = [-(-size // 1024) for size in sizes]
        index = sum(2 for before, after in zip([("", ""), *keys], keys, strict=False) if before != after)
        return {"item_bytes": sizes[-1], "write_units_base": sum(units), "write_units_index": index}


def _size(item: dict[str, Any]) -> int:
    """Names and values, as DynamoDB counts them (binary by its bytes, not by its base64)."""
    total = 0
    for name, value in item.items():
        kind, held = next(iter(value.items()))
        total += len(name) + (len(held) * 3 // 4 if kind == "B" else len(str(held)))
    return total


if __name__ == "__main__":
    print(run())
