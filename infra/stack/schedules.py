"""The clock of the house: each lane's sweep every few minutes of the client's day, in the client's own zone; the rest every hour."""

import json

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.stack.names import titled
from infra.stack.rows import OnHours, OnMorning, OnSweep, Row
from infra.stack.settings import ClientSettings


def sweep_expression(client: ClientSettings) -> str:
    """The client's hours as a cron expression, on every day: which days and minutes are lawful is the law engine's affair."""
    return f"cron(0/{client.sweep_minutes} {client.opens}-{client.closes - 1} * * ? *)"


def morning_expression(client: ClientSettings) -> str:
    """Once a day, an hour before the first sweep; where the day opens at midnight, with it."""
    return f"cron(0 {max(0, client.opens - 1)} * * ? *)"


def scheduler_role(scope: Construct, prefix: str) -> iam.Role:
    """The role that EventBridge Scheduler takes to start sweeps; each schedule adds its function's alias to it, and nothing else."""
    return iam.Role(
        scope,
        "SchedulerRole",
        description=f"Starts the sweeps of {prefix}, and nothing else",
        assumed_by=iam.ServicePrincipal(
            "scheduler.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        ),
    )


def schedule(
    scope: Construct,
    row: Row,
    live: lambda_.Alias,
    client: ClientSettings,
    role: iam.Role,
    prefix: str,
) -> None:
    """A run that could not start within its interval is given up: the next one sees everything it would have seen.

    Scheduler hands the event to Lambda and is done, so Lambda's own retries of it are limited in the same way.
    """
    expression, what, event, interval = _clock(row, client)
    role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[live.function_arn]))
    live.configure_async_invoke(max_event_age=Duration.seconds(interval), retry_attempts=1)
    scheduler.CfnSchedule(
        scope,
        f"{titled(row.name)}Schedule",
        name=f"{prefix}-{row.name}",
        description=what,
        schedule_expression=expression,
        schedule_expression_timezone=client.time_zone,
        flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
        target=scheduler.CfnSchedule.TargetProperty(
            arn=live.function_arn,
            role_arn=role.role_arn,
            input=json.dumps(event),
            retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                maximum_event_age_in_seconds=interval, maximum_retry_attempts=2
            ),
        ),
    )


def _clock(row: Row, client: ClientSettings) -> tuple[str, str, dict[str, str], int]:
    """(cron expression, what it says, the event, seconds to the next run)."""
    match row.starts:
        case OnSweep(lane=lane):
            minutes = client.sweep_minutes
            said = f"Every {minutes} minutes of the client's day: the {lane} lane"
            return sweep_expression(client), said, {"lane": lane}, minutes * 60
        case OnHours(minute=minute):
            return f"cron({minute} * * * ? *)", f"Every hour: {row.name}", {}, 3600
        case OnMorning():
            return morning_expression(client), "Every morning before the client's day opens", {}, 3600
    raise TypeError(f"{row.name} starts by no clock")
