"""What starts by itself: schedules in a time zone, and rules that watch for events."""

from datetime import UTC, datetime
from typing import Any

from infra.local.drivers.cron import next_occurrence
from infra.local.drivers.patterns import check_pattern
from infra.local.inventory import Rule, RuleTarget, Schedule
from infra.local.realise import Idle, Resource, Site, realises
from infra.local.refusal import Refused
from infra.local.template import Address


@realises("AWS::Scheduler::ScheduleGroup", "Name", {"Tags": "tags are not kept"})
def schedule_group(site: Site, resource: Resource) -> Address:
    name = resource.name("Name")
    return Address(name, {"Arn": site.arn("scheduler", f"schedule-group/{name}")})


@realises(
    "AWS::Scheduler::Schedule",
    "Name GroupName ScheduleExpression ScheduleExpressionTimezone Target State StartDate EndDate",
    {
        "Description": "nobody reads it here",
        "FlexibleTimeWindow": "starts at the beginning of the window",
        "KmsKeyArn": "nothing here is encrypted at rest",
    },
)
def schedule(site: Site, resource: Resource) -> Address | Idle:
    name = resource.name("Name")
    arn = site.arn("scheduler", f"schedule/{resource.get('GroupName', 'default')}/{name}")
    address = Address(name, {"Arn": arn})
    if resource.get("State") == "DISABLED":
        return Idle(address, "the template disables it")
    # RetryPolicy and DeadLetterConfig answer a target that cannot be reached, which does not happen on one machine.
    target = resource.only(
        resource.need("Target"), "Arn RoleArn Input RetryPolicy DeadLetterConfig", "Target"
    )
    written = Schedule(
        name=name,
        arn=arn,
        expression=str(resource.need("ScheduleExpression")),
        time_zone=str(resource.get("ScheduleExpressionTimezone", "UTC")),
        target_arn=str(target["Arn"]),
        role_arn=str(target["RoleArn"]),
        input=target.get("Input"),
        start=str(resource.get("StartDate", "")),
        end=str(resource.get("EndDate", "")),
    )
    try:
        next_occurrence(written.expression, written.time_zone, datetime(2026, 1, 1, tzinfo=UTC))
    except ValueError as error:
        raise Refused(resource.where, f"ScheduleExpression: {error}") from error
    site.inventory.schedules[arn] = written
    return address


@realises(
    "AWS::Events::Rule",
    "Name EventPattern Targets State EventBusName",
    {"Description": "nobody reads it here", "Tags": "tags are not kept"},
)
def rule(site: Site, resource: Resource) -> Address | Idle:
    name = resource.name("Name")
    arn = site.arn("events", f"rule/{name}")
    address = Address(name, {"Arn": arn})
    if resource.get("EventBusName", "default") not in ("default", site.arn("events", "event-bus/default")):
        raise Refused(resource.where, "EventBusName: only the account's default bus is modelled here")
    if resource.get("State") == "DISABLED":
        return Idle(address, "the template disables it")
    pattern = resource.need("EventPattern")
    check_pattern(pattern, f"{resource.where}.EventPattern")
    site.inventory.rules.append(
        Rule(name, arn, pattern, tuple(_target(resource, each) for each in resource.get("Targets", [])))
    )
    return address


def _target(resource: Resource, raw: dict[str, Any]) -> RuleTarget:
    # RetryPolicy and DeadLetterConfig answer a target that cannot be reached, which does not happen on one machine.
    read = resource.only(raw, "Id Arn Input InputPath RetryPolicy DeadLetterConfig", "Targets")
    return RuleTarget(str(read["Arn"]), read.get("Input"), read.get("InputPath"))
