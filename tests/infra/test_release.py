"""A release reaches a tenth of the work first and is taken back when an alarm rings; what plans changes over in one step."""

from typing import Any

import pytest

from infra.repository import CLIENTS
from infra.stack.logs import FAILED
from infra.stack.release import ALIAS, CONFIGURATIONS
from infra.stack.rows import OnHours, OnMorning, OnSweep
from infra.stack.settings import SHIFTS, client_settings
from recobro.errors import InvalidInput
from tests.infra.reading import Template, listed, target, written
from tests.infra.variants import DEMO_ROWS

PLANS = {row.name for row in DEMO_ROWS if isinstance(row.starts, OnSweep | OnMorning | OnHours)}


def groups(template: Template) -> dict[str, Any]:
    """Row's name → its deployment group."""
    return {
        one["DeploymentGroupName"].removeprefix(f"{template.prefix}-"): one
        for one in template.all("AWS::CodeDeploy::DeploymentGroup").values()
    }


def test_every_function_has_an_alias_that_a_release_moves(demo: Template) -> None:
    aliases = {target(one["FunctionName"]): name for name, one in demo.all("AWS::Lambda::Alias").items()}
    assert set(aliases) == set(demo.all("AWS::Lambda::Function"))
    assert set(groups(demo)) == {row.name for row in DEMO_ROWS}
    for alias in aliases.values():
        assert demo.all("AWS::Lambda::Alias")[alias]["Name"] == ALIAS
        moved = demo.resources[alias]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        assert target(moved["DeploymentGroupName"]) in demo.all("AWS::CodeDeploy::DeploymentGroup")


def test_whatever_starts_a_function_starts_its_alias(demo: Template) -> None:
    aliases = set(demo.all("AWS::Lambda::Alias"))
    started = [
        *(one["FunctionName"] for one in demo.all("AWS::Lambda::EventSourceMapping").values()),
        *(one["Target"]["Arn"] for one in demo.all("AWS::Scheduler::Schedule").values()),
        *(one["IntegrationUri"] for one in demo.all("AWS::ApiGatewayV2::Integration").values()),
        *(one["FunctionName"] for one in demo.all("AWS::Lambda::Permission").values()),
    ]
    assert len(started) > 20
    assert {target(one) for one in started} <= aliases
    for one in demo.all("AWS::Lambda::EventInvokeConfig").values():
        at, (_, arn) = one["Qualifier"]["Fn::Select"][0], one["Qualifier"]["Fn::Select"][1]["Fn::Split"]
        assert (at, target(arn) in aliases) == (7, True), "the last part of the alias's ARN: its name"


def test_what_serves_people_moves_a_tenth_at_first_and_what_plans_at_once(demo: Template) -> None:
    for name, group in groups(demo).items():
        shift = "all_at_once" if name in PLANS else "canary10percent5minutes"
        assert group["DeploymentConfigName"] == CONFIGURATIONS[shift], name
        assert group["DeploymentStyle"]["DeploymentOption"] == "WITH_TRAFFIC_CONTROL"


def test_an_alarm_that_the_client_has_takes_a_release_back(demo: Template) -> None:
    alarms = {one["AlarmName"] for one in demo.all("AWS::CloudWatch::Alarm").values()}
    for name, group in groups(demo).items():
        watched = {one["Name"] for one in group["AlarmConfiguration"]["Alarms"]}
        assert group["AlarmConfiguration"]["Enabled"] is True
        assert watched <= alarms, name
        assert f"{demo.prefix}-release-fails" in watched
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    pages = groups(demo)["debtor_portal"]["AlarmConfiguration"]["Alarms"]
    assert {"Name": f"{demo.prefix}-debtor_portal-errors"} in pages


def test_a_release_is_taken_back_by_failures_of_this_client_and_of_nobody_else(demo: Template) -> None:
    (alarm,) = (
        one
        for one in demo.all("AWS::CloudWatch::Alarm").values()
        if one["AlarmName"] == f"{demo.prefix}-release-fails"
    )
    assert (alarm["Namespace"], alarm["MetricName"]) == ("Recobro/Logs", f"{demo.prefix}-failures")
    counted = {}
    for one in demo.all("AWS::Logs::MetricFilter").values():
        (sent,) = one["MetricTransformations"]
        assert (sent["MetricNamespace"], sent["MetricName"]) == (alarm["Namespace"], alarm["MetricName"])
        assert "DefaultValue" not in sent, "a metric that is always sent is always charged"
        counted[target(one["LogGroupName"])] = one["FilterPattern"]
    written = {
        target(one["LoggingConfig"]["LogGroup"]): one["LoggingConfig"]
        for one in demo.all("AWS::Lambda::Function").values()
    }
    assert set(counted) == set(written), "every function's log, and no other"
    assert set(counted.values()) == {FAILED}
    for one in written.values():
        assert (one["LogFormat"], one["SystemLogLevel"]) == ("JSON", "WARN"), "as the filter reads it"


def test_all_at_once_waits_for_nothing_and_no_alarm_holds_it_back(sms_by_sns: Template) -> None:
    for group in groups(sms_by_sns).values():
        assert group["DeploymentConfigName"] == CONFIGURATIONS["all_at_once"]
        assert group["AlarmConfiguration"]["Enabled"] is False
        assert group["AutoRollbackConfiguration"]["Events"] == ["DEPLOYMENT_FAILURE"]


def test_who_moves_aliases_may_do_nothing_else(demo: Template) -> None:
    group = next(iter(groups(demo).values()))
    role = target(group["ServiceRoleArn"])
    assert "ManagedPolicyArns" not in demo.all("AWS::IAM::Role")[role]
    statements = [
        statement
        for policy in demo.all("AWS::IAM::Policy").values()
        if role in [target(one) for one in policy["Roles"]]
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    for statement in statements:
        actions, resources = (
            listed(statement["Action"]),
            [written(one) for one in listed(statement["Resource"])],
        )
        if resources == ["*"]:
            assert actions == ["cloudwatch:DescribeAlarms"]
        else:
            assert set(actions) == {
                "lambda:GetAlias",
                "lambda:UpdateAlias",
                "lambda:GetProvisionedConcurrencyConfig",
            }
            assert all(one.endswith((".Arn>", f".Arn>:{ALIAS}")) for one in resources)


def test_a_way_to_shift_that_nobody_knows_is_refused(tmp_path: Any) -> None:
    text = (CLIENTS / "demo" / "client.toml").read_text("utf-8")
    (tmp_path / "client.toml").write_text(text.replace("canary10percent5minutes", "linear"), "utf-8")
    with pytest.raises(InvalidInput, match=r"operations.shift.*linear.*canary10percent5minutes"):
        client_settings(tmp_path / "client.toml")
    assert set(SHIFTS) == set(CONFIGURATIONS)
