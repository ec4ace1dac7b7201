"""What a portfolio will cost in a month, before anything is deployed: measured use of one contact times how many there will be."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from infra.pricing.book import PriceBook
from infra.pricing.idle import IdleBill
from infra.pricing.usage import GB, Usage, traced
from recobro.domain.client import Client
from recobro.errors import InvalidInput

FILE = Path(__file__).with_name("measured.toml")

DAYS_FED = 22
"""Working days of a month on which a creditor sends a whole file again."""

UNCHANGED_SHARE = Decimal("0.15")
"""What a row that changes nothing costs of one that is new: it is looked up and read, and not written."""

SURPRISE = Decimal("0.8")
"""A client that expects less than this part of what the book says is told so."""


@dataclass(frozen=True)
class Wanted:
    """How a month is imagined. mix: channel → share of contacts; parts: SMS parts or minutes of an average message."""

    debtors: int
    contacts_each: Decimal
    mix: Mapping[str, Decimal]
    units: Mapping[str, Decimal]
    files: int = DAYS_FED


@dataclass(frozen=True)
class Estimate:
    """USD a month. services: item → USD, of contacts and files; carriers: channel → USD; notes: what is uncertain."""

    contacts: int
    services: Mapping[str, Decimal]
    carriers: Mapping[str, Decimal]
    idle: IdleBill
    notes: tuple[str, ...]

    @property
    def service_usd(self) -> Decimal:
        return sum(self.services.values(), Decimal(0))

    @property
    def carrier_usd(self) -> Decimal:
        return sum(self.carriers.values(), Decimal(0))

    @property
    def usd(self) -> Decimal:
        return self.service_usd + self.carrier_usd + self.idle.usd


@dataclass(frozen=True)
class Profile:
    """Measured use, item → units; stored: bytes; requests to DynamoDB by the part that makes them; index: write units."""

    per_contact: Usage
    per_person_imported: Usage
    stored_per_person: Decimal
    stored_per_contact: Decimal
    requests_per_contact: Mapping[str, Decimal]
    index_units: Decimal


def measured_profile(file: Path = FILE) -> Profile:
    """What measured.toml says."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return Profile(
        _decimals(told["per_contact"]),
        _decimals(told["per_person_imported"]),
        Decimal(told["stored"]["per_person"]),
        Decimal(told["stored"]["per_contact"]),
        _decimals(told["requests_per_contact"]),
        Decimal(told["index_units_per_contact"]["due"]),
    )


def estimate(wanted: Wanted, client: Client, book: PriceBook, idle: IdleBill, profile: Profile) -> Estimate:
    """The month that `wanted` describes, for that client, in the book's Region."""
    shares = sum(wanted.mix.values(), Decimal(0))
    if abs(shares - 1) > Decimal("0.001"):
        raise InvalidInput("--mix", f"adds up to {shares}", "shares of all contacts that make 1")
    contacts = int(wanted.debtors * wanted.contacts_each)
    files = max(0, wanted.files - 1)
    usage = {item: units * contacts for item, units in profile.per_contact.items()}
    for item, units in profile.per_person_imported.items():
        times = 1 + files * (0 if item == "dynamodb_write" else UNCHANGED_SHARE)
        usage[item] = usage.get(item, Decimal(0)) + units * wanted.debtors * times
    stored = (wanted.debtors * profile.stored_per_person + contacts * profile.stored_per_contact) / GB
    usage |= {"dynamodb_storage": stored, "dynamodb_pitr": stored}
    if client.operations.traces:
        usage = traced(usage)
    services = {item: units * book.price(item).each for item, units in usage.items()}
    carriers = {
        channel: contacts
        * share
        * wanted.units.get(channel, Decimal(1))
        * client.channels[channel].price
        / 1_000_000
        for channel, share in wanted.mix.items()
    }
    ordered = dict(sorted(services.items(), key=lambda one: -one[1]))
    return Estimate(contacts, ordered, carriers, idle, tuple(_notes(wanted, client, book)))


def even_mix(client: Client) -> dict[str, Decimal]:
    """The same share for every channel that the client has switched on."""
    names = [name for name, setup in client.channels.items() if setup.enabled]
    if not names:
        raise InvalidInput("channels", "none is enabled", "enable one in the client's file")
    return {name: Decimal(1) / len(names) for name in names}


def _notes(wanted: Wanted, client: Client, book: PriceBook) -> list[str]:
    """What of the estimate is only an expectation, and where the client's file expects less than the book."""
    notes = []
    for channel in wanted.mix:
        price = client.channels[channel].price
        known = [(country, book.carrier(channel, country)) for country in client.countries]
        if not price:
            notes.append(f"channels.{channel}.price is 0: its messages are counted as free")
        if all(found is None for _, found in known):
            notes.append(
                f"{channel}: no list price could be read; the client's file alone is used, unverified"
            )
        for country, found in known:
            if found is not None and price < found.micro * SURPRISE:
                notes.append(
                    f"channels.{channel}.price is {price}, the book has {found.micro:.0f} for {country} "
                    f"({found.page}, {found.status})"
                )
    unsure = sorted(one.item for one in book.unsure())
    if unsure:
        notes.append(f"prices that nobody here has read, in {book.region}: {', '.join(unsure)}")
    return notes


def _decimals(told: Mapping[str, str]) -> Usage:
    return {item: Decimal(units) for item, units in told.items()}
