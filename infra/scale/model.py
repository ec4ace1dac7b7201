"""Throughput on paper: what a portfolio needs a second, what each limit gives, which is met first, and how long a day takes.

Everything is linear in the number of people: what a contact needs of each resource is measured (`infra/pricing/measured.toml`),
how long a function takes is reckoned from its requests (the book's assumptions), limits are `quotas.toml`'s and the client's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from infra.pricing.book import PriceBook
from infra.pricing.estimate import Profile
from infra.scale.quotas import Quota
from recobro.domain.client import Client

BATCH = 10
"""Messages of a queue that start a function together."""
READ_TOGETHER = 100
"""People whom a sweep reads by one request."""
SWEEP_SECONDS = 600
IMPORT_COPIES = 5
RECEIPT_COPIES = 2
"""`Limits` of the rows pre_reminder, escalation, import_partition and receive_receipt of infra/app.py; a test compares them."""

NIGHT = Decimal(10) * 3600
"""Seconds between a creditor's evening file and the next morning's first contact."""


@dataclass(frozen=True)
class Load:
    """A portfolio and a pace. mix: channel → share; days: working days a month; hours: lawful hours of a day; units: parts, minutes."""

    debtors: int
    contacts_each: Decimal
    mix: Mapping[str, Decimal]
    days: Decimal = Decimal(22)
    hours: Decimal = Decimal(11)
    units: Mapping[str, Decimal] | None = None

    @property
    def contacts_a_day(self) -> Decimal:
        return self.debtors * self.contacts_each / self.days

    @property
    def contacts_a_second(self) -> Decimal:
        """Spread evenly over the day's hours, as a sweep's shares are."""
        return self.contacts_a_day / (self.hours * 3600)


@dataclass(frozen=True)
class Limit:
    """need and has in the same unit; a wall where need is more. kind: "carrier" | "aws" | "ours"; ask: how to have more."""

    name: str
    what: str
    need: Decimal
    has: Decimal
    unit: str
    kind: str
    ask: str
    page: str = ""

    @property
    def used(self) -> Decimal:
        """1: all of it."""
        return self.need / self.has

    @property
    def is_wall(self) -> bool:
        return self.need > self.has


@dataclass(frozen=True)
class Scale:
    """limits: the scarcest first. Times in seconds; drain by channel: a day's contacts at what is granted on the first day."""

    load: Load
    limits: tuple[Limit, ...]
    sweep_seconds: Decimal
    replan_seconds: Decimal
    import_seconds: Decimal
    house_drain_seconds: Decimal
    drain_seconds: Mapping[str, Decimal]

    @property
    def first_wall(self) -> Limit | None:
        return self.limits[0] if self.limits and self.limits[0].is_wall else None

    @property
    def walls(self) -> tuple[Limit, ...]:
        return tuple(limit for limit in self.limits if limit.is_wall)

    def people_until(self, limit: Limit) -> int:
        """With how many people that limit is met."""
        return int(self.load.debtors / limit.used)


@dataclass(frozen=True)
class Seconds:
    """How long one copy of each function is busy with one contact, or with one person."""

    sending: Decimal
    receipts: Decimal
    journal: Decimal
    sweep: Decimal
    replan: Decimal
    importing: Decimal


def seconds(profile: Profile, book: PriceBook) -> Seconds:
    """From measured requests and the book's assumptions."""
    request, decision = book.assumed("seconds_request"), book.assumed("seconds_decision")
    planning, start = book.assumed("seconds_planning"), book.assumed("seconds_invocation")
    asked = profile.requests_per_contact
    read = request / READ_TOGETHER
    return Seconds(
        sending=asked["sending"] * request + book.assumed("seconds_carrier") + 2 * decision + start / BATCH,
        receipts=asked["receipts"] * request + 2 * decision + 2 * start / BATCH,
        journal=asked["journal"] * request,
        sweep=read + planning + request / BATCH,
        replan=read + planning + request,
        importing=profile.per_person_imported["lambda_gb_second"] * 2,
    )


def scale(
    load: Load, client: Client, book: PriceBook, profile: Profile, allowed: Mapping[str, Quota]
) -> Scale:
    """The whole picture of one load."""
    busy = seconds(profile, book)
    found = [
        *_carriers(load, client, allowed),
        *_aws(load, client, profile, busy, allowed),
        *_ours(load, client, busy),
    ]
    sweeps = load.hours * 60 / client.schedule.sweep_minutes
    carried = {channel: _rate(channel, load, client, allowed, busy) for channel in load.mix}
    return Scale(
        load=load,
        limits=tuple(sorted(found, key=lambda limit: -limit.used)),
        sweep_seconds=load.contacts_a_day / sweeps * busy.sweep,
        replan_seconds=load.debtors * busy.replan,
        import_seconds=load.debtors * busy.importing / IMPORT_COPIES,
        house_drain_seconds=load.contacts_a_day / _house_rate(load, client, busy, allowed),
        drain_seconds={
            channel: load.contacts_a_day * load.mix[channel] / rate for channel, rate in carried.items()
        },
    )


CARRIER_LIMITS = {
    "sms": ("sms_requests", "sms_spend"),
    "voice": ("voice_calls", "voice_spend"),
    "email": ("email_rate", "email_day"),
    "whatsapp": ("whatsapp_rate", "whatsapp_day"),
    "push": ("push_rate",),
}


def _carriers(load: Load, client: Client, allowed: Mapping[str, Quota]) -> Iterator[Limit]:
    """What carriers allow an account on its first day, and what the client's own file paces itself to."""
    for channel, share in load.mix.items():
        rate = load.contacts_a_second * share
        price = (
            Decimal(client.channels[channel].price) * (load.units or {}).get(channel, Decimal(1)) / 1_000_000
        )
        month = load.debtors * load.contacts_each * share * price
        needs = {"second": rate, "day": load.contacts_a_day * share, "month": month}
        for name in CARRIER_LIMITS[channel]:
            quota = allowed[name]
            yield _limit(quota, needs[quota.per], "carrier")
        paced = Decimal(client.channels[channel].rate)
        ask = f"channels.{channel}.rate in the client's file, once the carrier granted it"
        yield Limit(f"{channel}_paced", f"contacts by {channel}", rate, paced, "a second", "ours", ask)


def _aws(
    load: Load, client: Client, profile: Profile, busy: Seconds, allowed: Mapping[str, Quota]
) -> Iterator[Limit]:
    rate = load.contacts_a_second
    writes = rate * profile.per_contact["dynamodb_write"]
    copies = rate * (busy.sending + busy.receipts + busy.journal) + 2
    shards = Decimal(client.schedule.shards)
    yield _limit(allowed["table_writes_new"], writes, "aws")
    yield _limit(allowed["table_writes"], writes, "aws")
    yield _limit(allowed["partition_writes"], rate * profile.index_units / shards, "aws")
    yield _limit(allowed["lambda_at_once"], copies, "aws")
    yield _limit(allowed["table_partitions_new"], rate * busy.journal, "aws")
    handed = rate * client.schedule.sweep_minutes * 60
    yield _limit(allowed["sqs_in_flight"], min(handed, BATCH * Decimal(1000)), "aws")
    yield _limit(allowed["schedule_runs"], 2 / Decimal(client.schedule.sweep_minutes * 60), "aws")


def _ours(load: Load, client: Client, busy: Seconds) -> Iterator[Limit]:
    """What our own table of functions and the client's file allow: numbers that we may write larger."""
    rate = load.contacts_a_second
    for channel, share in load.mix.items():
        at_once = Decimal(client.channels[channel].at_once)
        ask = f"channels.{channel}.at_once in the client's file (up to 1,000)"
        yield Limit(
            f"{channel}_copies",
            f"copies of send_{channel}",
            rate * share * busy.sending,
            at_once,
            "",
            "ours",
            ask,
        )
    ask = "at_once of receive_receipt in infra/app.py"
    yield Limit(
        "receipt_copies",
        "copies of receive_receipt",
        rate * busy.receipts,
        Decimal(RECEIPT_COPIES),
        "",
        "ours",
        ask,
    )
    span = client.schedule.sweep_minutes * 60
    ask = "schedule.sweep_minutes in the client's file, or a lane split in two"
    most = Decimal(SWEEP_SECONDS)
    yield Limit("sweep", "seconds of a sweep", rate * span * busy.sweep, most, "", "ours", ask)
    night = load.debtors * busy.importing / IMPORT_COPIES
    ask = "at_once of import_partition in infra/app.py; send what changed (`delta`) instead of whole files"
    yield Limit("import", "seconds of a night's first file", night, NIGHT, "", "ours", ask)


def _limit(quota: Quota, need: Decimal, kind: str) -> Limit:
    unit = f"a {quota.per}" if quota.per else ""
    return Limit(quota.name, quota.what, need, quota.most, unit, kind, quota.ask, quota.page)


def _rate(channel: str, load: Load, client: Client, allowed: Mapping[str, Quota], busy: Seconds) -> Decimal:
    """Contacts a second by one channel: the least of the carrier's rate, its day, the client's pace and the senders' copies."""
    setup = client.channels[channel]
    rates = [Decimal(setup.rate), setup.at_once / busy.sending]
    for name in CARRIER_LIMITS[channel]:
        quota = allowed[name]
        if quota.per == "second":
            rates.append(quota.most)
        if quota.per == "day":
            rates.append(quota.most / (load.hours * 3600))
    return min(rates)


def _house_rate(load: Load, client: Client, busy: Seconds, allowed: Mapping[str, Quota]) -> Decimal:
    """Contacts a second through our own house, were carriers to take everything: its slowest part, as it is deployed."""
    senders = min(
        client.channels[channel].at_once / busy.sending / share
        for channel, share in load.mix.items()
        if share
    )
    receipts = RECEIPT_COPIES / busy.receipts
    journal = allowed["table_partitions_new"].most / busy.journal
    return min(senders, receipts, journal)
