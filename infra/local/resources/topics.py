"""Topics, on which carriers speak, and the queues that hear them."""

import json

from infra.local.drivers.patterns import check_pattern
from infra.local.inventory import Subscription, Topic
from infra.local.permissions.policy import statements
from infra.local.realise import Idle, Resource, Site, realises
from infra.local.refusal import Refused
from infra.local.template import Address


@realises(
    "AWS::SNS::Topic",
    "TopicName",
    {
        "DisplayName": "nobody reads it here",
        "KmsMasterKeyId": "nothing here is encrypted at rest",
        "Tags": "tags are not kept",
    },
)
def topic(site: Site, resource: Resource) -> Address:
    name = resource.name("TopicName")
    arn = site.arn("sns", name)
    site.service("sns").create_topic(Name=name)
    site.inventory.topics[arn] = Topic(name, arn)
    return Address(arn, {"TopicArn": arn, "TopicName": name})


@realises(
    "AWS::SNS::Subscription",
    "TopicArn Protocol Endpoint RawMessageDelivery FilterPolicy FilterPolicyScope Region",
    {"RedrivePolicy": "delivery to a queue of this machine cannot fail"},
)
def subscription(site: Site, resource: Resource) -> Address | Idle:
    topic_arn, protocol = str(resource.need("TopicArn")), resource.need("Protocol")
    arn = f"{topic_arn}:{resource.logical_id}"
    if protocol in ("email", "email-json", "sms"):
        return Idle(
            Address(arn, {"Arn": arn}), "tells a person of the operator's; nobody is paged from this machine"
        )
    if protocol != "sqs":
        raise Refused(resource.where, f"Protocol {protocol} is not modelled here, only sqs")
    policy = resource.get("FilterPolicy")
    policy = json.loads(policy) if isinstance(policy, str) else policy
    check_pattern(policy or {}, f"{resource.where}.FilterPolicy")
    site.inventory.subscriptions.append(
        Subscription(
            arn=arn,
            topic_arn=topic_arn,
            queue_arn=str(resource.need("Endpoint")),
            raw=str(resource.get("RawMessageDelivery", "false")).lower() == "true",
            filter_policy=policy,
            filters_body=resource.get("FilterPolicyScope") == "MessageBody",
        )
    )
    return Address(arn, {"Arn": arn})


@realises("AWS::SNS::TopicPolicy", "PolicyDocument Topics")
def topic_policy(site: Site, resource: Resource) -> Address:
    for arn in resource.need("Topics"):
        read = statements(resource.need("PolicyDocument"), resource.where)
        site.inventory.resource_statements.setdefault(str(arn), []).extend(read)
    return Address(resource.logical_id)
