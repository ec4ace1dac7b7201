"""A file that lands, or a word from a carrier, reaches the queue that waits for it, and no other."""

import json
from typing import Any

import pytest

from infra.local.refusal import Refused
from tests.infra.local.sample import HEARD, Sample


def dropbox(sample: Sample, prefix: str = "inbox/", **bucket: Any) -> None:
    sample.worker()
    announced = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    sample.add(
        "files",
        "AWS::S3::Bucket",
        **{"BucketName": "files", "NotificationConfiguration": announced, **bucket},
    )
    wanted = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [{"Ref": "files"}]}, "object": {"key": [{"prefix": prefix}]}},
    }
    target = {"Arn": {"Fn::GetAtt": ["jobs", "Arn"]}, "Id": "jobs"}
    sample.add("rule", "AWS::Events::Rule", EventPattern=wanted, State="ENABLED", Targets=[target])
    sample.lets_send("jobs", "events.amazonaws.com", {"Fn::GetAtt": ["rule", "Arn"]})


def messages() -> list[Any]:
    return [json.loads(record["body"]) for event in HEARD for record in event["Records"]]


def test_a_file_under_the_prefix_is_told_of(sample: Sample, backend: str) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html"""
    dropbox(sample)
    with sample.running(backend=backend) as system:
        system.put_object("", "inbox/cartera enero.csv", b"a;b\n1;2\n")
        system.put_object("files", "results/rejects.csv", b"x")
        system.drain()
    (event,) = messages()
    assert event["source"] == "aws.s3"
    assert event["detail-type"] == "Object Created"
    assert event["resources"] == ["arn:aws:s3:::files"]
    assert event["detail"]["bucket"] == {"name": "files"}
    assert event["detail"]["object"]["key"] == "inbox/cartera enero.csv"
    assert event["detail"]["object"]["size"] == 8
    assert event["detail"]["reason"] == "PutObject"


def test_an_upload_in_parts_is_told_of_once(sample: Sample, backend: str) -> None:
    dropbox(sample)
    with sample.running(backend=backend) as system:
        s3 = system.client("s3")
        upload = s3.create_multipart_upload(Bucket="files", Key="inbox/big.csv")["UploadId"]
        part = s3.upload_part(
            Bucket="files", Key="inbox/big.csv", UploadId=upload, PartNumber=1, Body=b"1;2\n"
        )
        parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
        s3.complete_multipart_upload(
            Bucket="files", Key="inbox/big.csv", UploadId=upload, MultipartUpload=parts
        )
        system.drain()
    assert [event["detail"]["reason"] for event in messages()] == ["CompleteMultipartUpload"]


def test_a_bucket_that_announces_nothing_stays_silent(sample: Sample) -> None:
    dropbox(sample, NotificationConfiguration={})
    with sample.running() as system:
        system.put_object("files", "inbox/a.csv", b"x")
        system.drain()
    assert HEARD == []


def test_a_rule_that_may_not_write_to_its_queue_is_refused(sample: Sample) -> None:
    """In AWS the events would be lost without a word."""
    dropbox(sample)
    policy = next(name for name in sample.resources if name.startswith("jobsPolicy"))
    del sample.resources[policy]
    with pytest.raises(Refused, match=r"does not let events\.amazonaws\.com send messages"), sample.running():
        pass


def heard_on_topic(sample: Sample, **subscription: Any) -> None:
    sample.worker()
    sample.add("replies", "AWS::SNS::Topic", TopicName="replies")
    queue = {"Fn::GetAtt": ["jobs", "Arn"]}
    sample.add(
        "hears",
        "AWS::SNS::Subscription",
        **{"TopicArn": {"Ref": "replies"}, "Protocol": "sqs", "Endpoint": queue, **subscription},
    )
    sample.lets_send("jobs", "sns.amazonaws.com", {"Ref": "replies"})
    speak = {
        "Effect": "Allow",
        "Action": "sns:Publish",
        "Resource": {"Ref": "replies"},
        "Principal": {"Service": "sms-voice.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    sample.add(
        "speaks", "AWS::SNS::TopicPolicy", PolicyDocument={"Statement": [speak]}, Topics=[{"Ref": "replies"}]
    )


def test_raw_delivery_hands_on_exactly_what_was_said(sample: Sample, backend: str) -> None:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html"""
    heard_on_topic(sample, RawMessageDelivery=True)
    with sample.running(backend=backend) as system:
        system.publish("replies", {"messageBody": "BAJA"}, attributes={"origin": "sms"})
        system.drain()
    assert messages() == [{"messageBody": "BAJA"}]
    assert HEARD[0]["Records"][0]["messageAttributes"]["origin"]["stringValue"] == "sms"


def test_without_it_the_message_comes_in_an_envelope(sample: Sample, backend: str) -> None:
    heard_on_topic(sample)
    with sample.running(backend=backend) as system:
        system.publish("replies", "BAJA")
        system.drain()
    (envelope,) = messages()
    assert (envelope["Type"], envelope["Message"]) == ("Notification", "BAJA")
    assert envelope["TopicArn"].endswith(":replies")


def test_a_subscription_hears_only_what_its_filter_wants(sample: Sample) -> None:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html"""
    heard_on_topic(sample, RawMessageDelivery=True, FilterPolicy={"kind": ["reply", {"prefix": "opt"}]})
    with sample.running() as system:
        for kind in ("reply", "opt-out", "receipt"):
            system.publish("replies", json.dumps(kind), attributes={"kind": kind})
        system.drain()
    assert messages() == ["reply", "opt-out"]


def test_only_its_carrier_may_publish_on_a_topic(sample: Sample) -> None:
    heard_on_topic(sample)
    with sample.running() as system:
        system.publish("replies", "BAJA", sender="sms-voice.amazonaws.com")
        with pytest.raises(PermissionError):
            system.publish("replies", "BAJA", sender="ses.amazonaws.com")
