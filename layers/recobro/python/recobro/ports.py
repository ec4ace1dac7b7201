"""What the use cases ask of the world, in their own words; each port has a real adapter and a fake that pass one contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from recobro.domain.debtor import Debtor
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold as PaymentTold
from recobro.domain.shared_caps import Slot
from recobro.errors import Stale


@dataclass(frozen=True)
class Content:
    """What was said: the template's name, hash, part and variables; renders to the same words again.

    version: the save that brought it, so that the record knows when the history holds it.
    """

    template: str
    template_hash: str
    part: str
    variables: Mapping[str, str]
    digest: str
    version: int = 0


@dataclass(frozen=True)
class Loaded:
    """A debtor as the ledger holds it.

    pending: the facts not yet known to be in the history, as they are written down; most readers only carry them on.
    """

    debtor: Debtor
    pending: tuple[Mapping[str, Any], ...] = ()
    contents: Mapping[str, Content] = field(default_factory=dict)
    lane: str = ""
    next_action: datetime | None = None
    save_id: str = ""
    saved_at: datetime | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)


class SavedByAnother(Stale):
    """Someone saved this debtor first. current: what stands there now; None when it was not there at all."""

    def __init__(self, current: Loaded | None) -> None:
        super().__init__("saved by another")
        self.current = current


class Overtaken(Stale):
    """What was decided had grown too old by the time it was to be written: nothing was."""


@dataclass(frozen=True)
class Standing:
    """Who holds room in a shared scope, as of `version` (0: nobody ever did). slots, until: by claim."""

    version: int
    slots: Mapping[str, Slot]
    until: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Due:
    """A debtor whose next action has come."""

    debtor_id: str
    due_at: str

    @property
    def cursor(self) -> str:
        """Where to go on after this one."""
        return f"{self.due_at}|{self.debtor_id}"


@dataclass(frozen=True)
class Outgoing:
    """One message, rendered, ready for its carrier.

    to: canonical address. body: plain text; html, subject only for e-mail. expires_in: seconds for the carrier's
    time-to-live. sender_name: in whose name, for e-mail. context: debtor and attempt id, echoed by receipts. choices: (id, label)
    of each button under a free message, where the channel has buttons; choose: what opens them where there are many. button: the
    address to which an approved template's button leads.
    """

    to: str
    body: str
    channel: str
    context: Mapping[str, str]
    expires_in: int
    subject: str = ""
    sender_name: str = ""
    html: str = ""
    template: str = ""
    parameters: tuple[str, ...] = ()
    language: str = "es"
    country: str = ""
    unsubscribe_url: str = ""
    max_price: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    choose: str = ""
    button: str = ""


@dataclass(frozen=True)
class Sent:
    """The carrier's answer. status: "accepted" | "refused" | "unknown". cost in micro-USD.

    then, when refused: "retry" | "next_channel" | "opted_out" | "suppress" | "block_channel" | "open_circuit" | "park".
    new_address: what the carrier says to use from now on instead of the address we had (push tokens rotate).
    """

    status: str
    provider_id: str = ""
    code: str = ""
    then: str = ""
    cost: int = 0
    new_address: str = ""


class Carrier(Protocol):
    """One file a channel in adapters/channels."""

    def send(self, message: Outgoing) -> Sent:
        """Send once: one attempt, a fresh connection. Never raises for what a carrier may answer."""
        ...


@dataclass(frozen=True)
class Receipt:
    """What a carrier told of one message, in our words.

    status: an AttemptStatus value, or "complaint", or "unrecognised". then: "" | "suppress" | "block_channel" | "open_circuit".
    code: the outcome in the words that the law engine counts by ("hard_bounce", "no_answer" …), else ours.
    detail: the carrier's own word, kept raw. debtor_id, attempt_id: empty when the carrier did not echo them.
    """

    debtor_id: str
    attempt_id: str
    status: str
    code: str
    at: datetime
    channel: str
    provider_id: str = ""
    then: str = ""
    cost: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Inbound:
    """What a person wrote to us. sender: canonical address; id: the carrier's own, for deduplication.

    user_id: the carrier's own id of a person who hides the number; `sender` is then empty. kind: "text",
    "button", "image" …; media: the carrier's id of what was attached. signal: "opt_out" | "opt_in" when the
    carrier itself says so, with no words to read. replies_to: provider id of our message that it answers. is_vouched: False
    where nothing shows that the sender's address is the sender's own.
    """

    id: str
    channel: str
    sender: str
    body: str
    at: datetime
    replies_to: str = ""
    user_id: str = ""
    kind: str = "text"
    media: str = ""
    signal: str = ""
    is_vouched: bool = True


@dataclass(frozen=True)
class Webhook:
    """One delivery as it was signed. headers: lower-case names (HTTP API); query: raw, undecoded."""

    body: bytes
    headers: Mapping[str, str]
    query: str = ""


class Forged(Exception):
    """The signature does not hold: a plain 401 without detail, and nothing changes."""


@dataclass(frozen=True)
class Endpoint:
    """One gateway endpoint of the client: what its file and its secret say.

    secrets: live webhook secrets, newest first, never empty strings. api_key: for asking and for links; empty: cannot.
    merchant: the id that a payment must carry; empty: the gateway names none. options: the gateway's own settings.
    """

    name: str
    secrets: Sequence[str]
    api_key: str = ""
    merchant: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


class Gateway(Protocol):
    """One file a gateway in adapters/gateways. name: as in its route, /hooks/{name}/{endpoint}.

    is_experimental: True until every published oracle passes. What it can do besides (`ask`, `make_link`, `missed`) stands in
    the protocols below; a gateway that cannot does not have the method.
    """

    name: str
    is_experimental: bool

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged when the signature does not hold over the raw body, InvalidInput for a body that makes no sense."""
        ...


@dataclass(frozen=True)
class HttpReply:
    status: int
    body: bytes


class Http(Protocol):
    """How a gateway's API is reached. Raises Unavailable for what passes by waiting (5xx, no connection, time-out)."""

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, idempotency: str = ""
    ) -> HttpReply: ...


class Asks(Protocol):
    """A gateway whose API says what became of a payment: the truth where its signature does not cover the money.

    All that one answer says, at least one word: what was taken before what of it went back, since the second means nothing alone.
    """

    def ask(
        self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime
    ) -> Sequence[PaymentTold]: ...


@dataclass(frozen=True)
class LinkWanted:
    """reference: ours, never personal. expires_at: aware. amount: what is asked; back_url: where the payer returns to."""

    reference: str
    amount: Money
    description: str
    expires_at: datetime
    back_url: str = ""


@dataclass(frozen=True)
class LinkMade:
    """id: the gateway's, to void it by; url: where the person pays."""

    id: str
    url: str


class MakesLinks(Protocol):
    """A gateway that makes payment links. `make_link` with the same reference, amount and expiry makes the same link."""

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade: ...

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None: ...


class Lists(Protocol):
    """A gateway that can be asked for what its webhooks missed."""

    def missed(
        self, since: datetime, until: datetime, endpoint: Endpoint, http: Http
    ) -> Sequence[PaymentTold]: ...


class Classifier(Protocol):
    """A second reader of replies that rules are unsure of; what it may decide, understanding/opinion.py says."""

    def likeliest(self, text: str) -> str:
        """The name of an intent; empty where it can't tell. Raises Unavailable when it can't be asked."""
        ...
