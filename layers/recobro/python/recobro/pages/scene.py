"""What every page knows: whose it is, in which language, on which day, and how its forms are told from a stranger's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module

from recobro.domain import figures, names
from recobro.domain.client import Brand
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today
from recobro.domain.money import Money
from recobro.domain.playbook import LocaleFormat, Playbook
from recobro.pages.html import NOTHING, Html, frame, h, lines

LANGUAGES = {"es": "Español", "pt": "Português", "en": "English"}


def words_in(language: str) -> Mapping[str, str]:
    """All that the page says in that language; only one is read at a cold start."""
    spoken = language if language in LANGUAGES else "es"
    found: Mapping[str, str] = import_module(f"recobro.pages.words_{spoken}").WORDS
    return found


@dataclass(frozen=True)
class Scene:
    """language: "es" | "pt" | "en". path: of this link, "/p/<token>". form_key: empty before anybody is identified.
    nonce: names what a form of this page says, so that sending it twice says it once."""

    playbook: Playbook
    debtor: Debtor
    language: str
    path: str
    today: Today
    form_key: str = ""
    nonce: str = ""

    def say(self, key: str, **values: object) -> str:
        """One text in the person's language, its `{names}` filled."""
        return words_in(self.language)[key].format_map(values)

    def has(self, key: str) -> bool:
        return key in words_in(self.language)

    @property
    def locale(self) -> LocaleFormat:
        return figures.locale_for(self.playbook, self.language, self.debtor.profile.country)

    def money(self, amount: Money) -> str:
        return figures.money(amount, self.locale)

    def day(self, day: date) -> str:
        return figures.long_date(day, self.locale)

    def local_day(self, at: datetime) -> str:
        return self.day(at.astimezone(self.today.zone).date())

    def last_day(self, ends_at: datetime) -> str:
        """The last local day before that instant: what "until" means to people."""
        return self.local_day(ends_at - timedelta(microseconds=1))

    def brand(self, creditor: str) -> Brand | None:
        return self.playbook.client.brand(creditor)

    def named(self, creditor: str) -> str:
        """What the creditor is called."""
        brand = self.brand(creditor)
        return brand.name if brand is not None else creditor

    @property
    def contact(self) -> str:
        """How to reach a person of the agency from there."""
        agency = self.playbook.client.agency
        return f"{agency.phone_in(self.debtor.profile.country)} · {agency.email}"

    def greeting(self) -> str:
        company = self.debtor.profile.kind == "company"
        personal = self.debtor.personal
        name = names.company_name(personal) if company else names.given_name(personal)
        return self.say("greeting", name=name) if name else self.say("greeting_plain")

    def form(self, act: str, inside: Html, *, upload: bool = False) -> Html:
        """A form of this page. act: the last part of its address."""
        return h(
            '<form method="post" action="{path}/{act}"{kind}>{key}{inside}</form>',
            path=self.path,
            act=act,
            kind=Html(' enctype="multipart/form-data"') if upload else NOTHING,
            key=h(
                '<input type="hidden" name="form" value="{key}"><input type="hidden" name="nonce" value="{nonce}">',
                key=self.form_key,
                nonce=self.nonce,
            ),
            inside=inside,
        )

    def button(self, label: str, *, quiet: bool = False) -> Html:
        return h(
            "<button{kind}>{label}</button>", kind=Html(' class="quiet"') if quiet else NOTHING, label=label
        )

    def link(self, page: str, label: str) -> Html:
        return h(
            '<a href="{path}{page}">{label}</a>', path=self.path, page=f"/{page}" if page else "", label=label
        )

    def page(self, body: Html, *, title: str = "", menu: tuple[str, ...] = (), onward: str = "") -> Html:
        """The document. title: what a tab or a reader announces; it never tells of a debt. onward: where it leads by itself."""
        agency = self.playbook.client.agency
        heading = self.say("title", agency=agency.name)
        items = lines(h("<li>{link}</li>", link=self.link(one, self.say(f"menu_{one}"))) for one in menu)
        top = h(
            "<p><strong>{agency}</strong></p>{menu}{languages}",
            agency=agency.name,
            menu=h('<nav aria-label="{label}"><ul>{items}</ul></nav>', label=self.say("menu"), items=items)
            if menu
            else NOTHING,
            languages=self._languages(),
        )
        foot = h(
            "<p>{where} {contact}</p><p>{safe}</p>",
            where=self.say("where", legal_name=agency.legal_name or agency.name, address=agency.address),
            contact=self.contact,
            safe=self.say("safe"),
        )
        return frame(
            language=self.language,
            title=f"{title} · {heading}" if title else heading,
            top=top,
            body=body,
            foot=foot,
            onward=onward,
        )

    def _languages(self) -> Html:
        others = [(code, name) for code, name in LANGUAGES.items() if code != self.language]
        items = lines(
            h(
                '<li><a href="{path}?lang={code}" lang="{code}" hreflang="{code}">{name}</a></li>',
                path=self.path,
                code=code,
                name=name,
            )
            for code, name in others
        )
        return h('<nav aria-label="{label}"><ul>{items}</ul></nav>', label=self.say("languages"), items=items)


def field(
    scene: Scene,
    name: str,
    *,
    kind: str = "text",
    value: str = "",
    extra: Html = NOTHING,
    hint: str = "",
    key: str = "",
) -> Html:
    """One labelled box. key: of its words, where it is not the name."""
    key = key or name
    said = hint or (scene.say(f"{key}_hint") if scene.has(f"{key}_hint") else "")
    return h(
        '<label for="{name}">{label}{hint}</label><input id="{name}" name="{name}" type="{kind}" value="{value}"{extra}>',
        name=name,
        label=scene.say(key),
        hint=h('<span class="hint">{hint}</span>', hint=said) if said else NOTHING,
        kind=kind,
        value=value,
        extra=extra,
    )


def told(scene: Scene, key: str, *, wrong: bool = False, **values: object) -> Html:
    """What just happened, said first and announced to who cannot see it."""
    return h(
        '<p class="{kind}" role="{role}">{text}</p>',
        kind="wrong" if wrong else "done",
        role="alert" if wrong else "status",
        text=scene.say(key, **values),
    )
