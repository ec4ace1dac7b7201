"""Days of the whole house under invented people: nobody's name, number, address or words stand in a log, a queue of ours, a
key, a link or a failure, however badly the outside world behaves.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.cli.logs import logs_in
from infra.demo.carriers import read
from infra.demo.live import LiveHouse, operators_of, set_gateway_keys
from infra.demo.people import Person
from infra.demo.portfolio import invent
from infra.demo.world import World
from infra.local.calls import OPERATOR, PLATFORM, Answer, Call
from infra.local.outside import Refusal
from infra.local.system import LocalSystem
from infra.synth import synthesise
from recobro.domain.masking import masked
from recobro.entry import logger

START = date(2026, 8, 3)
DAYS, PEOPLE = 2, 25
SAID = "estoy en el hospital con Zenobia"
PAYER = "Pagadora Zenobia Quintanilla"
KEYS = frozenset({"pk", "sk", "due_shard", "due_at"})


class RudeWorld(World):
    """Its carriers name the person in every third refusal, as AWS's own error messages do."""

    asked = 0

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        taken = read(service, operation, params)
        self.links.update(re.findall(r"https?://[^\s\"'<>\\]+", taken.text))
        self.asked += 1
        if self.asked % 3 == 0:
            raise Refusal("ValidationException", f"{taken.address} is opted out, said {PAYER}")
        return super().answer(service, operation, params)

    links: set[str] = set()  # noqa: RUF012 - one world a process


class Seen:
    """What left the functions, by where it went. Carriers are told whom to write to: that is what they are for."""

    def __init__(self) -> None:
        self.queued: list[str] = []
        self.keys: list[str] = []
        self.elsewhere: list[str] = []

    def __call__(self, call: Call, answer: Answer) -> None:
        if call.who in (OPERATOR, PLATFORM):
            return
        plain = json.dumps(call.params, default=str, ensure_ascii=False)
        if call.service == "sqs" and call.operation.startswith("SendMessage"):
            self.queued.append(plain)
        elif call.service == "s3":
            self.keys.append(str(call.params.get("Key", "")))
        elif call.service == "dynamodb":
            self.keys += list(_keys(call.params))
        elif call.service in ("cloudwatch", "xray", "logs", "events", "scheduler", "sns"):
            self.elsewhere.append(plain)


def _keys(params: Any) -> Iterator[str]:
    """Partition and sort keys, wherever they stand in a request: they show in traces, consoles and contributor insights."""
    if isinstance(params, Mapping):
        for name, value in params.items():
            if name in KEYS and isinstance(value, Mapping):
                yield str(next(iter(value.values())))
            else:
                yield from _keys(value)
    elif isinstance(params, list):
        for one in params:
            yield from _keys(one)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], list[Person]]]:
    """Where things were written → all of it as one text; and the people."""
    log = tmp_path_factory.mktemp("logs") / "functions.log"
    portfolio = invent(7, PEOPLE, START, DAYS, 4)
    world, seen = RudeWorld(portfolio, 7), Seen()
    assembly = synthesise("demo")
    start = datetime.combine(START, time(0, 5), ZoneInfo("America/Mexico_City")).astimezone(UTC)
    system = LocalSystem.boot(assembly, start=start, world=world, seed=7)
    set_gateway_keys(system, world.gateways.keys())
    with logs_in(log), LiveHouse(system, operators_of(system, assembly)) as live:
        logger.setLevel("DEBUG")
        system.listen(seen)
        world.begin(live)
        live.run_until(datetime.combine(date(2026, 8, 4), time(18), UTC))
        answered = _ill_behaved(live, portfolio.people)
        live.run_until(datetime.combine(date(2026, 8, 5), time(6), UTC))
        failed = [f"{one.type} {one.message}" for one in system.failures]
        table, name = live.table()
        items = table.scan(TableName=name)["Items"]
        yield (
            {
                "facts": "\n".join(one["body"]["S"] for one in items if one["sk"]["S"].startswith("FACT#")),
                "logs": log.read_text("utf-8"),
                "queues": "\n".join(seen.queued),
                "keys": "\n".join(seen.keys),
                "metrics and traces": "\n".join(seen.elsewhere),
                "links": "\n".join(world.links),
                "failures": "\n".join(failed),
                "answers": "\n".join(answered),
            },
            list(portfolio.people),
        )


def _ill_behaved(live: LiveHouse, people: Any) -> list[str]:
    """People write, strangers knock, carriers garble: each names somebody where it should not."""
    numbers = [one.phone.number for one in people if one.phone is not None][:6]
    for place, number in enumerate(numbers):
        full = f"+52{number}" if len(number) == 10 else number
        text = {"originationNumber": full, "destinationNumber": "+12065550152", "messageBody": SAID}
        live.publish("sms-inbound", {**text, "inboundMessageId": f"in-{place}", "messageKeyword": "KEYWORD"})
        live.publish(
            "sms-events", {"eventType": "TEXT_WHO_KNOWS", "destinationPhoneNumber": full, "said": SAID}
        )
        live.publish("email-events", {"mail": {"destination": [f"{SAID}@example.com"]}, "number": full})
    body = json.dumps({"payer": PAYER, "phone": numbers[0], "id": "evt"}).encode()
    kind = {"content-type": "application/json"}
    paths = ("/hooks/standard/main", f"/hooks/standard/{numbers[0]}")
    posted = [live.http("POST", path, body, kind)[1] for path in paths]
    return [*posted, live.http("GET", "/p/AQAAAAAAAAAAAAAAAAAAAAXrGQAkPXCWe5Qy6nzg")[1]]


def needles(people: list[Person]) -> set[str]:
    """Whatever names somebody: whole names, numbers as written and as dialled, e-mails, devices, documents; and words."""
    found = {SAID, PAYER, masked(SAID)}
    for one in people:
        found |= {one.name, one.document, *one.addresses(), *(contact.name for contact in one.contacts)}
    return {one for one in found if len(one) >= 7}


PLACES = ("facts", "logs", "queues", "keys", "metrics and traces", "links", "failures", "answers")


@pytest.mark.parametrize("place", PLACES)
def test_nobody_is_named(lived: tuple[dict[str, str], list[Person]], place: str) -> None:
    texts, people = lived
    found = {one for one in needles(people) if one in texts[place]}
    shown = [line[:300] for line in texts[place].splitlines() if any(one in line for one in found)]
    assert not found, (found, shown[:3])


def test_there_was_something_to_find(lived: tuple[dict[str, str], list[Person]]) -> None:
    """The days were full, and what is searched for is what is there: in the table's bodies, where it belongs."""
    texts, people = lived
    assert texts["facts"].count("attempt_claimed") > 5
    assert texts["logs"].count("\n") > 50
    assert texts["queues"].count("debtor") > 10
    assert texts["keys"].count("DEBTOR#") > 100
    assert len(texts["links"].splitlines()) > 5
    assert len(needles(people)) > 50


def test_a_marker_in_a_log_would_be_found(tmp_path: Path) -> None:
    with logs_in(tmp_path / "log"):
        logger.error("slip", extra={"said": SAID})
    assert SAID in (tmp_path / "log").read_text("utf-8")
