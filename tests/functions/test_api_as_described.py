"""What the API's own description promises, a program that reads only the description sees kept, whatever it sends.

Schemathesis draws its requests from the document (`recobro api openapi`): within its bounds, at them and beyond them, with methods and
credentials that it does not know. They go through the routes of infra/app.py, as API Gateway would match them.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from infra.app import ROWS
from infra.local.agenda import Agenda
from infra.local.clock import RealClock
from infra.local.drivers.http_api import HttpApi
from infra.local.drivers.platform import Platform
from infra.local.functions import Outcome
from infra.local.inventory import Function, Inventory, Route
from infra.openapi import document
from infra.stack.rows import OnRoutes
from recobro.api_entry import answered
from recobro.house import House
from recobro.usecases.api import ROUTES
from tests.house import Clock, house, let_in, settle_in
from tests.sample import AMINTA, debt, debtor

KEY = "a key of the creditor's core system"
FUNCTION = Function("recobro-demo-api", "arn:api", Path("functions/api"), "handler.handler", "arn:role")

NOT_IN_A_SCHEMA = {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "422"]}}
"""For what only the house knows: the `next` of a page, a day that is not to come, a brand of the client, a debt of that person."""

CONFIGURATION: dict[str, Any] = {
    "seed": 7,
    "headers": {"Authorization": f"Bearer {KEY}"},
    "generation": {"max-examples": 8, "deterministic": True, "no-shrink": True, "database": "none"},
    "continue-on-failure": True,
    "phases": {"examples": {"enabled": False}},
    "operations": [
        {"include-operation-id": name, "checks": NOT_IN_A_SCHEMA}
        for name in ("list_debtors", "place_hold", "send_portfolio", "tell_payment")
    ],
}


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        let_in(opened, "core", KEY)
        settle_in(opened, debtor())
        opened.lookups.add(opened.keys.debt("muebles/A1"), AMINTA)
        settle_in(opened, replace(debtor(debt("B1")), id=f"d{100:023x}"))
        yield opened


def public_api(home: House) -> HttpApi:
    """The API's routes before its function, under this house."""
    (row,) = (row for row in ROWS if row.name == "api")
    assert isinstance(row.starts, OnRoutes)
    inventory = Inventory(functions={FUNCTION.arn: FUNCTION}, stages={"api": ["$default"]})
    inventory.apis["api"] = [Route(key, FUNCTION.arn, FUNCTION.arn) for key in row.starts.routes]

    def never(*_: Any) -> Any:
        raise AssertionError("a request needs nothing else")

    ids = count()
    return HttpApi(
        Platform(
            account="111122223333",
            region="us-east-1",
            clock=RealClock(),
            agenda=Agenda(),
            inventory=inventory,
            service=never,
            invoke=lambda _function, event: Outcome("request", answered(home, ROUTES, event)),
            records=never,
            new_id=lambda kind: f"{kind}-{next(ids)}",
        )
    )


class Served:
    """The API as an ASGI application, which Schemathesis calls without a network. told: (method, status) → how often.

    Each request gets an idempotency key of its own, or most would only meet the answer to the first.
    """

    def __init__(self, api: HttpApi) -> None:
        self._api = api
        self._numbers = count()
        self.told: Counter[tuple[str, int]] = Counter()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", scope["type"] == "http"
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        path, query = scope["raw_path"].decode(), scope["query_string"].decode()
        if path == "/openapi.json":
            await self._answer(
                send, 200, {"content-type": "application/json"}, json.dumps(document()).encode()
            )
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        key = headers.get("idempotency-key", "")
        if 8 <= len(key) <= 100:
            headers["idempotency-key"] = f"{key}{next(self._numbers)}"
        told = self._api.request(scope["method"], f"{path}?{query}" if query else path, headers, body)
        self.told[scope["method"], told.status] += 1
        await self._answer(send, told.status, dict(told.headers), told.body)

    @staticmethod
    async def _answer(send: Any, status: int, headers: dict[str, str], body: bytes) -> None:
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})


def test_whatever_a_program_sends_the_answer_is_as_described(home: House) -> None:
    served = Served(public_api(home))
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", served, config=SchemathesisConfig.from_dict(CONFIGURATION)
    )
    checked: Counter[str] = Counter()
    wrong: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            wrong.append(repr(event))
        if isinstance(event, events.ScenarioFinished):
            for check in (one for found in event.recorder.checks.values() for one in found):
                checked[check.name] += 1
                if check.status is not Status.SUCCESS:
                    info = check.failure_info
                    wrong.append(f"{check.name}: {info and (info.failure.message, info.code_sample)}")
    assert not wrong, "\n\n".join(wrong[:10])
    assert {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
        "unsupported_method",
        "allow_header_conformance",
    } <= set(checked)
    assert {("GET", 200), ("POST", 200), ("POST", 202), ("DELETE", 404), ("PATCH", 405)} <= set(
        served.told
    ), served.told
