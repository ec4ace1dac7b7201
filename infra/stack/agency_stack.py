"""What an agency's clients share: who of the people that owe several of them was contacted lately, and under which key."""

from aws_cdk import Environment, RemovalPolicy, Stack, Tags
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.stack.settings import ClientSettings
from recobro.domain.client import scope_secret

ID = "agency"
"""The same for every client, so that `make deploy-agency` finds it and `make deploy` leaves it alone."""


class AgencyStack(Stack):
    """One table and one key, named by `agency.scope_table`; every client's file that names it uses the same two.

    The table holds keyed hashes, instants and channels of the last weeks: no address, no name, no debt, no amount.
    """

    def __init__(self, scope: Construct, client: ClientSettings) -> None:
        name = client.scope_table
        super().__init__(
            scope,
            ID,
            stack_name=f"{name.replace('_', '-').replace('.', '-')}-scopes",
            description="Recobro for an agency: limits that hold across its clients",
            env=Environment(region=client.region),
        )
        Tags.of(self).add("app", "recobro")
        dynamodb.Table(
            self,
            "Scopes",
            table_name=name,
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.DEFAULT,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="ttl",
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        secretsmanager.Secret(
            self,
            "ScopeKey",
            secret_name=scope_secret(name),
            description=f"{name}: the key under which a person has one name for every client",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template="{}",  # noqa: S106 -- an empty JSON object
                generate_string_key="root",
                password_length=64,
                exclude_punctuation=True,
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )
