"""Records that nobody saves are rewritten in another release's shape where they lie: the same version, the same facts."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from recobro.adapters.state_record import Item, key, moved_to
from recobro.adapters.state_schema import SHAPE, Shape
from recobro.adapters.table import in_our_words


class Reshaping:
    """On one DynamoDB table."""

    def __init__(self, client: Any, table: str, shape: Shape = SHAPE) -> None:
        self._client = client
        self._table = table
        self.shape = shape

    def records(self) -> Iterator[tuple[str, int]]:
        """(debtor id, schema) of every record, erased ones included. One walk through the table; an operator's affair."""
        start: dict[str, Any] = {}
        while True:
            page = in_our_words(
                self._client.scan,
                TableName=self._table,
                FilterExpression="sk = :state",
                ExpressionAttributeNames={"#schema": "schema"},
                ExpressionAttributeValues={":state": {"S": "STATE"}},
                ProjectionExpression="pk, #schema",
                **start,
            )
            for item in page["Items"]:
                yield item["pk"]["S"].removeprefix("DEBTOR#"), int(item["schema"]["N"])
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def reshape(self, debtor_id: str, schema: int) -> bool:
        """Whether a record had to be rewritten. Who saves meanwhile wins, in the shape that their release writes; then again."""
        while (item := self._load(debtor_id)) is not None and int(item["schema"]["N"]) != schema:
            if self._put(item, moved_to(item, schema, self.shape)):
                return True
        return False

    def _load(self, debtor_id: str) -> Item | None:
        answer = in_our_words(
            self._client.get_item, TableName=self._table, Key=key(debtor_id), ConsistentRead=True
        )
        item: Item | None = answer.get("Item")
        return item

    def _put(self, before: Item, after: Item) -> bool:
        names = ("version", "save_id", "schema")
        try:
            in_our_words(
                self._client.put_item,
                TableName=self._table,
                Item=after,
                ConditionExpression=" AND ".join(f"#{name} = :{name}" for name in names),
                ExpressionAttributeNames={f"#{name}": name for name in names},
                ExpressionAttributeValues={f":{name}": before[name] for name in names},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True
