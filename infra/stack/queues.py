"""Each queue with the dead-letter queue behind it, so that nothing that failed five times is lost or forgotten."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.stack.names import titled
from infra.stack.rows import OnFiles, OnQueue, OnTopics, Row

ATTEMPTS = 5
"""Receives before a message is set aside. A throttled invocation counts as one, so AWS advises at least five."""

VISIBILITY_FACTOR = 6
"""A message stays hidden for six times the function's time limit, as AWS advises, so that a retry meets no running copy."""

DEAD_LETTER_DAYS = 14
"""The longest that SQS keeps anything. A dead letter's age counts from when it was first sent, not from when it died."""


def queue_of(scope: Construct, row: Row, prefix: str) -> sqs.Queue:
    """The queue that starts the row's function. Encrypted by SQS's own key; refuses plain HTTP."""
    starts = row.starts
    if not isinstance(starts, OnQueue | OnFiles | OnTopics) or row.queue is None:
        raise TypeError(f"{row.name} does not start on a queue")
    dead = sqs.Queue(
        scope,
        f"{titled(row.queue)}DeadQueue",
        queue_name=f"{prefix}-{row.queue}-dead",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(DEAD_LETTER_DAYS),
    )
    return sqs.Queue(
        scope,
        f"{titled(row.queue)}Queue",
        queue_name=f"{prefix}-{row.queue}",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.hours(starts.keep_hours),
        visibility_timeout=Duration.seconds(VISIBILITY_FACTOR * row.within.seconds),
        dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=ATTEMPTS),
    )
