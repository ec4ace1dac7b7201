"""Who lives in the invented world: what the files say of them, and what only they themselves know.

Phone numbers follow one convention, since neither country reserves numbers for fiction: Mexico <area> 5550 xxxx
(ten digits) and Colombia 300 555 xxxx; both parse as valid and ring nobody that we know of. E-mails end in example.com or
example.org (RFC 2606). Documents carry right check digits and belong to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Phone:
    """One number as the creditor wrote it down. owner: "self" | "stranger" | "nobody" (dead number).

    shared_with: document of the other person whom it also reaches. authorised: channels with evidence (Colombia).
    """

    number: str
    owner: str = "self"
    on_whatsapp: bool = True
    shared_with: str = ""
    authorised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One e-mail. works: False bounces for good."""

    address: str
    works: bool = True
    authorised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """A telephone with the creditor's app on it, named by the token that the app was given."""

    token: str
    authorised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A named contact at a company."""

    name: str
    role: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Owed:
    """One debt. amount: minor units at the start. disputed: the creditor's own file says so."""

    ref: str
    creditor: str
    currency: str
    amount: int
    due_on: date
    product: str
    order: str = ""
    disputed: bool = False

    @property
    def key(self) -> str:
        return f"{self.creditor}/{self.ref}"


@dataclass(frozen=True, slots=True)
class Temper:
    """What nobody sees in a file. Probabilities per occasion.

    pays_alone: debt reference → day of the run on which it is paid without any contact; absent: never in the run.
    pays_part: debt references of which only a part is paid then.
    """

    reads: float
    answers: float
    persuadable: float
    keeps_promises: float
    pays_direct: float
    pays_alone: Mapping[str, int] = field(default_factory=dict)
    pays_part: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """A person or company. document: canonical, with `document_type` its key. guarantees: references of debts of others."""

    document_type: str
    document: str
    name: str
    given_name: str
    kind: str
    country: str
    state: str
    city: str
    zone: str
    creditor: str
    temper: Temper
    debts: tuple[Owed, ...] = ()
    phone: Phone | None = None
    mailbox: Mailbox | None = None
    device: Device | None = None
    contacts: tuple[Contact, ...] = ()
    guarantees: tuple[Owed, ...] = ()
    birth_year: int = 0

    @property
    def is_company(self) -> bool:
        return self.kind == "company"

    @property
    def obligations(self) -> tuple[Owed, ...]:
        """Own debts and those answered for."""
        return (*self.debts, *self.guarantees)

    def addresses(self) -> frozenset[str]:
        """Every address that the creditor gave for this person."""
        own = {self.phone.number} if self.phone else set()
        own |= {self.mailbox.address} if self.mailbox else set()
        own |= {self.device.token} if self.device else set()
        return frozenset(own | {one.email for one in self.contacts} | {one.phone for one in self.contacts})

    @property
    def authorised(self) -> tuple[str, ...]:
        """The channels that the person allowed, as the file gives them: for the person, not for each point."""
        points = (self.phone, self.mailbox, self.device)
        return tuple(channel for point in points if point is not None for channel in point.authorised)
