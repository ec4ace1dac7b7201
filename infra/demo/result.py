"""What a run came to, in figures that a machine can read and a person can check against the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Moment:
    """One line of a person's timeline. at: local text; who: "Recobro", "Persona", "Agente", "Pago"."""

    at: str
    who: str
    what: str
    said: str = ""


@dataclass(frozen=True)
class Story:
    """One person's weeks, to see what the figures are made of. Names are invented."""

    name: str
    about: str
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True)
class DemoResult:
    """A finished run. Money in minor units by currency; shares by DPD bucket; costs in USD; times in seconds.

    funnel: sent, delivered, read, answered. dpd_before, dpd_after: currency → bucket → minor units. sources: rule → article.
    dynamodb_requests_per_contact: planning and sending, sweeps that found nobody included; dynamodb_per_contact: by who asked.
    requests: "function · service" → how often. breach_details: the first of each rule, for whoever mends it.
    rates: in per cent, "response" (of what was delivered), "promise" (in writing, of those who answered), "kept" (of those due);
    answers: what was said to who wrote, receipts: thanks for payments, neither a contact of ours. plans: "agreed", "kept", "broken",
    "instalments_kept", "instalments_missed"; page: how many people opened the link in a message, showed who they are, and did what
    there. webhooks: gateway → how many were accepted, came late, twice or out of order, were forged, and refused.
    judged_by_law: contacts that the auditor of infra/auditor judged, claims that reached nobody not counted.
    """

    seed: int
    debtors: int
    days: int
    start: date
    backend: str
    contacts: int
    by_channel: Mapping[str, int]
    by_day: Mapping[str, Mapping[str, int]]
    funnel: Mapping[str, int]
    recovered: Mapping[str, int]
    recovered_without_contact: Mapping[str, int]
    recovered_by_day: Mapping[str, Mapping[str, int]]
    promises: Mapping[str, int]
    tasks: Mapping[str, Any]
    refusals: Mapping[str, int]
    sources: Mapping[str, str]
    breaches: int
    breaches_by_rule: Mapping[str, int]
    breach_details: tuple[str, ...]
    duplicates: int
    dynamodb_requests_per_contact: float
    dynamodb_per_contact: Mapping[str, float]
    requests: Mapping[str, int]
    cost_per_1000_contacts_usd: float
    cost_split_usd: Mapping[str, float]
    seconds: float
    ledger_hash: str
    set_aside: Mapping[str, int]
    quarantined: int
    words_received: Mapping[str, int]
    payments_posted: int
    failures: Mapping[str, int]
    banned_on: str
    dpd_before: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    dpd_after: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    phases: Mapping[str, float] = field(default_factory=dict)
    attempts: Mapping[str, int] = field(default_factory=dict)
    judged_by_law: int = 0
    rates: Mapping[str, int] = field(default_factory=dict)
    answers: int = 0
    plans: Mapping[str, int] = field(default_factory=dict)
    page: Mapping[str, int] = field(default_factory=dict)
    receipts: int = 0
    webhooks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    story: Story | None = None

    def as_json(self) -> dict[str, Any]:
        """The figures, without the story and the daily series."""
        left_out = {"story", "by_day", "recovered_by_day", "funnel", "start", "sources"}
        told = {
            name: _plain(getattr(self, name)) for name in self.__dataclass_fields__ if name not in left_out
        }
        return told | {
            "start": self.start.isoformat(),
            "delivered": self.funnel.get("delivered", 0),
            "answered": self.funnel.get("answered", 0),
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
