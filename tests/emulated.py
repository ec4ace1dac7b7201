"""AWS as the tests meet it: real boto3 clients on every emulated backend, and a table as the template has it."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

from infra.local.backends import open_backend

ACCOUNT, REGION = "123456789012", "us-east-1"
BACKENDS = ("ministack", "moto", "memory")


@cache
def _session() -> botocore.session.Session:
    """One for all tests: to read the services' models again takes longer than most tests do."""
    session = botocore.session.Session()
    session.set_credentials("sample", "sample")
    session.set_default_client_config(Config(signature_version=UNSIGNED))
    return session


@contextmanager
def aws(backend: str = "ministack", seed: int = 7) -> Iterator[Any]:
    """A client factory, `client(service, **config)`, on an empty account."""
    os.environ.update(AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled")
    opened = open_backend(backend, ACCOUNT, REGION, seed)
    session = _session()

    def client(service: str, **config: Any) -> Any:
        made = session.create_client(service, region_name=REGION, config=Config(**config))
        named = made.meta.service_model.service_id.hyphenize()
        events: Any = made.meta.events
        events.register("before-send", lambda request, **_: opened.send(named, request))
        return made

    try:
        yield client
    finally:
        opened.close()


def make_table(client: Any, name: str = "ledger") -> str:
    """The one table, with its `due` index and its stream."""
    attributes = [{"AttributeName": one, "AttributeType": "S"} for one in ("pk", "sk", "due_shard", "due_at")]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=attributes,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "due_shard", "KeyType": "HASH"},
                    {"AttributeName": "due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return name


def chance(seed: int = 7) -> random.Random:
    return random.Random(seed)
