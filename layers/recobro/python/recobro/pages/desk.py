"""What every page of the console knows: who has signed in, in which language, and how its forms are told from a stranger's."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

from recobro.domain import figures
from recobro.domain.client import Client
from recobro.domain.eligibility import Today
from recobro.domain.money import Money
from recobro.domain.playbook import Playbook
from recobro.domain.signed_in import SignedIn
from recobro.pages.html import NOTHING, Html, frame, h
from recobro.pages.scene import LANGUAGES

REFERRER = "same-origin"
"""Our own pages may see where a request comes from: without it no browser would say whose form it sends (Fetch, "Origin header")."""


def words_in(language: str) -> Mapping[str, str]:
    """All that the console says in that language."""
    spoken = language if language in LANGUAGES else "es"
    found: Mapping[str, str] = import_module(f"recobro.pages.words_desk_{spoken}").WORDS
    return found


def mark_of(task_id: str) -> str:
    """How an address names a task: ids hold what gateways and strategies like, and not all of it may stand in an address."""
    return hashlib.sha256(task_id.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Desk:
    """language: "es" | "pt" | "en". nonce: names what a form of this page says, so that sending it twice says it once."""

    playbook: Playbook
    language: str
    who: SignedIn
    form_key: str
    nonce: str

    def say(self, key: str, **values: object) -> str:
        """One text, its `{names}` filled."""
        return words_in(self.language)[key].format_map(values)

    def code(self, kind: str, code: str) -> str:
        """What a code of ours means, e.g. `code("reason", "call_back")`; what has no words yet is shown as it is."""
        return words_in(self.language).get(f"{kind}_{code}", code.replace("_", " "))

    @property
    def zone(self) -> ZoneInfo:
        """Where the agency works."""
        return ZoneInfo(self.playbook.client.schedule.time_zone)

    def money(self, amount: Money, country: str) -> str:
        return figures.money(amount, figures.locale_for(self.playbook, self.language, country))

    def day(self, day: date, country: str = "") -> str:
        return figures.day_month(day, figures.locale_for(self.playbook, self.language, country))

    def at(self, instant: datetime, zone: ZoneInfo | None = None) -> str:
        """Day and time on the agency's clock, or on that of the place."""
        there = instant.astimezone(zone or self.zone)
        return f"{self.day(there.date())}, {there:%H:%M}"

    def now_there(self, today: Today) -> str:
        """What the clock says where the person is."""
        return self.at(today.now, today.zone)

    def creditor(self, ident: str) -> str:
        brand = self.playbook.client.brand(ident)
        return brand.name if brand is not None else ident

    def form(self, path: str, inside: Html) -> Html:
        """A form of this session's. path: the whole address."""
        return h(
            '<form method="post" action="{path}"><input type="hidden" name="form" value="{key}">'
            '<input type="hidden" name="nonce" value="{nonce}">{inside}</form>',
            path=path,
            key=self.form_key,
            nonce=self.nonce,
            inside=inside,
        )

    def button(self, key: str, *, quiet: bool = False) -> Html:
        kind = Html(' class="quiet"') if quiet else NOTHING
        return h("<button{kind}>{label}</button>", kind=kind, label=self.say(key))

    def told(self, key: str, *, wrong: bool = False, **values: object) -> Html:
        """What just happened, said first and announced to who cannot see it."""
        return h(
            '<p class="{kind}" role="{role}">{text}</p>',
            kind="wrong" if wrong else "done",
            role="alert" if wrong else "status",
            text=self.say(key, **values),
        )

    def page(self, title: str, body: Html) -> Html:
        """title: what a tab announces; it names no debtor."""
        agency = self.playbook.client.agency.name
        standing = "supervisor" if self.who.is_supervisor else "agent" if self.who.may_work else "nobody"
        top = h(
            '<p><strong>{agency}</strong></p><nav aria-label="{menu}"><ul><li><a href="/console">{tasks}</a></li></ul></nav>',
            agency=agency,
            menu=self.say("menu"),
            tasks=self.say("tasks"),
        )
        foot = h(
            "<p>{who}</p>{out}",
            who=self.say("signed_in_as", name=self.who.name, standing=self.say(f"as_{standing}")),
            out=self.form("/console/sign-out", self.button("sign_out", quiet=True)),
        )
        whole = f"{title} · {agency}"
        return frame(language=self.language, title=whole, top=top, body=body, foot=foot, referrer=REFERRER)


def outside(client: Client, language: str, key: str) -> Html:
    """Where there is nothing to show: names the agency and nobody else. key: "not_in" | "out" | "amiss" | "busy" | "gone" | "taken"."""
    words, agency = words_in(language), client.agency.name
    path, label = ("/sign-in", "sign_in") if key in ("not_in", "out") else ("", "tasks")
    body = h(
        '<h1>{title}</h1><p>{text}</p><p><a class="go" href="/console{path}">{label}</a></p>',
        title=words[f"{key}_title"],
        text=words[key],
        path=path,
        label=words[label],
    )
    return frame(
        language=language,
        title=f"{words[f'{key}_title']} · {agency}",
        top=h("<p><strong>{agency}</strong></p>", agency=agency),
        body=body,
        foot=NOTHING,
        referrer=REFERRER,
    )
