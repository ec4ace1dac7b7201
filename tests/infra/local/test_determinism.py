"""The same template, seed and inputs give the same run, so that a bug is a seed; work that is not due costs nothing."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from infra.local.agenda import Agenda
from tests.infra.local.sample import HEARD, PLAYS, START, Sample, allow


def test_what_is_due_at_one_instant_is_done_in_the_order_it_was_planned() -> None:
    agenda, done = Agenda(), []
    for name in ("b", "a", "c"):
        agenda.plan(START, lambda name=name: done.append(name))  # type: ignore[misc]
    agenda.plan(START - timedelta(seconds=1), lambda: done.append("early"))
    while agenda.next_due() is not None:
        agenda.take()[1]()
    assert done == ["early", "b", "a", "c"]


def test_what_is_asked_for_twice_for_one_instant_is_done_once() -> None:
    agenda, done = Agenda(), []
    for instant in (START, START, START + timedelta(seconds=1)):
        agenda.plan(instant, lambda: done.append(1), "queue")
    while agenda.next_due() is not None:
        agenda.take()[1]()
    assert len(done) == 2


def busy(folder: Path, seed: int) -> list[Any]:
    """Everything that the functions of a small busy deployment saw in two days."""
    HEARD.clear()
    sample = Sample(folder)
    sample.worker("jobs", "work", allow("dynamodb:PutItem", "*"))
    sample.table()
    sample.follower()
    sample.add("secret", "AWS::SecretsManager::Secret", Name="root", GenerateSecretString={})
    sample.function("tick", allow("sqs:SendMessage", {"Fn::GetAtt": ["jobs", "Arn"]}))
    sample.schedule("cron(0/30 8-19 * * ? *)", "America/Bogota", "tick")
    with sample.running(seed=seed) as system:
        sqs, dynamodb = system.client("sqs"), system.client("dynamodb")

        def tick(_event: Any, context: Any) -> None:
            for number in range(3):
                body = f"{context.aws_request_id} {number} {system.random.random()}"
                sqs.send_message(QueueUrl=system.inventory.queue_at("jobs").url, MessageBody=body)  # type: ignore[union-attr]

        def work(event: Any, _context: Any) -> Any:
            for record in event["Records"]:
                dynamodb.put_item(
                    TableName="ledger", Item={"pk": {"S": record["messageId"]}, "sk": {"S": record["body"]}}
                )
            return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}

        PLAYS.update(tick=tick, work=work)
        system.run_for(timedelta(days=2))
        secret = system.client("secretsmanager").get_secret_value(SecretId="root")["SecretString"]
    return [*HEARD, secret]


def test_the_same_seed_gives_the_same_run_to_the_last_id(tmp_path: Path) -> None:
    first, second = busy(tmp_path / "a", 7), busy(tmp_path / "b", 7)
    assert len(first) > 100
    assert first == second
    PLAYS.clear()


def test_another_seed_gives_other_ids(tmp_path: Path) -> None:
    assert busy(tmp_path / "a", 7)[-1] != busy(tmp_path / "b", 8)[-1]
    PLAYS.clear()


def test_a_year_in_which_nothing_is_due_takes_no_time(sample: Sample) -> None:
    sample.worker()
    sample.table()
    sample.follower()
    with sample.running() as system:
        began = time.perf_counter()
        system.run_for(timedelta(days=365))
        assert time.perf_counter() - began < 0.1
        assert system.now == START + timedelta(days=365)
