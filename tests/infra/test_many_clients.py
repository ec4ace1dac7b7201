"""An agency may keep all its clients in one account: nothing that one deploys is named as anything of another's."""

from pathlib import Path
from typing import Any

import pytest

from infra.stack.neighbours import check_neighbours
from infra.starting.writing import Answers, write_client
from recobro.errors import InvalidInput
from tests.infra.reading import Template

NAMES = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SMSVOICE::ConfigurationSet": "ConfigurationSetName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::CodeDeploy::Application": "ApplicationName",
}
"""Types whose name we may choose, and which must then be the only one in account and Region."""
GIVEN = {"AWS::SES::ConfigurationSet", "AWS::SMSVOICE::ConfigurationSet"}
"""Named by the client's own file; `check_neighbours` sees to it that no two files name the same."""


def named(template: Template) -> set[tuple[str, str]]:
    return {
        (kind, str(properties[member]))
        for kind, member in NAMES.items()
        for properties in template.all(kind).values()
        if isinstance(properties.get(member), str) and kind not in GIVEN
    }


def test_what_is_named_by_us_is_named_after_its_client(demo: Template, only_email: Template) -> None:
    for template in (demo, only_email):
        found = named(template)
        assert len(found) > 20
        for kind, name in found:
            bare = name.removeprefix("/aws/lambda/").removeprefix("/aws/apigateway/")
            assert bare == template.prefix or bare.startswith(f"{template.prefix}-"), (kind, name)


def test_no_client_whatever_it_is_called_takes_a_name_of_another(demo: Template) -> None:
    """Were one called as another with something behind it ("acme", "acme-send"), a rest of a name would have to be one too."""
    rests: dict[str, set[str]] = {}
    for kind, name in named(demo):
        rests.setdefault(kind, set()).add(name.rpartition(demo.prefix)[2])
    for kind, of_kind in rests.items():
        for rest in of_kind:
            inside = {rest[at:] for at, letter in enumerate(rest) if letter == "-" and at}
            assert not inside & of_kind, f"{kind}: a client called ...{rest} would take a name"


def test_nothing_is_exported_under_a_name_that_two_stacks_could_want(demo: Template) -> None:
    exported: list[Any] = [
        one["Export"]["Name"] for one in demo.document["Outputs"].values() if "Export" in one
    ]
    assert all(str(name).startswith(demo.prefix) for name in exported)


def test_two_files_that_would_overwrite_each_other_are_refused(tmp_path: Path) -> None:
    one = write_client(Answers("acme", "MX"), tmp_path)
    other = write_client(Answers("globex", "MX"), tmp_path)
    check_neighbours(one)

    text = (other / "client.toml").read_text("utf-8")
    (other / "client.toml").write_text(text.replace("recobro-globex-email", "recobro-acme-email"), "utf-8")
    with pytest.raises(InvalidInput, match="'recobro-acme-email' is acme's already") as refused:
        check_neighbours(other)
    assert refused.value.field == "channels.email.configuration_set"

    (other / "client.toml").write_text(text.replace('name = "globex"', 'name = "acme"'), "utf-8")
    with pytest.raises(InvalidInput, match="'acme' is acme's already"):
        check_neighbours(other)

    (other / "client.toml").write_text(
        text.replace("recobro-globex-email", "recobro-acme-email").replace('"us-east-1"', '"sa-east-1"'),
        "utf-8",
    )
    check_neighbours(other)
