"""Everything a use case may reach, put together once per process and only as far as it is used."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from recobro.adapters.asides import Asides
from recobro.adapters.budgets import Budgets
from recobro.adapters.ledger import LEDGER_CONFIG, DynamoLedger
from recobro.adapters.lookups import Lookups, Suppressions
from recobro.adapters.secret_keys import SecretKeys
from recobro.adapters.switches import SwitchBoard
from recobro.adapters.table import Table, in_our_words
from recobro.bootstrap import Surroundings, surroundings
from recobro.cold_start import loaded
from recobro.domain.client import scope_secret
from recobro.domain.debtor import Debtor
from recobro.domain.next_action import Planned, planned
from recobro.domain.playbook import Playbook
from recobro.keys import Keys
from recobro.ports import Carrier, Classifier, Endpoint, Http
from recobro.settings import Settings, queue_url, queue_urls

if TYPE_CHECKING:  # paid at the cold start of the functions that use them, and of no other
    from recobro.adapters.api_answers import ApiAnswers
    from recobro.adapters.due_index import DueIndex
    from recobro.adapters.files import Files
    from recobro.adapters.imports import Imports
    from recobro.adapters.obligors import Obligors
    from recobro.adapters.outboxes import Outboxes
    from recobro.adapters.payment_log import PaymentLog
    from recobro.adapters.people import People
    from recobro.adapters.plan_item import PlanItem
    from recobro.adapters.reputation import Reputation
    from recobro.adapters.scopes import Scopes
    from recobro.adapters.shares import Shares


class House:
    """One deployment, as its functions and its operators see it."""

    def __init__(self, settings: Settings, around: Surroundings, playbook: Playbook | None = None) -> None:
        """playbook: None: the client's own, read when it is first needed."""
        self.settings = settings
        self._playbook = playbook
        self._around = around
        self._carriers: dict[str, tuple[Carrier, Any]] = {}
        self.counts: Counter[str] = Counter()
        """What happened since it was last told (counts.py)."""

    def on_table(self, name: str) -> "House":
        """The same house over another table: one that was restored."""
        return House(replace(self.settings, table=name), self._around, self._playbook)

    def now(self) -> datetime:
        """Aware UTC."""
        return self._around.now()

    @property
    def chance(self) -> random.Random:
        return self._around.random

    def client(self, service: str, **config: Any) -> Any:
        return self._around.client(service, **config)

    @cached_property
    def playbook(self) -> Playbook:
        if self._playbook is not None:
            return self._playbook
        from recobro.playbook_file import load

        return load(self.settings.client_dir / "playbook.json")

    @cached_property
    def _dynamodb(self) -> Any:
        return self.client("dynamodb", **LEDGER_CONFIG)

    @cached_property
    def table(self) -> Table:
        return Table(self._dynamodb, self.settings.table)

    @cached_property
    def ledger(self) -> DynamoLedger:
        return DynamoLedger(
            self._dynamodb,
            self.settings.table,
            plan=self._plan,
            chance=self.chance,
            shards=self.playbook.client.schedule.shards,
        )

    def _plan(self, debtor: Debtor, now: datetime) -> Planned:
        return planned(debtor, self.playbook, now)

    @cached_property
    def due(self) -> "DueIndex":
        from recobro.adapters.due_index import DueIndex

        return DueIndex(self.table, self.playbook.client.schedule.shards)

    @cached_property
    def lookups(self) -> Lookups:
        return Lookups(self.table)

    @cached_property
    def suppressions(self) -> Suppressions:
        return Suppressions(self.table)

    @cached_property
    def asides(self) -> Asides:
        return Asides(self.table)

    @cached_property
    def switches(self) -> SwitchBoard:
        return SwitchBoard(self.table)

    @cached_property
    def reputation(self) -> "Reputation":
        from recobro.adapters.reputation import Reputation

        return Reputation(self.table)

    @cached_property
    def budgets(self) -> Budgets:
        return Budgets(self.table)

    @cached_property
    def api_answers(self) -> "ApiAnswers":
        from recobro.adapters.api_answers import ApiAnswers

        return ApiAnswers(self.table)

    @cached_property
    def scopes(self) -> "Scopes":
        from recobro.adapters.scopes import Scopes

        return Scopes(self.table)

    @cached_property
    def agency_scopes(self) -> "Scopes | None":
        """What the agency's clients share; None: the client's file names no such table, and caps hold per client."""
        from recobro.adapters.scopes import Scopes

        name = self.playbook.client.agency.scope_table
        return Scopes(Table(self._dynamodb, name)) if name else None

    @cached_property
    def agency_keys(self) -> Keys:
        """The agency's own key: the same person has the same name there, whichever client's deployment asks."""
        secret = scope_secret(self.playbook.client.agency.scope_table)
        return Keys(SecretKeys(self.client("secretsmanager"), secret).derived("scopes"), self.chance)

    @cached_property
    def payments(self) -> "PaymentLog":
        from recobro.adapters.payment_log import PaymentLog

        return PaymentLog(self._dynamodb, self.table)

    @cached_property
    def obligors(self) -> "Obligors":
        from recobro.adapters.obligors import Obligors

        return Obligors(self.table)

    def endpoint(self, gateway: str, name: str) -> Endpoint:
        """One gateway endpoint of the client's. Raises NotFound where the client has none, or no secret is set for it."""
        from recobro.adapters.gateways.endpoints import endpoint_of

        return endpoint_of(self.playbook.client, self.secrets, gateway, name, self.now())

    @cached_property
    def http(self) -> Http:
        """How gateways' APIs are reached; most functions never ask one."""
        asker: Http = self._around.http()
        return asker

    @cached_property
    def outward(self) -> Http:
        """How the client's own systems are reached."""
        teller: Http = self._around.outward()
        return teller

    @cached_property
    def people(self) -> "People":
        """Where the agency's people sign in."""
        from recobro.adapters.people import People
        from recobro.settings import SignIn

        return People(SignIn.from_environment(), self.http, self.settings.public_url)

    @cached_property
    def second_reader(self) -> "Classifier | None":
        """Who may say what a reply means that our reader is unsure of; None: a person alone."""
        model = self.playbook.client.understanding.model
        if not model:
            return None
        from recobro.adapters.bedrock_classifier import ASK_CONFIG, SERVICE, BedrockClassifier

        return BedrockClassifier(self.client(SERVICE, **ASK_CONFIG), model, self.now)

    @cached_property
    def plan_item(self) -> "PlanItem":
        from recobro.adapters.plan_item import PlanItem

        return PlanItem(self.table)

    @cached_property
    def shares(self) -> "Shares":
        from recobro.adapters.shares import Shares

        return Shares(self.table)

    @cached_property
    def imports(self) -> "Imports":
        from recobro.adapters.imports import Imports

        return Imports(self.table)

    @cached_property
    def files(self) -> "Files":
        from recobro.adapters.files import Files

        return Files(self.client("s3"), self.settings.bucket)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.secrets.derived("ids"), self.chance)

    @cached_property
    def outboxes(self) -> "Outboxes":
        from recobro.adapters.outboxes import Outboxes

        return Outboxes(self.client("sqs"), queue_urls())

    def hand(self, queue: str, message: Mapping[str, str]) -> None:
        """Put ids on one of our own queues, where this deployment has it: the ledger is the truth, a queue only a hint."""
        url = queue_url(queue)
        if url:
            in_our_words(
                self._sqs.send_message, QueueUrl=url, MessageBody=json.dumps(dict(message), sort_keys=True)
            )

    @cached_property
    def _sqs(self) -> Any:
        return self.client("sqs")

    def carrier(self, channel: str) -> Carrier:
        """The channel's carrier on a fresh connection: a frozen process may hold a dead one, and doubt costs a contact."""
        from recobro.adapters.channels import carrier_for, fresh

        if channel not in self._carriers:
            made: list[Any] = []

            def client(service: str, **config: Any) -> Any:
                made.append(self.client(service, **config))
                return made[-1]

            carrier = carrier_for(channel, self.playbook.client.channels[channel], client)
            self._carriers[channel] = (carrier, made[-1])
        carrier, used = self._carriers[channel]
        fresh(used)
        return carrier

    @cached_property
    def secrets(self) -> SecretKeys:
        return SecretKeys(self.client("secretsmanager"), self.settings.secret)


def open_house() -> House:
    """The house of this process: its environment's settings in the surroundings in force."""
    house = House(Settings.from_environment(), surroundings())
    loaded()
    return house
