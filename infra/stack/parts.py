"""The resources that functions share, gathered so that a row's words can be resolved to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk.aws_dynamodb import ITable
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_secretsmanager import Secret
from aws_cdk.aws_sqs import Queue

from infra.stack.people import People
from infra.stack.settings import ClientSettings


@dataclass(frozen=True)
class Parts:
    """One client's shared resources. `public_url` is where debtors and gateways reach it, without a final slash."""

    client: ClientSettings
    table: ITable
    bucket: Bucket
    files_arn: str
    secret: Secret
    queues: Mapping[str, Queue]
    public_url: str
    people: People | None = None

    @property
    def channel_queues(self) -> list[str]:
        """The queues of the channels that the client has switched on."""
        return [f"send-{channel}" for channel in self.client.channels]
