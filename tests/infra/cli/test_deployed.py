"""With a profile, the same commands work on the client that runs in AWS, found by its stacks' own outputs."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber
from moto import mock_aws

from infra.app import ROWS
from infra.cli import main
from infra.cli.deployed import Deployed
from infra.cli.other_rules import tell_of_other_rules
from infra.cli.place import Place
from recobro.errors import InvalidInput, Unavailable
from tests.emulated import make_table
from tests.infra.cli.conftest import Said
from tests.infra.deployed import no_stack_stands, stacks_tell

STACK = "recobro-demo"
QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/recobro-demo-portfolio-partitions"


class Account:
    """A session whose stacks are told by the test, checked against CloudFormation's own model; the rest is emulated."""

    region_name = "us-east-1"

    def __init__(self, outputs: Mapping[str, str] | None, status: str = "UPDATE_COMPLETE") -> None:
        self.cloud = boto3.client("cloudformation", region_name=self.region_name)
        stub = Stubber(self.cloud)
        if outputs is None:
            no_stack_stands(stub)
        else:
            stacks_tell(stub, STACK, outputs, status)
            for number, life in enumerate(("messaging", "compute")):
                listed = {"StackResourceSummaries": SUMMARIES[number : number + 1]}
                stub.add_response("list_stack_resources", listed, {"StackName": f"{STACK}-{life}"})
        stub.activate()

    def client(self, service: str, config: Any = None) -> Any:
        if service == "cloudformation":
            return self.cloud
        return boto3.client(service, region_name=self.region_name, config=config)  # type: ignore[call-overload]


NOW = datetime(2026, 3, 9, tzinfo=UTC)
SUMMARIES = [
    {
        "LogicalResourceId": f"R{number}",
        "PhysicalResourceId": physical,
        "ResourceType": kind,
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": NOW,
    }
    for number, (kind, physical) in enumerate(
        [("AWS::SQS::Queue", QUEUE), ("AWS::Lambda::Function", "recobro-demo-escalation")]
    )
]


@pytest.fixture(autouse=True)
def _emulated(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def outputs() -> dict[str, str]:
    make_table(boto3.client("dynamodb", region_name="us-east-1"))
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="files")
    secret = boto3.client("secretsmanager", region_name="us-east-1").create_secret(
        Name="root", SecretString=json.dumps({"root": "test root"})
    )
    return {
        "TableName": "ledger",
        "BucketName": "files",
        "SecretArn": secret["ARN"],
        "PublicUrl": "https://pagos.example.com/",
    }


def deployed(account: Account) -> Deployed:
    return Deployed.found(account, "demo", STACK)  # type: ignore[arg-type]


@pytest.fixture
def recobro(outputs: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    place = deployed(Account(outputs))

    def here() -> AbstractContextManager[Place]:
        return nullcontext(place)

    def run(*words: str) -> Said:
        code = main(words, here)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


def test_a_deployed_client_is_paused_and_stays_paused(recobro: Callable[..., Said]) -> None:
    paused = recobro("pause", "--all", "--who", "ana", "--why", "carrier asked")
    assert paused.code == 0, paused.err
    assert "recobro-demo in us-east-1" in paused.out
    assert recobro("pause", "--show", "--json").json["off"]["all"]["who"] == "ana"


def test_a_deployed_house_without_work_answers_every_question(recobro: Callable[..., Said]) -> None:
    assert recobro("tasks", "list", "--json").json == {"tasks": []}
    assert recobro("sweep", "--dry-run", "--json").json["people"] == 0
    assert recobro("aside", "--json").json == {"aside": []}
    assert recobro("explain", "A-1").code == 1


def test_the_stack_tells_where_everything_is(outputs: dict[str, str]) -> None:
    place = deployed(Account(outputs))
    assert place.functions == {"escalation": "recobro-demo-escalation"}
    assert place.house.settings.partitions_queue == QUEUE
    assert place.house.settings.public_url == "https://pagos.example.com"
    assert place.house.playbook.client.name == "demo"


def test_a_function_that_is_not_deployed_is_named_with_those_that_are(outputs: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        deployed(Account(outputs)).invoke("send_fax", {})
    assert refused.value.fix == "one of: escalation"


def test_a_stack_that_is_not_there_not_ours_or_in_motion_is_named(outputs: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="no stack recobro-demo"):
        deployed(Account(None))
    with pytest.raises(InvalidInput, match="has no output TableName"):
        deployed(Account({}))
    with pytest.raises(Unavailable, match="UPDATE_IN_PROGRESS"):
        deployed(Account(outputs, "UPDATE_IN_PROGRESS"))


def test_a_function_that_fails_says_what_it_said(outputs: dict[str, str]) -> None:
    place = deployed(Account(outputs))
    place.lambdas = boto3.client("lambda", region_name="us-east-1")
    stub = Stubber(place.lambdas)
    said = json.dumps({"errorType": "InvalidInput", "errorMessage": "lane: is None"}).encode()
    stub.add_response(
        "invoke",
        {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(said)},
        {"FunctionName": "recobro-demo-escalation", "Qualifier": "live", "Payload": b"{}"},
    )
    stub.add_client_error("invoke", "AccessDeniedException", "not yours")
    with stub:
        with pytest.raises(InvalidInput, match="lane: is None"):
            place.invoke("escalation", {})
        with pytest.raises(ClientError):
            place.invoke("escalation", {})


def test_a_function_that_takes_long_is_waited_for(outputs: dict[str, str]) -> None:
    wire = deployed(Account(outputs)).lambdas.meta.config
    assert wire.read_timeout > max(row.within.seconds for row in ROWS)
    assert wire.tcp_keepalive, "whatever stands between would drop a line on which nothing is said"


def test_a_function_that_does_not_answer_is_not_started_again(outputs: dict[str, str]) -> None:
    """It may be at work still: a sweep that runs five times at once hands out five times the work."""
    place, started = deployed(Account(outputs)), list[str]()

    def nobody_answers(request: Any, **_: Any) -> None:
        started.append(request.url)
        raise ReadTimeoutError(endpoint_url=request.url)

    place.lambdas.meta.events.register_first("before-send.lambda.Invoke", nobody_answers)
    with pytest.raises(ReadTimeoutError):
        place.invoke("escalation", {"lane": "overdue"})
    assert len(started) == 1


def test_a_profile_that_does_not_exist_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tasks", "list", "--profile", "nobody-calls-a-profile-so"]) == 1
    assert "--profile" in capsys.readouterr().err


def test_one_place_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tasks", "list", "--stack", STACK, "--local", "somewhere"]) == 1
    assert "choose one place" in capsys.readouterr().err


def test_whoever_works_from_other_files_than_are_deployed_is_told(outputs: dict[str, str]) -> None:
    """What a branch decides and explains is not what the functions would."""
    house, told = deployed(Account(outputs)).house, list[str]()
    tell_of_other_rules(house, told.append)
    house.plan_item.now_planned_with("overdue", house.playbook.plan_hash, house.due.shards)
    tell_of_other_rules(house, told.append)
    assert told == []
    house.plan_item.now_planned_with("overdue", "another", house.due.shards)
    tell_of_other_rules(house, told.append)
    assert "overdue is planned with strategy and law another" in told[0]
