"""One debtor, one partition, one version: the shared contact ledger in which every decision is recorded before it is acted on.

`save` is one conditional PutItem; whoever loses reloads and decides again. A lost answer makes the SDK repeat the write,
and our own write then fails its own condition: the item that comes back with the failure says whether we had won.
"""

import json
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from recobro.adapters.state_record import (
    Item,
    content_key,
    fact_in,
    fact_key,
    fact_under_way,
    key,
    read_state,
    recorded_to_plain,
    without_contents,
    write_state,
)
from recobro.adapters.state_schema import SHAPE, Shape
from recobro.adapters.table import DOWN, in_our_words
from recobro.codec import from_plain
from recobro.domain.chain import Recorded, link
from recobro.domain.compact import compact
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact
from recobro.domain.fold import fold
from recobro.domain.next_action import Planned
from recobro.errors import Unavailable
from recobro.ports import Content, Loaded, Overtaken, SavedByAnother

PENDING_BEFORE_LOOKING = 16
"""Above so many facts in STATE, a save first reads the last FACT to see which of them the history already holds."""

LEDGER_CONFIG: dict[str, Any] = {
    "connect_timeout": 1,
    "read_timeout": 1,
    "retries": {"total_max_attempts": 2, "mode": "standard"},
}
"""A save gives up after two seconds (DESIGN §3)."""


MOST_BESIDE = 99
"""Debtors that fit into a request beside one other item: a BatchGetItem names a hundred keys."""


class DynamoLedger:
    """The ledger on one DynamoDB table. plan: where a debtor stands in the index after a save (domain/next_action.py)."""

    def __init__(
        self,
        client: Any,
        table: str,
        *,
        plan: Callable[[Debtor, datetime], Planned],
        chance: random.Random,
        shards: int,
        shape: Shape = SHAPE,
    ) -> None:
        self._shape = shape
        self._client = client
        self._table = table
        self._plan = plan
        self._chance = chance
        self._shards = shards

    def load(self, debtor_id: str) -> Loaded | None:
        """One consistent read; None when there is no such debtor."""
        answer = self._call("get_item", Key=key(debtor_id), ConsistentRead=True)
        item = answer.get("Item")
        return read_state(item, self._shape) if item is not None else None

    def load_many(self, debtor_ids: Sequence[str]) -> dict[str, Loaded]:
        """Consistent reads, a hundred to a request; ids without a debtor are left out."""
        found: dict[str, Loaded] = {}
        for start in range(0, len(debtor_ids), 100):
            wanted: dict[str, Any] = {
                self._table: {
                    "Keys": [key(one) for one in debtor_ids[start : start + 100]],
                    "ConsistentRead": True,
                }
            }
            while wanted:
                answer = self._request("batch_get_item", RequestItems=wanted)
                for item in answer["Responses"].get(self._table, []):
                    loaded = read_state(item, self._shape)
                    found[loaded.debtor.id] = loaded
                wanted = answer.get("UnprocessedKeys") or {}
        return found

    def load_beside(
        self, debtor_ids: Sequence[str], pk: str, sk: str
    ) -> tuple[dict[str, Loaded], Item | None]:
        """Debtors and one other item of the table, in one consistent request where they fit into it."""
        keys = [key(one) for one in debtor_ids[:MOST_BESIDE]]
        wanted: dict[str, Any] = {
            self._table: {"Keys": [*keys, {"pk": {"S": pk}, "sk": {"S": sk}}], "ConsistentRead": True}
        }
        found: dict[str, Item] = {}
        while wanted:
            answer = self._request("batch_get_item", RequestItems=wanted)
            found |= {item["pk"]["S"]: item for item in answer["Responses"].get(self._table, [])}
            wanted = answer.get("UnprocessedKeys") or {}
        beside = found.pop(pk, None)
        read = [read_state(item, self._shape) for item in found.values()]
        return {one.debtor.id: one for one in read} | self.load_many(debtor_ids[MOST_BESIDE:]), beside

    def save(
        self,
        before: Loaded,
        facts: Sequence[Fact],
        now: datetime,
        *,
        debtor: Debtor | None = None,
        contents: Sequence[Content] = (),
        still: Callable[[], bool] = lambda: True,
    ) -> Loaded:
        """Write what `facts` make of `before`, if nobody saved first; else Stale with what stands there now.

        still: asked when all but the write is done; Overtaken where it says no.
        """
        at = max(now, before.saved_at) if before.saved_at is not None else now
        after = self._after(before, facts, at, debtor, contents)
        save_id = f"{self._chance.getrandbits(64):016x}"
        planned = self._plan(after.debtor, at)
        item = write_state(
            after,
            planned,
            save_id=save_id,
            saved_at=at,
            shards=self._shards,
            kept=dict(before.kept),
            shape=self._shape,
        )
        if not still():
            raise Overtaken(before.debtor.id)
        self._put_if_unsaved(item, before, save_id)
        return replace(after, lane=planned.lane, next_action=planned.at, save_id=save_id, saved_at=at)

    def items(self) -> Iterator[Item]:
        """Every record's item as it lies in the table, index or no index: a whole scan, for repairs by operators."""
        start: dict[str, Any] = {}
        while True:
            page = self._call(
                "scan",
                FilterExpression="sk = :state",
                ExpressionAttributeValues={":state": {"S": "STATE"}},
                ConsistentRead=True,
                **start,
            )
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def recorded(self, debtor_id: str) -> list[Recorded]:
        """Only what has reached the history, oldest first."""
        return self._recorded(debtor_id)

    def fact(self, debtor_id: str, version: int, number: int) -> Mapping[str, Any] | None:
        """One recorded fact as it is written down; None: the history does not hold it."""
        answer = self._call("get_item", Key=fact_key(debtor_id, version, number), ConsistentRead=True)
        return json.loads(answer["Item"]["body"]["S"]) if "Item" in answer else None

    def has_fact(self, debtor_id: str, version: int, number: int) -> bool:
        """Whether the history holds it, whatever it says."""
        place = fact_key(debtor_id, version, number)
        return "Item" in self._call("get_item", Key=place, ProjectionExpression="pk", ConsistentRead=True)

    def history(self, debtor_id: str) -> list[Recorded]:
        """Every fact, oldest first: those in the history and those that still travel in STATE."""
        recorded = {(one.version, one.number): one for one in self._recorded(debtor_id)}
        loaded = self.load(debtor_id)
        for plain in loaded.pending if loaded is not None else ():
            one = fact_under_way(debtor_id, plain)
            recorded[one.version, one.number] = one
        return [recorded[place] for place in sorted(recorded)]

    def forget_contents(self, debtor_id: str) -> int:
        """Take away everything that was said to and by somebody who was erased. Returns how many."""
        answer = self._call(
            "query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :content)",
            ExpressionAttributeValues={":pk": key(debtor_id)["pk"], ":content": {"S": "CONTENT#"}},
            ProjectionExpression="pk, sk",
            ConsistentRead=True,
        )
        for item in answer["Items"]:
            self._call("delete_item", Key={"pk": item["pk"], "sk": item["sk"]})
        if "LastEvaluatedKey" in answer:
            return len(answer["Items"]) + self.forget_contents(debtor_id)
        return len(answer["Items"])

    def forget_content(self, debtor_id: str, digest: str) -> bool:
        """Take away one thing that was said from the history. True when it was there."""
        answer = self._call("delete_item", Key=content_key(debtor_id, digest), ReturnValues="ALL_OLD")
        return bool(answer.get("Attributes"))

    def leave_unsaid(
        self, before: Loaded, digests: Collection[str], now: datetime, *, is_saved: bool = True
    ) -> None:
        """The record goes on without carrying those words, if nobody saved first; else SavedByAnother with what stands there now.

        is_saved: False: nobody saves there yet, and facts are still to be replayed behind its version, which stays.
        """
        left = {digest: one for digest, one in before.contents.items() if digest not in digests}
        if len(left) == len(before.contents):
            return
        if is_saved:
            self.save(replace(before, contents=left), (), now)
            return
        item = self._call("get_item", Key=key(before.debtor.id), ConsistentRead=True)["Item"]
        self._put_if_unsaved(without_contents(item, digests, self._shape), before, before.save_id)

    def content(self, debtor_id: str, digest: str) -> Content | None:
        """What was said, by its keyed hash."""
        answer = self._call("get_item", Key=content_key(debtor_id, digest), ConsistentRead=True)
        item = answer.get("Item")
        if item is not None:
            return from_plain(Content, json.loads(item["body"]["S"]))
        loaded = self.load(debtor_id)
        return loaded.contents.get(digest) if loaded is not None else None

    def _after(
        self,
        before: Loaded,
        facts: Sequence[Fact],
        at: datetime,
        brought: Debtor | None,
        contents: Sequence[Content],
    ) -> Loaded:
        old = before.debtor
        version = old.version + 1
        recorded = link(facts, version=version, at=at, head=old.head)
        debtor = fold(old, recorded)
        if brought is not None:
            debtor = replace(debtor, personal=brought.personal)
        head = recorded[-1].hash if recorded else old.head
        debtor = replace(compact(debtor, at), version=version, head=head)
        pending, said = self._still_pending(before)
        fresh = {one.digest: replace(one, version=version) for one in contents}
        return Loaded(debtor, (*pending, *map(recorded_to_plain, recorded)), {**said, **fresh})

    def _still_pending(self, before: Loaded) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Content]]:
        if len(before.pending) <= PENDING_BEFORE_LOOKING:
            return before.pending, before.contents
        last = self._last_recorded_version(before.debtor.id)
        pending = tuple(one for one in before.pending if one["version"] > last)
        return pending, {d: c for d, c in before.contents.items() if c.version > last}

    def _last_recorded_version(self, debtor_id: str) -> int:
        """The save whose facts the history holds last; the stream brings saves in order, so all before it are there too."""
        answer = self._call(
            "query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :fact)",
            ExpressionAttributeValues={":pk": key(debtor_id)["pk"], ":fact": {"S": "FACT#"}},
            ProjectionExpression="sk",
            ScanIndexForward=False,
            Limit=1,
            ConsistentRead=True,
        )
        items = answer["Items"]
        # The last save's facts may still be arriving, so only those before it are taken as seen.
        return int(items[0]["sk"]["S"].split("#")[1]) - 1 if items else -1

    def _recorded(self, debtor_id: str) -> list[Recorded]:
        found: list[Recorded] = []
        start: dict[str, Any] = {}
        while True:
            answer = self._call(
                "query",
                KeyConditionExpression="pk = :pk AND begins_with(sk, :fact)",
                ExpressionAttributeValues={":pk": key(debtor_id)["pk"], ":fact": {"S": "FACT#"}},
                ConsistentRead=True,
                **start,
            )
            found += map(fact_in, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _put_if_unsaved(self, item: Item, before: Loaded, save_id: str) -> None:
        version = before.debtor.version
        if version == 0:
            condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        else:
            condition = {
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(version)}},
            }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **condition,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                if error.response["Error"]["Code"] in DOWN:
                    raise Unavailable(error.response["Error"]["Code"]) from error
                raise
            there: Any = error.response.get("Item")
            if there is not None and there["save_id"]["S"] == save_id:
                return
            raise SavedByAnother(read_state(there, self._shape) if there is not None else None) from error
        except BotoCoreError as error:
            self._settle_ambiguous(item, save_id, error)

    def _settle_ambiguous(self, item: Item, save_id: str, error: BotoCoreError) -> None:
        """The answer was lost: what stands there now says whether we had won."""
        answer = self._call("get_item", Key={"pk": item["pk"], "sk": item["sk"]}, ConsistentRead=True)
        there = answer.get("Item")
        if there is not None and there["save_id"]["S"] == save_id:
            return
        raise SavedByAnother(read_state(there, self._shape) if there is not None else None) from error

    def _call(self, operation: str, **parameters: Any) -> Any:
        return self._request(operation, TableName=self._table, **parameters)

    def _request(self, operation: str, **parameters: Any) -> Any:
        return in_our_words(getattr(self._client, operation), **parameters)


__all__ = ["LEDGER_CONFIG", "DynamoLedger", "fact_key"]
