"""A client's stacks as they stand in AWS, asked together: what they tell, and what is in them."""

from collections.abc import Iterator
from typing import Any

from infra.stack.names import LIVES, stack_of
from recobro.errors import NotFound, Unavailable


def outputs_of(cloudformation: Any, prefix: str) -> dict[str, str]:
    """What those that stand tell. Raises NotFound before the first deployment, Unavailable while one is going on."""
    told: dict[str, str] = {}
    stands = False
    for life in LIVES:
        stack = described(cloudformation, stack_of(prefix, life))
        if stack is None:
            continue
        stands = True
        if "IN_PROGRESS" in stack["StackStatus"]:
            raise Unavailable(f"stack {stack['StackName']} is being changed ({stack['StackStatus']})")
        told |= {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
    if not stands:
        raise NotFound(f"no stack {stack_of(prefix, LIVES[0])} here: deploy it first")
    return told


def described(cloudformation: Any, stack: str) -> Any:
    """What CloudFormation says of the stack; None where it is not."""
    try:
        return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except cloudformation.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise


def resources_of(cloudformation: Any, stack: str) -> Iterator[dict[str, Any]]:
    """What is in one stack; nothing where it is not."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    try:
        for page in pages:
            yield from page["StackResourceSummaries"]
    except cloudformation.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
