"""Checks, before anything runs, that whatever starts something is allowed to: in AWS such a gap shows only as silence.

Roles are asked through the guard, so that what event sources use counts as used.
"""

from collections.abc import Iterator, Mapping

from infra.local.inventory import Function, Inventory, Invoker, StreamSource
from infra.local.permissions.guard import REQUEST, Guard
from infra.local.permissions.need import Need
from infra.local.permissions.policy import Policy, overlaps
from infra.local.refusal import Refused


def check_connections(inventory: Inventory, guard: Guard) -> None:
    """Raises Refused naming who may not do what."""
    for who, need in _needed(inventory, guard):
        if not guard.permits(who, need):
            raise Refused(
                who,
                f"its role does not allow {need.action} on {need.resource}, without which it is never started",
            )
    for function in inventory.functions.values():
        _may_log(guard, function)
    for subscription in inventory.subscriptions:
        _queue_accepts(inventory, guard, subscription.queue_arn, "sns.amazonaws.com", subscription.topic_arn)
    for rule in inventory.rules:
        for target in rule.targets:
            if ":sqs:" in target.arn:
                _queue_accepts(inventory, guard, target.arn, "events.amazonaws.com", rule.arn)
            else:
                _function_accepts(inventory, target.arn, "events.amazonaws.com", rule.arn)
    for api_id, routes in inventory.apis.items():
        for route in routes:
            method, _, path = route.key.partition(" ")
            called = "*" if method in ("ANY", "$default") else method
            source_arn = guard.namer.arn("execute-api", f"{api_id}/*/{called}{path}")
            _function_accepts(inventory, route.invoked, "apigateway.amazonaws.com", source_arn)


def _needed(inventory: Inventory, guard: Guard) -> Iterator[tuple[str, Need]]:
    """What each role must allow for its function or target to be started, or its failures to be set aside."""
    for source in inventory.queue_sources:
        who = inventory.functions[source.function_arn].short_name
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            yield who, Need(f"sqs:{action}", source.queue_arn)
        if source.queue_arn in guard.keys:
            yield who, Need("kms:Decrypt", guard.keys[source.queue_arn])
    for stream in inventory.stream_sources:
        who = inventory.functions[stream.function_arn].short_name
        yield from ((who, need) for need in _stream_needs(stream, guard))
    for arn, rules in inventory.async_rules.items():
        if rules.on_failure_arn:
            who = inventory.functions[inventory.behind(arn)].short_name
            yield from ((who, need) for need in _destination_needs(rules.on_failure_arn))
    for schedule in inventory.schedules.values():
        action = "sqs:SendMessage" if ":sqs:" in schedule.target_arn else "lambda:InvokeFunction"
        yield schedule.role_arn, Need(action, schedule.target_arn)


def service_may(
    policy: Policy, service: str | None, action: str, resource: str, context: Mapping[str, str]
) -> bool:
    """Whether a resource's own policy lets an AWS service (None: some AWS service) do something to it."""
    told = {**REQUEST, **context}
    concerned = [
        statement
        for statement in policy.statements
        if statement.covers(action, resource, told)
        and any(
            name == "*" or name == service or (service is None and name.endswith(".amazonaws.com"))
            for name in statement.principals
        )
    ]
    return bool(concerned) and all(statement.allows for statement in concerned)


def _stream_needs(source: StreamSource, guard: Guard) -> Iterator[Need]:
    for action in ("DescribeStream", "GetRecords", "GetShardIterator"):
        yield Need(f"dynamodb:{action}", source.stream_arn)
    # ListStreams names no stream: AWS lists it as an action on all of them.
    yield Need("dynamodb:ListStreams", guard.namer.arn("dynamodb", "table/-/stream/-"))
    if source.on_failure_arn:
        yield from _destination_needs(source.on_failure_arn)


def _destination_needs(arn: str) -> Iterator[Need]:
    if ":s3:" in arn:
        yield Need("s3:PutObject", f"{arn}/aws/lambda/")
        yield Need("s3:ListBucket", arn)
    else:
        yield Need("sqs:SendMessage" if ":sqs:" in arn else "sns:Publish", arn)


def _may_log(guard: Guard, function: Function) -> None:
    """Lambda writes the log for the function; a role that forbids it loses the log, not the function."""
    stream = guard.namer.arn("logs", f"log-group:/aws/lambda/{function.name}:log-stream:*")
    for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents"):
        guard.permits(function.short_name, Need(f"logs:{action}", stream))
    for action in ("PutTraceSegments", "PutTelemetryRecords"):
        guard.permits(function.short_name, Need(f"xray:{action}", "*"))


def _queue_accepts(inventory: Inventory, guard: Guard, queue_arn: str, service: str, source_arn: str) -> None:
    if queue_arn not in inventory.queues:
        raise Refused(source_arn, f"{queue_arn} is no queue of this template")
    context = {"aws:SourceArn": source_arn, "aws:SourceAccount": guard.namer.account}
    if not service_may(inventory.resource_policy(queue_arn), service, "sqs:SendMessage", queue_arn, context):
        raise Refused(
            queue_arn,
            f"its policy does not let {service} send messages for {source_arn}: they would be lost in silence",
        )


def _function_accepts(inventory: Inventory, function_arn: str, service: str, source_arn: str) -> None:
    def admits(invoker: Invoker) -> bool:
        return invoker.principal == service and (not invoker.source or overlaps(invoker.source, source_arn))

    if inventory.behind(function_arn) not in inventory.functions:
        raise Refused(source_arn, f"{function_arn} is no function of this template")
    if not any(admits(invoker) for invoker in inventory.invokers.get(function_arn, ())):
        raise Refused(function_arn, f"no AWS::Lambda::Permission lets {service} invoke it for {source_arn}")
