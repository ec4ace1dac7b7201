"""Invented people by whom every template is read before it is allowed out: one debt, many, none due, an aval, a company."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from recobro.domain.attempt import StepKey
from recobro.domain.channel import Channel, Kind
from recobro.domain.client import SETUP_NAMES, Brand, Client
from recobro.domain.contact_point import ContactPoint, Level, PointKind
from recobro.domain.debt import Amounts, Debt, Instalment, Role
from recobro.domain.debtor import Debtor, Personal, Profile
from recobro.domain.decision import Contact
from recobro.domain.money import Money
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer, PlanPart
from recobro.domain.promise import PromiseToPay
from recobro.domain.thanking import Thanks
from recobro.domain.tokens import Token, sign

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
CHANNELS: dict[str, Channel] = {name: channel for channel, name in SETUP_NAMES.items()}
_KINDS = {Channel.EMAIL: PointKind.EMAIL, Channel.PUSH: PointKind.DEVICE}


@dataclass(frozen=True)
class Sample:
    """A person, as told to the reader, and their debts to one brand."""

    about: str
    debtor: Debtor


def people(brand: Brand, country: str, currency: str, language: str = "es") -> Iterator[Sample]:
    """Samples for one brand in one country."""
    person = Profile(kind="person", country=country, language=language)
    company = replace(person, kind="company", law="commercial")
    for about, profile, personal, debts in (
        ("one debt", person, Personal("JIMÉNEZ RÍOS, GUADALUPE", "GUADALUPE"), _debts(brand, currency, 1)),
        (
            "three debts, one in instalments",
            person,
            Personal("María del Carmen Núñez"),
            _debts(brand, currency, 3),
        ),
        ("nobody's name", person, Personal(), _debts(brand, currency, 1)),
        ("a guarantor", person, Personal("JOSÉ PEÑA"), _debts(brand, currency, 1, Role.GUARANTOR)),
        (
            "a company",
            company,
            Personal("Comercializadora del Ejemplo, S.A. de C.V."),
            _debts(brand, currency, 42),
        ),
    ):
        promise = PromiseToPay("p1", 1, brand.id, currency, 50_000, TODAY + timedelta(days=1), TODAY, NOW)
        plan = PaymentPlan("pl1", 1, _offer(brand, currency, debts), NOW)
        yield Sample(
            about,
            Debtor("d1", profile=profile, personal=personal, debts=debts, promises=(promise,), plans=(plan,)),
        )


def _offer(brand: Brand, currency: str, debts: tuple[Debt, ...]) -> PlanOffer:
    """A plan in three parts with a discount: as long as one gets."""
    owed = sum(debt.outstanding.minor for debt in debts)
    parts = tuple(
        PlanPart(TODAY + timedelta(days=15 * number), owed // 4, TODAY + timedelta(days=15 * number + 2))
        for number in (1, 2, 3)
    )
    keys = tuple(debt.key for debt in debts)
    discount = owed - 3 * (owed // 4)
    return PlanOffer(
        "o1", "sample", brand.id, currency, parts, owed, discount, keys, Authority.AUTOMATIC, NOW
    )


def contact(
    sample: Sample,
    brand: Brand,
    template: str,
    channel: Channel,
    *,
    dpd: int,
    level: Level,
    stage: str,
    first: bool = False,
) -> tuple[Debtor, Contact]:
    """One contact with a sample, and the sample with the point it goes to.

    The first debt is dated so that `dpd` holds; a person's others follow nine days apart, a company's stand beside it.
    """
    due_on = TODAY - timedelta(days=dpd)
    apart = 9 if len(sample.debtor.debts) < 10 else 0
    debts = tuple(
        _dated(debt, due_on + timedelta(days=apart * at)) for at, debt in enumerate(sample.debtor.debts)
    )
    point = ContactPoint("x", _KINDS.get(channel, PointKind.PHONE), level=level)
    debtor = replace(sample.debtor, debts=debts, points=(point,))
    named = [debt for debt in debts if debt.oldest_due_on() <= TODAY] or [
        debt for debt in debts if debt.oldest_due_on() == due_on
    ]
    due = sum(debt.due_now(TODAY).minor for debt in named)
    total = sum(debt.outstanding.minor for debt in debts)
    currency = debts[0].currency
    return debtor, Contact(
        step=StepKey(1, stage, "sample"),
        number=1,
        creditor=brand.id,
        channel=channel,
        point="x",
        kind=Kind.COLLECTION,
        template=template,
        tone="friendly",
        debts=tuple(debt.key for debt in debts),
        due=Money(due, currency),
        later=Money(total - due, currency),
        dpd=dpd,
        ends_at=NOW,
        is_first_notice=first,
    )


def link(client: Client, purpose: str) -> str:
    """A link as long as real ones are. purpose: "p", "u" or "g"."""
    token = Token(purpose, "d" + "0" * 23, "a" + "0" * 6, (NOW + timedelta(days=60)).date())
    return f"{client.public_url}/{purpose}/{sign(token, bytes(32))}"


def thanks(brand: Brand, currency: str) -> Thanks:
    """A payment to thank for."""
    return Thanks("sample", brand.id, Money(125_050, currency), NOW, (f"{brand.id}/A-1001",))


def _debts(brand: Brand, currency: str, count: int, role: Role = Role.PRINCIPAL) -> tuple[Debt, ...]:
    unit = 100 if currency == "COP" else 1
    found = []
    for number in range(count):
        amounts = Amounts(98_000 * unit, 12_050 * unit, 8_000 * unit, 7_000 * unit)
        instalments = (
            (Instalment(1, TODAY, 62_500 * unit), Instalment(2, TODAY, 62_550 * unit))
            if number == 1 and count < 10
            else ()
        )
        found.append(
            Debt(
                ref=f"{brand.id[:2].upper()}-{1001 + number}",
                creditor=brand.id,
                currency=currency,
                amounts=amounts,
                due_on=TODAY,
                calculated_on=TODAY - timedelta(days=1),
                role=role,
                product="" if number else "Crédito del hogar",
                instalments=instalments,
                orders=(f"OC-{500 + number}",) if count > 10 else (),
            )
        )
    return tuple(found)


def _dated(debt: Debt, day: date) -> Debt:
    """Due on that day, its instalments a month apart."""
    instalments = tuple(
        replace(part, due_on=day + timedelta(days=30 * index)) for index, part in enumerate(debt.instalments)
    )
    return replace(debt, due_on=day, instalments=instalments)
