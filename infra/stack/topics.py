"""The topics on which carriers report what became of a message and what people answered, each open to its carrier alone."""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.stack.names import titled
from infra.stack.rows import TOPICS, Row
from infra.stack.settings import ClientSettings

SPEAKS = {
    "email-events": "ses.amazonaws.com",
    "email-inbound": "ses.amazonaws.com",
    "sms-events": "sms-voice.amazonaws.com",
    "sms-inbound": "sms-voice.amazonaws.com",
    "whatsapp-events": "social-messaging.amazonaws.com",
}


def carrier_topics(scope: Construct, client: ClientSettings, prefix: str) -> dict[str, sns.Topic]:
    """One topic per carrier that this client uses.

    SNS encrypts every topic on disk by itself. A key of our own would add nothing that AWS still advises (Security Hub
    retired that check), cost a dollar a month and need each carrier in its policy, so there is none.
    """
    return {name: _topic(scope, name, prefix) for name, wanted in TOPICS.items() if wanted(client)}


def subscribe(row: Row, topics: Mapping[str, sns.Topic], queue: sqs.Queue) -> None:
    """Raw delivery: the queue holds exactly what the carrier wrote, without SNS's envelope around it."""
    for name in row.topics:
        if name in topics:
            topics[name].add_subscription(subscriptions.SqsSubscription(queue, raw_message_delivery=True))


def _topic(scope: Construct, name: str, prefix: str) -> sns.Topic:
    topic = sns.Topic(scope, f"{titled(name)}Topic", topic_name=f"{prefix}-{name}", enforce_ssl=True)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            sid="OnlyItsCarrierPublishes",
            principals=[iam.ServicePrincipal(SPEAKS[name])],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        )
    )
    return topic
