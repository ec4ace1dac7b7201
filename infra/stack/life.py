"""A stack for each life: what is kept for years, what carries messages, the address, what watches, and what is replaced weekly.

One that fails is rolled back by itself, and no other with it. A stack takes what an earlier one made by
`Fn::GetStackOutput`, which is looked up when it is deployed and holds nothing fast: an export would forbid the earlier
stack every change to what a later one uses.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
"""

from collections.abc import Mapping

from aws_cdk import CfnOutput, Environment, Stack, Tags
from constructs import Construct

from infra.stack.names import prefix_of, stack_of
from infra.stack.settings import ClientSettings

WHAT = {
    "data": "the ledger, the files and the keys",
    "messaging": "the queues, and the topics on which carriers report",
    "edge": "the public address",
    "watch": "the alarms",
    "compute": "the functions, and what starts them",
}


class Life(Stack):
    """`recobro-<client>-<life>`."""

    def __init__(self, scope: Construct, client: ClientSettings, life: str, *, is_kept: bool = False) -> None:
        """is_kept: nobody removes it before they have said in so many words that they may."""
        self.prefix = prefix_of(client.name)
        super().__init__(
            scope,
            stack_of(self.prefix, life),
            description=f"Recobro for {client.name}: {WHAT[life]}",
            env=Environment(region=client.region),
            termination_protection=is_kept,
        )
        self.client = client
        Tags.of(self).add("app", "recobro")
        Tags.of(self).add("client", client.name)
        Tags.of(self).add("life", life)

    def tell(self, told: Mapping[str, str]) -> None:
        """What the `recobro` command and `infra/connect.py` look up in the deployed stack."""
        for name, value in told.items():
            CfnOutput(self, f"{name}Output", value=value, key=name)
