"""Nobody but the person learns of a debt: proved over every template, channel, point, voice and stage, before it is deployed.

Three proofs that trust no declaration. Two people who differ in what they owe alone must read the same wherever others may
look; no variable that tells of a debt stands there; and no word that does. What may be told where is written down here a
second time (PRACTICE: Disclosure levels), apart from the code that chooses the words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from infra.playbook import samples
from infra.playbook.folder import Folder, file_of, own_parts
from infra.playbook.neutral_words import debt_word_in
from infra.playbook.readings import CURRENCIES
from recobro.domain.channel import Channel
from recobro.domain.client import SETUP_NAMES, Brand
from recobro.domain.contact_point import Level
from recobro.domain.debt import Amounts, Role
from recobro.domain.debtor import Debtor, Profile
from recobro.domain.decision import Contact
from recobro.domain.disclosure import NEUTRAL_VARIABLES
from recobro.domain.playbook import Playbook
from recobro.domain.rendering import Rendered, render, used
from recobro.domain.substitution import names_in
from recobro.domain.template import Part, Template
from recobro.domain.variables import variables
from recobro.domain.wording import part_of
from recobro.errors import InvalidInput, NotFound

OPENING = 120
"""Characters of a WhatsApp message that a locked phone shows."""
STAGES = (-3, 12)
"""Days past due of a reminder and of collection."""


def leaks(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """Every place in which a message would tell more than its reader may know; each part and place once."""
    proof = _Proof(folder, playbook)
    told: set[tuple[str, str, str]] = set()
    for at in situations(folder, playbook):
        for name, part, place, problem in proof.leaks_at(at):
            # What is borrowed is told of where it was written.
            if (name, part, place) not in told and part in own_parts(folder, name):
                told.add((name, part, place))
                fix = "who writes, to whom and a link; nothing of a debt"
                yield folder.problem(file_of(name), f"parts.{part}.{place}", problem, fix)


@dataclass(frozen=True)
class Situation:
    """One message to be: by which channel to a point of which level, in whose voice, how many days past due."""

    template: str
    language: str
    brand: Brand
    stage: str
    acts_as: str
    channel: Channel
    level: Level
    dpd: int
    is_first: bool

    @property
    def may_tell(self) -> bool:
        """Whether the body, below what a locked phone shows, may speak of the debt."""
        if self.level is Level.NEUTRAL:
            return False
        reminder = self.acts_as == "first_party" and self.dpd <= 0
        return self.channel in (Channel.EMAIL, Channel.WHATSAPP) or (self.channel is Channel.SMS and reminder)

    @property
    def about(self) -> str:
        """The situation in words."""
        when = "before the date" if self.dpd <= 0 else "after it"
        return f"by {SETUP_NAMES[self.channel]} to a point that is {self.level.value}, {self.acts_as}, {when}"


def situations(folder: Folder, playbook: Playbook) -> Iterator[Situation]:
    """All templates, channels, levels, voices and stages in each brand's country, with the first notice due and given."""
    voices: dict[tuple[str, str], tuple[Brand, str]] = {}
    for brand in folder.client.brands:
        for stage in folder.strategy.stages:
            voices.setdefault((brand.acts_as_in(stage.name), brand.country), (brand, stage.name))
    for template in folder.templates.values():
        for (acts_as, _), (brand, spoken_in) in voices.items():
            for channel in SETUP_NAMES:
                for level in Level:
                    for dpd in STAGES:
                        for is_first in (False, True):
                            yield Situation(
                                template.name,
                                template.language,
                                brand,
                                spoken_in,
                                acts_as,
                                channel,
                                level,
                                dpd,
                                is_first,
                            )


class _Proof:
    """Renders each part once for each voice and stage, for people who differ in their debts alone."""

    def __init__(self, folder: Folder, playbook: Playbook) -> None:
        self._playbook = playbook
        self._people: dict[tuple[str, str, str, int], tuple[tuple[Debtor, Contact], ...]] = {}
        self._shown: dict[
            tuple[str, str, str, str, int], tuple[list[tuple[str, str]], list[tuple[str, str]]]
        ] = {}
        names = {part for one in folder.client.brands for part in (one.name, one.legal_name)}
        agency = folder.client.agency
        names |= {
            agency.name,
            agency.legal_name,
            agency.address,
            agency.email,
            agency.responsible,
            folder.client.public_url,
        }
        self._names = sorted(filter(None, names), key=len, reverse=True)
        self._figures: dict[tuple[str, str, str, int, Channel], list[dict[str, str]]] = {}

    def leaks_at(self, at: Situation) -> Iterator[tuple[str, str, str, str]]:
        """(template, part, place, problem) of what that message would tell to others."""
        debtor, contact = self._asked(at)
        try:
            name, template, part, _ = part_of(debtor, contact, self._playbook, samples.NOW)
        except NotFound:
            return
        outside, inside = self._found(at, name, template, part)
        for place, problem in outside if at.may_tell else [*outside, *inside]:
            yield name, part, place, f"{problem} {at.about}"

    def _asked(self, at: Situation) -> tuple[Debtor, Contact]:
        """A person who speaks the template's language, with the one point in question."""
        debtor, contact = self._differing(at)[0]
        base, _, country = at.language.partition("-")
        profile = Profile(country=country or at.brand.country, language=base)
        points = tuple(replace(one, level=at.level) for one in debtor.points)
        asked = replace(
            contact, template=at.template, channel=at.channel, is_first_notice=at.is_first and at.dpd > 0
        )
        return replace(debtor, points=points, profile=profile), asked

    def _differing(self, at: Situation) -> tuple[tuple[Debtor, Contact], ...]:
        key = (at.language.split("-")[0], at.brand.id, at.acts_as, at.dpd)
        if key not in self._people:
            self._people[key] = tuple(_owing_differently(at))
        return self._people[key]

    def _found(
        self, at: Situation, name: str, template: Template, part: str
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """(place, problem) of what shows to everybody, and of what only the reader of an addressed point sees."""
        key = (name, part, at.brand.country, at.acts_as, at.dpd)
        if key not in self._shown:
            self._shown[key] = self._prove(at, template, part)
        return self._shown[key]

    def _prove(
        self, at: Situation, template: Template, part: str
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        written = template.parts[part]
        needed = used(part, written)
        said = [
            render(template, part, {name: value for name, value in values.items() if name in needed})
            for values in self._told_to_each(at, template.language)
        ]
        found: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
        for place, is_inside in PLACES:
            texts = {_seen(one, place) for one in said}
            problem = self._telling(texts, _named(written, place, part))
            if problem:
                found[is_inside].append((place, problem))
        return found

    def _telling(self, texts: set[str], named: tuple[str, ...]) -> str:
        loud = [f"{{{one}}}" for one in named if one not in NEUTRAL_VARIABLES]
        if loud:
            return f"{', '.join(loud)} tells of a debt"
        if len(texts) > 1:
            return "changes with what is owed"
        word = debt_word_in(self._without_names(next(iter(texts))))
        return f"{word!r} tells of a debt" if word else ""

    def _without_names(self, text: str) -> str:
        """Agencies and creditors are called what they are called; a link is a link."""
        for name in self._names:
            text = text.replace(name, "…")
        return re.sub(r"https?://\S+", "…", text)

    def _told_to_each(self, at: Situation, language: str) -> list[dict[str, str]]:
        """The variables of each who owes differently; they are the same for all templates of a language."""
        key = (language, at.brand.id, at.acts_as, at.dpd, at.channel)
        if key not in self._figures:
            self._figures[key] = [
                self._figures_of(debtor, contact, at, language) for debtor, contact in self._differing(at)
            ]
        return self._figures[key]

    def _figures_of(self, debtor: Debtor, contact: Contact, at: Situation, language: str) -> dict[str, str]:
        paid = samples.thanks(at.brand, contact.due.currency)
        return variables(
            debtor,
            replace(contact, channel=at.channel),
            self._playbook,
            today=samples.TODAY,
            link=samples.link(self._playbook.client, "p"),
            unsubscribe=samples.link(self._playbook.client, "u"),
            pay_link=samples.link(self._playbook.client, "g"),
            language=language,
            thanks=replace(paid, amount=contact.due),
        )


PLACES = (("subject", False), ("preview", False), ("opening", False), ("body", True))
"""Where words stand, and whether only a reader at an addressed point gets to see them."""


def _seen(said: Rendered, place: str) -> str:
    """What stands there, as it is read."""
    if place == "opening":
        return said.text[:OPENING] if said.parameters else ""
    return {"subject": said.subject, "preview": said.preview, "body": said.text}[place]


def _named(part: Part, place: str, name: str) -> tuple[str, ...]:
    """The variables that are written there. The opening's are read off what is rendered, wherever it ends."""
    if place == "opening":
        return names_in(part.body.strip().split("\n\n")[0]) if name.startswith("whatsapp") else ()
    text = {"subject": part.subject, "preview": part.preview, "body": part.body + part.footer}[place]
    return names_in(text)


def _owing_differently(at: Situation) -> Iterator[tuple[Debtor, Contact]]:
    """One person three times: another amount, product, reference, date and promise; several debts; as a guarantor."""
    country = at.brand.country
    currency = next(
        (way.currency for way in at.brand.pay_ways if way.currency), CURRENCIES.get(country, "USD")
    )
    language = at.language.split("-")[0]
    people = {one.about: one for one in samples.people(at.brand, country, currency, language)}
    one = people["one debt"]
    several = replace(people["three debts, one in instalments"].debtor, personal=one.debtor.personal)
    days = -1 if at.dpd <= 0 else 9
    for debtor, dpd in ((one.debtor, at.dpd), (_owing_more(one.debtor), at.dpd + days), (several, at.dpd)):
        sample = replace(one, debtor=debtor)
        yield samples.contact(
            sample, at.brand, at.template, at.channel, dpd=dpd, level=at.level, stage=at.stage
        )


def _owing_more(debtor: Debtor) -> Debtor:
    debts = tuple(
        replace(
            debt,
            ref=f"{debt.ref}9",
            amounts=Amounts(debt.amounts.principal * 3 + 700, debt.amounts.interest + 100),
            product="Motocicleta",
            role=Role.GUARANTOR,
        )
        for debt in debtor.debts
    )
    promises = tuple(
        replace(one, amount=one.amount * 2, due_on=one.due_on + timedelta(days=3)) for one in debtor.promises
    )
    keys = tuple(debt.key for debt in debts)
    plans = tuple(
        replace(one, offer=replace(one.offer, debts=keys, owed=one.offer.owed * 3)) for one in debtor.plans
    )
    return replace(debtor, debts=debts, promises=promises, plans=plans)
