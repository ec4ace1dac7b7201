"""The third implementation: tables in plain Python, everything else as ministack answers it.

It exists for the simulation, whose figures rest on tables that behave as AWS's do: it passes the same conformance suite.
"""

import base64
import json
import time
from collections.abc import Mapping
from threading import RLock
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from infra.local.backends.answer import answer, body_of, headers_of
from infra.local.backends.dynamodb.store import Refused, Store
from infra.local.backends.ministack import Ministack


class Memory:
    """One account in one region."""

    name = "memory"
    late = 0.0

    def __init__(self, account: str, region: str, seed: int | None) -> None:
        self._others = Ministack(account, region, seed)
        self._lock = RLock()
        self._arn = f"arn:aws:dynamodb:{region}:{account}"
        self.store = Store(time.time, arn=self._arn)

    def send(self, service: str, request: AWSPreparedRequest) -> AWSResponse:
        """The answer of the emulated service."""
        if service not in {"dynamodb", "dynamodb-streams"}:
            return self._others.send(service, request)
        operation = headers_of(request)["x-amz-target"].rpartition(".")[2]
        params = _bytes_in(json.loads(body_of(request)))
        headers = {"content-type": "application/x-amz-json-1.0"}
        with self._lock:
            try:
                told = (
                    self.store.call(operation, params)
                    if service == "dynamodb"
                    else self._streamed(operation, params)
                )
                status = 200
            except Refused as refused:
                kind = f"com.amazonaws.dynamodb.v20120810#{refused.code}"
                told, status = {"__type": kind, "message": refused.message, **refused.members}, 400
        return answer(request.url, status, headers, json.dumps(_bytes_out(told)).encode())

    def private_half(self, key_id: str) -> bytes:
        """PKCS 8."""
        return self._others.private_half(key_id)

    def take_private_half(self, key_id: str, half: bytes) -> None:
        """Sign with it from now on."""
        self._others.take_private_half(key_id, half)

    def close(self) -> None:
        self._others.close()
        self.store = Store(time.time, arn=self._arn)

    def _streamed(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """One shard a table; an iterator is a table's name and how many records were read."""
        if operation == "GetRecords":
            name, _, after = params["ShardIterator"].partition("|")
            records = self.store.table(name).records
            start = int(after)
            found = records[start : start + params.get("Limit", 1000)]
            return {"Records": found, "NextShardIterator": f"{name}|{start + len(found)}"}
        name = params["StreamArn"].split("/")[1]
        if operation == "DescribeStream":
            shards = [{"ShardId": "shardId-00000000000000000000-00000000"}]
            return {
                "StreamDescription": {
                    "StreamArn": params["StreamArn"],
                    "StreamViewType": "NEW_AND_OLD_IMAGES",
                    "StreamStatus": "ENABLED",
                    "TableName": name,
                    "Shards": shards,
                }
            }
        if operation == "GetShardIterator":
            if params["ShardIteratorType"] != "AFTER_SEQUENCE_NUMBER":
                return {"ShardIterator": f"{name}|0"}
            records = self.store.table(name).records
            numbers = [one["dynamodb"]["SequenceNumber"] for one in records]
            return {"ShardIterator": f"{name}|{numbers.index(params['SequenceNumber']) + 1}"}
        raise Refused("UnknownOperationException", f"{operation} is not known here")


def _bytes_in(value: Any) -> Any:
    """JSON as the wire has it → as the client has it: Base64 becomes bytes."""
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get("B"), str):
            return {"B": base64.b64decode(value["B"])}
        return {name: _bytes_in(child) for name, child in value.items()}
    return [_bytes_in(child) for child in value] if isinstance(value, list) else value


def _bytes_out(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bytes_out(child) for name, child in value.items()}
    if isinstance(value, list):
        return [_bytes_out(child) for child in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
