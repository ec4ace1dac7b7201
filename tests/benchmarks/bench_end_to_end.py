"""A thousand contacts through the whole house, beside the very AWS requests they made, replayed bare on the same backend."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.calls import Call
from infra.local.system import LocalSystem
from infra.synth import synthesise

CONTACTS = 1_000
NIGHT = datetime(2026, 3, 9, 8, tzinfo=UTC)
"""02:00 on a Monday in Mexico City: a file may come in, nobody may be contacted."""
NAMES = {"secrets-manager": "secretsmanager", "dynamodb-streams": "dynamodbstreams"}
"""Where boto3 calls a service otherwise than botocore's own hyphenated id."""
HEAD = (
    "acreedor,contrato,numero_cliente,nombre,telefono,correo,saldo,moneda,fecha_vencimiento,pais,procedencia"
)


class Accepting:
    """Carriers that take everything and say no more."""

    def __init__(self) -> None:
        self.sent = 0

    def answer(self, service: str, operation: str, params: Any) -> dict[str, str]:
        self.sent += 1
        name = "messageId" if service == "socialmessaging" else "MessageId"
        return {name: f"m-{self.sent}"}


def run(contacts: int = CONTACTS) -> dict[str, Any]:
    """CPU seconds of the real run and of its requests replayed bare, by boto3 as it comes and by our own unsigned client."""
    calls: list[Call] = []
    with _imported(contacts) as (system, world):
        system.listen(lambda call, _: calls.append(call))
        began = time.process_time()
        system.run_until(NIGHT + timedelta(hours=10))
        spent = time.process_time() - began
        made = world.sent
    if made < contacts:
        raise AssertionError(f"only {made} of {contacts} were contacted")
    plain = _replayed(contacts, calls, lambda system: system.ordinary_session().client)
    ours = _replayed(contacts, calls, lambda system: system.client)
    return {
        "contacts": made,
        "requests": len(calls),
        "cpu_seconds": round(spent, 1),
        "bare_boto3_seconds": round(plain, 1),
        "bare_unsigned_seconds": round(ours, 1),
        "ratio": round(spent / plain, 2),
        "ratio_to_unsigned": round(spent / ours, 2),
    }


def _replayed(
    contacts: int, calls: list[Call], client_of: Callable[[LocalSystem], Callable[[str], Any]]
) -> float:
    """The same requests in the same order on an equal system. A stream is read by its own iterators, page for page."""
    with _imported(contacts) as (system, _):
        client = client_of(system)
        clients = {call.service: client(NAMES.get(call.service, call.service)) for call in calls}
        iterator = _newest(clients["dynamodb-streams"])
        began = time.process_time()
        for call in calls:
            params = dict(call.params)
            if call.operation == "GetRecords":
                params["ShardIterator"] = iterator
            elif call.service == "dynamodb-streams":
                continue
            answer = clients[call.service]._make_api_call(call.operation, params)
            iterator = answer.get("NextShardIterator", iterator)
        return time.process_time() - began


def _newest(streams: Any) -> str:
    """Where the stream of the one table ends now."""
    arn = streams.list_streams()["Streams"][0]["StreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    found = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")
    return str(found["ShardIterator"])


@contextmanager
def _imported(contacts: int) -> Iterator[tuple[LocalSystem, Accepting]]:
    world = Accepting()
    with LocalSystem.boot(synthesise("demo"), start=NIGHT, world=world, seed=7) as system:
        system.put_object("", "inbox/portfolio.csv", "\n".join((HEAD, *_rows(contacts))).encode())
        # By then the first sweeps have seen the strategy that everybody was planned with.
        system.run_until(NIGHT + timedelta(hours=5, minutes=5))
        yield system, world


def _rows(count: int) -> Iterator[str]:
    for number in range(count):
        yield (
            f"fabula,C-{number},{10_000 + number},Ana Prueba,555010{number:04d},p{number}@example.com,"
            f"{1500 + number}.50,MXN,04/03/2026,MX,acreedor"
        )


if __name__ == "__main__":
    print(run())
