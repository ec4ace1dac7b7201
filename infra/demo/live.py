"""The world's and the agents' way into the running template: its topics, address and bucket; and the operators' own clients."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.demo.reach import Page
from infra.demo.world import World
from infra.local.meter import Meter
from infra.local.surroundings import surroundings
from infra.local.system import LocalSystem
from infra.pricing.metered import Metered, metered
from infra.synth import synthesise
from recobro.domain.rendering import PAY_LINK
from recobro.entry import logger
from recobro.house import House
from recobro.ports import Loaded
from recobro.settings import Settings
from recobro.usecases.rehearse import everyone

SPEAKS = {
    "email-events": "ses.amazonaws.com",
    "sms-events": "sms-voice.amazonaws.com",
    "sms-inbound": "sms-voice.amazonaws.com",
    "whatsapp-events": "social-messaging.amazonaws.com",
}
"""Topic → the AWS service that publishes there, as the topics' own policies have it."""


class LiveHouse:
    """The demo client's deployment on this machine; a `Reach` for the world, a `House` for its operators."""

    def __init__(self, system: LocalSystem, house: House) -> None:
        self._system = system
        self._house = house
        self._level = logger.log_level
        # What functions log of single messages would cost a tenth of the run and be read by nobody; errors stay.
        logger.setLevel("ERROR")

    @classmethod
    def boot(cls, world: World, start: datetime, seed: int, backend: str, client: str = "demo") -> Self:
        """Synthesise (looked up when nothing changed), boot, and set the gateways' keys as an operator would."""
        assembly = synthesise(client)
        system = LocalSystem.boot(assembly, start=start, backend=backend, world=world, seed=seed)
        try:
            set_gateway_keys(system, world.gateways.keys())
            return cls(system, operators_of(system, assembly))
        except BaseException:
            system.close()
            raise

    def now(self) -> datetime:
        return self._system.now

    def at(self, instant: datetime, action: Callable[[], None]) -> None:
        self._system.at(instant, action)

    def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        self._system.publish(topic, message, sender=SPEAKS[topic])

    def http(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        answer = self._system.http(method, path, headers, body)
        return answer.status, answer.body.decode(errors="replace")

    def page(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        answer = self._system.http(method, path, headers, body)
        shown = answer.body.decode(errors="replace")
        return Page(answer.status, shown, answer.headers.get("location", ""), answer.cookies)

    def drop(self, key: str, body: bytes, declared: Mapping[str, str]) -> None:
        bucket = self._house.settings.bucket
        self._system.client("s3").put_object(Bucket=bucket, Key=key, Body=body, Metadata=dict(declared))

    def run_until(self, instant: datetime) -> None:
        self._system.run_until(instant)

    def operators(self) -> House:
        """The house as a person at a keyboard has it."""
        return self._house

    def listing(self) -> Iterable[Loaded]:
        """Everybody, as `recobro tasks list` reads them."""
        return everyone(self._house)

    def table(self) -> tuple[Any, str]:
        """A client and the table's name, for reading it whole."""
        return self._system.client("dynamodb"), self._house.settings.table

    @property
    def meter(self) -> Meter:
        return self._system.meter

    def metered(self) -> Metered:
        """What AWS would have counted."""
        return metered(self._system)

    def failures(self) -> dict[str, int]:
        """Function and error type → how many invocations failed; dead letters and denials beside them."""
        found = Counter(f"{one.function}: {one.type}: {one.message[:160]}" for one in self._system.failures)
        found.update(
            {f"dead letters in {name}": many for name, many in self._system.dlq_depths().items() if many}
        )
        found["denied calls"] = len(self._system.denials)
        return {name: many for name, many in sorted(found.items()) if many}

    def articles(self) -> dict[str, str]:
        """Rule → where it stands, for every rule of the client's law packs."""
        return articles_of(self._house)

    def whatsapp_templates(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Template → its words and parameters, as they were approved."""
        spoken = [
            part
            for template in self._house.playbook.templates.values()
            for part in template.parts.values()
            if part.template and template.language.startswith("es")
        ]
        plain = {part.template: (part.body, part.parameters) for part in spoken}
        leading = {
            part.pay_template: (
                f"{part.body.rstrip()}\n\n{part.pay_label}: {{{PAY_LINK}}}\n",
                (*part.parameters, PAY_LINK),
            )
            for part in spoken
            if part.pay_template
        }
        return plain | leading

    def close(self) -> None:
        """Give the process back as it was."""
        logger.setLevel(self._level)
        self._system.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


RULES = (
    "windows", "caps", "min_gaps", "channel_locks", "cooldowns", "consent", "provenance", "channel_rules", "recipients",
    "stop_events",
)  # fmt: skip


def articles_of(house: House) -> dict[str, str]:
    """Rule → its article, for every rule of the client's packs that can refuse a contact."""
    return {
        rule.id: rule.article
        for pack in house.playbook.packs.values()
        for name in RULES
        for rule in getattr(pack, name)
    }


def operators_of(system: LocalSystem, assembly: Path) -> House:
    """What the functions have, with an operator's rights, on the same clock and chance."""
    told = system.outputs
    settings = Settings(
        table=told["TableName"],
        bucket=told["BucketName"],
        secret=told["SecretArn"],
        client_dir=next(assembly.glob("asset.*/client/client.toml")).parent,
        public_url=told["PublicUrl"].rstrip("/"),
        partitions_queue="",
    )
    return House(
        settings,
        surroundings(lambda service, config: system.client(service), lambda: system.now, system.random),
    )


def set_gateway_keys(system: LocalSystem, keys: Mapping[str, Any]) -> None:
    """As an operator would, before the first webhook. keys: endpoint ("standard/main") → its secrets."""
    client, arn = system.client("secretsmanager"), system.outputs["SecretArn"]
    values = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    values["gateways"] = dict(keys)
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(values, sort_keys=True))
