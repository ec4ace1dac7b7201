"""How a client ends: its data is taken away first, whole and counted; only then is anything that holds it removed."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from infra.deployed.data import data_of
from infra.deployed.session import deployed_template
from infra.deployed.stacks import resources_of
from infra.stack.names import LIVES, stack_of
from recobro.errors import Conflict, InvalidInput, NotFound

Clients = Callable[[str], Any]

DATA_LIFE = LIVES[0]
RECOVERY_DAYS = 30
"""Days in which Secrets Manager brings a deleted secret back."""


@dataclass(frozen=True)
class Taken:
    """What was written. mark: of the table's items, whatever order they come in; the same items have the same mark."""

    items: int
    files: int
    mark: str


def take_data(clients: Clients, outputs: Mapping[str, str], folder: Path) -> Taken:
    """The whole table as `table.jsonl.gz` (DynamoDB's own JSON, an item a line) and every current file of the bucket.

    Raises Conflict where the folder holds such an export already.
    """
    if (folder / "table.jsonl.gz").exists():
        raise Conflict(f"{folder} holds an export already: name a new folder")
    (folder / "files").mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / "table.jsonl.gz", "wt", encoding="utf-8") as out:
        items, mark = _marked(_written(_lines(clients("dynamodb"), outputs["TableName"]), out))
    s3, files = clients("s3"), 0
    for key in _keys(s3, outputs["BucketName"]):
        target = folder / "files" / key
        if not target.resolve().is_relative_to((folder / "files").resolve()):
            raise InvalidInput(
                "bucket", f"holds {key!r}, which leads out of the folder", "move that file yourself"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(outputs["BucketName"], key, str(target))
        files += 1
    taken = Taken(items, files, mark)
    (folder / "taken.json").write_text(json.dumps(vars(taken)), "utf-8")
    return taken


def check_taken(clients: Clients, outputs: Mapping[str, str], folder: Path) -> Taken:
    """What stands in the folder, if it is whole and nothing came since. Raises NotFound or Conflict otherwise."""
    if not (folder / "taken.json").is_file():
        raise NotFound(f"{folder} holds no whole export")
    taken = Taken(**json.loads((folder / "taken.json").read_text("utf-8")))
    with gzip.open(folder / "table.jsonl.gz", "rt", encoding="utf-8") as lines:
        if _marked(lines) != (taken.items, taken.mark):
            raise Conflict(f"{folder} is not what was exported: its mark differs")
    if _marked(_lines(clients("dynamodb"), outputs["TableName"])) != (taken.items, taken.mark):
        raise Changed(f"the table has changed since {folder} was written")
    return taken


class Changed(Conflict):
    """Somebody wrote after the export."""


def _lines(client: Any, table: str) -> Iterator[str]:
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for item in page["Items"]:
            yield json.dumps(item, sort_keys=True, default=_bytes, separators=(",", ":")) + "\n"


def _written(lines: Iterable[str], out: TextIO) -> Iterator[str]:
    for line in lines:
        out.write(line)
        yield line


def _marked(lines: Iterable[str]) -> tuple[int, str]:
    """How many, and the sum of their hashes: a scan promises no order."""
    count = total = 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - the last number is how many there were
        total += int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
    return count, f"{total % 2**256:064x}"


@dataclass(frozen=True)
class Leaving:
    """What a client's stacks hold, noted before they go: their outputs and, by physical id, the types of what stays behind."""

    outputs: Mapping[str, str]
    held: Mapping[str, str]

    def note(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "stack.json").write_text(json.dumps(vars(self)), "utf-8")


def noted(folder: Path) -> Leaving:
    """What an attempt that broke off had noted. Raises NotFound where there was none."""
    try:
        return Leaving(**json.loads((folder / "stack.json").read_text("utf-8")))
    except FileNotFoundError:
        raise NotFound(f"no stack, and {folder} holds no note of one") from None


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


def remove_data(clients: Clients, held: Mapping[str, str]) -> list[str]:
    """Remove what the stack left behind; held: physical id → type. Returns what was done, a sentence each."""
    done = []
    for name, kind in sorted(held.items(), key=lambda one: one[1]):
        match kind:
            case "AWS::DynamoDB::Table":
                table = clients("dynamodb")
                table.update_table(TableName=name, DeletionProtectionEnabled=False)
                table.delete_table(TableName=name)
                done.append(f"table {name} is deleted; its last backups fade within 35 days")
            case "AWS::S3::Bucket":
                done.append(
                    f"bucket {name} is deleted with {_emptied(clients('s3'), name)} versions of files"
                )
                clients("s3").delete_bucket(Bucket=name)
            case "AWS::SecretsManager::Secret":
                clients("secretsmanager").delete_secret(SecretId=name, RecoveryWindowInDays=RECOVERY_DAYS)
                done.append(
                    f"secret {name} goes in {RECOVERY_DAYS} days, and comes back until then if you ask"
                )
            case _:
                done.append(f"{kind} {name} is left: remove it yourself when nothing needs it any more")
    return done


def held_by(cloudformation: Any, stack: str) -> dict[str, str]:
    """Physical id → type, of what holds data in the stack. Raises NotFound where there is no such stack."""
    kinds = data_of(deployed_template(cloudformation, stack))
    return {
        one["PhysicalResourceId"]: kinds[one["LogicalResourceId"]]
        for one in resources_of(cloudformation, stack)
        if one["LogicalResourceId"] in kinds
    }


def _keys(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (one["Key"] for one in page.get("Contents", []))


def _emptied(s3: Any, bucket: str) -> int:
    gone = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        listed = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in listed]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
            gone += len(objects)
    return gone


def _bytes(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()
