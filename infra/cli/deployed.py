"""A client as it runs in AWS: found by its stack's outputs, worked on with the permissions of the operator's profile."""

import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.cli.place import client_files
from recobro.bootstrap import Surroundings
from recobro.errors import InvalidInput, InvariantBroken, Unavailable
from recobro.house import House
from recobro.settings import Settings

WAIT = 2.0
"""Seconds between two looks at work that goes on in AWS."""


@dataclass
class Deployed:
    """One stack. functions: name in `functions/` → physical name."""

    client: str
    shown: str
    house: House
    functions: dict[str, str]
    lambdas: Any
    is_immediate: bool = False

    @classmethod
    def of(cls, client: str, profile: str | None, stack: str | None, region: str | None) -> "Deployed":
        """Look the stack up. Raises InvalidInput when there is no such stack or it is none of ours."""
        session = boto3.Session(profile_name=profile, region_name=region)
        name = stack or f"recobro-{Path(client).name}"
        if session.region_name is None:
            raise InvalidInput(
                "--region", "is not set by the profile", "add --region us-east-1 (or where it runs)"
            )
        cloud = session.client("cloudformation")
        outputs = _outputs(cloud, name)

        def make(service: str, **config: Any) -> Any:
            return session.client(service, config=Config(**config))  # type: ignore[call-overload]

        chance = secrets.SystemRandom()
        around = Surroundings(client=make, now=lambda: datetime.now(UTC), random=chance)
        house = House(_settings(outputs, client, name), around)
        functions = _functions(cloud, name)
        return cls(client, f"{name} in {session.region_name}", house, functions, session.client("lambda"))

    def invoke(self, function: str, event: Any) -> Any:
        physical = self.functions.get(function)
        if physical is None:
            raise InvalidInput("function", f"no {function!r}", f"one of: {', '.join(sorted(self.functions))}")
        answer = self.lambdas.invoke(FunctionName=physical, Payload=json.dumps(event).encode())
        told = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise InvariantBroken(f"{function}: {told.get('errorType')}: {told.get('errorMessage')}")
        return told

    def go_on(self) -> None:
        time.sleep(WAIT)


def _outputs(cloud: Any, stack: str) -> dict[str, str]:
    try:
        found = cloud.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            fix = "name it with --stack, check --region, or deploy it: make deploy CLIENT=..."
            raise InvalidInput("--stack", f"no stack {stack}", fix) from error
        raise
    if "IN_PROGRESS" in found["StackStatus"]:
        raise Unavailable(f"stack {stack} is being changed ({found['StackStatus']})")
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}


def _settings(outputs: dict[str, str], client: str, stack: str) -> Settings:
    from infra.synth import synthesise

    missing = [key for key in ("TableName", "BucketName", "SecretArn", "PublicUrl") if key not in outputs]
    if missing:
        raise InvalidInput(
            "--stack", f"{stack} has no output {missing[0]}", "it is none of Recobro's: name another"
        )
    return Settings(
        table=outputs["TableName"],
        bucket=outputs["BucketName"],
        secret=outputs["SecretArn"],
        client_dir=client_files(synthesise(client)),
        public_url=outputs["PublicUrl"].rstrip("/"),
        partitions_queue="",
    )


def _functions(cloud: Any, stack: str) -> dict[str, str]:
    from infra.repository import FUNCTIONS

    ours = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}
    pages = cloud.get_paginator("list_stack_resources").paginate(StackName=stack)
    physical = [
        one["PhysicalResourceId"]
        for page in pages
        for one in page["StackResourceSummaries"]
        if one["ResourceType"] == "AWS::Lambda::Function"
    ]
    return {name: full for name in ours for full in physical if full.endswith(f"-{name}")}
