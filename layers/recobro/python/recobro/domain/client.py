"""One client of the agency as its folder tells it: who speaks, for whom, through which carriers, to which limits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from recobro.domain.allocation import Allocation
from recobro.domain.channel import Channel
from recobro.errors import InvalidInput

ACTS_AS = ("first_party", "third_party", "debt_buyer")


@dataclass(frozen=True)
class Agency:
    """Who writes. Shown wherever the law asks for the collector's name and address.

    legal_name: as registered; empty: the same as name. phones: country → the number that people there call.
    scope_table: the agency's table for caps that reach across its clients (infra/agency.py); empty: they hold per client.
    """

    name: str
    address: str
    phone: str
    email: str
    responsible: str
    tax_id: str = ""
    legal_name: str = ""
    phones: Mapping[str, str] = field(default_factory=dict)
    scope_table: str = ""

    def phone_in(self, country: str) -> str:
        """The number to show to people of that country."""
        return self.phones.get(country, self.phone)


def scope_secret(scope_table: str) -> str:
    """The name of the secret that holds the key of the agency's table."""
    return f"{scope_table}-key"


PAY_KINDS = ("spei", "pse", "cbu", "pix", "link", "cash")


@dataclass(frozen=True)
class PayWay:
    """One way to pay a brand: `how` is shown as text; `payee` is who receives the money. currency empty: any.

    kind: what `account` is, where the page may show it to be copied or scanned: "spei" (CLABE), "cbu" (CBU or CVU), "pix" (key),
    "pse", "cash" (agreement number); "link": `url` alone; empty: `how` says it all. city: of a Pix payee, as its BR Code asks.
    """

    name: str
    how: str
    payee: str
    url: str = ""
    currency: str = ""
    kind: str = ""
    account: str = ""
    bank: str = ""
    alias: str = ""
    city: str = ""

    def __post_init__(self) -> None:
        if self.kind and self.kind not in PAY_KINDS:
            raise InvalidInput("kind", f"is {self.kind!r}", f"one of: {', '.join(PAY_KINDS)}, or none")


@dataclass(frozen=True)
class Brand:
    """A creditor brand of the client. acts_as_by_stage overrides acts_as for the stages it names.

    complaint_unit: address, e-mail and phone of the creditor's own complaints desk (Mexico requires it).
    """

    id: str
    name: str
    legal_name: str
    acts_as: str
    country: str
    contact: str
    complaint_unit: str = ""
    acts_as_by_stage: Mapping[str, str] = field(default_factory=dict)
    pay_ways: tuple[PayWay, ...] = ()

    def __post_init__(self) -> None:
        for name, value in (("acts_as", self.acts_as), *self.acts_as_by_stage.items()):
            if value not in ACTS_AS:
                raise InvalidInput(name, f"is {value!r}", f"one of: {', '.join(ACTS_AS)}")

    def acts_as_in(self, stage: str) -> str:
        return self.acts_as_by_stage.get(stage, self.acts_as)


@dataclass(frozen=True)
class ChannelSetup:
    """One channel as the client uses it. What a carrier needs stands in `identity` and its neighbours.

    rate: contacts a second that the carrier granted. identity: what the carrier knows the sender by: the address of
    e-mail, else whichever of the ids below the file gives. two_way, at_once: see infra/stack/settings.py.
    inbound: answers by e-mail reach us (an SES receipt rule hands them to our topic).
    verified: which identity SES has verified for e-mail: "domain", the address's, or "address", itself.
    voices: language → voice. price: expected price of one contact (one SMS part, one minute, one message) in micro-USD.
    price_at_most: the ceiling that SMS and calls are sent with, 0: twice the price. monthly_spend_usd: the channel's own
    budget, 0: none.
    """

    enabled: bool = False
    transport: str = "eum"
    identity: str = ""
    configuration_set: str = ""
    rate: int = 1
    price: int = 0
    application: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)
    origination_identity: str = ""
    phone_number_id: str = ""
    application_id: str = ""
    two_way: bool = True
    inbound: bool = False
    at_once: int = 2
    price_at_most: int = 0
    monthly_spend_usd: int = 0
    verified: str = "domain"

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "identity", self.identity or self.origination_identity or self.phone_number_id
        )
        if 0 < self.price_at_most < self.price:
            raise InvalidInput("price_at_most", f"is under the price, {self.price}", "the same or more")
        object.__setattr__(self, "application", self.application or self.application_id)


@dataclass(frozen=True)
class Approval:
    """A carrier's or platform's recorded leave to use a channel for a brand in a country; SMS and WhatsApp are off without.

    acts_as: in whose name it holds; empty: in any (PRACTICE: In whose name).
    """

    channel: Channel
    country: str
    creditor: str
    reference: str
    on: date
    acts_as: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for value in self.acts_as:
            if value not in ACTS_AS:
                raise InvalidInput("acts_as", f"is {value!r}", f"one of: {', '.join(ACTS_AS)}")


@dataclass(frozen=True)
class Attestation:
    """A creditor's dated word on where its contact points come from, and what channels were authorised with what evidence."""

    creditor: str
    on: date
    signed_by: str
    provenance: str
    channels: tuple[Channel, ...] = ()
    evidence: str = ""


@dataclass(frozen=True)
class Limits:
    """Tighter than the law, never looser. 0 means: no limit of our own.

    credit_back_definite_failures: contacts that reached nobody free their slot; counsel: who approved that, and when.
    """

    max_per_day: int = 0
    max_per_week: int = 0
    opens: time | None = None
    closes: time | None = None
    credit_back_definite_failures: bool = False
    counsel: str = ""
    replies_per_hour: int = 0
    monthly_spend_usd: int = 0


@dataclass(frozen=True)
class Schedule:
    """When the house looks for work. Lawful hours are the law engine's affair, not this one's."""

    time_zone: str
    opens: time = time(7, 0)
    closes: time = time(22, 0)
    sweep_minutes: int = 15
    shards: int = 4

    def __post_init__(self) -> None:
        # SQS hides a message for 15 minutes at most, and a sweep keeps its last minute free.
        if not 2 <= self.sweep_minutes <= 15:
            raise InvalidInput("sweep_minutes", f"is {self.sweep_minutes}", "2 to 15")
        if not 1 <= self.shards <= 100:
            raise InvalidInput(
                "shards", f"is {self.shards}", "1 to 100: one for every 50,000 debtors is plenty"
            )


@dataclass(frozen=True)
class Gateway:
    """One payment endpoint: /hooks/{gateway}/{endpoint}. Its secrets stand in Secrets Manager under `endpoint`.

    payee: who receives the money, a brand's id or name; "creditor": the one whose debt is paid. merchant: our id at the
    gateway, which every payment must carry; empty: it names none. options: the gateway's own (adapters/gateways).
    """

    endpoint: str
    payee: str = ""
    merchant: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PaymentRules:
    """thank: who paid gets a receipt, where the client has words for it (messages/payment_receipt.…). channels: by which, best
    first; the one that the person last used goes before.
    """

    thank: bool = True
    channels: tuple[Channel, ...] = (Channel.WHATSAPP, Channel.EMAIL, Channel.SMS, Channel.PUSH)


@dataclass(frozen=True)
class ReleaseLetterRules:
    """On settlement the debtor asks for the *paz y salvo / finiquito / libre deuda*: who gives it is the creditor.

    business_days: until it has to be here. is_asked: False where the creditor sends it by itself.
    """

    business_days: int = 10
    is_asked: bool = True


@dataclass(frozen=True)
class Notify:
    """One of the client's own systems that is told of what happens (domain/notices.py), signed by Standard Webhooks.

    name: its secret stands in Secrets Manager under `notify`, by that name. url: https. events: only these; empty: every one.
    """

    name: str
    url: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operations:
    """Who hears of trouble and how long logs are kept: the template's business (infra/stack/settings.py).

    dashboard: a page in CloudWatch, 3 dollars a month.
    ledger_table, ledger_stream: a restored table that stands in for the deployment's own (`recobro restore`).
    shift: how a release takes over: "canary10percent5minutes", taken back when an alarm rings, or "all_at_once".
    traces: X-Ray follows what functions do and through which queues (infra/decisions/0034 says what that costs).
    """

    alarm_email: str = ""
    log_retention_days: int = 30
    dashboard: bool = False
    ledger_table: str = ""
    ledger_stream: str = ""
    shift: str = "canary10percent5minutes"
    traces: bool = False


@dataclass(frozen=True)
class Evidence:
    """signing: a key of the client's own signs what is exported as evidence; it costs a dollar a month (KMS)."""

    signing: bool = False


@dataclass(frozen=True)
class Understanding:
    """second_opinion: "bedrock:<model or inference profile>": who may say what a reply means that our own reader is unsure of, and
    never a stop, a dispute, a promise or an offer (understanding/opinion.py); empty: a person alone.
    """

    second_opinion: str = ""

    def __post_init__(self) -> None:
        if self.second_opinion and not _OPINION.fullmatch(self.second_opinion):
            raise InvalidInput(
                "second_opinion", f"is {self.second_opinion!r}", '"bedrock:<model id>" as AWS lists it, or ""'
            )

    @property
    def model(self) -> str:
        """The model's id; empty: none."""
        return self.second_opinion.partition(":")[2]


_OPINION = re.compile(r"bedrock:[a-z0-9-]+(\.[a-z0-9-]+)+[A-Za-z0-9.:-]{0,100}")


@dataclass(frozen=True)
class Api:
    """enabled: the creditor's own systems may ask by HTTP (`recobro api`); a function and an alarm more."""

    enabled: bool = False


@dataclass(frozen=True)
class Console:
    """enabled: the agency's people sign in on the web and work their tasks there; a user pool, a function and an alarm more."""

    enabled: bool = False


@dataclass(frozen=True)
class Rate:
    """Requests: so many a second for as long as it lasts, and so many at once before that (a token bucket's size)."""

    a_second: int
    at_once: int

    def __post_init__(self) -> None:
        if self.a_second < 1 or self.at_once < 1:
            raise InvalidInput("throttle", "lets nobody in", "1 or more, a second and at once")


@dataclass(frozen=True)
class Throttle:
    """What each route of a kind takes, whatever the others are asked; more is answered 429, which gateways and programs repeat.

    webhooks: of payment gateways. pages: the debtor's. one_click: unsubscribing. api: /v1. console: the agency's people.
    """

    webhooks: Rate = Rate(50, 100)
    pages: Rate = Rate(25, 50)
    one_click: Rate = Rate(25, 50)
    api: Rate = Rate(10, 20)
    console: Rate = Rate(10, 20)


@dataclass(frozen=True)
class Client:
    """`client.toml`. default_language: for people in whose language there is no message. certificate: of public_url's name in
    AWS Certificate Manager; empty: something of your own leads that name to the API.
    """

    name: str
    countries: tuple[str, ...]
    agency: Agency
    brands: tuple[Brand, ...]
    schedule: Schedule
    channels: Mapping[str, ChannelSetup]
    region: str = "us-east-1"
    public_url: str = ""
    certificate: str = ""
    approvals: tuple[Approval, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    limits: Limits = field(default_factory=Limits)
    gateways: Mapping[str, Gateway] = field(default_factory=dict)
    extra_holidays: tuple[date, ...] = ()
    log_retention_days: int = 30
    default_language: str = "es"
    operations: Operations = field(default_factory=Operations)
    evidence: Evidence = field(default_factory=Evidence)
    allocation: Allocation = field(default_factory=Allocation)
    release_letter: ReleaseLetterRules = field(default_factory=ReleaseLetterRules)
    payments: PaymentRules = field(default_factory=PaymentRules)
    notify: tuple[Notify, ...] = ()
    api: Api = field(default_factory=Api)
    console: Console = field(default_factory=Console)
    throttle: Throttle = field(default_factory=Throttle)
    understanding: Understanding = field(default_factory=Understanding)

    def __post_init__(self) -> None:
        known = {"sms", "email", "whatsapp", "voice", "push"}
        for name in self.channels:
            if name not in known:
                raise InvalidInput(
                    f"channels.{name}", "is not a channel", f"one of: {', '.join(sorted(known))}"
                )
        brands = {brand.id for brand in self.brands}
        for index, approval in enumerate(self.approvals):
            if approval.creditor not in brands:
                raise InvalidInput(
                    f"approvals[{index}].creditor", f"no brand {approval.creditor!r}", "add the brand"
                )

    def brand(self, creditor: str) -> Brand | None:
        return next((brand for brand in self.brands if brand.id == creditor), None)

    def gateways_of(self, brand: Brand) -> Iterator[tuple[str, Gateway]]:
        """One link pays one creditor: only the gateways whose money goes to that one, as the file lists them."""
        names = {"creditor", brand.id.casefold(), brand.name.casefold(), brand.legal_name.casefold()}
        return ((name, one) for name, one in self.gateways.items() if one.payee.casefold() in names)

    def setup(self, channel: Channel) -> ChannelSetup | None:
        """The enabled set-up of a channel; None when the client does not use it."""
        setup = self.channels.get(SETUP_NAMES.get(channel, ""))
        return setup if setup is not None and setup.enabled else None

    def is_approved(self, channel: Channel, country: str, creditor: str, acts_as: str = "") -> bool:
        """SMS and WhatsApp forbid or restrict debt collection: they are off until a recorded approval says otherwise.

        acts_as: in whose name the contact would be made; empty: not asked.
        """
        if channel not in {Channel.SMS, Channel.WHATSAPP}:
            return True
        return any(
            one.channel is channel
            and one.country == country
            and one.creditor == creditor
            and (not acts_as or not one.acts_as or acts_as in one.acts_as)
            for one in self.approvals
        )


SETUP_NAMES: dict[Channel, str] = {
    Channel.SMS: "sms",
    Channel.EMAIL: "email",
    Channel.WHATSAPP: "whatsapp",
    Channel.VOICE_AUTO: "voice",
    Channel.PUSH: "push",
}
"""How client.toml, queues and functions call the channels that machines send by."""
