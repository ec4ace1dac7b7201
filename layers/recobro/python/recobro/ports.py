"""What the use cases ask of the world, in their own words; each port has a real adapter and a fake that pass one contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from recobro.domain.debtor import Debtor
from recobro.domain.money import Money
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
    time-to-live. sender_name: in whose name, for e-mail. context: debtor and attempt id, echoed by receipts.
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


@dataclass(frozen=True)
class Sent:
    """The carrier's answer. status: "accepted" | "refused" | "unknown". cost in micro-USD.

    then, when refused: "retry" | "next_channel" | "suppress" | "block_channel" | "open_circuit" | "park".
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
    carrier itself says so, with no words to read. replies_to: provider id of our message that it answers.
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


@dataclass(frozen=True)
class PaymentTold:
    """What a gateway told us of one payment. reference: ours ("<debtor id>.<debt key hash>") or the debt's."""

    gateway: str
    intent: str
    event: str
    reference: str
    amount: Money
    status: str
    at: datetime


class Forged(Exception):
    """The signature does not hold: a plain 401 without detail, and nothing changes."""


class Gateway(Protocol):
    """One file a gateway in adapters/gateways. name: as in its route, /hooks/{name}/{endpoint}."""

    name: str

    def verify_and_parse(
        self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime
    ) -> PaymentTold:
        """Raises Forged when the signature does not hold over the raw body."""
        ...
