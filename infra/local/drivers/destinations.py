"""Where AWS puts what a function could not process: a queue, a topic, or, in full, a bucket."""

import json
from collections.abc import Mapping
from typing import Any

from infra.local.drivers.platform import Platform


def send_to(platform: Platform, arn: str, record: Mapping[str, Any], key: str = "") -> None:
    """Send a record of failures. key: the object's name, for a bucket."""
    service, resource = arn.split(":", 5)[2::3]
    text = json.dumps(record)
    match service:
        case "sqs":
            platform.service("sqs").send_message(
                QueueUrl=platform.inventory.queues[arn].url, MessageBody=text
            )
        case "sns":
            platform.service("sns").publish(TopicArn=arn, Message=text)
        case "s3":
            platform.service("s3").put_object(Bucket=resource, Key=key, Body=text.encode())
        case _:
            raise LookupError(f"{arn} is neither queue, topic nor bucket")
