"""What hands work to a function: the queue it reads, or the ledger's stream."""

import json

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra.stack.names import titled
from infra.stack.rows import Row

FAILED_RECORDS = "aws/lambda/"
"""Where Lambda itself puts the stream records it gave up on; the prefix is AWS's and cannot be chosen."""

STATE_SAVED = {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": ["STATE"]}}}}
"""Facts travel in `STATE`. What the journal writes itself would otherwise start it again; filtered records cost nothing."""

STREAM_WINDOW_SECONDS = 5
"""The journal waits for company: a batch is one object of its copy, and an object costs eight write units."""

STREAM_RETRIES = 10
STREAM_RECORD_SECONDS = 12 * 3600
"""Half of what DynamoDB keeps: what the journal cannot write is set aside while there is still time to look."""


def read_queue(
    function: lambda_.Function, live: lambda_.Alias, row: Row, queue: sqs.Queue, at_once: int
) -> None:
    """At most `at_once` copies together, which is how a channel is kept under its carrier's rate."""
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            resources=[queue.queue_arn],
        )
    )
    lambda_.CfnEventSourceMapping(
        function.stack,
        f"{titled(row.name)}Source",
        function_name=live.function_arn,
        event_source_arn=queue.queue_arn,
        batch_size=row.within.batch,
        function_response_types=["ReportBatchItemFailures"],
        scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(maximum_concurrency=at_once),
    )


def read_ledger(
    function: lambda_.Function, live: lambda_.Alias, row: Row, table: dynamodb.ITable, files_arn: str
) -> None:
    """In order per debtor, from the first record on; a poisoned one is cut out by halving and kept whole in the bucket."""
    stream = table.table_stream_arn
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            resources=[stream] if stream else [],
        )
    )
    # This action takes no stream of its own: AWS lists it as one on all streams of the account.
    function.add_to_role_policy(iam.PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"]))
    function.add_to_role_policy(
        iam.PolicyStatement(actions=["s3:PutObject"], resources=[f"{files_arn}/{FAILED_RECORDS}*"])
    )
    function.add_to_role_policy(iam.PolicyStatement(actions=["s3:ListBucket"], resources=[files_arn]))
    lambda_.CfnEventSourceMapping(
        function.stack,
        f"{titled(row.name)}Source",
        function_name=live.function_arn,
        event_source_arn=stream,
        starting_position="TRIM_HORIZON",
        batch_size=row.within.batch,
        maximum_batching_window_in_seconds=STREAM_WINDOW_SECONDS,
        bisect_batch_on_function_error=True,
        function_response_types=["ReportBatchItemFailures"],
        maximum_retry_attempts=STREAM_RETRIES,
        maximum_record_age_in_seconds=STREAM_RECORD_SECONDS,
        filter_criteria=lambda_.CfnEventSourceMapping.FilterCriteriaProperty(
            filters=[lambda_.CfnEventSourceMapping.FilterProperty(pattern=json.dumps(STATE_SAVED))]
        ),
        destination_config=lambda_.CfnEventSourceMapping.DestinationConfigProperty(
            on_failure=lambda_.CfnEventSourceMapping.OnFailureProperty(destination=files_arn)
        ),
    )
