"""Queues, what may write to them, and where a message goes that failed too often."""

import json

from infra.local.inventory import Queue
from infra.local.permissions.policy import statements
from infra.local.realise import Resource, Site, realises
from infra.local.template import Address

_AT_REST = "nothing here is encrypted at rest"


@realises(
    "AWS::SQS::Queue",
    "QueueName VisibilityTimeout MessageRetentionPeriod DelaySeconds MaximumMessageSize RedrivePolicy KmsMasterKeyId",
    {
        "SqsManagedSseEnabled": _AT_REST,
        "KmsDataKeyReusePeriodSeconds": _AT_REST,
        "ReceiveMessageWaitTimeSeconds": "event sources are told of messages and never wait for them",
        "RedriveAllowPolicy": "only queues of the same template redrive here",
        "Tags": "tags are not kept",
    },
)
def queue(site: Site, resource: Resource) -> Address:
    name = resource.name("QueueName", 80)
    arn = site.arn("sqs", name)
    redrive = resource.only(
        resource.get("RedrivePolicy", {}), "deadLetterTargetArn maxReceiveCount", "RedrivePolicy"
    )
    numbers = {
        attribute: int(resource.get(attribute))
        for attribute in ("VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "MaximumMessageSize")
        if attribute in resource.properties
    }
    attributes = {attribute: str(number) for attribute, number in numbers.items()}
    if redrive:
        attributes["RedrivePolicy"] = json.dumps(redrive)
    site.service("sqs").create_queue(QueueName=name, Attributes=attributes)
    realised = Queue(
        name=name,
        url=f"https://sqs.{site.region}.{site.url_suffix}/{site.account}/{name}",
        arn=arn,
        visibility=numbers.get("VisibilityTimeout", 30),
        delay=numbers.get("DelaySeconds", 0),
        retention=numbers.get("MessageRetentionPeriod", 345_600),
        dead_letter_arn=redrive.get("deadLetterTargetArn"),
        max_receives=int(redrive.get("maxReceiveCount", 0)),
    )
    site.inventory.queues[arn] = realised
    if "KmsMasterKeyId" in resource.properties:
        site.inventory.keys[arn] = str(resource.get("KmsMasterKeyId"))
    return Address(realised.url, {"Arn": arn, "QueueName": name, "QueueUrl": realised.url})


@realises("AWS::SQS::QueuePolicy", "PolicyDocument Queues")
def queue_policy(site: Site, resource: Resource) -> Address:
    for url in resource.need("Queues"):
        arn = site.arn("sqs", str(url).rsplit("/", 1)[-1])
        read = statements(resource.need("PolicyDocument"), resource.where)
        site.inventory.resource_statements.setdefault(arn, []).extend(read)
    return Address(resource.logical_id)
