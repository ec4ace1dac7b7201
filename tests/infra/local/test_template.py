"""What the template says by reference is found, in order; what this machine cannot run honestly is refused by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.assembly import Stack, read_assembly
from infra.local.refusal import Refused
from infra.local.template import Address, Resolver
from tests.infra.local.sample import Sample

PSEUDO = {
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "111122223333",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}

TEMPLATE: dict[str, Any] = {
    "Parameters": {"Size": {"Type": "String", "Default": "small"}, "Unset": {"Type": "String"}},
    "Mappings": {"Zones": {"mx": {"zone": "America/Mexico_City"}}},
    "Conditions": {
        "IsSmall": {"Fn::Equals": [{"Ref": "Size"}, "small"]},
        "IsLarge": {"Fn::Not": [{"Condition": "IsSmall"}]},
        "Either": {"Fn::Or": [{"Condition": "IsSmall"}, {"Condition": "IsLarge"}]},
        "Both": {"Fn::And": [{"Condition": "IsSmall"}, {"Condition": "IsLarge"}]},
    },
}


def resolve(node: Any) -> Any:
    built = {"Queue": Address("https://queue", {"Arn": "arn:queue"})}
    return Resolver(
        Stack("app", TEMPLATE), PSEUDO, {"other:arn": "arn:other", "data/Arn": "arn:told"}, built
    ).value(node, "app.Thing.Property")


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Queue"}, "https://queue"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Size"}, "small"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:queue"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:queue"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Size"}]]}, "a/small"),
        ({"Fn::Sub": "${AWS::Region}-${Queue.Arn}-${!kept}"}, "us-east-1-arn:queue-${kept}"),
        ({"Fn::Sub": ["${x}-${Size}", {"x": {"Ref": "AWS::AccountId"}}]}, "111122223333-small"),
        ({"Fn::Select": [1, {"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}]}, "queue"),
        ({"Fn::ImportValue": "other:arn"}, "arn:other"),
        ({"Fn::GetStackOutput": {"StackName": "data", "OutputName": "Arn"}}, "arn:told"),
        (
            {"Fn::GetStackOutput": {"StackName": "data", "OutputName": "Arn", "Region": "us-east-1"}},
            "arn:told",
        ),
        ({"Fn::If": ["IsSmall", 1, 2]}, 1),
        ({"Fn::If": ["IsLarge", 1, 2]}, 2),
        ({"Fn::If": ["Either", 1, 2]}, 1),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"Fn::FindInMap": ["Zones", "mx", "zone"]}, "America/Mexico_City"),
        ({"Fn::Base64": "hola"}, "aG9sYQ=="),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}),
    ],
)
def test_a_reference_becomes_what_it_names(node: Any, value: Any) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html"""
    assert resolve(node) == value


@pytest.mark.parametrize(
    ("node", "complaint"),
    [
        ({"Ref": "Nobody"}, "Ref Nobody is neither a resource"),
        ({"Ref": "Unset"}, "parameter Unset has no default"),
        ({"Fn::GetAtt": ["Queue", "Colour"]}, "Queue has no attribute Colour here"),
        ({"Fn::ImportValue": "nothing"}, "no stack exports nothing"),
        ({"Fn::Transform": {}}, "Fn::Transform is not understood"),
        ({"Fn::Select": [5, ["a"]]}, "Fn::Select cannot be evaluated"),
        ({"Fn::If": ["Unheard", 1, 2]}, "no condition is called Unheard"),
        ({"Fn::GetStackOutput": {"StackName": "data", "OutputName": "Id"}}, "data has no output Id"),
        (
            {"Fn::GetStackOutput": {"StackName": "data", "OutputName": "Arn", "Region": "sa-east-1"}},
            "not on this machine",
        ),
        (
            {"Fn::GetStackOutput": {"StackName": "data", "OutputName": "Arn", "RoleArn": "arn:role"}},
            "RoleArn is not modelled here",
        ),
    ],
)
def test_what_cannot_be_resolved_names_stack_resource_and_property(node: Any, complaint: str) -> None:
    with pytest.raises(Refused, match=complaint) as refused:
        resolve({"List": [node]})
    assert refused.value.where.startswith("app.Thing.Property.List[0]")


def write_stack(folder: Path, name: str, template: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.template.json").write_text(json.dumps(template))


def test_stacks_are_built_after_those_they_import_from(tmp_path: Path) -> None:
    write_stack(
        tmp_path, "a-user", {"Resources": {}, "Outputs": {"x": {"Value": {"Fn::ImportValue": "base:arn"}}}}
    )
    write_stack(
        tmp_path, "b-base", {"Resources": {}, "Outputs": {"y": {"Value": 1, "Export": {"Name": "base:arn"}}}}
    )
    assert [stack.name for stack in read_assembly(tmp_path).stacks] == ["b-base", "a-user"]


def test_stacks_are_built_after_those_whose_outputs_they_ask_for(tmp_path: Path) -> None:
    asked = {"Fn::GetStackOutput": {"StackName": "b-base", "OutputName": "y"}}
    write_stack(tmp_path, "a-user", {"Resources": {}, "Outputs": {"x": {"Value": asked}}})
    write_stack(tmp_path, "b-base", {"Resources": {}, "Outputs": {"y": {"Value": 1}}})
    assert [stack.name for stack in read_assembly(tmp_path).stacks] == ["b-base", "a-user"]


def test_an_import_that_nobody_exports_is_refused(tmp_path: Path) -> None:
    write_stack(tmp_path, "user", {"Outputs": {"x": {"Value": {"Fn::ImportValue": "missing"}}}})
    with pytest.raises(Refused, match="takes what no stack before it tells: missing"):
        read_assembly(tmp_path)


def test_an_empty_folder_is_no_deployment(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="synthesise the app first"):
        read_assembly(tmp_path)


def test_an_export_of_one_stack_is_the_address_in_another(sample: Sample, tmp_path: Path) -> None:
    sample.queue("jobs")
    sample.template["Outputs"] = {
        "Arn": {"Value": {"Fn::GetAtt": ["jobs", "Arn"]}, "Export": {"Name": "jobs"}}
    }
    other = Sample(sample.folder, "zz-other")
    other.add("name", "AWS::SSM::Parameter", Name="/queue", Type="String", Value={"Fn::ImportValue": "jobs"})
    other.write()
    with sample.running() as system:
        value = system.client("ssm").get_parameter(Name="/queue")["Parameter"]["Value"]
        assert value == "arn:aws:sqs:us-east-1:111122223333:jobs"
        assert system.outputs == {"Arn": value}


def test_every_resource_is_realised_or_stands_idle_with_its_reason(sample: Sample) -> None:
    sample.worker()
    sample.add("alarm", "AWS::CloudWatch::Alarm", AlarmName="late")
    sample.add("log", "AWS::Logs::LogGroup", LogGroupName="/aws/lambda/work")
    sample.add("call", "AWS::SNS::Topic", TopicName="on-call")
    sample.add(
        "person",
        "AWS::SNS::Subscription",
        TopicArn={"Ref": "call"},
        Protocol="email",
        Endpoint="ops@example.com",
    )
    with sample.running() as system:
        fates = {fate.logical_id: fate for fate in system.resources()}
    assert set(fates) == set(sample.resources)
    assert {name for name, fate in fates.items() if fate.fate == "idle"} == {"alarm", "log", "person"}
    assert all(fate.reason for fate in fates.values() if fate.fate == "idle")


def test_a_property_without_effect_here_is_listed_with_its_reason(sample: Sample) -> None:
    sample.table(PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    with sample.running() as system:
        (fate,) = system.resources()
    assert fate.idle_properties == {
        "PointInTimeRecoverySpecification": "there is no earlier state to go back to"
    }


def test_an_unknown_type_is_refused_by_name(sample: Sample) -> None:
    sample.add("fleet", "AWS::EC2::Instance")
    with (
        pytest.raises(
            Refused, match=r"sample\.fleet \(AWS::EC2::Instance\): this type of resource is not realised here"
        ),
        sample.running(),
    ):
        pass


def test_an_unknown_property_is_refused_by_name(sample: Sample) -> None:
    sample.queue("jobs", FifoQueue=True)
    with (
        pytest.raises(Refused, match=r"sample\.jobs \(AWS::SQS::Queue\): property FifoQueue is not modelled"),
        sample.running(),
    ):
        pass


def test_resources_that_refer_to_each_other_in_a_ring_are_refused(sample: Sample) -> None:
    sample.queue(
        "a", RedrivePolicy={"deadLetterTargetArn": {"Fn::GetAtt": ["b", "Arn"]}, "maxReceiveCount": 1}
    )
    sample.queue(
        "b", RedrivePolicy={"deadLetterTargetArn": {"Fn::GetAtt": ["a", "Arn"]}, "maxReceiveCount": 1}
    )
    with pytest.raises(Refused, match="refer to each other in a ring"), sample.running():
        pass


def test_a_queue_that_hides_messages_too_shortly_is_refused_as_lambda_does(sample: Sample) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: visibility of at least the timeout."""
    sample.worker()
    sample.resources["work"]["Properties"]["Timeout"] = 61
    with (
        pytest.raises(Refused, match=r"hides a message for 60 s, less than the function's timeout of 61 s"),
        sample.running(),
    ):
        pass


def test_a_failed_boot_gives_the_process_back(sample: Sample) -> None:
    sample.add("fleet", "AWS::EC2::Instance")
    with pytest.raises(Refused), sample.running():
        pass
    del sample.resources["fleet"]
    with sample.running() as system:
        assert system.resources() == ()


def test_there_is_one_deployment_at_a_time(sample: Sample) -> None:
    with sample.running(), pytest.raises(RuntimeError, match="another system is alive"), sample.running():
        pass


def test_a_generated_secret_is_as_aws_would_generate_it(sample: Sample, backend: str) -> None:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html"""
    wanted = {
        "SecretStringTemplate": "{}",
        "GenerateStringKey": "root",
        "PasswordLength": 64,
        "ExcludePunctuation": True,
    }
    sample.add("root", "AWS::SecretsManager::Secret", GenerateSecretString=wanted)
    sample.template["Outputs"] = {"Arn": {"Value": {"Ref": "root"}}}
    with sample.running(backend=backend) as system:
        held = json.loads(
            system.client("secretsmanager").get_secret_value(SecretId=system.outputs["Arn"])["SecretString"]
        )
    assert len(held["root"]) == 64
    assert held["root"].isalnum()


def test_a_condition_decides_whether_a_resource_exists(sample: Sample) -> None:
    sample.template["Conditions"] = {"Never": {"Fn::Equals": ["a", "b"]}}
    sample.queue("jobs")
    sample.resources["jobs"]["Condition"] = "Never"
    with sample.running() as system:
        assert system.resources() == ()
