"""Every part of every template, filled in for people who might receive it: what the checks, and whoever signs, then read."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.playbook import samples
from infra.playbook.folder import Folder, file_of, own_parts
from recobro.domain.channel import Channel, Kind
from recobro.domain.client import Brand
from recobro.domain.contact_point import Level
from recobro.domain.debtor import Profile
from recobro.domain.languages import choose
from recobro.domain.playbook import Playbook
from recobro.domain.rendering import Rendered, channel_name, render
from recobro.domain.template import Part, Template
from recobro.domain.variables import variables
from recobro.errors import InvalidInput, NotFound

CURRENCIES = {"MX": "MXN", "CO": "COP", "BR": "BRL", "CL": "CLP", "PE": "PEN", "AR": "ARS"}
"""What a brand that names no currency is owed in, by country; elsewhere dollars."""


@dataclass(frozen=True)
class Reading:
    """One part, as one sample person in one country would read it. `is_first`: the first of its country and voice."""

    name: str
    template: Template
    part_name: str
    brand: Brand
    country: str
    acts_as: str
    about: str
    rendered: Rendered
    is_first: bool

    @property
    def part(self) -> Part:
        return self.template.parts[self.part_name]

    @property
    def channel(self) -> str:
        return channel_name(self.part_name)

    @property
    def text(self) -> str:
        """All that is seen of it."""
        return "\n".join(
            one for one in (self.rendered.subject, self.rendered.preview, self.rendered.text) if one
        )


_Figures = dict[tuple[object, ...], dict[str, str]]
"""The variables of a sample in a situation; they are the same for all templates of a language."""


@dataclass(frozen=True)
class _Situation:
    """A brand, a country and a voice in which some part is read."""

    name: str
    template: Template
    brand: Brand
    country: str
    currency: str
    acts_as: str
    stage: str


def readings(folder: Folder, playbook: Playbook) -> Iterator[Reading | InvalidInput]:
    """In each brand's own country by every sample; abroad, and in its other voice, by the first. InvalidInput where a
    variable has no value.
    """
    known: _Figures = {}
    for name, template in folder.templates.items():
        for brand in folder.client.brands:
            for country in dict.fromkeys((brand.country, *folder.client.countries)):
                if not _reaches(playbook, name, template, country):
                    continue
                for number, (acts_as, stage) in enumerate(_voices(folder, brand)):
                    at_home = country == brand.country and number == 0
                    for currency in _currencies(brand, country)[: None if at_home else 1]:
                        situation = _Situation(name, template, brand, country, currency, acts_as, stage)
                        yield from _read(playbook, folder, situation, known, by_all=at_home)


def _read(
    playbook: Playbook, folder: Folder, at: _Situation, known: _Figures, *, by_all: bool
) -> Iterator[Reading | InvalidInput]:
    language = at.template.language.split("-")[0]
    for number, sample in enumerate(samples.people(at.brand, at.country, at.currency, language)):
        if number and not by_all:
            return
        for part_name in own_parts(folder, at.name):
            part = at.template.parts[part_name]
            is_amount_in_sms = channel_name(part_name) == "sms" and part.level is not Level.NEUTRAL
            if is_amount_in_sms and at.acts_as != "first_party":
                continue
            dpd = -3 if is_amount_in_sms or at.template.kind is Kind.REMINDER_PRE_DUE else 12
            channel = samples.CHANNELS[channel_name(part_name)]
            place = (at.brand.id, at.country, at.currency, at.acts_as, at.stage, at.template.language)
            key = (*place, sample.about, channel, dpd, part.level)
            try:
                if key not in known:
                    known[key] = _figures(playbook, at, sample, channel, dpd, part.level)
                said = render(at.template, part_name, known[key])
            except InvalidInput as error:
                yield _unreadable(folder, at, part_name, error)
                return
            yield Reading(
                at.name,
                at.template,
                part_name,
                at.brand,
                at.country,
                at.acts_as,
                sample.about,
                said,
                is_first=number == 0,
            )


def _figures(
    playbook: Playbook, at: _Situation, sample: samples.Sample, channel: Channel, dpd: int, level: Level
) -> dict[str, str]:
    debtor, contact = samples.contact(
        sample, at.brand, at.template.name, channel, dpd=dpd, level=level, stage=at.stage
    )
    return variables(
        debtor,
        contact,
        playbook,
        today=samples.TODAY,
        link=samples.link(playbook.client, "p"),
        unsubscribe=samples.link(playbook.client, "u"),
        pay_link=samples.link(playbook.client, "g"),
        language=at.template.language,
        thanks=samples.thanks(at.brand, at.currency),
    )


def _unreadable(folder: Folder, at: _Situation, part_name: str, error: InvalidInput) -> InvalidInput:
    """Where a variable has no value."""
    return folder.problem(file_of(at.name), f"parts.{part_name}", f"{error.field} {error.problem}", error.fix)


def _reaches(playbook: Playbook, name: str, template: Template, country: str) -> bool:
    """Whether people of that country who speak its language would get this very template."""
    try:
        chosen, _ = choose(
            playbook, template.name, Profile(country=country, language=template.language.split("-")[0])
        )
    except NotFound:
        return False
    return chosen == name


def _voices(folder: Folder, brand: Brand) -> list[tuple[str, str]]:
    """In whose name the brand's messages go out, each with a stage in which they do."""
    found: dict[str, str] = {}
    for stage in folder.strategy.stages:
        found.setdefault(brand.acts_as_in(stage.name), stage.name)
    return list(found.items()) or [(brand.acts_as, "")]


def _currencies(brand: Brand, country: str) -> list[str]:
    return sorted({way.currency for way in brand.pay_ways if way.currency}) or [
        CURRENCIES.get(country, "USD")
    ]
