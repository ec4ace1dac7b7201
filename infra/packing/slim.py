"""What of the third-party packages no function can reach, taken out: a cold start reads less, and less is shipped."""

import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SERVICES = {
    "dynamodb": "dynamodb",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sqs": "sqs",
    "sns": "sns",
    "sesv2": "email",
    "pinpoint-sms-voice-v2": "sms-voice",
    "socialmessaging": "social-messaging",
    "pinpoint": "pinpoint",
    "bedrock-runtime": "bedrock-runtime",
}
"""The AWS services that adapters call, by botocore's name, and each one's prefix in its endpoints file."""

OPERATIONS = {
    "dynamodb": (
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "Query",
        "BatchGetItem",
        "BatchWriteItem",
        "DescribeEndpoints",
    ),
    "s3": ("GetObject", "PutObject", "HeadObject", "DeleteObject", "CreateSession"),
    "secretsmanager": ("GetSecretValue",),
    "sqs": ("SendMessage", "SendMessageBatch"),
    "sns": ("Publish",),
    "sesv2": ("SendEmail",),
    "pinpoint-sms-voice-v2": ("SendTextMessage", "SendVoiceMessage"),
    "socialmessaging": ("SendWhatsAppMessage",),
    "pinpoint": ("SendMessages",),
    "bedrock-runtime": ("Converse",),
}
"""What adapters ask of each; DescribeEndpoints and CreateSession are botocore's own. A model is read whole at a cold start."""

_FOLDERS = ("bin", "share", "boto3/examples", "boto3/data")
_PATTERNS = (".lock", "**/*.pyi", "**/*.c", "**/*.h", "**/py.typed", "**/examples-1.json*")
_METADATA_KEPT = {"METADATA", "licenses"}


def slim(python: Path) -> None:
    """Take out of an installed `python/` folder what is listed above, and of botocore every service we do not call."""
    for name in _FOLDERS:
        shutil.rmtree(python / name, ignore_errors=True)
    for pattern in _PATTERNS:
        for path in python.glob(pattern):
            path.unlink()
    for tests in [path for path in python.rglob("tests") if path.is_dir()]:
        shutil.rmtree(tests)
    for entry in python.glob("*.dist-info/*"):
        if entry.name not in _METADATA_KEPT:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    _slim_botocore(python / "botocore" / "data")


def _slim_botocore(models: Path) -> None:
    for folder in models.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
        elif folder.is_dir():
            _slim_models(folder)
    endpoints = models / "endpoints.json"
    content = json.loads(endpoints.read_text(encoding="utf-8"))
    for partition in content["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in SERVICES.values() if name in known}
    endpoints.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


def _slim_models(service: Path) -> None:
    """Rewrite a service's models with the operations we call, without their prose, and not deflated."""
    for packed in service.glob("*/service-2.json.gz"):
        model = json.loads(gzip.decompress(packed.read_bytes()))
        small = trimmed(model, OPERATIONS[service.name])
        packed.with_suffix("").write_text(json.dumps(small, separators=(",", ":")), encoding="utf-8")
        packed.unlink()
    for name in ("paginators-1", "waiters-2"):
        for path in service.glob(f"*/{name}*"):
            path.unlink()


def trimmed(model: dict[str, Any], operations: Sequence[str]) -> dict[str, Any]:
    """A botocore service model with those operations and the shapes they reach. Raises KeyError for one that is not in it."""
    kept = {name: model["operations"][name] for name in operations}
    shapes: dict[str, Any] = {}
    waiting = list(_shapes_named_in(kept))
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            waiting += _shapes_named_in(shapes[name])
    return {**_without_prose(model), "operations": _without_prose(kept), "shapes": _without_prose(shapes)}


def _shapes_named_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("shape"), str):
            yield part["shape"]
        for one in part.values():
            yield from _shapes_named_in(one)
    elif isinstance(part, list):
        for one in part:
            yield from _shapes_named_in(one)


def _without_prose(part: Any) -> Any:
    """Documentation takes most of a model; a member that is itself called "documentation" is a table and stays."""
    if isinstance(part, dict):
        return {
            name: _without_prose(one)
            for name, one in part.items()
            if not (name == "documentation" and isinstance(one, str))
        }
    return [_without_prose(one) for one in part] if isinstance(part, list) else part
