"""Nothing that a queue holds is lost, hidden too short, readable on disk, or forgotten when it failed."""

from tests.infra.reading import Template, target
from tests.infra.variants import DEMO_ROWS

DAY = 86_400


def test_every_queue_has_a_dead_letter_queue_after_five_tries(demo: Template) -> None:
    queues = demo.queues()
    for name, (_, queue) in queues.items():
        if name.endswith("-dead"):
            continue
        assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5, name
        assert target(queue["RedrivePolicy"]["deadLetterTargetArn"]) == queues[f"{name}-dead"][0]


def test_dead_letters_are_kept_as_long_as_aws_keeps_anything(demo: Template) -> None:
    for name, (_, queue) in demo.queues().items():
        assert queue["MessageRetentionPeriod"] == 14 * DAY or not name.endswith("-dead"), name


def test_one_dead_letter_rings_an_alarm_that_somebody_can_hear(demo: Template) -> None:
    topic = next(
        name for name, one in demo.all("AWS::SNS::Topic").items() if one["TopicName"].endswith("-alarms")
    )
    alarms = {
        alarm["Dimensions"][0]["Value"]: alarm
        for alarm in demo.all("AWS::CloudWatch::Alarm").values()
        if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
    }
    for name in demo.queues():
        if name.endswith("-dead"):
            alarm = alarms[f"{demo.prefix}-{name}"]
            assert alarm["Threshold"] == 1
            assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
            assert [target(action) for action in alarm["AlarmActions"]] == [topic]


def test_a_message_stays_hidden_for_six_times_the_functions_time_limit(demo: Template) -> None:
    for row in DEMO_ROWS:
        if row.queue:
            _, queue = demo.queues()[row.queue]
            assert queue["VisibilityTimeout"] >= 6 * demo.functions()[row.name]["Timeout"], row.name


def test_every_queue_is_encrypted_and_refuses_plain_http(demo: Template) -> None:
    guarded = {
        target(queue)
        for policy in demo.all("AWS::SQS::QueuePolicy").values()
        for queue in policy["Queues"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }
    for name, (logical, queue) in demo.queues().items():
        assert queue["SqsManagedSseEnabled"] is True, name
        assert logical in guarded, name


def test_what_people_wrote_waits_a_day_at_most_before_it_is_set_aside(demo: Template) -> None:
    for name in ("receipts", "messages"):
        assert demo.queues()[name][1]["MessageRetentionPeriod"] <= DAY


def test_a_channel_is_held_to_the_copies_that_its_client_allows(demo: Template) -> None:
    at_once = [
        source["ScalingConfig"]["MaximumConcurrency"]
        for source in demo.all("AWS::Lambda::EventSourceMapping").values()
        if "ScalingConfig" in source
    ]
    assert len(at_once) == sum(1 for row in DEMO_ROWS if row.queue)
    assert all(copies >= 2 for copies in at_once)
    assert sum(at_once) <= 25, "together they would starve the pages and webhooks of a new account"


def test_one_bad_message_does_not_bring_its_batch_back(demo: Template) -> None:
    for source in demo.all("AWS::Lambda::EventSourceMapping").values():
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
