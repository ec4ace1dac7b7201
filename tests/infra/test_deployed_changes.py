"""What a deployment changes is said before it happens; what holds data is not lost by an update, a rollback or a farewell."""

import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.cli import main
from infra.cli.destroy import leave
from infra.cli.diff import told
from infra.cli.screen import Screen
from infra.deployed.data import DATA, stack_policy
from infra.deployed.difference import Change, all_differences, differences
from infra.deployed.leaving import Changed, check_taken, remove_data, take_data
from recobro.errors import Conflict, NotFound
from tests.emulated import make_table
from tests.infra.deployed import WHEN, stacks_tell
from tests.infra.reading import Template

STACK = "recobro-demo"
DATA_STACK = f"{STACK}-data"
RUNS = ("compute", "watch", "edge", "messaging")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An emulated account, and boto3 clients on it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    made: Any = boto3.client
    with mock_aws():
        yield lambda service: made(service, region_name="us-east-1")


@pytest.fixture
def outputs(account: Any) -> dict[str, str]:
    """A table with two people, a bucket with a file that was overwritten, and a key."""
    make_table(account("dynamodb"))
    for person in ("d1", "d2"):
        _save(account, person)
    account("s3").create_bucket(Bucket="files")
    account("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"old", b"new"):
        account("s3").put_object(Bucket="files", Key="results/a.csv", Body=body)
    secret = account("secretsmanager").create_secret(Name="root", SecretString="{}")["ARN"]
    return {"TableName": "ledger", "BucketName": "files", "SecretArn": secret}


def _save(account: Any, person: str) -> None:
    item = {"pk": {"S": f"DEBTOR#{person}"}, "sk": {"S": "STATE"}, "body": {"B": b"\x00\xff"}}
    account("dynamodb").put_item(TableName="ledger", Item=item)


def test_the_same_template_changes_nothing(demo: Template) -> None:
    assert differences(demo.document, demo.document) == []


def test_what_comes_goes_and_changes_is_named_and_what_is_grave_comes_first(demo: Template) -> None:
    deployed = copy.deepcopy(demo.document)
    ledger = next(
        name for name, one in deployed["Resources"].items() if one["Type"] == "AWS::DynamoDB::Table"
    )
    sender = next(
        name for name, one in deployed["Resources"].items() if one["Type"] == "AWS::Lambda::Function"
    )
    policy = next(name for name, one in deployed["Resources"].items() if one["Type"] == "AWS::IAM::Policy")
    deployed["Resources"][ledger]["Properties"]["DeletionProtectionEnabled"] = False
    deployed["Resources"][sender]["Properties"]["Timeout"] = 1
    deployed["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"].pop()
    deployed["Resources"]["Gone"] = {"Type": "AWS::SQS::Queue"}
    deployed["Resources"]["Lost"] = {"Type": "AWS::S3::Bucket"}

    found = differences(deployed, demo.document)

    assert {(one.how, one.name, one.is_grave) for one in found} == {
        ("changed", ledger, True),
        ("changed", policy, True),
        ("removed", "Lost", True),
        ("removed", "Gone", False),
        ("changed", sender, False),
    }
    assert [one.is_grave for one in found] == sorted((one.is_grave for one in found), reverse=True)
    assert Change("changed", "AWS::Lambda::Function", sender, ("Timeout",)) in found


def test_fewer_rights_are_no_alarm(demo: Template) -> None:
    wanted = copy.deepcopy(demo.document)
    policy = next(name for name, one in wanted["Resources"].items() if one["Type"] == "AWS::IAM::Policy")
    wanted["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"].pop()

    assert [one.is_grave for one in differences(demo.document, wanted)] == [False]


def test_everything_that_holds_data_stays_when_its_stack_goes_and_no_update_may_replace_it(
    demo: Template,
) -> None:
    held = {name: one for name, one in demo.resources.items() if one["Type"] in DATA}
    denied = json.loads(stack_policy())["Statement"][1]

    assert {one["DeletionPolicy"] for one in held.values()} == {"Retain"}
    assert {one["Type"] for one in held.values()} <= set(denied["Condition"]["StringEquals"]["ResourceType"])
    assert set(denied["Action"]) == {"Update:Replace", "Update:Delete"}
    kept = {name for name, one in demo.resources.items() if one.get("DeletionPolicy") == "Retain"}
    assert kept == set(held), "what stays is what the policy protects"


def test_the_data_is_taken_whole_and_known_by_its_mark(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    taken = take_data(account, outputs, tmp_path / "out")

    with gzip.open(tmp_path / "out" / "table.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    assert {one["pk"]["S"] for one in items} == {"DEBTOR#d1", "DEBTOR#d2"}
    assert (taken.items, taken.files) == (2, 1)
    assert (tmp_path / "out" / "files" / "results" / "a.csv").read_bytes() == b"new"
    assert check_taken(account, outputs, tmp_path / "out") == taken


def test_an_export_that_is_not_whole_or_not_the_last_word_is_refused(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        check_taken(account, outputs, tmp_path)
    take_data(account, outputs, tmp_path / "out")
    with pytest.raises(Conflict, match="already"):
        take_data(account, outputs, tmp_path / "out")

    _save(account, "d3")
    with pytest.raises(Changed):
        check_taken(account, outputs, tmp_path / "out")

    with gzip.open(tmp_path / "out" / "table.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write("{}\n")
    with pytest.raises(Conflict, match="not what was exported"):
        check_taken(account, outputs, tmp_path / "out")


def test_a_file_that_leads_out_of_the_folder_is_not_followed(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    account("s3").put_object(Bucket="files", Key="../../stolen", Body=b"")

    with pytest.raises(Exception, match="leads out"):
        take_data(account, outputs, tmp_path / "out")
    assert not (tmp_path / "out" / "taken.json").exists()


def test_what_is_left_behind_is_removed_one_by_one_and_the_key_can_come_back(
    account: Any, outputs: dict[str, str]
) -> None:
    account("dynamodb").update_table(TableName="ledger", DeletionProtectionEnabled=True)
    held = {
        "ledger": "AWS::DynamoDB::Table",
        "files": "AWS::S3::Bucket",
        outputs["SecretArn"]: "AWS::SecretsManager::Secret",
        "key-1": "AWS::KMS::Key",
    }

    done = remove_data(account, held)

    assert account("dynamodb").list_tables()["TableNames"] == []
    assert account("s3").list_buckets()["Buckets"] == []
    assert len(done) == 4
    account("secretsmanager").restore_secret(SecretId=outputs["SecretArn"])
    assert any("key-1 is left" in line for line in done)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "--yes demo"),
        (["--yes", "dem"], "--yes demo"),
        (["--yes", "demo", "--with-data"], "--export"),
    ],
)
def test_nothing_is_removed_by_a_slip(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert main(["destroy", "--client", "demo", *words]) == 1
    assert says in capsys.readouterr().err


TEMPLATE = {
    "Resources": {
        "Ledger": {"Type": "AWS::DynamoDB::Table"},
        "Files": {"Type": "AWS::S3::Bucket"},
        "Work": {"Type": "AWS::SQS::Queue"},
    }
}


class Stack:
    """The account, with a client's stacks in it: every request about it is expected, and checked against CloudFormation's own model."""

    def __init__(self, account: Any, outputs: dict[str, str]) -> None:
        self._account = account
        self._cloud = account("cloudformation")
        self.stub = Stubber(self._cloud)
        self.stub.activate()
        self.is_gone = False
        self._outputs = outputs

    def __call__(self, service: str) -> Any:
        return self._cloud if service == "cloudformation" else self._account(service)

    def stands(self) -> "Stack":
        listed = [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": physical,
                "ResourceType": TEMPLATE["Resources"][name]["Type"],
                "ResourceStatus": "CREATE_COMPLETE",
                "LastUpdatedTimestamp": "2026-11-26",
            }
            for name, physical in (("Ledger", "ledger"), ("Files", "files"), ("Work", "https://sqs/work"))
        ]
        self.stub.add_response(
            "get_template",
            {"TemplateBody": json.dumps(TEMPLATE)},
            {"StackName": DATA_STACK, "TemplateStage": "Original"},
        )
        self.stub.add_response(
            "list_stack_resources", {"StackResourceSummaries": listed}, {"StackName": DATA_STACK}
        )
        stacks_tell(self.stub, STACK, self._outputs)
        return self

    def goes(self, *lives: str) -> "Stack":
        """What runs, the latest first; the data's stack only where it is named."""
        for life in lives or RUNS:
            name = f"{STACK}-{life}"
            if life == "data":
                self.stub.add_response(
                    "update_termination_protection",
                    {},
                    {"StackName": name, "EnableTerminationProtection": False},
                )
            self.stub.add_response("delete_stack", {}, {"StackName": name})
            gone = {"StackName": name, "CreationTime": WHEN, "StackStatus": "DELETE_COMPLETE"}
            self.stub.add_response("describe_stacks", {"Stacks": [gone]}, {"StackName": name})
        return self

    def is_not_there(self) -> "Stack":
        self.stub.add_client_error("get_template", "ValidationError")
        return self


def test_a_client_goes_and_its_data_stays_where_nobody_asked_for_more(
    account: Any, outputs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    stack = Stack(account, outputs).stands().goes()

    assert leave(STACK, stack, Screen(), None, with_data=False) == 0

    assert account("dynamodb").list_tables()["TableNames"] == ["ledger"]
    assert "kept: AWS::DynamoDB::Table ledger" in capsys.readouterr().out
    stack.stub.assert_no_pending_responses()


def test_data_goes_only_after_it_was_taken(account: Any, outputs: dict[str, str], tmp_path: Path) -> None:
    stack = Stack(account, outputs).stands().goes().goes("data")

    assert leave(STACK, stack, Screen(), tmp_path / "out", with_data=True) == 0
    stack.stub.assert_no_pending_responses()

    assert account("dynamodb").list_tables()["TableNames"] == []
    with gzip.open(tmp_path / "out" / "table.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert len(list(lines)) == 2


def test_a_farewell_that_broke_off_goes_on_and_takes_what_came_last(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)
    _save(account, "d3")

    last = Stack(account, outputs).stands().goes().goes("data")
    assert leave(STACK, last, Screen(), out, with_data=True) == 0

    with gzip.open(out / "after-the-end" / "table.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert len(list(lines)) == 3
    assert account("dynamodb").list_tables()["TableNames"] == []


def test_a_farewell_that_broke_off_behind_the_last_stack_goes_on_from_its_note(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)

    gone = Stack(account, outputs).is_not_there().goes()
    assert leave(STACK, gone, Screen(), out, with_data=True) == 0

    assert account("dynamodb").list_tables()["TableNames"] == []


def test_what_changes_is_told_with_the_stack_it_changes_in(account: Any) -> None:
    wanted: dict[str, Any] = {
        "data": TEMPLATE,
        "compute": {"Resources": {"New": {"Type": "AWS::SQS::Queue"}}},
    }
    stack = Stack(account, {})
    stack.stub.add_response("get_template", {"TemplateBody": json.dumps({"Resources": {}})})
    stack.stub.add_client_error("get_template", "ValidationError")

    found = all_differences(stack("cloudformation"), STACK, wanted)

    assert {(one.life, one.name, one.how) for one in found} == {
        ("data", "Ledger", "added"),
        ("data", "Files", "added"),
        ("data", "Work", "added"),
        ("compute", "New", "added"),
    }
    stack.is_not_there()
    with pytest.raises(NotFound, match="everything would be new"):
        all_differences(stack("cloudformation"), STACK, {"data": TEMPLATE})


def test_a_stack_that_is_not_there_and_left_no_note_is_not_found(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        leave(STACK, Stack(account, outputs).is_not_there(), Screen(), None, with_data=False)
    with pytest.raises(NotFound, match="no note"):
        leave(STACK, Stack(account, outputs).is_not_there(), Screen(), tmp_path, with_data=True)
    assert account("dynamodb").list_tables()["TableNames"] == ["ledger"]


def test_the_difference_is_told_and_fails_where_it_is_grave(capsys: pytest.CaptureFixture[str]) -> None:
    found = differences(TEMPLATE, {"Resources": {"Ledger": {"Type": "AWS::DynamoDB::Table"}}})

    assert told(found, Screen()) == 1
    said = capsys.readouterr().out
    assert "removed" in said
    assert "read it before you deploy" in said
    assert told([], Screen()) == 0
    assert "Nothing would change" in capsys.readouterr().out
