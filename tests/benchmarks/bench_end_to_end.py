"""A thousand contacts through the whole house, beside the very AWS requests they made, replayed bare on the same backend."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.calls import Answer, Call
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
    """seconds of the real run, of the bare replay, and their ratio."""
    calls: list[Call] = []
    with _imported(contacts) as (system, world):

        def record(call: Call, _: Answer) -> None:
            # A stream's position belongs to its own run: reading it stays in our time and out of the bare one.
            if call.service != "dynamodb-streams":
                calls.append(call)

        system.listen(record)
        began = time.perf_counter()
        system.run_until(NIGHT + timedelta(hours=10))
        spent = time.perf_counter() - began
        made = world.sent
    if made < contacts:
        raise AssertionError(f"only {made} of {contacts} were contacted")
    with _imported(contacts) as (system, world):
        clients = {
            service: system.client(NAMES.get(service, service))
            for service in {call.service for call in calls}
        }
        began = time.perf_counter()
        for call in calls:
            clients[call.service]._make_api_call(call.operation, dict(call.params))
        bare = time.perf_counter() - began
    return {
        "contacts": made,
        "requests": len(calls),
        "seconds": round(spent, 1),
        "bare_replay_seconds": round(bare, 1),
        "ratio": round(spent / bare, 2),
    }


@contextmanager
def _imported(contacts: int) -> Iterator[tuple[LocalSystem, Accepting]]:
    world = Accepting()
    with LocalSystem.boot(synthesise("demo"), start=NIGHT, world=world, seed=7) as system:
        system.put_object("", "inbox/portfolio.csv", "\n".join((HEAD, *_rows(contacts))).encode())
        system.run_until(NIGHT + timedelta(hours=4))
        yield system, world


def _rows(count: int) -> Iterator[str]:
    for number in range(count):
        yield (
            f"fabula,C-{number},{10_000 + number},Ana Prueba,555010{number:04d},p{number}@example.com,"
            f"{1500 + number}.50,MXN,04/03/2026,MX,acreedor"
        )


if __name__ == "__main__":
    print(run())
