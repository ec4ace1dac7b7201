"""What one contact makes AWS count: people of 3 debts and 10 earlier attempts, contacted once, two receipts each, all metered."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from infra.cli.kept import house_of
from infra.cli.logs import logs_in
from infra.cli.place import client_files
from infra.demo import formats
from infra.demo.carriers import Taken, read
from infra.local.sizes import item_bytes
from infra.local.system import LocalSystem
from infra.pricing.book import price_book
from infra.pricing.metered import Metered, metered, since
from infra.pricing.usage import usage_of
from infra.synth import synthesise
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.house import House
from recobro.usecases.rehearse import everyone

CONTACTS = 300
DEBTS, ATTEMPTS = 3, 10
NIGHT = datetime(2026, 3, 9, 8, tzinfo=UTC)
"""02:00 on a Monday in Mexico City: a file may come in, nobody may be contacted."""
OPENS = NIGHT + timedelta(hours=5, minutes=50)
DONE = NIGHT + timedelta(hours=7, minutes=25)
"""The sweep that contacts is at 15:15 UTC, when the day's lawful hours have begun; the last receipt is a minute later."""
HEAD = (
    "acreedor,contrato,numero_cliente,nombre,telefono,correo,saldo,moneda,fecha_vencimiento,pais,procedencia"
)
SPEAKS = {"sms": "sms-voice.amazonaws.com", "email": "ses.amazonaws.com"}


class Telling:
    """Carriers that take everything and report twice of each message."""

    def __init__(self) -> None:
        self.sent = 0
        self.system: LocalSystem | None = None

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, str]:
        self.sent += 1
        taken, name = read(service, operation, params), f"m-{self.sent}"
        if self.system is not None:
            for kind in ("first", "second"):
                self._report(self.system, taken, name, kind)
        return {"messageId" if service == "socialmessaging" else "MessageId": name}

    def _report(self, system: LocalSystem, taken: Taken, name: str, kind: str) -> None:
        at = system.now + timedelta(seconds=5 if kind == "first" else 60)
        if taken.channel == "email":
            said = {"first": "Send", "second": "Delivery"}[kind]
            event = formats.mail_event(said, at, taken.address, taken.subject, name, taken.echo, {})
        else:
            said = {"first": "SUCCESSFUL", "second": "DELIVERED"}[kind]
            event = formats.text_event(said, at, taken.address, name, taken.echo, 0.03)
        system.at(at, lambda: system.publish(f"{taken.channel}-events", event, sender=SPEAKS[taken.channel]))


@dataclass(frozen=True)
class Measured:
    """What the house was charged for: importing so many people, and then contacting each once; bytes in the table."""

    people: int
    importing: Metered
    contacting: Metered
    bytes_imported: int
    bytes_of_contacts: int


def measured(people: int = CONTACTS) -> Measured:
    """Import, give everybody a history, open the house, and let two receipts arrive of each contact."""
    world = Telling()
    assembly = synthesise("demo")
    with (
        logs_in(Path(os.devnull)),
        LocalSystem.boot(assembly, start=NIGHT, world=world, seed=7) as system,
    ):
        system.put_object("", "inbox/portfolio.csv", "\n".join((HEAD, *_rows(people))).encode())
        system.run_until(OPENS)
        imported, held = _without_the_clock_s(metered(system)), _bytes(system)
        _remember(house_of(system, client_files(assembly)))
        system.run_until(OPENS + timedelta(minutes=1))
        before, world.system, remembered = metered(system), system, _bytes(system)
        system.run_until(DONE)
        contacting, added = since(metered(system), before), _bytes(system) - remembered
    if world.sent != people:
        raise AssertionError(f"{world.sent} of {people} were contacted")
    return Measured(people, imported, contacting, held, added)


CLOCKED = frozenset({"reconcile_payments", "review_promises"})
"""What runs by the hour whoever is imported: its price stands in the idle bill, not in the import's."""


def _without_the_clock_s(found: Metered) -> Metered:
    return replace(
        found,
        requests={key: count for key, count in found.requests.items() if key[0] not in CLOCKED},
        write_units={who: units for who, units in found.write_units.items() if who not in CLOCKED},
        read_units={who: units for who, units in found.read_units.items() if who not in CLOCKED},
        invocations={who: count for who, count in found.invocations.items() if who not in CLOCKED},
    )


def _bytes(system: LocalSystem) -> int:
    """What the table holds, as DynamoDB counts it; 100 bytes an item are charged for keeping it."""
    client, total = system.client("dynamodb"), 0
    start: dict[str, Any] = {}
    while True:
        page = client.scan(TableName=system.outputs["TableName"], **start)
        total += sum(item_bytes(item) + 100 for item in page["Items"])
        if "LastEvaluatedKey" not in page:
            return total
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _rows(people: int) -> Iterator[str]:
    for number in range(people):
        for debt in range(DEBTS):
            yield (
                f"fabula,C-{number}-{debt},{10_000 + number},Ana Prueba,555010{number:04d},p{number}@example.com,"
                f"{1500 + number}.50,MXN,0{4 - debt}/03/2026,MX,acreedor"
            )


def _remember(house: House) -> None:
    """Earlier attempts of an ended episode, long enough ago to bind nobody."""
    for loaded in everyone(house):
        point = loaded.debtor.points[0].id
        past = tuple(_past(number, point, NIGHT - timedelta(days=90 - number)) for number in range(ATTEMPTS))
        house.ledger.save(replace(loaded, debtor=replace(loaded.debtor, attempts=past)), (), house.now())


def _past(number: int, point: str, at: datetime) -> ContactAttempt:
    return ContactAttempt(
        id=f"{number:032x}",
        step=StepKey(0, "early", f"s{number}"),
        number=1,
        creditor="fabula",
        channel=(Channel.SMS, Channel.EMAIL)[number % 2],
        point=point,
        claimed_at=at,
        claim_id="0" * 16,
        send_by=at,
        status=AttemptStatus.DELIVERED,
        provider_id=f"{number:036x}",
        debts=("fabula/C-0-0",),
    )


def run(people: int = CONTACTS) -> dict[str, Any]:
    """USD per 1,000 contacts without carriers, in us-east-1, and what of it is counted per contact."""
    found = measured(people)
    book = price_book("us-east-1")
    usage = usage_of(found.contacting, book)
    bill = {item: amount * book.price(item).each * 1000 / people for item, amount in usage.items()}
    return {
        "contacts": people,
        "usd_per_1000_contacts": str(round(sum(bill.values(), Decimal(0)), 4)),
        "of_which": {item: str(round(usd, 4)) for item, usd in sorted(bill.items(), key=lambda one: -one[1])},
        "counted_per_contact": {
            item: str(round(amount / people, 3)) for item, amount in sorted(usage.items())
        },
        "dynamodb_requests_per_contact": _dynamodb(found.contacting, people),
        "bytes_per_person": found.bytes_imported // people,
        "bytes_per_contact": found.bytes_of_contacts // people,
        "counted_per_person_imported": {
            item: str(round(amount / people, 3))
            for item, amount in sorted(usage_of(found.importing, book).items())
        },
    }


def _dynamodb(found: Metered, people: int) -> dict[str, float]:
    counted: Counter[str] = Counter()
    for (who, service, _), number in found.requests.items():
        if service == "dynamodb":
            counted[who] += number
    return {who: round(number / people, 3) for who, number in sorted(counted.items())}


if __name__ == "__main__":
    import json

    print(json.dumps(run(), indent=2))
