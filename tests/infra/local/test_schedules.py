"""What is due by the clock starts on time in the client's own zone, on the days when the clocks change too.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.local.drivers.cron import next_occurrence
from infra.local.refusal import Refused
from tests.infra.local.sample import HEARD, PLAYS, START, Sample, allow


def runs(expression: str, zone: str, after: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    while len(found) < count:
        due = next_occurrence(expression, zone, found[-1] if found else after)
        if due is None:
            break
        found.append(due)
    return found


@pytest.mark.parametrize(
    ("expression", "first", "second"),
    [
        ("cron(0/15 8-19 * * ? *)", "2026-03-02 12:15", "2026-03-02 12:30"),
        ("cron(0 9 ? * MON-FRI *)", "2026-03-03 09:00", "2026-03-04 09:00"),
        ("cron(0 9 ? * FRI-MON *)", "2026-03-06 09:00", "2026-03-07 09:00"),
        ("cron(0 10 L * ? *)", "2026-03-31 10:00", "2026-04-30 10:00"),
        ("cron(0 10 15W * ? *)", "2026-03-16 10:00", "2026-04-15 10:00"),
        ("cron(30 6 ? * 2#1 *)", "2026-04-06 06:30", "2026-05-04 06:30"),
        ("cron(0 18 ? * 6L *)", "2026-03-27 18:00", "2026-04-24 18:00"),
        ("cron(0 0 29 2 ? *)", "2028-02-29 00:00", "2032-02-29 00:00"),
        ("cron(5,10 0 1 JAN,JUL ? 2027)", "2027-01-01 00:05", "2027-01-01 00:10"),
        ("rate(5 minutes)", "2026-03-02 12:05", "2026-03-02 12:10"),
        ("rate(1 day)", "2026-03-03 12:00", "2026-03-04 12:00"),
    ],
)
def test_an_expression_means_what_aws_documents(expression: str, first: str, second: str) -> None:
    found = [f"{due:%Y-%m-%d %H:%M}" for due in runs(expression, "UTC", START, 2)]
    assert found == [first, second]


def test_a_time_that_spring_skips_is_not_due_that_day() -> None:
    """ "when the clocks shift forward, if a cron expression falls on a non-existent date and time, it is skipped" """
    found = runs("cron(30 2 * * ? *)", "America/New_York", datetime(2026, 3, 7, 12, tzinfo=UTC), 2)
    assert [f"{due.astimezone(ZoneInfo('America/New_York')):%m-%d %H:%M}" for due in found] == [
        "03-09 02:30",
        "03-10 02:30",
    ]


def test_a_time_that_autumn_repeats_is_due_once() -> None:
    """ "when the clocks shift back, your schedule runs only once and doesn't repeat its invocation" """
    found = runs("cron(0/30 1 * * ? *)", "America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC), 3)
    assert found == [
        datetime(2026, 11, 1, 5, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 2, 6, 0, tzinfo=UTC),
    ]


def test_a_rate_in_days_is_24_hours_whatever_the_clocks_do() -> None:
    """ "EventBridge Scheduler evaluates the rate expression 24 hours after the schedule's last invocation" """
    found = runs("rate(1 day)", "America/New_York", datetime(2026, 3, 7, 12, tzinfo=UTC), 2)
    assert found == [datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC)]


def test_a_one_time_schedule_is_in_its_zone_and_happens_once() -> None:
    found = runs("at(2026-03-05T09:00:00)", "America/Bogota", START, 5)
    assert found == [datetime(2026, 3, 5, 14, tzinfo=UTC)]


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 9 * * *)",
        "cron(0 9 * * * *)",
        "cron(61 9 * * ? *)",
        "cron(0 9 ? * XYZ *)",
        "rate(1 days)",
        "rate(0 minutes)",
        "every day",
    ],
)
def test_what_aws_would_refuse_is_refused_by_name(sample: Sample, expression: str) -> None:
    sample.function("work")
    sample.schedule(expression)
    with (
        pytest.raises(Refused, match=r"sample\.clock \(AWS::Scheduler::Schedule\): ScheduleExpression"),
        sample.running(),
    ):
        pass


def test_a_schedule_starts_its_function_in_its_zone_with_its_input(sample: Sample) -> None:
    sample.function("work")
    sample.schedule("cron(0 8-9 * * ? *)", "America/Mexico_City")
    with sample.running() as system:
        times: list[datetime] = []
        PLAYS["work"] = lambda _event, _context: times.append(system.now)
        system.run_until(datetime(2026, 3, 4, tzinfo=UTC))
    assert [f"{one:%d %H:%M}" for one in times] == ["02 14:00", "02 15:00", "03 14:00", "03 15:00"]
    assert HEARD[0] == {"lane": "overdue"}


def test_a_schedule_is_late_by_no_more_than_it_is_allowed_to_be_and_says_when_it_was_due(
    sample: Sample,
) -> None:
    sample.function("work")
    sample.schedule("cron(0/15 * * * ? *)")
    sample.resources["clock"]["Properties"]["Target"]["Input"] = (
        '{"planned": "<aws.scheduler.scheduled-time>"}'
    )
    with sample.running(schedule_lag=timedelta(minutes=1)) as system:
        times: list[datetime] = []
        PLAYS["work"] = lambda _event, _context: times.append(system.now)
        system.run_for(timedelta(hours=6, minutes=1))
    lags = [one - datetime.fromisoformat(heard["planned"]) for one, heard in zip(times, HEARD, strict=True)]
    assert len({heard["planned"] for heard in HEARD}) == 6 * 4
    assert all(timedelta(0) <= lag < timedelta(minutes=1) for lag in lags)
    assert max(lags) - min(lags) > timedelta(seconds=30)
    assert any(one.microsecond for one in times)


def test_a_schedule_without_input_tells_of_itself(sample: Sample) -> None:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html"""
    sample.function("work")
    sample.schedule("rate(1 hour)")
    del sample.resources["clock"]["Properties"]["Target"]["Input"]
    with sample.running() as system:
        system.drain()
    (event,) = HEARD
    assert event["source"] == "aws.scheduler"
    assert event["time"] == "2026-03-02T12:00:00Z"


def test_an_input_may_hold_the_instant_it_was_planned_for(sample: Sample) -> None:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
    sample.function("work")
    sample.schedule("cron(30 12 * * ? *)")
    sample.resources["clock"]["Properties"]["Target"]["Input"] = (
        '{"planned": "<aws.scheduler.scheduled-time>"}'
    )
    with sample.running() as system:
        system.run_for(timedelta(hours=1))
    assert HEARD == [{"planned": "2026-03-02T12:30:00.000Z"}]


def test_a_disabled_schedule_stands_idle(sample: Sample) -> None:
    sample.function("work")
    sample.schedule("rate(1 minute)", State="DISABLED")
    with sample.running() as system:
        system.run_for(timedelta(hours=1))
        (fate,) = [one for one in system.resources() if one.logical_id == "clock"]
    assert (fate.fate, fate.reason) == ("idle", "the template disables it")
    assert HEARD == []


def test_a_schedule_ends_when_it_is_told_to(sample: Sample) -> None:
    sample.function("work")
    sample.schedule("cron(0 * * * ? *)", EndDate="2026-03-02T14:00:00Z")
    with sample.running() as system:
        system.run_for(timedelta(days=1))
    assert len(HEARD) == 2


def failing(_event: Any, _context: Any) -> None:
    raise OSError("down")


def test_lambda_retries_a_failed_event_after_one_and_two_minutes(sample: Sample) -> None:
    """ "Lambda retries function errors twice … a one-minute wait between the first two attempts, and two minutes …".

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    sample.function("work")
    sample.schedule("cron(0 13 * * ? *)")
    times: list[str] = []
    with sample.running() as system:

        def play(_event: Any, _context: Any) -> None:
            times.append(f"{system.now:%H:%M}")
            raise OSError("down")

        PLAYS["work"] = play
        system.run_for(timedelta(hours=3))
    assert times == ["13:00", "13:01", "13:03"]


def test_an_event_that_failed_for_good_goes_where_the_template_says(sample: Sample) -> None:
    sample.queue("failed")
    failed = {"Fn::GetAtt": ["failed", "Arn"]}
    sample.function("work", allow("sqs:SendMessage", failed))
    sample.schedule("cron(0 13 * * ? *)")
    sample.add(
        "rules",
        "AWS::Lambda::EventInvokeConfig",
        FunctionName={"Ref": "work"},
        Qualifier="$LATEST",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": failed}},
    )
    PLAYS["work"] = failing
    with sample.running() as system:
        system.run_for(timedelta(hours=2))
        assert len(HEARD) == 1
        (depth,) = system.queues()
    assert depth.ready == 1
