"""Yesterday's portfolio is there today, even when the machine was not given the time to say goodbye."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.keeping.journal import Journal
from infra.local.keeping.state import folded
from infra.local.system import LocalSystem
from tests.infra.local.sample import HEARD, PLAYS, START, Sample

ANA = {"pk": {"S": "ana"}, "sk": {"S": "STATE"}, "raw": {"B": b"\x00\x01"}, "tags": {"SS": ["a"]}}
KEY = {"pk": {"S": "ana"}, "sk": {"S": "STATE"}}


def house(sample: Sample) -> None:
    sample.table()
    sample.follower()
    sample.worker()
    sample.add("files", "AWS::S3::Bucket", BucketName="files")
    sample.add(
        "secret", "AWS::SecretsManager::Secret", Name="root", GenerateSecretString={"PasswordLength": 20}
    )
    sample.add("signer", "AWS::KMS::Key", KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")


def secret(system: LocalSystem) -> str:
    return str(system.client("secretsmanager").get_secret_value(SecretId="root")["SecretString"])


def seal(system: LocalSystem) -> tuple[bytes, bytes]:
    """The signing key's public half, and what it makes of three bytes."""
    (key,) = system.inventory.signing_keys.values()
    kms = system.client("kms")
    signed = kms.sign(
        KeyId=key, Message=b"abc", MessageType="RAW", SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256"
    )
    return kms.get_public_key(KeyId=key)["PublicKey"], signed["Signature"]


def send(system: LocalSystem, body: str, **more: Any) -> None:
    queue = system.inventory.queue_at("jobs")
    assert queue is not None
    system.client("sqs").send_message(QueueUrl=queue.url, MessageBody=body, **more)


def bodies() -> list[str]:
    return [record["body"] for event in HEARD for record in event["Records"] if "body" in record]


def test_tables_files_secrets_and_the_clock_are_kept(sample: Sample, tmp_path: Path, backend: str) -> None:
    house(sample)
    state = tmp_path / "state"
    with sample.running(state=state, backend=backend) as system:
        dynamodb = system.client("dynamodb")
        dynamodb.put_item(TableName="ledger", Item=ANA)
        dynamodb.put_item(TableName="ledger", Item={"pk": {"S": "gone"}, "sk": {"S": "STATE"}})
        dynamodb.delete_item(TableName="ledger", Key={"pk": {"S": "gone"}, "sk": {"S": "STATE"}})
        dynamodb.update_item(
            TableName="ledger",
            Key=KEY,
            UpdateExpression="SET amount = :a",
            ExpressionAttributeValues={":a": {"N": "5"}},
        )
        system.client("s3").put_object(
            Bucket="files", Key="inbox/a.csv", Body=b"a;b", Metadata={"mode": "full"}
        )
        system.client("s3").put_object(Bucket="files", Key="inbox/b.csv", Body=b"b")
        system.client("s3").delete_object(Bucket="files", Key="inbox/b.csv")
        generated, sealed = secret(system), seal(system)
        system.run_for(timedelta(days=2))
        system.at(system.now, lambda: None)
        system.drain()
    heard = len(HEARD)
    with sample.running(state=state, backend=backend) as system:
        system.drain()
        assert system.now == START + timedelta(days=2)
        items = system.client("dynamodb").scan(TableName="ledger")["Items"]
        assert items == [{**ANA, "amount": {"N": "5"}}]
        read = system.client("s3").get_object(Bucket="files", Key="inbox/a.csv")
        assert (read["Body"].read(), read["Metadata"]) == (b"a;b", {"mode": "full"})
        assert [
            entry["Key"] for entry in system.client("s3").list_objects_v2(Bucket="files")["Contents"]
        ] == ["inbox/a.csv"]
        assert secret(system) == generated
        assert seal(system) == sealed, "what was signed yesterday is signed by the same key today"
    assert len(HEARD) == heard, "what the stream's function has dealt with is not told again"


def test_messages_are_kept_with_their_count_and_their_time(
    sample: Sample, tmp_path: Path, backend: str
) -> None:
    house(sample)
    state = tmp_path / "state"

    def fail_one(event: Any, _context: Any) -> Any:
        failed = [record["messageId"] for record in event["Records"] if record["body"] == "poison"]
        return {"batchItemFailures": [{"itemIdentifier": mark} for mark in failed]}

    PLAYS["work"] = fail_one
    with sample.running(state=state, backend=backend) as system:
        send(system, "poison")
        send(system, "good")
        send(system, "later", DelaySeconds=600)
        system.run_for(timedelta(seconds=70))
        assert bodies() == ["poison", "good", "poison"]
    HEARD.clear()
    with sample.running(state=state, backend=backend) as system:
        system.run_for(timedelta(seconds=40))
        assert HEARD == []
        system.run_for(timedelta(seconds=20))
        assert bodies() == ["poison"]
        assert HEARD[0]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "3"
        system.run_for(timedelta(seconds=62))
        assert system.dlq_depths() == {"jobs-dead": 1}
        system.run_for(timedelta(seconds=500))
        assert bodies() == ["poison", "later"]


def test_a_change_that_its_follower_has_not_dealt_with_is_told_after_the_restart(
    sample: Sample, tmp_path: Path
) -> None:
    house(sample)
    state = tmp_path / "state"
    PLAYS["follow"] = lambda _event, _context: 1 / 0
    with sample.running(state=state) as system:
        system.client("dynamodb").put_item(TableName="ledger", Item=ANA)
        system.drain()
        system.client("dynamodb").put_item(TableName="ledger", Item={**ANA, "more": {"S": "x"}})
    HEARD.clear()
    PLAYS.clear()
    with sample.running(state=state) as system:
        system.drain()
    assert [record["eventName"] for event in HEARD for record in event["Records"]] == ["INSERT", "MODIFY"]
    HEARD.clear()
    with sample.running(state=state) as system:
        system.drain()
    assert HEARD == []


def test_expiry_goes_on(sample: Sample, tmp_path: Path) -> None:
    house(sample)
    item = {**ANA, "ttl": {"N": str(int((START + timedelta(days=1)).timestamp()))}}
    with sample.running(state=tmp_path / "state") as system:
        system.client("dynamodb").put_item(TableName="ledger", Item=item)
    with sample.running(state=tmp_path / "state") as system:
        system.run_for(timedelta(days=2))
        assert system.client("dynamodb").scan(TableName="ledger")["Items"] == []


def test_chance_does_not_repeat_itself_after_a_restart(sample: Sample, tmp_path: Path) -> None:
    house(sample)
    drawn = []
    for _ in range(2):
        with sample.running(state=tmp_path / "state") as system:
            drawn.append((system.random.random(), system.invoke("work", {"Records": []}).request_id))
    assert drawn[0] != drawn[1]


def test_what_the_new_template_has_no_place_for_is_named(sample: Sample, tmp_path: Path) -> None:
    house(sample)
    with sample.running(state=tmp_path / "state") as system:
        system.client("dynamodb").put_item(TableName="ledger", Item=ANA)
        system.drain()
    smaller = Sample(tmp_path / "other")
    smaller.queue("jobs")
    with smaller.running(state=tmp_path / "state") as system:
        assert system.left_out == ["secret root", "table ledger"]


def test_two_processes_do_not_keep_one_folder(sample: Sample, tmp_path: Path) -> None:
    sample.queue("jobs")
    journal = Journal(tmp_path / "state")
    with pytest.raises(RuntimeError, match="another process keeps"), sample.running(state=tmp_path / "state"):
        pass
    journal.close()
    with sample.running(state=tmp_path / "state"):
        pass


def test_a_line_that_was_never_finished_is_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append({"secret": "root", "value": "x"})
    journal.close()
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('{"secret": "ro')
    journal = Journal(tmp_path)
    assert [line["value"] for line in journal.read()] == ["x"]
    journal.close()


def test_written_anew_it_says_the_same(tmp_path: Path) -> None:
    def item(name: str, **more: Any) -> dict[str, Any]:
        return {"item": "ledger", "id": name, **more}

    lines: list[dict[str, Any]] = [
        item("a", value={"n": 1}),
        item("b", value={"n": 2}),
        {"streamed": "ledger", "upto": 2},
        item("b", gone=True, key={}),
        item("c", value={"n": 3}),
        {"streamed": "ledger", "upto": 4},
        {"message": "m", "queue": "jobs", "body": "x", "count": 0, "due": "d"},
        {"message": "m", "queue": "jobs", "count": 1, "due": "e"},
        {"at": "now"},
    ]
    state = folded(lines)
    assert list(state.items["ledger"]) == ["a"]
    assert [line["id"] for line in state.unread["ledger"]] == ["c"]
    assert state.messages["m"] == {"message": "m", "queue": "jobs", "body": "x", "count": 1, "due": "e"}
    again = folded(json.loads(json.dumps(list(state.lines()))))
    assert list(again.items["ledger"]) == ["a"]
    assert [line["id"] for line in again.unread["ledger"]] == ["c"]
    assert (again.messages, again.at) == (state.messages, "now")


def test_a_process_that_is_killed_loses_nothing_that_was_answered(sample: Sample, tmp_path: Path) -> None:
    """kill -9 in the middle of a handler: what it wrote is there, and the message that it was working on comes back."""
    house(sample)
    sample.write()
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from datetime import timedelta
        from infra.local.system import LocalSystem
        from tests.infra.local.sample import PLAYS, START

        system = LocalSystem.boot(Path(sys.argv[1]), start=START, state=Path(sys.argv[2]))

        def die(event, context):
            system.client("dynamodb").put_item(TableName="ledger", Item={"pk": {"S": "written"}, "sk": {"S": "STATE"}})
            os.kill(os.getpid(), signal.SIGKILL)

        PLAYS["work"] = die
        url = system.inventory.queue_at("jobs").url
        system.client("sqs").send_message(QueueUrl=url, MessageBody="in work")
        system.drain()
        """
    )
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", script, str(sample.folder), str(tmp_path / "state")]
    died = subprocess.run(  # noqa: S603 - our own interpreter
        command, cwd=root, env=environment, check=False, capture_output=True, text=True
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    with sample.running(state=tmp_path / "state") as system:
        assert [item["pk"]["S"] for item in system.client("dynamodb").scan(TableName="ledger")["Items"]] == [
            "written"
        ]
        system.run_for(timedelta(seconds=62))
    assert bodies() == ["in work"]


def test_what_holds_secrets_is_read_by_nobody_else(sample: Sample, tmp_path: Path) -> None:
    house(sample)
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    for _ in range(2):
        with sample.running(state=state) as system:
            secret(system)
        assert (state / "journal.jsonl").stat().st_mode & 0o077 == 0


def test_another_kind_of_key_is_another_key(sample: Sample, tmp_path: Path) -> None:
    house(sample)
    with sample.running(state=tmp_path / "state") as system:
        first = seal(system)
    sample.add("signer", "AWS::KMS::Key", KeyUsage="SIGN_VERIFY", KeySpec="RSA_3072")
    with sample.running(state=tmp_path / "state") as system:
        second = seal(system)
    assert len(first[1]) == 256
    assert len(second[1]) == 384
