"""A house on an emulated account, with a clock and carriers that a test can set: everything else in it is real."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from recobro.adapters.switches import SwitchBoard
from recobro.bootstrap import Surroundings
from recobro.domain import facts as f
from recobro.domain.contact_point import PointKind
from recobro.domain.debtor import Debtor
from recobro.domain.playbook import Playbook
from recobro.errors import Unavailable
from recobro.house import House
from recobro.ports import Http, HttpReply, Loaded, Outgoing, Sent
from recobro.settings import Settings
from tests.emulated import aws, make_table
from tests.sample import MONDAY_NOON_MX, playbook


@dataclass
class Clock:
    now: datetime = MONDAY_NOON_MX

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class PretendCarrier:
    """Keeps what it was asked to send and answers as it was told to. before: runs when the call arrives."""

    answer: Sent = field(default_factory=lambda: Sent("accepted", provider_id="m-1", cost=5_000))
    before: Callable[[], None] = lambda: None
    asked: list[Outgoing] = field(default_factory=list)

    def send(self, message: Outgoing) -> Sent:
        self.before()
        self.asked.append(message)
        return self.answer


class FullBoard(SwitchBoard):
    """Where nothing can be written just now."""

    def off(self, scope: str, who: str, why: str, now: datetime) -> None:
        raise Unavailable("ThrottlingException")


def unplugged(method: str, url: str, headers: Any, body: bytes = b"", *, idempotency: str = "") -> HttpReply:
    """Nobody answers."""
    raise Unavailable("no API in this test")


@contextmanager
def house(
    clock: Clock,
    *,
    book: Playbook | None = None,
    backend: str = "ministack",
    seed: int = 7,
    http: Http = unplugged,
    gateways: Mapping[str, Any] | None = None,
) -> Iterator[House]:
    """An empty house with its table, bucket, secret and queues. http: who plays the gateways' APIs; gateways: their keys."""
    with aws(backend, seed) as client:
        make_table(client("dynamodb"))
        client("s3").create_bucket(Bucket="files")
        secret = client("secretsmanager").create_secret(
            Name="recobro",
            SecretString=json.dumps(
                {"root": "test root", "gateways": {"standard/main": [WEBHOOK_SECRET], **(gateways or {})}}
            ),
        )
        partitions = client("sqs").create_queue(QueueName="partitions")["QueueUrl"]
        settings = Settings(
            "ledger", "files", secret["ARN"], Path("none"), "https://pagos.example.com", partitions
        )
        around = Surroundings(client, clock, random.Random(seed), http=lambda: http, outward=lambda: http)
        yield House(settings, around, book or playbook())


def overtaken(home: House, pk: str, meanwhile: Callable[[], object], *, after: bool = False) -> House:
    """The same house in another process, where something happens right before or after its first call about a `pk`."""
    left = [meanwhile]

    class Overtaken:
        def __init__(self, client: Any) -> None:
            self._client = client

        def __getattr__(self, operation: str) -> Any:
            def call(**params: Any) -> Any:
                is_it = left and (params.get("Key") or params.get("Item") or {}).get("pk", {}).get(
                    "S", ""
                ).startswith(pk)
                if is_it and not after:
                    left.pop()()
                answer = getattr(self._client, operation)(**params)
                if is_it and after:
                    left.pop()()
                return answer

            return call

    def client(service: str, **config: Any) -> Any:
        real = home.client(service, **config)
        return Overtaken(real) if service == "dynamodb" else real

    return House(home.settings, Surroundings(client, home.now, random.Random(8)), home.playbook)


WEBHOOK_SECRET = "whsec_c2FtcGxlIHNlY3JldCBmb3IgdGVzdHMgb25seQ=="


def settle_in(home: House, person: Debtor) -> Loaded:
    """Save a sample person as the facts of an import would have."""
    opening: list[f.Fact] = [f.DebtorOpened(person.profile, "digest")]
    opening += [f.DebtRecorded(one) for one in person.debts]
    opening += [f.PointRecorded(one) for one in person.points]
    opening += [f.FeedRead(creditor, day, "file") for creditor, day in person.feeds.items()]
    numbers = {PointKind.PHONE: "+525550100001"}
    addresses = {one.id: numbers.get(one.kind, "aminta@example.com") for one in person.points}
    named = replace(person, personal=replace(person.personal, points=addresses))
    for one in person.points:
        home.lookups.add(one.id, person.id)
    return home.ledger.save(Loaded(Debtor(person.id)), opening, home.now(), debtor=named)


def standing(home: House, debtor_id: str) -> Debtor:
    loaded = home.ledger.load(debtor_id)
    assert loaded is not None
    return loaded.debtor


def attempts(home: House, debtor_id: str) -> list[Any]:
    return [(one.channel.value, one.status.value) for one in standing(home, debtor_id).attempts]


def let_in(home: House, name: str, key: str) -> None:
    """A program of the creditor's may ask the API with that key, as `recobro api key` would have it."""
    client, arn = home.client("secretsmanager"), home.settings.secret
    values = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    known = {**values.get("api", {}), name: hashlib.sha256(key.encode()).hexdigest()}
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(values | {"api": known}))
