"""Tells of files that arrive: S3's event to EventBridge, the rules that want it, and their targets.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import json
from typing import Any

from infra.local.drivers.asynchronous import Asynchronous
from infra.local.drivers.patterns import matches
from infra.local.drivers.platform import Platform
from infra.local.inventory import RuleTarget

REASONS = {
    "PutObject": "PutObject",
    "CopyObject": "CopyObject",
    "CompleteMultipartUpload": "CompleteMultipartUpload",
}
"""The requests that create an object, as the event names them."""


class Events:
    """The account's default event bus."""

    def __init__(self, platform: Platform, asynchronous: Asynchronous) -> None:
        self._platform = platform
        self._asynchronous = asynchronous

    def object_created(self, bucket_name: str, key: str, operation: str) -> None:
        """An object was written; if its bucket announces that, the rules get to see it."""
        buckets = self._platform.inventory.buckets.values()
        bucket = next((one for one in buckets if one.name == bucket_name), None)
        if bucket is None or not bucket.announces:
            return
        head = self._platform.service("s3").head_object(Bucket=bucket_name, Key=key)
        described: dict[str, Any] = {
            "key": key,
            "size": head["ContentLength"],
            "etag": head["ETag"].strip('"'),
            "sequencer": f"{self._platform.now().timestamp():017.3f}".replace(".", ""),
        }
        if "VersionId" in head:
            described["version-id"] = head["VersionId"]
        detail = {
            "version": "0",
            "bucket": {"name": bucket_name},
            "object": described,
            "request-id": self._platform.new_id("s3"),
            "requester": self._platform.account,
            "source-ip-address": "127.0.0.1",
            "reason": REASONS[operation],
        }
        self.put("aws.s3", "Object Created", [bucket.arn], detail)

    def put(self, source: str, detail_type: str, resources: list[str], detail: dict[str, Any]) -> None:
        """An event on the bus: each rule that it matches sends it to its targets."""
        event = {
            "version": "0",
            "id": self._platform.new_id("event"),
            "detail-type": detail_type,
            "source": source,
            "account": self._platform.account,
            "time": f"{self._platform.now():%Y-%m-%dT%H:%M:%SZ}",
            "region": self._platform.region,
            "resources": resources,
            "detail": detail,
        }
        for rule in self._platform.inventory.rules:
            if matches(rule.pattern, event):
                for target in rule.targets:
                    self._deliver(target, event)

    def _deliver(self, target: RuleTarget, event: dict[str, Any]) -> None:
        text = target.input if target.input is not None else json.dumps(_part(event, target.input_path))
        if ":sqs:" in target.arn:
            url = self._platform.inventory.queues[target.arn].url
            self._platform.service("sqs").send_message(QueueUrl=url, MessageBody=text)
        else:
            self._asynchronous.accept(target.arn, json.loads(text))


def _part(event: dict[str, Any], path: str | None) -> Any:
    """What a target's InputPath picks out, e.g. `$.detail`."""
    found: Any = event
    for name in (path or "$").split(".")[1:]:
        found = found[name]
    return found
