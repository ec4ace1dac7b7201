"""The table as the smaller adapters use it: one item in, one item out, AWS's troubles in our own words."""

from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from recobro.errors import Unavailable

DOWN = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "InternalServerError",
        "InternalServiceError",  # Secrets Manager calls it so
        "ServiceUnavailable",
    }
)


class Table:
    """One DynamoDB table through the low-level client. Raises Unavailable for what passes by waiting."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """One consistent read."""
        answer = self._call("get_item", Key=item_key(pk, sk), ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def get_many(self, keys: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """Consistent reads, a hundred to a request, in no order; what is not there is left out."""
        for start in range(0, len(keys), 100):
            asked = [item_key(*one) for one in keys[start : start + 100]]
            wanted: Any = {self.name: {"Keys": asked, "ConsistentRead": True}}
            while wanted:
                answer = in_our_words(self._client.batch_get_item, RequestItems=wanted)
                yield from answer["Responses"].get(self.name, [])
                wanted = answer.get("UnprocessedKeys") or {}

    def put(self, pk: str, sk: str, item: dict[str, Any]) -> None:
        self._call("put_item", Item={**item_key(pk, sk), **item})

    def put_new(self, pk: str, sk: str, item: dict[str, Any]) -> dict[str, Any] | None:
        """Put if absent. Returns None when it was, else the item that stands there."""
        try:
            self._call(
                "put_item",
                Item={**item_key(pk, sk), **item},
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            there: Any = error.response.get("Item", {})
            return dict(there)
        return None

    def put_where(
        self, pk: str, sk: str, item: dict[str, Any], condition: str, values: dict[str, Any]
    ) -> bool:
        """One PutItem; False when its condition does not hold."""
        try:
            self._call(
                "put_item",
                Item={**item_key(pk, sk), **item},
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def delete(self, pk: str, sk: str) -> bool:
        """True when there was such an item. Only operators have the right."""
        gone = self._call("delete_item", Key=item_key(pk, sk), ReturnValues="ALL_OLD")
        return bool(gone.get("Attributes"))

    def beginning(self, pk: str) -> Iterator[dict[str, Any]]:
        """Every item whose partition begins so: a whole scan, for operators."""
        asked: dict[str, Any] = {
            "FilterExpression": "begins_with(pk, :pk)",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
            "ConsistentRead": True,
        }
        while True:
            answer = self._call("scan", **asked)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def update(self, pk: str, sk: str, **parameters: Any) -> bool:
        """One UpdateItem; False when its condition does not hold."""
        try:
            self._call("update_item", Key=item_key(pk, sk), **parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def query(self, pk: str, *, prefix: str = "", **parameters: Any) -> Iterator[dict[str, Any]]:
        """All items of a partition, consistent unless said otherwise, page by page."""
        condition = "pk = :pk AND begins_with(sk, :prefix)" if prefix else "pk = :pk"
        values = {":pk": {"S": pk}, **({":prefix": {"S": prefix}} if prefix else {})}
        asked = {
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
            **parameters,
        }
        while True:
            answer = self._call("query", **asked)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def query_page(self, **parameters: Any) -> dict[str, Any]:
        """One page of any query."""
        answer: dict[str, Any] = self._call("query", **parameters)
        return answer

    def _call(self, operation: str, **parameters: Any) -> Any:
        return in_our_words(getattr(self._client, operation), TableName=self.name, **parameters)


def in_our_words(call: Any, **parameters: Any) -> Any:
    """The call's answer; what passes by waiting is raised as Unavailable, whatever client made it."""
    try:
        return call(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] in DOWN:
            raise Unavailable(error.response["Error"]["Code"]) from error
        raise
    except BotoCoreError as error:
        raise Unavailable(str(error)) from error


def item_key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
