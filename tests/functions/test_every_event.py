"""Every sample event runs through its real handler, as deployed, under its own role; none crashes and none is lost."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.local.system import LocalSystem
from infra.synth import synthesise
from recobro.counts import SET_ASIDE
from tests.adapters.gateways_events import event_of, secrets, with_every_gateway
from tests.adapters.gateways_spoken import SPOKEN
from tests.sample import ROOT

EVENTS = sorted((ROOT / "events").glob("*/*.json"))
ANSWERS = {
    "receive_payment/forged_signature": 401,
    "receive_payment/unknown_gateway": 404,
    **{f"receive_payment/{one.gateway}_paid": 200 for one in SPOKEN},
    "api/a_stranger_lists_debtors": 401,
    "debtor_portal/stranger_opens_a_link": 422,
    "debtor_portal/one_click_with_a_forged_token": 422,
    "console/a_stranger_asks_for_the_list": 303,
    "console/a_stranger_closes_a_task": 303,
    "console/a_forged_token_opens_a_task": 303,
    "console/somebody_comes_back_who_never_set_out": 403,
    "console/somebody_goes_to_sign_in": 303,
}
"""What strangers are told; everything else is a queue's or a schedule's event, which has no reader."""


class Nobody:
    """Carriers that nothing may be sent to: no sample event names a person whom this system knows."""

    def answer(self, service: str, operation: str, params: Any) -> Any:
        raise AssertionError(f"{service} {operation} was called for a stranger")

    def http(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        """Gateways' APIs know of none of the payments that the samples hint at, and list none."""
        return (200 if "?" in url else 404), (b"[]" if "openpay" in url else b"{}")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The demonstration client with every gateway, and their secrets set as an operator would."""
    folder = with_every_gateway(tmp_path_factory.mktemp("clients") / "demo")
    start = datetime(2026, 3, 9, 18, tzinfo=UTC)
    with LocalSystem.boot(synthesise(str(folder)), start=start, world=Nobody(), seed=7) as booted:
        client, arn = booted.client("secretsmanager"), booted.outputs["SecretArn"]
        values = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
        client.put_secret_value(SecretId=arn, SecretString=json.dumps(values | {"gateways": secrets()}))
        yield booted


def test_every_function_has_a_sample_event_and_every_sample_a_function() -> None:
    functions = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}

    assert {path.parent.name for path in EVENTS} == functions


def test_the_sample_of_every_gateway_is_its_genuine_word() -> None:
    for one in SPOKEN:
        sample = ROOT / f"events/receive_payment/{one.gateway}_paid.json"
        assert json.loads(sample.read_text("utf-8")) == event_of(one), one.gateway


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_event_is_answered(system: LocalSystem, path: Path) -> None:
    event = json.loads(path.read_text("utf-8"))
    outcome = system.invoke(path.parent.name, event)

    assert outcome.failure is None, outcome.failure
    expected = ANSWERS.get(f"{path.parent.name}/{path.stem}")
    if expected is not None:
        assert outcome.value["statusCode"] == expected
    if "Records" in event:
        assert outcome.value["batchItemFailures"] == []


@pytest.mark.parametrize("function", sorted({path.parent.name for path in EVENTS}))
def test_no_function_keeps_to_itself_what_it_counted(system: LocalSystem, function: str) -> None:
    """A count that is not told rings no alarm, or rings it an hour later with somebody else's."""
    event = json.loads(next(path for path in EVENTS if path.parent.name == function).read_text("utf-8"))
    system.invoke(function, event)
    house = sys.modules[f"lambda_recobro_demo_{function}"].house
    assert house.counts == {}
    house.counts[SET_ASIDE] += 1
    system.invoke(function, event)

    assert house.counts == {}


def test_what_could_not_be_used_was_set_aside_with_its_reason(system: LocalSystem) -> None:
    system.invoke("send_sms", json.loads((ROOT / "events/send_sms/poison.json").read_text("utf-8")))
    table = system.client("dynamodb")
    name = next(one for one in table.list_tables()["TableNames"])
    kept = table.query(
        TableName=name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "ASIDE#send_sms"}},
    )["Items"]

    assert any(item["body"]["S"] == "not json" and "InvalidInput" in item["reason"]["S"] for item in kept)


def test_a_file_whose_mapping_is_not_there_is_refused_under_the_functions_own_role(
    system: LocalSystem,
) -> None:
    """Which may not list the bucket: S3 says to it that access is denied, and not that nothing is there."""
    bucket, declared = system.outputs["BucketName"], {"mapping": "work/mappings/no-such.toml"}
    system.client("s3").put_object(
        Bucket=bucket, Key="inbox/marzo.csv", Body=b"ref,nombre\nA1,Ana\n", Metadata=declared
    )
    record = {"messageId": "m1", "body": json.dumps({"detail": {"object": {"key": "inbox/marzo.csv"}}})}
    outcome = system.invoke("import_portfolio", {"Records": [record | {"attributes": {}}]})

    assert outcome.value == {"batchItemFailures": []}
    kept = system.client("dynamodb").scan(TableName=system.outputs["TableName"])["Items"]
    (about,) = (
        json.loads(one["about"]["S"])
        for one in kept
        if one["pk"]["S"].startswith("IMPORT#") and "marzo" in one["about"]["S"]
    )
    assert about["state"] == "refused"
    assert "work/mappings/no-such.toml" in about["reason"]


FED_BY_QUEUES = sorted({path.parent.name for path in EVENTS if '"aws:sqs"' in path.read_text("utf-8")})
UNREADABLE = (
    "not json",
    "",
    "null",
    "[]",
    '"text"',
    "7",
    "{}",
    '{"detail": []}',
    '{"detail": {"object": {"key": 7}}}',
    '{"import": "i0", "step": ["save"]}',
    '{"import": "i0", "step": "save", "part": "first"}',
    '{"import": "i0", "step": "recall", "lane": "overdue", "shard": -1}',
    '{"Records": [{}]}',
    "\ud800",
)


@pytest.mark.parametrize("function", FED_BY_QUEUES)
def test_a_message_that_nobody_can_read_is_set_aside_at_once(system: LocalSystem, function: str) -> None:
    """It would fail five times and wait among the dead letters, where all that came with it in a batch may follow."""
    told = (json.loads(path.read_text("utf-8")) for path in EVENTS if path.parent.name == function)
    record = next(
        one for event in told for one in event.get("Records", ()) if one["eventSource"] == "aws:sqs"
    )
    records = [record | {"messageId": f"m{at}", "body": body} for at, body in enumerate(UNREADABLE)]
    outcome = system.invoke(function, {"Records": records})

    assert outcome.failure is None, outcome.failure
    assert outcome.value["batchItemFailures"] == []
