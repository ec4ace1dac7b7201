"""How a client ends: what runs is removed, and what held its data once every table and every file of it lies in a copy."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deployed.data import data_of
from infra.deployed.emptying import Seen, emptied
from infra.deployed.session import deployed_template
from infra.deployed.stacks import resources_of
from infra.deployed.taking import Clients, Holding
from infra.restoring.table import restored_from, status, wait_for
from infra.stack.names import LIVES, stack_of
from recobro.errors import NotFound

DATA_LIFE = LIVES[0]
RECOVERY_DAYS = 30
"""Days in which Secrets Manager brings a deleted secret back."""

TABLE, BUCKET, SECRET = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret"


@dataclass(frozen=True)
class Leaving:
    """What a client's stacks hold, noted before they go: their outputs and, by physical id, the types of what stays behind."""

    outputs: Mapping[str, str]
    held: Mapping[str, str]

    @property
    def holding(self) -> Holding:
        """What is exported before any of it is removed."""
        used = self.outputs["TableName"]
        others = sorted(name for name, kind in self.held.items() if kind == TABLE and name != used)
        return Holding((used, *others), self.outputs["BucketName"])

    def note(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "stack.json").write_text(json.dumps(vars(self)), "utf-8")


def noted(folder: Path) -> Leaving:
    """What an attempt that broke off had noted. Raises NotFound where there was none."""
    try:
        return Leaving(**json.loads((folder / "stack.json").read_text("utf-8")))
    except FileNotFoundError:
        fix = "name the folder of the first export, or copy its stack.json there to export anew"
        raise NotFound(f"no stack, and {folder} holds no note of one: {fix}") from None


def with_restored(dynamodb: Any, leaving: Leaving) -> Leaving:
    """Together with the tables that no stack knows of: the restored one that is in use, and all that a restore has made.

    A table that a drill left behind holds everybody's data as much as the one in use.
    """
    own = [name for name, kind in leaving.held.items() if kind == TABLE]
    found = {leaving.outputs["TableName"], *(one for name in own for one in restored_from(dynamodb, name))}
    return Leaving(leaving.outputs, {**leaving.held, **dict.fromkeys(sorted(found), TABLE)})


def remove_what_runs(cloudformation: Any, prefix: str) -> None:
    """Every stack but that of the data, the latest first. One that is gone already is no error."""
    for life in reversed(LIVES):
        if life != DATA_LIFE:
            _remove(cloudformation, stack_of(prefix, life))


def remove_data_stack(cloudformation: Any, prefix: str) -> None:
    """The stack goes; what it held stays, as its deletion policy says, until it is removed by its own name."""
    stack = stack_of(prefix, DATA_LIFE)
    cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    _remove(cloudformation, stack)


def _remove(cloudformation: Any, stack: str) -> None:
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)


def remove_data(clients: Clients, leaving: Leaving, folder: Path, seen: Seen) -> list[str]:
    """Remove what the stack left behind and `folder` holds a copy of. Returns what was done, a sentence each.

    Broken off, it goes on when it is called again. Raises Changed before it removes a file that came since the copy was checked.
    """
    done = []
    for name, kind in sorted(leaving.held.items(), key=lambda one: one[1]):
        if kind == TABLE:
            done.append(_table_gone(clients("dynamodb"), name))
        elif kind == BUCKET and name == leaving.holding.bucket:
            done.append(_bucket_gone(clients("s3"), name, folder, seen))
        elif kind == BUCKET:
            done.append(
                f"bucket {name} is left: it lies in no copy; logs of who read the files fade by themselves"
            )
        elif kind == SECRET:
            done.append(_secret_gone(clients("secretsmanager"), name))
        else:
            done.append(f"{kind} {name} is left: remove it yourself when nothing needs it any more")
    return done


def _table_gone(dynamodb: Any, name: str) -> str:
    if status(dynamodb, name) in ("", "DELETING"):
        return f"table {name} was gone already"
    if dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        wait_for(dynamodb, name, time.sleep)
    dynamodb.delete_table(TableName=name)
    return f"table {name} is deleted; its last backups fade within 35 days"


def _bucket_gone(s3: Any, name: str, folder: Path, seen: Seen) -> str:
    try:
        gone = emptied(s3, name, folder, seen)
        s3.delete_bucket(Bucket=name)
    except s3.exceptions.NoSuchBucket:
        return f"bucket {name} was gone already"
    return f"bucket {name} is deleted with {gone} versions of files"


def _secret_gone(secrets: Any, name: str) -> str:
    try:
        if "DeletedDate" in secrets.describe_secret(SecretId=name):
            return (
                f"secret {name} is on its way already, and comes back within {RECOVERY_DAYS} days if you ask"
            )
    except secrets.exceptions.ResourceNotFoundException:
        return f"secret {name} was gone already"
    secrets.delete_secret(SecretId=name, RecoveryWindowInDays=RECOVERY_DAYS)
    return f"secret {name} goes in {RECOVERY_DAYS} days, and comes back until then if you ask"


def held_by(cloudformation: Any, stack: str) -> dict[str, str]:
    """Physical id → type, of what holds data in the stack. Raises NotFound where there is no such stack."""
    kinds = data_of(deployed_template(cloudformation, stack))
    return {
        one["PhysicalResourceId"]: kinds[one["LogicalResourceId"]]
        for one in resources_of(cloudformation, stack)
        if one["LogicalResourceId"] in kinds
    }
