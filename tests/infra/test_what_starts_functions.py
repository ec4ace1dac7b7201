"""Schedules keep the client's hours, topics hear only their carrier, and the public address is throttled and discreet."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.stack.http import limits
from infra.stack.rows import OnRoutes
from infra.stack.settings import client_settings
from infra.stack.topics import SPEAKS
from infra.synth import synthesise
from recobro.domain.client import Rate, Throttle
from recobro.errors import InvalidInput
from tests.infra.reading import Template, listed, target
from tests.infra.variants import DEMO_ROWS, variant


def test_sweeps_start_every_quarter_of_an_hour_and_promises_are_reviewed_before_the_first(
    demo: Template,
) -> None:
    lanes = {}
    for schedule in demo.all("AWS::Scheduler::Schedule").values():
        assert schedule["ScheduleExpressionTimezone"] == "America/Mexico_City"
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
        if target(schedule["Target"]["Arn"]).startswith("Reconcile"):
            continue
        if target(schedule["Target"]["Arn"]).startswith("ReviewPromises"):
            assert schedule["ScheduleExpression"] == "cron(0 6 * * ? *)"
            continue
        assert schedule["ScheduleExpression"] == "cron(0/15 7-19 * * ? *)"
        lanes[target(schedule["Target"]["Arn"])[:8]] = json.loads(schedule["Target"]["Input"])["lane"]
    assert lanes == {"PreRemin": "pre_due", "Escalati": "overdue"}


def test_a_sweep_that_missed_its_time_is_left_to_the_next(demo: Template) -> None:
    for schedule in _schedules(demo, "lane"):
        assert schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 15 * 60
    for retries in demo.all("AWS::Lambda::EventInvokeConfig").values():
        is_sweep = target(retries["FunctionName"])[:8] in {"PreRemin", "Escalati"}
        assert retries["MaximumEventAgeInSeconds"] == (15 * 60 if is_sweep else 3600)
        assert retries["MaximumRetryAttempts"] <= 1
    assert len(demo.all("AWS::Lambda::EventInvokeConfig")) == 4


def test_payments_are_reconciled_every_hour_of_the_night_too(demo: Template) -> None:
    expressions = {
        target(one["Target"]["Arn"])[:9]: one["ScheduleExpression"] for one in _schedules(demo, "")
    }
    assert expressions["Reconcile"] == "cron(20 * * * ? *)"


def _schedules(demo: Template, key: str) -> list[Any]:
    """Those whose event has that key; with "", those whose event says nothing."""
    every = demo.all("AWS::Scheduler::Schedule").values()
    events = [(json.loads(one["Target"]["Input"]), one) for one in every]
    return [one for event, one in events if (key in event if key else not event)]


@pytest.fixture(scope="module")
def hears_mail(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The demonstration client, whose domain takes mail too."""
    folder = variant(tmp_path_factory.mktemp("clients") / "hears-mail", off=())
    settings = folder / "client.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[channels.email]\n", "[channels.email]\ninbound = true\n", 1), encoding="utf-8"
    )
    return Template.of(synthesise(str(folder)))


@pytest.mark.parametrize("name", sorted(SPEAKS))
def test_only_its_carrier_in_our_own_account_publishes_to_a_topic(hears_mail: Template, name: str) -> None:
    demo = hears_mail
    (logical,) = [key for key, one in demo.all("AWS::SNS::Topic").items() if one["TopicName"].endswith(name)]
    statements = [
        statement
        for policy in demo.all("AWS::SNS::TopicPolicy").values()
        if target(policy["Topics"][0]) == logical
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    (allowed,) = [statement for statement in statements if statement["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": SPEAKS[name]}
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert [one["Condition"] for one in statements if one["Effect"] == "Deny"] == [
        {"Bool": {"aws:SecureTransport": "false"}}
    ]


@pytest.mark.parametrize(
    ("queue", "topics"),
    [
        ("receipts", {"email-events", "sms-events", "whatsapp-events"}),
        ("messages", {"sms-inbound", "whatsapp-events"}),
    ],
)
def test_what_carriers_say_reaches_its_queue_as_they_wrote_it(
    demo: Template, queue: str, topics: set[str]
) -> None:
    logical, _ = demo.queues()[queue]
    heard = set()
    for subscription in demo.all("AWS::SNS::Subscription").values():
        assert subscription["RawMessageDelivery"] is True
        if target(subscription["Endpoint"]) == logical:
            topic = demo.all("AWS::SNS::Topic")[target(subscription["TopicArn"])]["TopicName"]
            heard.add(topic.removeprefix("recobro-demo-"))
    assert heard == topics


def test_carriers_report_to_their_topics(demo: Template) -> None:
    topics = {name: one["TopicName"] for name, one in demo.all("AWS::SNS::Topic").items()}
    email = demo.one("AWS::SES::ConfigurationSetEventDestination")["EventDestination"]
    assert topics[target(email["SnsDestination"]["TopicARN"])] == "recobro-demo-email-events"
    assert {"DELIVERY", "BOUNCE", "COMPLAINT"} <= set(email["MatchingEventTypes"])
    assert not {"OPEN", "CLICK"} & set(email["MatchingEventTypes"])
    assert demo.one("AWS::SES::ConfigurationSet")["Name"] == "demo-email"
    sets = {one["ConfigurationSetName"]: one for one in demo.all("AWS::SMSVOICE::ConfigurationSet").values()}
    assert set(sets) == {"demo-sms", "demo-voice"}
    for one in sets.values():
        (destination,) = one["EventDestinations"]
        assert topics[target(destination["SnsDestination"]["TopicArn"])] == "recobro-demo-sms-events"
        assert destination["MatchingEventTypes"] == ["TEXT_ALL", "VOICE_ALL"]


def test_the_public_address_has_the_routes_of_the_table_and_no_more(demo: Template) -> None:
    wanted = {route for row in DEMO_ROWS if isinstance(row.starts, OnRoutes) for route in row.starts.routes}
    assert {route["RouteKey"] for route in demo.all("AWS::ApiGatewayV2::Route").values()} == wanted
    for integration in demo.all("AWS::ApiGatewayV2::Integration").values():
        assert integration["PayloadFormatVersion"] == "2.0"


def test_each_route_has_a_limit_of_its_own_and_a_storm_on_a_page_leaves_gateways_heard(
    demo: Template,
) -> None:
    stage = demo.one("AWS::ApiGatewayV2::Stage")
    told = {
        key: Rate(one["ThrottlingRateLimit"], one["ThrottlingBurstLimit"])
        for key, one in stage["RouteSettings"].items()
    }
    assert set(told) == {one["RouteKey"] for one in demo.all("AWS::ApiGatewayV2::Route").values()}
    usual = Throttle()
    assert told["POST /hooks/{gateway}/{endpoint}"] == usual.webhooks
    assert told["GET /p/{token}"] == told["POST /p/{token}/{page}"] == usual.pages
    assert told["POST /u/{token}"] == usual.one_click
    assert told["POST /v1/payments"] == usual.api
    assert sum(one.a_second for one in told.values()) <= 2_500
    assert sum(one.at_once for one in told.values()) <= 1_250, "what the smallest account may take"


def test_limits_wait_for_their_routes(demo: Template) -> None:
    """API Gateway refuses a stage with a limit for a route that is not there: "Unable to find Route by key"."""
    (stage,) = (one for one in demo.resources.values() if one["Type"] == "AWS::ApiGatewayV2::Stage")
    assert set(demo.all("AWS::ApiGatewayV2::Route")) <= set(stage["DependsOn"])


def test_the_clients_file_says_what_a_kind_of_route_takes(tmp_path: Path) -> None:
    folder = variant(tmp_path / "busy", off=())
    settings = folder / "client.toml"
    told = settings.read_text("utf-8")
    settings.write_text(f"{told}\n[throttle]\nwebhooks = {{ a_second = 200, at_once = 300 }}\n", "utf-8")
    found = limits(DEMO_ROWS, client_settings(settings).throttle)
    assert found["POST /hooks/{gateway}/{endpoint}"] == Rate(200, 300)
    assert found["GET /p/{token}"] == Throttle().pages
    with pytest.raises(InvalidInput, match=r"throttle.*a_second.*2500"):
        limits(DEMO_ROWS, Throttle(pages=Rate(1_000, 10)))
    settings.write_text(f"{told}\n[throttle]\npages = {{ a_second = 0, at_once = 1 }}\n", "utf-8")
    with pytest.raises(InvalidInput, match="lets nobody in"):
        client_settings(settings)


def test_the_log_of_the_public_address_tells_no_token(demo: Template) -> None:
    stage = demo.one("AWS::ApiGatewayV2::Stage")
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    assert "$context.routeKey" in logged.values()
    assert not {"$context.path", "$context.identity.sourceIp"} & set(logged.values())


def test_each_route_may_start_only_its_own_function(demo: Template) -> None:
    for permission in demo.all("AWS::Lambda::Permission").values():
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert listed(permission["SourceArn"]), "a permission without a source would let any API start it"
