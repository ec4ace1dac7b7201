"""AWS as the simulation has it: the store's tables, files, a secret and queues, behind the very calls that boto3 clients offer.

Every call has an instant at which it takes effect and a later one at which its answer arrives; between them everybody else
goes on, and at each of the two something may go wrong.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from infra.local.backends.dynamodb.store import Refused, Store
from infra.local.outside import BrokenDown, FunctionDied, NotReached, Refusal, Silence
from infra.simulation import faults as f
from infra.simulation.checkers.workers import HARMLESS
from infra.simulation.log import Violation
from infra.simulation.queues import Queue
from infra.simulation.roles import roles
from infra.simulation.world import AFTER_A_LOST_ANSWER

if TYPE_CHECKING:
    from infra.simulation.runtime import Sandbox
    from infra.simulation.system import System

CARRIERS = {
    "SendTextMessage": "sms",
    "SendVoiceMessage": "voice",
    "SendEmail": "email",
    "SendWhatsAppMessage": "whatsapp",
    "SendMessages": "push",
    "Publish": "sms",
}
LEAVES_TIME = frozenset({"timeout_before", "timeout_after", "repeated", "delay"})
"""Faults of a save during which others go on."""
HALF_DONE = frozenset({"receive_payment", "receive_message"})
"""What tells several records of the same thing, and may die between two of them."""
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"})
URL = "https://simulated.example"
TABLE, BUCKET, SECRET = "ledger", "files", "arn:secret"


SDK_TRIES = 5
"""Times that botocore asks where nobody says otherwise (its "legacy" retries).

https://docs.aws.amazon.com/boto3/latest/guide/retries.html
"""


class Client:
    """What `Surroundings.client` gives to our code: boto3's methods by name.

    config: botocore's; of it the retries count at a carrier's counter, where the SDK's own would send again what was taken. Of
    the tables' calls they are a fault of its own ("repeated").
    """

    def __init__(self, sandbox: "Sandbox", service: str, config: Mapping[str, Any]) -> None:
        self._sandbox = sandbox
        self._service = service
        self._tries = int(config.get("retries", {}).get("total_max_attempts", SDK_TRIES))

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):
            raise AttributeError(method)
        operation = operation_of(method)

        def call(**params: Any) -> Any:
            cloud = self._sandbox.system.cloud
            for left in reversed(range(self._tries if goes_to_a_carrier(operation, params) else 1)):
                try:
                    return cloud.call(self._sandbox, self._service, operation, params)
                except (ClientError, EndpointConnectionError, ReadTimeoutError) as error:
                    if not left or not _is_tried_again(error):
                        raise
            raise AssertionError(operation)

        self.__dict__[method] = call
        return call

    def close(self) -> None:
        """Connections are not what is simulated."""


_NAMES = {"send_whatsapp_message": "SendWhatsAppMessage"}


def operation_of(method: str) -> str:
    """boto3's name of a method → the API's name of the operation."""
    return _NAMES.get(method) or "".join(word.capitalize() for word in method.split("_"))


def goes_to_a_carrier(operation: str, params: Mapping[str, Any]) -> bool:
    return (operation in CARRIERS and operation != "Publish") or "PhoneNumber" in params


def _is_tried_again(error: Exception) -> bool:
    """By botocore: lost connections, faults of the service, and its throttling."""
    if not isinstance(error, ClientError):
        return True
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or status == 429


class Cloud:
    """Everything that AWS keeps for us."""

    def __init__(self, system: "System", secret: Mapping[str, Any]) -> None:
        self._system = system
        self.store = Store(lambda: system.kernel.time, streams=False)
        self.files: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.queues: dict[str, Queue] = {}
        self._secret = json.dumps(secret)
        self.roles = roles("demo", TABLE, BUCKET, SECRET)
        self._indexes_then: dict[str, dict[str, Any]] = {}
        self._before: dict[tuple[Any, Any], tuple[float, Any]] = {}

    def call(self, sandbox: "Sandbox", service: str, operation: str, params: Mapping[str, Any]) -> Any:
        """One call from its first byte to its last. What has died calls nobody, whatever its `finally` would."""
        if sandbox.is_dead:
            raise FunctionDied(operation)
        try:
            return self._call(sandbox, service, operation, params)
        except FunctionDied:
            sandbox.is_dead = True
            raise

    def _call(self, sandbox: "Sandbox", service: str, operation: str, params: Mapping[str, Any]) -> Any:
        kernel, faults = self._system.kernel, self._system.faults
        site = f"{sandbox.function} {site_of(operation, params)}"
        kind = faults.at_call(site, possible(operation, params), kernel.time) or self._half_done(
            sandbox, site, operation, params
        )
        self._system.log.called(kernel.time, sandbox.name, site, kind)
        if kind:
            self._system.checkers.workers.troubled(sandbox.name, kernel.time, kind)
        self._permit(sandbox, service, operation, params)
        if goes_to_a_carrier(operation, params):
            return self._carry(sandbox, operation, params, kind)
        if kind == "crash_before":
            raise FunctionDied(site)
        self._in_the_way(operation, params, kind)
        if kind == "timeout_before":
            kernel.pause(1.0)
            raise ConnectTimeoutError(endpoint_url=URL)
        # A save gives up after two seconds (LEDGER_CONFIG); a read may be answered late and still be believed.
        slow = (0.5, 2) if operation in WRITES else (0.5, 20)
        kernel.pause(faults.chance.uniform(*slow) if kind == "delay" else kernel.chance.uniform(0.001, 0.03))
        if kind == "throttle":
            raise client_error(operation, _THROTTLES.get(service, "ThrottlingException"), "Rate exceeded")
        answer = self._effect(sandbox, operation, params, kind)
        kernel.pause(
            faults.chance.uniform(61, 400) if kind == "frozen" else kernel.chance.uniform(0.001, 0.03)
        )
        if kind == "crash_after":
            raise FunctionDied(site)
        if kind == "timeout_after":
            kernel.pause(1.0)
            raise ReadTimeoutError(endpoint_url=URL)
        if kind == "repeated":
            kernel.pause(faults.chance.uniform(0.05, 1.5))
            answer = self._effect(sandbox, operation, params, "")
        self._goes_on(sandbox, kind)
        if isinstance(answer, Refused):
            raise client_error(operation, answer.code, answer.message, **answer.members)
        return answer

    def _half_done(self, sandbox: "Sandbox", site: str, operation: str, params: Mapping[str, Any]) -> str:
        """What lies half done; of a payment for a debt that nobody has yet, its note for whoever brings it is lost."""
        if operation != "PutItem" or sandbox.function not in HALF_DONE:
            return ""
        key, now = params["Item"], self._system.kernel.time
        if key["sk"]["S"] == "STATE":
            return self._system.faults.at_second_save(site, str(sandbox.event), key["pk"]["S"], now)
        is_note = site == "receive_payment PutItem LOOKUP"
        return self._system.faults.at_second_save(site, str(sandbox.event), "", now) if is_note else ""

    def _in_the_way(self, operation: str, params: Mapping[str, Any], kind: str) -> None:
        """While a record is being saved, or nobody knows whether it was, its person does something."""
        if operation == "PutItem" and kind in LEAVES_TIME and params["Item"]["sk"]["S"] == "STATE":
            debtor_id = params["Item"]["pk"]["S"].removeprefix("DEBTOR#")
            self._system.world.saved(debtor_id, AFTER_A_LOST_ANSWER)

    def _permit(self, sandbox: "Sandbox", service: str, operation: str, params: Mapping[str, Any]) -> None:
        """A person at a keyboard has rights of their own; a function has its role, here as in AWS."""
        if sandbox.function == "operator":
            return
        try:
            self.roles.check(sandbox.function, service, operation, params)
        except ClientError as denied:
            told = str(denied.response["Error"].get("Message"))
            self._system.log.broke(Violation("role", self._system.kernel.time, "", told))
            raise

    def _goes_on(self, sandbox: "Sandbox", kind: str) -> None:
        if kind in HARMLESS:
            self._system.checkers.workers.goes_on(sandbox.name, self._system.kernel.time)

    def _effect(self, sandbox: "Sandbox", operation: str, params: Mapping[str, Any], kind: str) -> Any:
        """What the call does; a refusal is an answer too, and may be lost like any other."""
        self._system.checkers.workers.works(sandbox.name, sandbox.event)
        own = getattr(self, f"_{operation}", None)
        try:
            if own is not None:
                return own(params, kind)
            answer = self._dynamodb(operation, params, kind)
        except Refused as refused:
            answer = refused
        key = params.get("Key") or params.get("Item")
        if (
            isinstance(key, Mapping)
            and key["sk"]["S"] == "STATE"
            and (operation == "GetItem" or isinstance(answer, Refused))
        ):
            debtor_id = key["pk"]["S"].removeprefix("DEBTOR#")
            self._system.checkers.contacts.read(debtor_id, self._system.kernel.time)
        return answer

    def _dynamodb(self, operation: str, params: Mapping[str, Any], kind: str) -> Any:
        if operation == "Query" and "IndexName" in params:
            return self._index(params, kind)
        if operation == "GetItem" and not params.get("ConsistentRead"):
            return self._maybe_old(params)
        if operation == "Query" and not params.get("ConsistentRead"):
            return self._maybe_old_items(params)
        if kind == "partial_batch" and operation in {"BatchGetItem", "BatchWriteItem"}:
            return self._half(operation, params)
        return self.store.call(operation, params)

    def _half(self, operation: str, params: Mapping[str, Any]) -> Any:
        """Only the first half is done; the rest is handed back, as under load."""
        ((table, wanted),) = params["RequestItems"].items()
        entries = wanted["Keys"] if operation == "BatchGetItem" else wanted
        done, left = entries[: len(entries) // 2], entries[len(entries) // 2 :]

        def asked(some: Any) -> dict[str, Any]:
            return {table: {**wanted, "Keys": some} if operation == "BatchGetItem" else some}

        answer = self.store.call(operation, {"RequestItems": asked(done)}) if done else {"Responses": {}}
        return answer | {
            "UnprocessedKeys" if operation == "BatchGetItem" else "UnprocessedItems": asked(left)
        }

    def _index(self, params: Mapping[str, Any], kind: str) -> Any:
        """An index may answer as it stood a while ago."""
        shard = params["ExpressionAttributeValues"][":shard"]["S"]
        answer: dict[str, Any] = self.store.call("Query", params)
        end = params["ExpressionAttributeValues"].get(":end", {"S": ""})["S"]
        key = f"{shard}/{'~' if end == '~' else bool(end)}"
        before = self._indexes_then.get(key, answer)
        self._indexes_then[key] = answer
        return before if kind == "stale_read" else answer

    def _maybe_old(self, params: Mapping[str, Any]) -> Any:
        """A read that does not ask for consistency gets what was there before a write of the last seconds."""
        table = self.store.table(TABLE)
        written, old = self._before.get(table.place(params["Key"]), (0.0, None))
        if self._system.kernel.time - written < 30 and self._system.faults.chance.random() < 0.5:
            return {"Item": old} if old is not None else {}
        return self.store.call("GetItem", params)

    def _maybe_old_items(self, params: Mapping[str, Any]) -> Any:
        """The same of several items."""
        answer: dict[str, Any] = self.store.call("Query", params)
        found = []
        for item in answer["Items"]:
            written, old = self._before.get((item["pk"]["S"], item["sk"]["S"]), (0.0, None))
            is_old = self._system.kernel.time - written < 30 and self._system.faults.chance.random() < 0.5
            found += [old] * (old is not None) if is_old else [item]
        return answer | {"Items": found}

    def wrote(self, before: Any, after: Any) -> None:
        """Remember what stood there, for reads that may be old."""
        one = after or before
        self._before[one["pk"]["S"], one["sk"]["S"]] = (self._system.kernel.time, before)

    def _PutObject(self, params: Mapping[str, Any], kind: str) -> Any:  # noqa: N802 - the API's own names
        body = params["Body"]
        content = body if isinstance(body, bytes) else body.read()
        self.files[params["Key"]] = (content, dict(params.get("Metadata", {})))
        return {"ETag": '"0"'}

    def _HeadObject(self, params: Mapping[str, Any], kind: str) -> Any:  # noqa: N802
        content, declared = self._file(params["Key"])
        return {"ContentLength": len(content), "ETag": f'"{hash_of(content)}"', "Metadata": declared}

    def _GetObject(self, params: Mapping[str, Any], kind: str) -> Any:  # noqa: N802
        return {"Body": io.BytesIO(self._file(params["Key"])[0])}

    def _file(self, key: str) -> tuple[bytes, dict[str, str]]:
        if key not in self.files:
            raise Refused("NoSuchKey", key)
        return self.files[key]

    def _GetSecretValue(self, params: Mapping[str, Any], kind: str) -> Any:  # noqa: N802
        return {"SecretString": self._secret}

    def _SendMessageBatch(self, params: Mapping[str, Any], kind: str) -> Any:  # noqa: N802
        entries = list(params["Entries"])
        taken = entries[: len(entries) // 2] if kind == "partial_batch" else entries
        queue = self.queues[params["QueueUrl"]]
        for entry in taken:
            queue.send(entry["MessageBody"], entry.get("DelaySeconds", 0))
        failed = [{"Id": one["Id"], "Code": "InternalError"} for one in entries[len(taken) :]]
        return {"Successful": [{"Id": one["Id"]} for one in taken], "Failed": failed}

    def _SendMessage(self, params: Mapping[str, Any], kind: str) -> Any:  # noqa: N802 - as its neighbours
        self.queues[params["QueueUrl"]].send(params["MessageBody"], params.get("DelaySeconds", 0))
        return {"MessageId": "simulated"}

    def _carry(self, sandbox: "Sandbox", operation: str, params: Mapping[str, Any], kind: str) -> Any:
        """A carrier's counter: the message is taken, or not, in the middle of the call."""
        system, kernel = self._system, self._system.kernel
        if kind == "crash_before":
            raise FunctionDied(operation)
        system.checkers.workers.works(sandbox.name, sandbox.event)
        calling = system.carriers.calling(operation, params, sandbox.now())
        if kind == "unreached":
            system.carriers.ended(calling, "unreached")
            raise EndpointConnectionError(endpoint_url=URL)
        kernel.pause(
            system.faults.chance.uniform(1, 7) if kind == "delay" else kernel.chance.uniform(0.02, 0.4)
        )
        try:
            answer = system.carriers.answer(calling, kind)
        except Refusal as refusal:
            raise client_error(
                operation, refusal.code, refusal.message, status=refusal.status or 400, **refusal.members
            ) from None
        except BrokenDown as fault:
            raise client_error(operation, "InternalServerException", "", status=fault.status) from None
        except NotReached:
            raise EndpointConnectionError(endpoint_url=URL) from None
        except Silence:
            kernel.pause(8.0)
            raise ReadTimeoutError(endpoint_url=URL) from None
        kernel.pause(kernel.chance.uniform(0.005, 0.1))
        self._goes_on(sandbox, kind)
        if kind == "crash_after":
            raise FunctionDied(operation)
        return answer


_THROTTLES = {"dynamodb": "ProvisionedThroughputExceededException"}


def client_error(
    operation: str, code: str, message: str, *, status: int = 400, **members: Any
) -> ClientError:
    told: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RetryAttempts": 0},
        **members,
    }
    return ClientError(told, operation)


def hash_of(content: bytes) -> str:
    from hashlib import md5

    return md5(content, usedforsecurity=False).hexdigest()


def possible(operation: str, params: Mapping[str, Any]) -> tuple[str, ...]:
    """Which faults a call can meet."""
    if goes_to_a_carrier(operation, params):
        return f.CARRIER
    if operation in {"BatchGetItem", "BatchWriteItem", "SendMessageBatch"}:
        return f.BATCH
    if operation in WRITES:
        return f.WRITE
    return f.STALE if "IndexName" in params else f.AWS


_KIND = re.compile(r"^[A-Z]+")


def site_of(operation: str, params: Mapping[str, Any]) -> str:
    """The call by operation and kind of item: "PutItem STATE", "Query due"."""
    if "IndexName" in params:
        return f"{operation} {params['IndexName']}"
    key = params.get("Key") or params.get("Item")
    if isinstance(key, Mapping):
        pk, sk = key["pk"]["S"], key["sk"]["S"]
        return f"{operation} {kind_of(sk if pk.startswith('DEBTOR#') else pk)}"
    if isinstance(key, str):
        return f"{operation} {key.split('/')[0]}"
    values = params.get("ExpressionAttributeValues")
    if values:
        pk = values[":pk"]["S"]
        return f"{operation} {'FACT' if pk.startswith('DEBTOR#') else kind_of(pk)}"
    return operation


def kind_of(name: str) -> str:
    found = _KIND.match(name)
    return found[0] if found else name
