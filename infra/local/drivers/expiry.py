"""Deletes what has outlived its time, some while later, as DynamoDB does.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from infra.local.drivers.platform import Platform
from infra.local.drivers.streams import StreamSources
from infra.local.inventory import Table

LAG = timedelta(hours=6)
"""How long after its time an item goes, unless told otherwise. AWS: "typically … within a few days"."""

TOO_OLD = timedelta(days=5 * 365)
"""An expiry further back than five years is taken for a mistake and ignored."""


class Expiry:
    """Follows every write to a table with an expiry attribute, so that no table has to be searched."""

    def __init__(self, platform: Platform, streams: StreamSources, lag: timedelta = LAG) -> None:
        self._platform = platform
        self._streams = streams
        self._lag = lag

    def wrote(self, table: Table, item: Mapping[str, Any]) -> None:
        """An item was written whole."""
        due = _expires(table, item)
        if due is not None:
            key = {name: item[name] for name in table.key}
            self._platform.agenda.plan(due + self._lag, lambda: self._expire(table, key))

    def changed(self, table: Table, key: Mapping[str, Any]) -> None:
        """An item was changed in part; what its expiry is now has to be read."""
        found = self._platform.service("dynamodb").get_item(
            TableName=table.name, Key=key, ConsistentRead=True
        )
        self.wrote(table, found.get("Item", {}))

    def remember(self) -> None:
        """Take up the expiries of what is in the tables already."""
        for table in self._platform.inventory.tables.values():
            if table.ttl_attribute:
                for item in _items(self._platform.service("dynamodb"), table):
                    self.wrote(table, item)

    def _expire(self, table: Table, key: dict[str, Any]) -> None:
        dynamodb = self._platform.service("dynamodb")
        item = dynamodb.get_item(TableName=table.name, Key=key, ConsistentRead=True).get("Item", {})
        due = _expires(table, item)
        now = self._platform.now()
        if due is None or due + self._lag > now or now - due > TOO_OLD:
            return
        self._streams.expired(table.name, key)
        try:
            dynamodb.delete_item(
                TableName=table.name,
                Key=key,
                ConditionExpression="#expires = :then",
                ExpressionAttributeNames={"#expires": table.ttl_attribute},
                ExpressionAttributeValues={":then": item[table.ttl_attribute]},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise


def _expires(table: Table, item: Mapping[str, Any]) -> datetime | None:
    """The item's expiry. Only a Number counts, in seconds since 1970."""
    held = item.get(table.ttl_attribute or "", {})
    return datetime.fromtimestamp(int(float(held["N"])), UTC) if "N" in held else None


def _items(dynamodb: Any, table: Table) -> Iterator[Mapping[str, Any]]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table.name):
        yield from page["Items"]
