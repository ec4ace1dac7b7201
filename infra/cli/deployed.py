"""A client as it runs in AWS: found by its stack's outputs, worked on with the permissions of the operator's profile."""

import json
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.cli.place import client_files, failed_in
from infra.deployed.stacks import outputs_of, resources_of
from infra.stack.names import LIVES, prefix_of, stack_of
from recobro.bootstrap import Surroundings
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.settings import Settings

FUNCTION = "AWS::Lambda::Function"
PARTITIONS = "portfolio-partitions"
LIVE = "live"
"""The alias by which everything starts a function (infra/stack/release.py)."""
WAIT = 2.0
"""Seconds between two looks at work that goes on in AWS."""
STARTED_ONCE = Config(read_timeout=910, retries={"total_max_attempts": 1}, tcp_keepalive=True)
"""A function is waited for as long as Lambda lets one run, and never started again: who doesn't hear of it may still have it at work."""


@dataclass
class Deployed:
    """One client's stacks. functions: name in `functions/` → physical name."""

    client: str
    shown: str
    house: House
    functions: dict[str, str]
    lambdas: Any
    queues: dict[str, str]
    is_immediate: bool = False

    @classmethod
    def of(cls, client: str, profile: str | None, stack: str | None, region: str | None) -> "Deployed":
        """The client's stacks by the operator's profile. Raises InvalidInput when there is none, or it is none of ours."""
        session = boto3.Session(profile_name=profile, region_name=region)
        if session.region_name is None:
            fix = "add --region us-east-1 (or where it runs)"
            raise InvalidInput("--region", "is not set by the profile", fix)
        return cls.found(session, client, stack or prefix_of(Path(client).name))

    @classmethod
    def found(cls, session: boto3.Session, client: str, stack: str) -> "Deployed":
        """The stacks whose names begin so, looked up by `session`."""
        cloud = session.client("cloudformation")
        outputs = _outputs(cloud, stack)
        resources = _resources(cloud, stack)

        def make(service: str, **config: Any) -> Any:
            return session.client(service, config=Config(**config))  # type: ignore[call-overload]

        around = Surroundings(client=make, now=lambda: datetime.now(UTC), random=secrets.SystemRandom())
        queue = next((url for url in resources["AWS::SQS::Queue"] if url.endswith(PARTITIONS)), "")
        house = House(_settings(outputs, client, stack, queue), around)
        shown = f"{stack} in {session.region_name}"
        functions = {
            name: full for name in _ours() for full in resources[FUNCTION] if full.endswith(f"-{name}")
        }
        prefix = f"{prefix_of(house.playbook.client.name)}-"
        named = {url.rpartition("/")[2].removeprefix(prefix): url for url in resources["AWS::SQS::Queue"]}
        return cls(client, shown, house, functions, session.client("lambda", config=STARTED_ONCE), named)

    def invoke(self, function: str, event: Any) -> Any:
        physical = self.functions.get(function)
        if physical is None:
            raise InvalidInput("FUNCTION", f"is {function!r}", f"one of: {', '.join(sorted(self.functions))}")
        answer = self.lambdas.invoke(
            FunctionName=physical, Qualifier=LIVE, Payload=json.dumps(event).encode()
        )
        told = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise failed_in(function, str(told.get("errorType")), str(told.get("errorMessage")))
        return told

    def go_on(self) -> None:
        time.sleep(WAIT)


def _outputs(cloud: Any, prefix: str) -> dict[str, str]:
    try:
        return outputs_of(cloud, prefix)
    except NotFound as error:
        fix = "name it with --stack, check --region, or deploy it: make deploy CLIENT=..."
        raise InvalidInput("--stack", f"no stack {stack_of(prefix, LIVES[0])}", fix) from error


def _settings(outputs: dict[str, str], client: str, stack: str, partitions: str) -> Settings:
    from infra.synth import synthesise

    missing = [key for key in ("TableName", "BucketName", "SecretArn", "PublicUrl") if key not in outputs]
    if missing:
        fix = "it is none of Recobro's, or its deployment broke off: name another, or deploy it again"
        raise InvalidInput("--stack", f"{stack} has no output {missing[0]}", fix)
    return Settings(
        table=outputs["TableName"],
        bucket=outputs["BucketName"],
        secret=outputs["SecretArn"],
        client_dir=client_files(synthesise(client)),
        public_url=outputs["PublicUrl"].rstrip("/"),
        partitions_queue=partitions,
        evidence_key=outputs.get("EvidenceKeyArn", ""),
    )


def _resources(cloud: Any, prefix: str) -> dict[str, list[str]]:
    """Type → physical ids; of a queue that is its URL, of a function its name."""
    found: dict[str, list[str]] = defaultdict(list)
    for life in ("messaging", "compute"):
        for one in resources_of(cloud, stack_of(prefix, life)):
            found[one["ResourceType"]].append(one.get("PhysicalResourceId", ""))
    return found


def _ours() -> list[str]:
    from infra.repository import FUNCTIONS

    return [path.parent.name for path in FUNCTIONS.glob("*/handler.py")]
