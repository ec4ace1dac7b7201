"""What starts a function by its alias starts it here too, under the permissions that were given to the alias and no others.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

from typing import Any

import pytest

from infra.local.refusal import Refused
from tests.infra.local.sample import HEARD, PLAYS, Sample, allow

ALIAS = {"Ref": "live"}


def live(sample: Sample, function: str) -> None:
    """A version of the function, and the alias that leads to it."""
    sample.add("version", "AWS::Lambda::Version", FunctionName={"Ref": function})
    version = {"Fn::GetAtt": ["version", "Version"]}
    sample.add(
        "live",
        "AWS::Lambda::Alias",
        FunctionName={"Ref": function},
        FunctionVersion=version,
        Name="live",
    )


def test_a_queue_starts_the_function_behind_the_alias(sample: Sample) -> None:
    sample.worker()
    live(sample, "work")
    sample.resources["workSource"]["Properties"]["FunctionName"] = ALIAS
    with sample.running() as system:
        system.client("sqs").send_message(QueueUrl=system.inventory.queue_at("jobs").url, MessageBody="x")  # type: ignore[union-attr]
        system.drain()
    assert [event["Records"][0]["body"] for event in HEARD] == ["x"]


def test_a_schedule_starts_it_by_the_aliass_own_retries(sample: Sample) -> None:
    sample.function("work")
    live(sample, "work")
    sample.schedule("rate(1 day)")
    sample.resources["clock"]["Properties"]["Target"]["Arn"] = ALIAS
    role = sample.resources["clockRole"]["Properties"]
    role["Policies"][0]["PolicyDocument"]["Statement"] = [allow("lambda:InvokeFunction", ALIAS)]
    sample.add(
        "retries",
        "AWS::Lambda::EventInvokeConfig",
        FunctionName={"Ref": "work"},
        Qualifier={"Fn::Select": [7, {"Fn::Split": [":", ALIAS]}]},
        MaximumRetryAttempts=0,
    )

    def fails(_event: Any, _context: Any) -> None:
        raise RuntimeError("no")

    PLAYS["work"] = fails
    with sample.running() as system:
        system.run_until(system.now.replace(hour=13))
        assert len(system.failures) == 1, "the alias's rule is no retry; Lambda's own would be two"


def test_a_route_leads_to_it_where_the_alias_may_be_called(sample: Sample) -> None:
    sample.api("GET /x")
    live(sample, "page")
    sample.resources["integration"]["Properties"]["IntegrationUri"] = ALIAS
    with pytest.raises(Refused, match=r"page:live.*no AWS::Lambda::Permission"), sample.running():
        pass
    sample.resources["mayCall"]["Properties"]["FunctionName"] = ALIAS
    PLAYS["page"] = lambda _event, _context: {"statusCode": 204}
    with sample.running() as system:
        assert system.http("GET", "/x").status == 204


def test_a_role_that_may_invoke_the_function_may_not_invoke_its_alias(sample: Sample) -> None:
    sample.function("work")
    live(sample, "work")
    sample.schedule("rate(1 day)")
    sample.resources["clock"]["Properties"]["Target"]["Arn"] = ALIAS
    with pytest.raises(Refused, match="lambda:InvokeFunction"), sample.running():
        pass


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"FunctionVersion": "7"}, "7 is not on this machine"),
        ({"FunctionName": "nobody"}, "nobody is no function here"),
    ],
)
def test_an_alias_that_leads_nowhere_is_refused(
    sample: Sample, change: dict[str, str], complaint: str
) -> None:
    sample.function("work")
    live(sample, "work")
    sample.resources["live"]["Properties"] |= change
    with pytest.raises(Refused, match=complaint), sample.running():
        pass
