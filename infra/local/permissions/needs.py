"""Which IAM action, on which resource, each request to AWS needs; a request that is not in this table is a failure.

Action and resource names are those of the Service Authorization Reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.local.permissions import carriers
from infra.local.permissions.need import Namer, Need, Needs, Params
from infra.local.permissions.policy import Context


class Unmapped(Exception):
    """A request whose permission nobody has written down: neither allowed nor denied, but our omission."""


def needs(service: str, operation: str, params: Params, namer: Namer) -> list[Need]:
    """What the request must be allowed. `service` as botocore hyphenates it. Raises Unmapped."""
    found = _TABLE.get(service, {}).get(operation)
    if found is None:
        raise Unmapped(
            f"{service}.{operation} has no line in permissions/needs.py: write which IAM action it needs"
        )
    return list(found(params, namer))


# DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/api-permissions-reference.html


def _table(namer: Namer, name: str) -> str:
    return name if name.startswith("arn:") else namer.arn("dynamodb", f"table/{name}")


def _leading(namer: Namer, table: str, keys: list[Mapping[str, Any]]) -> Context:
    hash_key = namer.partition_keys.get(table)
    values = [
        str(next(iter(key[hash_key].values())))
        for key in keys
        if hash_key and isinstance(key.get(hash_key), Mapping)
    ]
    return {"dynamodb:LeadingKeys": values} if values else {}


def _item(action: str, member: str = "Key") -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        table = str(params.get("TableName", ""))
        yield Need(
            f"dynamodb:{action}", _table(namer, table), _leading(namer, table, [params.get(member) or {}])
        )

    return found


def _query(action: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        table = _table(namer, str(params.get("TableName", "")))
        index = params.get("IndexName")
        yield Need(f"dynamodb:{action}", f"{table}/index/{index}" if index else table)

    return found


def _batch_get(params: Params, namer: Namer) -> Iterator[Need]:
    for table, wanted in params.get("RequestItems", {}).items():
        yield Need(
            "dynamodb:BatchGetItem", _table(namer, table), _leading(namer, table, wanted.get("Keys", []))
        )


def _batch_write(params: Params, namer: Namer) -> Iterator[Need]:
    for table, requests in params.get("RequestItems", {}).items():
        keys = [
            (request.get("PutRequest") or {}).get("Item")
            or (request.get("DeleteRequest") or {}).get("Key")
            or {}
            for request in requests
        ]
        yield Need("dynamodb:BatchWriteItem", _table(namer, table), _leading(namer, table, keys))


_TRANSACT = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


def _transact(params: Params, namer: Namer) -> Iterator[Need]:
    for entry in params.get("TransactItems", []):
        for kind, request in entry.items():
            table = str(request.get("TableName", ""))
            key = request.get("Key") or request.get("Item") or {}
            yield Need(f"dynamodb:{_TRANSACT[kind]}", _table(namer, table), _leading(namer, table, [key]))


# SQS, SNS, S3


def _queue(action: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        name = str(params.get("QueueUrl", "") or params.get("QueueName", "")).rsplit("/", 1)[-1]
        yield Need(f"sqs:{action}", namer.arn("sqs", name))

    return found


def _publish(params: Params, _namer: Namer) -> Iterator[Need]:
    # A text message to a phone number has no resource of its own: "*" is the only one that covers it.
    yield Need("sns:Publish", str(params.get("TopicArn") or params.get("TargetArn") or "+phone-number"))


def _objects(*actions: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        arn = f"arn:{namer.partition}:s3:::{params.get('Bucket')}/{params.get('Key')}"
        for action in actions:
            versioned = action == "GetObject" and params.get("VersionId")
            yield Need(f"s3:{action}Version" if versioned else f"s3:{action}", arn)
        if "PutObject" in actions and params.get("Tagging"):
            yield Need("s3:PutObjectTagging", arn)

    return found


def _delete_objects(params: Params, namer: Namer) -> Iterator[Need]:
    for entry in params.get("Delete", {}).get("Objects", []):
        yield Need("s3:DeleteObject", f"arn:{namer.partition}:s3:::{params.get('Bucket')}/{entry.get('Key')}")


def _list_bucket(params: Params, namer: Namer) -> Iterator[Need]:
    prefix = {"s3:prefix": str(params.get("Prefix", ""))}
    yield Need("s3:ListBucket", f"arn:{namer.partition}:s3:::{params.get('Bucket')}", prefix)


def _copy(params: Params, namer: Namer) -> Iterator[Need]:
    source = params.get("CopySource", "")
    named = f"{source['Bucket']}/{source['Key']}" if isinstance(source, Mapping) else str(source).lstrip("/")
    yield Need("s3:GetObject", f"arn:{namer.partition}:s3:::{named}")
    yield from _objects("PutObject")(params, namer)


# Secrets, parameters, keys, functions


def _secret(action: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        given = str(params.get("SecretId", ""))
        yield Need(
            f"secretsmanager:{action}",
            given
            if given.startswith("arn:")
            else namer.secrets.get(given, namer.arn("secretsmanager", f"secret:{given}-*")),
        )

    return found


def _parameters(action: str, member: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        given = params.get(member, "")
        for name in given if isinstance(given, list | tuple) else [given]:
            yield Need(f"ssm:{action}", namer.arn("ssm", f"parameter/{str(name).lstrip('/')}"))

    return found


def _key(action: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        given = str(params.get("KeyId", ""))
        kind = given if given.startswith("alias/") else f"key/{given}"
        yield Need(f"kms:{action}", given if given.startswith("arn:") else namer.arn("kms", kind))

    return found


def _invoke(params: Params, namer: Namer) -> Iterator[Need]:
    given = str(params.get("FunctionName", ""))
    yield Need(
        "lambda:InvokeFunction",
        given if given.startswith("arn:") else namer.arn("lambda", f"function:{given}"),
    )


def _model(params: Params, namer: Namer) -> Iterator[Need]:
    """Converse is InvokeModel on the model. A model's ARN names no account; a profile's does."""
    model = str(params.get("modelId", ""))
    yield Need(
        "bedrock:InvokeModel", f"arn:{namer.partition}:bedrock:{namer.region}::foundation-model/{model}"
    )


_TABLE: Mapping[str, Mapping[str, Needs]] = {
    "dynamodb": {
        "GetItem": _item("GetItem"),
        "PutItem": _item("PutItem", "Item"),
        "UpdateItem": _item("UpdateItem"),
        "DeleteItem": _item("DeleteItem"),
        "Query": _query("Query"),
        "Scan": _query("Scan"),
        "DescribeTable": _query("DescribeTable"),
        "BatchGetItem": _batch_get,
        "BatchWriteItem": _batch_write,
        "TransactWriteItems": _transact,
        "TransactGetItems": _transact,
    },
    "sqs": {
        "SendMessage": _queue("SendMessage"),
        "SendMessageBatch": _queue("SendMessage"),
        "ReceiveMessage": _queue("ReceiveMessage"),
        "DeleteMessage": _queue("DeleteMessage"),
        "DeleteMessageBatch": _queue("DeleteMessage"),
        "ChangeMessageVisibility": _queue("ChangeMessageVisibility"),
        "ChangeMessageVisibilityBatch": _queue("ChangeMessageVisibility"),
        "GetQueueAttributes": _queue("GetQueueAttributes"),
        "GetQueueUrl": _queue("GetQueueUrl"),
    },
    "sns": {"Publish": _publish, "PublishBatch": _publish},
    "s3": {
        "GetObject": _objects("GetObject"),
        "HeadObject": _objects("GetObject"),
        "PutObject": _objects("PutObject"),
        "DeleteObject": _objects("DeleteObject"),
        "DeleteObjects": _delete_objects,
        "CopyObject": _copy,
        "CreateMultipartUpload": _objects("PutObject"),
        "UploadPart": _objects("PutObject"),
        "CompleteMultipartUpload": _objects("PutObject"),
        "AbortMultipartUpload": _objects("AbortMultipartUpload"),
        "ListObjectsV2": _list_bucket,
        "HeadBucket": _list_bucket,
    },
    "secrets-manager": {
        "GetSecretValue": _secret("GetSecretValue"),
        "PutSecretValue": _secret("PutSecretValue"),
        "DescribeSecret": _secret("DescribeSecret"),
    },
    "ssm": {
        "GetParameter": _parameters("GetParameter", "Name"),
        "GetParameters": _parameters("GetParameters", "Names"),
        "GetParametersByPath": _parameters("GetParametersByPath", "Path"),
    },
    "kms": {
        action: _key(action)
        for action in (
            "Encrypt",
            "Decrypt",
            "GenerateDataKey",
            "GenerateMac",
            "VerifyMac",
            "Sign",
            "GetPublicKey",
        )
    },
    "lambda": {"Invoke": _invoke},
    "bedrock-runtime": {"Converse": _model},
    "sesv2": {"SendEmail": carriers.email},
    "pinpoint-sms-voice-v2": {
        action: carriers.origination(action) for action in ("SendTextMessage", "SendVoiceMessage")
    },
    "socialmessaging": {"SendWhatsAppMessage": carriers.whatsapp("SendWhatsAppMessage")},
    "pinpoint": {"SendMessages": carriers.push},
}
