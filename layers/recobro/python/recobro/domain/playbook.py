"""All that a decision rests on besides the debtor and the time: one client's file, strategy, words and laws, by hash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from recobro.domain.channel import Channel
from recobro.domain.client import SETUP_NAMES, Client
from recobro.domain.phrases import Phrases
from recobro.domain.refusal import Refusal
from recobro.domain.strategy import Strategy
from recobro.domain.template import Template
from recobro.law.contact import Calendar
from recobro.law.pack import Pack


@dataclass(frozen=True)
class LocaleFormat:
    """How a language and country write amounts and dates (CLDR), precomputed so that no Lambda imports a library for it.

    currency_pattern, long_date, full_date (with weekday), day_month: CLDR patterns. months from January, weekdays from
    Monday. symbols: currency → what is written, with its space where one belongs. whole: currencies whose
    amounts are written without decimals when there are no cents.
    """

    decimal: str
    group: str
    currency_pattern: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    long_date: str
    full_date: str = ""
    day_month: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)
    whole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Playbook:
    """Compiled from `infra/clients/<client>/` and the law packs when the template is synthesised; never edited by hand.

    templates: "name.language" → Template. calendars: country → holidays. locales: "es-MX", "es" → formats.
    phrases: language → the small words between variables. hashes: "client", "strategy", "law.MX",
    "calendar.MX", "template.name.language", "locale.es", "phrases.es", "book" (the list of all these), "plan" → content address.
    """

    client: Client
    strategy: Strategy
    templates: Mapping[str, Template]
    packs: Mapping[str, Pack]
    calendars: Mapping[str, Calendar]
    locales: Mapping[str, LocaleFormat] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, Phrases] = field(default_factory=dict)

    @property
    def plan_hash(self) -> str:
        """Changes when the strategy or any law changes: every debtor is then planned anew."""
        return self.hashes.get("plan", "")


@dataclass(frozen=True)
class Switches:
    """What operators and circuits turned off, read once per batch: pauses bind at the claim within seconds.

    off: each is a scope: "all", "creditor:acme", "channel:sms", "country:MX"; value: who and why. spent: the channels whose
    month's money is used up, as client.toml calls them; value: the budget's no, which ends with the month.
    """

    off: Mapping[str, str] = field(default_factory=dict)
    spent: Mapping[str, Refusal] = field(default_factory=dict)

    def off_for(self, *, creditor: str, channel: str, country: str) -> str:
        """The scope that forbids such a contact; empty when none does."""
        for scope in ("all", f"creditor:{creditor}", f"channel:{channel}", f"country:{country}"):
            if scope in self.off:
                return scope
        return ""

    def no_money(self, channel: Channel, now: datetime) -> Refusal | None:
        """Why the channel can be paid for no more at `now`; None: it can, or nothing limits it."""
        over = self.spent.get(SETUP_NAMES.get(channel, ""))
        return None if over is None or (over.until is not None and over.until <= now) else over
