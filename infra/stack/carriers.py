"""Where SES and End User Messaging are told to report what became of each message: a set per carrier, into our topics.

WhatsApp's destination is a property of the business account, which CloudFormation does not know; `infra/connect.py` sets it
after deployment, as it does the reply channel of an SMS number.
"""

from collections.abc import Mapping
from hashlib import sha256

from aws_cdk import aws_ses as ses
from aws_cdk import aws_smsvoice as smsvoice
from aws_cdk import aws_sns as sns
from constructs import Construct, IDependable

from infra.stack.settings import ClientSettings

EMAIL_EVENTS = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "DELIVERY_DELAY", "RENDERING_FAILURE"]
"""Neither opens nor clicks: mail programs open by themselves, and a pixel in a message about a debt is spying."""

SPEECH_EVENTS = ["TEXT_ALL", "VOICE_ALL"]


def configuration_sets(scope: Construct, client: ClientSettings, topics: Mapping[str, sns.Topic]) -> None:
    """The sets that the client's file names, each with its topic as destination."""
    if client.sends("email"):
        _email(scope, client.channels["email"].configuration_set, topics["email-events"])
    spoken = [client.channels[name] for name in ("sms", "voice") if client.sends(name)]
    named = {channel.configuration_set for channel in spoken if channel.transport == "eum"}
    for name in sorted(named):
        _speech(scope, _speech_title(client.name, name), name, topics["sms-events"])


def _speech_title(client: str, name: str) -> str:
    """The set's logical id, by its name alone: what else the file names must not move a set to another's place (infra/decisions/0008)."""
    places = {f"{client}-sms": "", f"{client}-voice": "1"}
    digest = sha256(name.encode()).hexdigest()
    return f"SpeechConfigurationSet{places.get(name, digest[:8])}"


def _email(scope: Construct, name: str, topic: sns.Topic) -> None:
    events = ses.CfnConfigurationSet(
        scope,
        "EmailConfigurationSet",
        name=name,
        delivery_options=ses.CfnConfigurationSet.DeliveryOptionsProperty(tls_policy="REQUIRE"),
        reputation_options=ses.CfnConfigurationSet.ReputationOptionsProperty(reputation_metrics_enabled=True),
        sending_options=ses.CfnConfigurationSet.SendingOptionsProperty(sending_enabled=True),
        suppression_options=ses.CfnConfigurationSet.SuppressionOptionsProperty(
            suppressed_reasons=["BOUNCE", "COMPLAINT"]
        ),
    )
    destination = ses.CfnConfigurationSetEventDestination(
        scope,
        "EmailConfigurationSetEvents",
        configuration_set_name=events.ref,
        event_destination=ses.CfnConfigurationSetEventDestination.EventDestinationProperty(
            name="events",
            enabled=True,
            matching_event_types=EMAIL_EVENTS,
            sns_destination=ses.CfnConfigurationSetEventDestination.SnsDestinationProperty(
                topic_arn=topic.topic_arn
            ),
        ),
    )
    destination.node.add_dependency(_policy(topic))


def _speech(scope: Construct, title: str, name: str, topic: sns.Topic) -> None:
    events = smsvoice.CfnConfigurationSet(
        scope,
        title,
        configuration_set_name=name,
        event_destinations=[
            smsvoice.CfnConfigurationSet.EventDestinationProperty(
                event_destination_name="events",
                enabled=True,
                matching_event_types=SPEECH_EVENTS,
                sns_destination=smsvoice.CfnConfigurationSet.SnsDestinationProperty(
                    topic_arn=topic.topic_arn
                ),
            )
        ],
    )
    events.node.add_dependency(_policy(topic))


def _policy(topic: sns.Topic) -> IDependable:
    # A destination is tried as it is created, so the carrier must be allowed to publish by then.
    return topic.node.find_child("Policy")
