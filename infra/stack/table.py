"""The ledger: the one table in which every contact, payment and refusal is recorded, protected against loss."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.stack.settings import ClientSettings


def standing_table(scope: Construct, client: ClientSettings) -> dynamodb.ITable:
    """The deployment's own table, or the restored one that the client's file names in its place.

    The table that was left stays in the template as it is: it is evidence, and no update may remove it.
    """
    own = ledger_table(scope)
    if not client.ledger_table:
        return own
    arn = Stack.of(scope).format_arn(service="dynamodb", resource="table", resource_name=client.ledger_table)
    return dynamodb.Table.from_table_attributes(
        scope, "RestoredLedger", table_arn=arn, table_stream_arn=client.ledger_stream
    )


def ledger_table(scope: Construct) -> dynamodb.Table:
    """On demand, so idle costs only storage; encrypted by the key that DynamoDB owns, which costs nothing.

    Deletion is refused, and removing the stack leaves it behind: it is the evidence of what was said to whom.
    """
    table = dynamodb.Table(
        scope,
        "Ledger",
        partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.DEFAULT,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
        time_to_live_attribute="ttl",
        deletion_protection=True,
        removal_policy=RemovalPolicy.RETAIN,
    )
    table.add_global_secondary_index(
        index_name="due",
        partition_key=dynamodb.Attribute(name="due_shard", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="due_at", type=dynamodb.AttributeType.STRING),
        projection_type=dynamodb.ProjectionType.KEYS_ONLY,
    )
    return table
