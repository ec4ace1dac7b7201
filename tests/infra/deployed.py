"""A client's stacks as CloudFormation would tell of them, each request expected and checked against its own model."""

import json
from collections.abc import Mapping
from typing import Any

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

STACK = "recobro-demo"
DATA_STACK = f"{STACK}-data"
RUNS = ("compute", "watch", "edge", "messaging")

TEMPLATE = {
    "Resources": {
        "Ledger": {"Type": "AWS::DynamoDB::Table"},
        "Files": {"Type": "AWS::S3::Bucket"},
        "Work": {"Type": "AWS::SQS::Queue"},
    }
}


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


class Stack:
    """The account, with a client's stacks in it: every request about it is expected, and checked against CloudFormation's own model."""

    def __init__(self, account: Any, outputs: dict[str, str]) -> None:
        self._account = account
        self._cloud = account("cloudformation")
        self.stub = Stubber(self._cloud)
        self.stub.activate()
        self.is_gone = False
        self._outputs = outputs

    def __call__(self, service: str) -> Any:
        return self._cloud if service == "cloudformation" else self._account(service)

    def stands(self) -> "Stack":
        listed = [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": physical,
                "ResourceType": TEMPLATE["Resources"][name]["Type"],
                "ResourceStatus": "CREATE_COMPLETE",
                "LastUpdatedTimestamp": "2026-11-26",
            }
            for name, physical in (("Ledger", "ledger"), ("Files", "files"), ("Work", "https://sqs/work"))
        ]
        self.stub.add_response(
            "get_template",
            {"TemplateBody": json.dumps(TEMPLATE)},
            {"StackName": DATA_STACK, "TemplateStage": "Original"},
        )
        self.stub.add_response(
            "list_stack_resources", {"StackResourceSummaries": listed}, {"StackName": DATA_STACK}
        )
        stacks_tell(self.stub, STACK, self._outputs)
        return self

    def goes(self, *lives: str) -> "Stack":
        """What runs, the latest first; the data's stack only where it is named."""
        for life in lives or RUNS:
            name = f"{STACK}-{life}"
            if life == "data":
                self.stub.add_response(
                    "update_termination_protection",
                    {},
                    {"StackName": name, "EnableTerminationProtection": False},
                )
            self.stub.add_response("delete_stack", {}, {"StackName": name})
            gone = {"StackName": name, "CreationTime": WHEN, "StackStatus": "DELETE_COMPLETE"}
            self.stub.add_response("describe_stacks", {"Stacks": [gone]}, {"StackName": name})
        return self

    def is_not_there(self) -> "Stack":
        self.stub.add_client_error("get_template", "ValidationError")
        return self
