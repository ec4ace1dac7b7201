"""Reads a table's stream in the form in which Lambda hands it on."""

import json
from collections import Counter
from datetime import timedelta
from hashlib import md5
from typing import Any

from botocore.exceptions import ClientError

from infra.local.drivers.platform import Platform
from infra.local.inventory import Table
from infra.local.sizes import item_bytes

Record = dict[str, Any]

_ITERATOR_LIFE = timedelta(minutes=14)
"""DynamoDB lets a shard iterator die after 15 minutes."""

_PAGE = 1000
_PAGE_BYTES = 700_000
"""A page ends at 1 MB; when one comes near it, there may be more to read."""


class StreamReader:
    """The stream of one table, from its beginning, each record once."""

    def __init__(self, platform: Platform, table: Table) -> None:
        self._platform = platform
        self._table = table
        described = self._client.describe_stream(StreamArn=table.stream_arn)["StreamDescription"]
        self._shard = described["Shards"][0]["ShardId"]
        self._view = described["StreamViewType"]
        self._iterator: str | None = None
        self._issued = platform.now()
        self._last: str | None = None
        self._count = 0
        self._expiring: Counter[str] = Counter()

    @property
    def _client(self) -> Any:
        return self._platform.service("dynamodbstreams")

    def expire(self, key: dict[str, Any]) -> None:
        """The next deletion of this key is DynamoDB's own."""
        self._expiring[json.dumps(key, sort_keys=True)] += 1

    def read(self) -> list[Record]:
        """Every record since the last reading."""
        found: list[Record] = []
        more = True
        while more:
            page = self._platform.records(self._position(), _PAGE)
            self._iterator, self._issued = page.get("NextShardIterator"), self._platform.now()
            records = page["Records"]
            if records:
                self._last = records[-1]["dynamodb"]["SequenceNumber"]
            told = [self._told(record) for record in records]
            more = len(records) == _PAGE or sum(one["dynamodb"]["SizeBytes"] for one in told) > _PAGE_BYTES
            found.extend(told)
        return found

    def _position(self) -> str:
        if self._iterator is not None and self._platform.now() - self._issued < _ITERATOR_LIFE:
            return self._iterator
        if self._last is not None:
            try:
                return self._iterator_at(ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=self._last)
            except ClientError as error:
                if error.response["Error"]["Code"] != "TrimmedDataAccessException":
                    raise
        # What was read last is gone after a day; everything that is in the stream then is newer.
        return self._iterator_at(ShardIteratorType="TRIM_HORIZON")

    def _iterator_at(self, **wanted: str) -> str:
        answer = self._client.get_shard_iterator(
            StreamArn=self._table.stream_arn, ShardId=self._shard, **wanted
        )
        return str(answer["ShardIterator"])

    def _told(self, raw: dict[str, Any]) -> Record:
        self._count += 1
        number = f"{10**20 + self._count}"
        change = raw["dynamodb"]
        told: dict[str, Any] = {
            "ApproximateCreationDateTime": float(int(change["ApproximateCreationDateTime"])),
            "Keys": change["Keys"],
            "SequenceNumber": number,
            "StreamViewType": self._view,
            "SizeBytes": item_bytes(change["Keys"]),
        }
        for image in ("NewImage", "OldImage"):
            if change.get(image):
                told[image] = change[image]
                told["SizeBytes"] += item_bytes(change[image])
        record: Record = {
            "eventID": md5(f"{self._table.name}/{number}".encode(), usedforsecurity=False).hexdigest(),
            "eventName": raw["eventName"],
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": self._platform.region,
            "dynamodb": told,
            "eventSourceARN": self._table.stream_arn,
        }
        if raw["eventName"] == "REMOVE" and self._expiring:
            key = json.dumps(told["Keys"], sort_keys=True)
            if self._expiring[key] > 0:
                self._expiring[key] -= 1
                # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
                record["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
        return record
