"""Delivers what is published on a topic to the queues that hear it.

https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
"""

import json
from collections.abc import Mapping
from typing import Any

from infra.local.drivers.patterns import matches
from infra.local.drivers.platform import Platform, stamp
from infra.local.inventory import Subscription

Attributes = Mapping[str, Mapping[str, Any]]


class Topics:
    """SNS's deliveries. The backend keeps topics and takes what is published; the deliveries are ours, so that they are seen."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def published(self, topic_arn: str, message_id: str, params: Mapping[str, Any]) -> None:
        """A message was accepted by the topic."""
        attributes: Attributes = params.get("MessageAttributes", {})
        for subscription in self._platform.inventory.subscriptions:
            if subscription.topic_arn == topic_arn and _wanted(subscription, params["Message"], attributes):
                self._deliver(subscription, message_id, params, attributes)

    def _deliver(
        self, subscription: Subscription, message_id: str, params: Mapping[str, Any], attributes: Attributes
    ) -> None:
        sent: dict[str, Any] = {"MessageBody": params["Message"]}
        if not subscription.raw:
            sent["MessageBody"] = json.dumps(self._envelope(subscription, message_id, params, attributes))
        elif attributes:
            sent["MessageAttributes"] = dict(attributes)
        url = self._platform.inventory.queues[subscription.queue_arn].url
        self._platform.service("sqs").send_message(QueueUrl=url, **sent)

    def _envelope(
        self, subscription: Subscription, message_id: str, params: Mapping[str, Any], attributes: Attributes
    ) -> dict[str, Any]:
        envelope: dict[str, Any] = {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": subscription.topic_arn,
            "Message": params["Message"],
            "Timestamp": stamp(self._platform.now()),
            "SignatureVersion": "1",
            "Signature": "unsigned on this machine",
            "UnsubscribeURL": f"https://sns.{self._platform.region}.amazonaws.com/?SubscriptionArn={subscription.arn}",
        }
        if "Subject" in params:
            envelope["Subject"] = params["Subject"]
        if attributes:
            envelope["MessageAttributes"] = {
                name: {"Type": value["DataType"], "Value": value.get("StringValue")}
                for name, value in attributes.items()
            }
        return envelope


def _wanted(subscription: Subscription, message: str, attributes: Attributes) -> bool:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html"""
    if subscription.filter_policy is None:
        return True
    if not subscription.filters_body:
        return matches(
            subscription.filter_policy, {name: _value(attribute) for name, attribute in attributes.items()}
        )
    try:
        body = json.loads(message)
    except ValueError:
        return False
    return isinstance(body, dict) and matches(subscription.filter_policy, body)


def _value(attribute: Mapping[str, Any]) -> Any:
    text = attribute.get("StringValue", "")
    return json.loads(text) if attribute["DataType"] in ("Number", "String.Array") else text
