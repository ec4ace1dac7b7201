"""The ledger, the files and the key cannot be lost by a mistake, read by a stranger, or kept beyond their purpose."""

from tests.infra.reading import Template, target


def _resource(template: Template, kind: str, start: str) -> tuple[str, dict[str, object]]:
    (found,) = [
        (name, one)
        for name, one in template.resources.items()
        if one["Type"] == kind and name.startswith(start)
    ]
    return found


def test_the_ledger_survives_mistakes(demo: Template) -> None:
    _, table = _resource(demo, "AWS::DynamoDB::Table", "Ledger")
    properties = demo.one("AWS::DynamoDB::Table")
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert properties["DeletionProtectionEnabled"] is True
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_the_ledger_has_the_keys_that_the_design_names(demo: Template) -> None:
    table = demo.one("AWS::DynamoDB::Table")
    assert {key["AttributeName"]: key["KeyType"] for key in table["KeySchema"]} == {
        "pk": "HASH",
        "sk": "RANGE",
    }
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "due"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["due_shard", "due_at"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}


def test_buckets_are_private_encrypted_and_stay(demo: Template) -> None:
    for name, bucket in demo.all("AWS::S3::Bucket").items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"], name
        assert demo.resources[name]["DeletionPolicy"] == "Retain", name
    denied = {
        target(policy["Bucket"])
        for policy in demo.all("AWS::S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert denied == set(demo.all("AWS::S3::Bucket"))


def test_files_with_peoples_data_go_after_their_purpose_and_evidence_stays(demo: Template) -> None:
    name, _ = _resource(demo, "AWS::S3::Bucket", "Files")
    bucket = demo.all("AWS::S3::Bucket")[name]
    rules = {rule.get("Prefix"): rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert {prefix: rules[prefix]["ExpirationInDays"] for prefix in ("inbox/", "work/", "results/")} == {
        "inbox/": 30,
        "work/": 14,
        "results/": 90,
    }
    assert not any(prefix and prefix.startswith(("strategies", "aws/lambda")) for prefix in rules)
    assert rules[None]["NoncurrentVersionExpiration"]["NoncurrentDays"] == 30


def test_a_file_that_lands_in_the_inbox_starts_the_import(demo: Template) -> None:
    name, _ = _resource(demo, "AWS::S3::Bucket", "Files")
    events = demo.all("AWS::S3::Bucket")[name]["NotificationConfiguration"]["EventBridgeConfiguration"]
    assert events == {"EventBridgeEnabled": True}
    rule = demo.one("AWS::Events::Rule")
    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [{"Ref": name}]}, "object": {"key": [{"prefix": "inbox/"}]}},
    }
    assert target(rule["Targets"][0]["Arn"]) == demo.queues()["portfolio-files"][0]


def test_there_is_one_secret_that_nobody_typed_and_no_key_to_pay_for(demo: Template) -> None:
    secret = demo.one("AWS::SecretsManager::Secret")
    assert secret["GenerateSecretString"]["GenerateStringKey"] == "root"
    assert "SecretString" not in secret
    name, resource = _resource(demo, "AWS::SecretsManager::Secret", "RootKey")
    assert resource["DeletionPolicy"] == "Retain", name
    assert "AWS::KMS::Key" not in demo.types()


def test_the_history_is_written_from_the_first_record_and_nothing_it_cannot_write_is_lost(
    demo: Template,
) -> None:
    (stream,) = [
        one for one in demo.all("AWS::Lambda::EventSourceMapping").values() if "StartingPosition" in one
    ]
    files, _ = _resource(demo, "AWS::S3::Bucket", "Files")
    assert stream["StartingPosition"] == "TRIM_HORIZON"
    assert stream["BisectBatchOnFunctionError"] is True
    assert stream["MaximumRetryAttempts"] == 10
    assert stream["MaximumRecordAgeInSeconds"] < 24 * 3600
    assert target(stream["DestinationConfig"]["OnFailure"]["Destination"]) == files
    (alarm,) = [
        one for one in demo.all("AWS::CloudWatch::Alarm").values() if one.get("MetricName") == "IteratorAge"
    ]
    assert alarm["Threshold"] == 3_600_000
