"""The template as a whole: what AWS's own linters say of it, and what it must never contain."""

import json
import sys
from pathlib import Path

from infra.repository import ROOT
from infra.stack.acknowledged import ACKNOWLEDGED, CONSOLE, written_arn
from tests.infra.reading import Template, run, stacks_of

CLOSED_TO_NEW_CUSTOMERS = ("AWS::Pinpoint", "AWS::QLDB", "AWS::CodeCommit", "AWS::Timestream")

IGNORED = "W3005"
"""A dependency that a reference already implies: CDK writes it beside every role, and it does no harm."""


def test_cfn_lint_finds_nothing(demo: Template, only_email: Template, sms_by_sns: Template) -> None:
    paths = [
        str(path) for one in (demo, only_email, sms_by_sns) for path in one.assembly.glob("*.template.json")
    ]
    found = run([str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", IGNORED, "--", *paths])
    assert found.returncode == 0, found.stdout


def test_every_finding_of_cdk_nag_that_stands_has_a_reason_and_every_reason_a_finding(demo: Template) -> None:
    report = json.loads((demo.assembly / "validation-report.json").read_text(encoding="utf-8"))
    (nag,) = report["pluginReports"]
    files = written_arn(f"{demo.prefix}-data")
    assert nag["conclusion"] == "success"
    assert nag["violations"] == []
    reasons = {
        f"AwsSolutions-{rule.format(files=files)}"
        for _, _, rule, reason in (*ACKNOWLEDGED, CONSOLE)
        if reason
    }
    assert {one["ruleName"] for one in nag["suppressedViolations"]} == reasons


def test_there_is_no_custom_resource_and_nothing_that_a_new_account_cannot_have(demo: Template) -> None:
    for kind in demo.types():
        assert not kind.startswith(("Custom::", "AWS::CloudFormation::CustomResource"))
        assert not kind.startswith(CLOSED_TO_NEW_CUSTOMERS)
    assert len(demo.functions()) == len(demo.all("AWS::Lambda::Function"))


def test_a_deployment_stays_far_below_the_limits_of_a_stack(demo: Template) -> None:
    for name, one in stacks_of(demo.assembly).items():
        assert len(one["Resources"]) < 250, f"{name}: CloudFormation takes 500 a stack"
        assert len(json.dumps(one)) < 500_000, f"{name}: CloudFormation takes a million bytes"


def test_the_template_does_not_tell_from_which_machine_it_comes(demo: Template) -> None:
    assert str(ROOT) not in json.dumps(demo.document)
    assert "Metadata" not in demo.document


def test_the_deployed_stack_tells_the_recobro_command_what_it_needs(demo: Template) -> None:
    assert {"TableName", "BucketName", "SecretArn", "PublicUrl", "AlarmsTopic"} <= set(
        demo.document["Outputs"]
    )


def test_every_alarm_is_heard_and_only_a_missing_sweep_rings_by_being_absent(demo: Template) -> None:
    silent = {"recobro-demo-escalation-silent", "recobro-demo-pre_reminder-silent"}
    for alarm in demo.all("AWS::CloudWatch::Alarm").values():
        name = alarm["AlarmName"]
        assert alarm["AlarmActions"], name
        assert alarm["TreatMissingData"] == ("breaching" if name in silent else "notBreaching"), name
