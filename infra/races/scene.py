"""The house in which they race: one deployment after its first import, the records of those who owe, and the handlers as deployed."""

import base64
import hashlib
import hmac
import json
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from infra.local.backends.dynamodb.store import Store
from infra.races.running import Body, Run
from infra.simulation import scenario
from infra.simulation.checkers.written import opened
from infra.simulation.cloud import TABLE, operation_of
from infra.simulation.runtime import Context, code_of
from infra.simulation.system import SECRETS, System, own_environment
from infra.simulation.webhooks import SECRET as SIGNED_WITH
from recobro.bootstrap import Surroundings, use
from recobro.domain.playbook import Playbook
from recobro.entry import logger
from recobro.house import House
from recobro.settings import Settings

SEED = 3
IMPORTED, RACED = 6.9, 9.5
"""Hours of the month's first morning: the creditors' files are in; those who owe are due a text message."""

OF_DEBT = "LOOKUP#r"
"""Who owes a debt, by its keyed hash, of which our own references hold the first twelve digits."""

INTENT = "standard#pi_raced"
DEBTS = {"one": "fabula/FA-00013-1", "two": "fabula/FA-00012-2"}
"""Who pays: somebody with another debt beside it; or one of two people who answer for the same debt."""


@dataclass(frozen=True)
class Scene:
    """debt: the one that is paid, whole; people: the ids of those who answer for it; texted: to whom each message goes.

    payer, worker: the handler at work on its event, the n-th of its kind.
    """

    store: Store
    began: float
    debt: str
    people: tuple[str, ...]
    texted: tuple[str, ...]
    payer: Callable[[int], Body]
    worker: Callable[[int, str], Body]


@contextmanager
def scene(name: str) -> Iterator[Scene]:
    """ "one": two messages for one person, who pays meanwhile. "two": a message each for a debtor and the guarantor."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    try:
        with own_environment():
            yield _scene(name)
    finally:
        logger.setLevel(level)


def _scene(name: str) -> Scene:
    system = System(SEED, 30, (), scenario.book())
    system.kernel.run_until(scenario.at(0, IMPORTED))
    store, key, began = system.cloud.store, DEBTS[name], scenario.at(0, RACED)
    store.table(TABLE).on_write = None  # the month ends here
    people, amount = _who_owes(store, key)
    secret = json.dumps(SECRETS)
    reference = f"{people[0]}:{key}" if name == "one" else key
    webhook = _webhook(reference, amount, began)
    ours = (system.settings, system.playbook, secret)
    return Scene(
        store,
        began,
        key,
        people,
        people if len(people) > 1 else people * 2,
        lambda number: _body("receive_payment", f"payer {number}", webhook, *ours),
        lambda number, debtor: _body(
            "send_sms", f"worker {number}", _message(debtor, people, store, began), *ours
        ),
    )


def _who_owes(store: Store, key: str) -> tuple[tuple[str, ...], int]:
    """Their ids, and what is owed, minor units."""
    found: dict[str, int] = {}
    for partition in store.table(TABLE).items.values():
        for debt in opened(partition["STATE"])["debtor"]["debts"] if "STATE" in partition else ():
            if f"{debt['creditor']}/{debt['ref']}" == key:
                found[partition["STATE"]["pk"]["S"].removeprefix("DEBTOR#")] = sum(debt["amounts"].values())
    return tuple(sorted(found)), next(iter(found.values()))


def _webhook(reference: str, amount: int, now: float) -> dict[str, Any]:
    """Signed by Standard Webhooks, as its own gateway would."""
    data = {"id": INTENT.partition("#")[2], "reference": reference, "amount": amount, "currency": "MXN"}
    body = json.dumps({"type": "payment.succeeded", "data": data}, sort_keys=True)
    signed = hmac.new(SIGNED_WITH, f"msg_raced.{int(now)}.{body}".encode(), hashlib.sha256)
    headers = {
        "webhook-id": "msg_raced",
        "webhook-timestamp": str(int(now)),
        "webhook-signature": f"v1,{base64.b64encode(signed.digest()).decode()}",
    }
    return {
        "routeKey": "POST /hooks/{gateway}/{endpoint}",
        "requestContext": {"http": {"method": "POST"}},
        "pathParameters": {"gateway": "standard", "endpoint": "main"},
        "headers": headers,
        "body": body,
        "isBase64Encoded": False,
    }


def _message(debtor: str, people: Sequence[str], store: Store, now: float) -> dict[str, Any]:
    """As a sweep hands it out: by which number, and who else owes the debts that it may be about."""
    items = store.table(TABLE).items
    who = f"DEBTOR#{debtor}"
    owed = (
        name.removeprefix(OF_DEBT)[:12] for name in items if name.startswith(OF_DEBT) and who in items[name]
    )
    points = opened(items[who]["STATE"])["debtor"]["points"]
    hint = {
        "debtor": debtor,
        "valid_until": (datetime.fromtimestamp(now, UTC) + timedelta(minutes=15)).isoformat(),
        "point": next(one["id"] for one in points if one["kind"] == "phone"),
        "others": " ".join(one for one in people if one != debtor),
        "debts": " ".join(owed),
    }
    body = json.dumps(hint)
    return {"Records": [{"messageId": "raced", "body": body, "attributes": {}}]}


def _body(
    function: str, name: str, event: Mapping[str, Any], settings: Settings, playbook: Playbook, secret: str
) -> Body:
    """A cold start of the function's own handler, then this one event."""

    def body(run: Run) -> Any:
        def now() -> datetime:
            return datetime.fromtimestamp(run.clock, UTC)

        def client(service: str, **_: Any) -> Any:
            return Client(run, secret)

        around = Surroundings(client, now, Random(name))
        use(around)
        module = types.ModuleType(f"raced_{function}")
        exec(code_of(function), module.__dict__)  # noqa: S102 - as Lambda loads it
        vars(module)["house"] = House(settings, around, playbook)
        return vars(module)["handler"](event, Context(function, now() + timedelta(minutes=10), now))

    return body


class Client:
    """boto3's methods by name. The key is no part of the race: whoever asks for it has it at once."""

    def __init__(self, run: Run, secret: str) -> None:
        self._run = run
        self._secret = secret

    def get_secret_value(self, **_: Any) -> Any:
        return {"SecretString": self._secret}

    def close(self) -> None:
        """Connections are not what is raced."""

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):
            raise AttributeError(method)
        operation = operation_of(method)
        return lambda **params: self._run.ask(operation, params)
