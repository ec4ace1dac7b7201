"""What of the third-party packages no function can reach, taken out: a cold start reads less, and less is shipped."""

import json
import shutil
from pathlib import Path

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
}
"""The AWS services that adapters call, by botocore's name, and each one's prefix in its endpoints file."""

_FOLDERS = ("bin", "boto3/examples", "boto3/data")
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
    endpoints = models / "endpoints.json"
    content = json.loads(endpoints.read_text(encoding="utf-8"))
    for partition in content["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in SERVICES.values() if name in known}
    endpoints.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
