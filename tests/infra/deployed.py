"""A client's stacks as CloudFormation would tell of them, each request expected and checked against its own model."""

from collections.abc import Mapping

from botocore.stub import Stubber

from infra.stack.names import LIVES, stack_of

LIFE_OF = {
    "TableName": "data",
    "BucketName": "data",
    "SecretArn": "data",
    "PublicUrl": "edge",
    "AlarmsTopic": "watch",
    "Release": "compute",
}
"""Which stack tells it; topics are messaging's."""

WHEN = "2026-11-26"


def stacks_tell(
    stub: Stubber, prefix: str, outputs: Mapping[str, str], status: str = "UPDATE_COMPLETE"
) -> None:
    """Every stack of the client stands and is asked once, in the order of deployment."""
    for life in LIVES:
        told = [
            {"OutputKey": key, "OutputValue": value}
            for key, value in outputs.items()
            if LIFE_OF.get(key, "messaging") == life
        ]
        name = stack_of(prefix, life)
        stack = {"StackName": name, "CreationTime": WHEN, "StackStatus": status, "Outputs": told}
        stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": name})
        if "IN_PROGRESS" in status:
            return


def no_stack_stands(stub: Stubber) -> None:
    for _ in LIVES:
        stub.add_client_error("describe_stacks", "ValidationError", "Stack does not exist")
