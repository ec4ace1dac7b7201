"""The portfolio that the demonstration works: a few hundred people and one company, as believable as numbers allow.

Shares follow PRACTICE ("A believable world"): 30 % without e-mail, 12 % wrong numbers, 5 % shared phones, 5 % guarantors,
10 % of Colombia without an authorised channel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from infra.demo.chance import Chance, lognormal, one_of
from infra.demo.names import GIVEN, PLACES, SURNAMES, birthday, colombian_cc, mexican_curp, mexican_rfc, plain
from infra.demo.people import Contact, Device, Mailbox, Owed, Person, Phone, Temper

WITHOUT_EMAIL, WRONG_NUMBER, SHARED_PHONE, GUARANTORS, NOT_AUTHORISED = 0.30, 0.12, 0.05, 0.05, 0.10
BOUNCING_EMAIL, NOT_ON_WHATSAPP, WHATSAPP_OPT_IN = 0.04, 0.08, 0.75
WITH_APP = {"MX": 0.15, "CO": 0.40}
"""A mobile operator's customers have its app more often than a furniture shop's."""
COMPANY_DISPUTES = 3

SELF_CURE: tuple[tuple[int, float], ...] = ((0, 0.62), (30, 0.24), (60, 0.10), (90, 0.05))
"""Days past due at the start (up to) → share that pays within the run without any contact; it falls with age."""

PRODUCTS = {"fabula": ("mueble", "electrodoméstico", "colchón"), "quimera": ("plan móvil", "equipo móvil")}
MEDIAN = {"fabula": (4_800_00, 0.75), "quimera": (620_000_00, 0.70)}
"""creditor → median balance in minor units and spread of the lognormal."""
CURRENCY = {"MX": "MXN", "CO": "COP"}
CREDITOR = {"MX": "fabula", "CO": "quimera"}


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everybody, and the day on which the run starts."""

    start: date
    days: int
    people: tuple[Person, ...]

    def by_document(self) -> Mapping[str, Person]:
        return {person.document: person for person in self.people}

    def debts(self) -> Mapping[str, Owed]:
        """Debt key → debt, each once."""
        return {debt.key: debt for person in self.people for debt in person.debts}

    def obligors(self) -> Mapping[str, tuple[Person, ...]]:
        """Debt key → everybody who answers for it."""
        found: dict[str, list[Person]] = {}
        for person in self.people:
            for debt in person.obligations:
                found.setdefault(debt.key, []).append(person)
        return {key: tuple(people) for key, people in found.items()}

    def at_address(self) -> Mapping[str, tuple[Person, ...]]:
        """Address → the people for whom the creditor gave it."""
        found: dict[str, list[Person]] = {}
        for person in self.people:
            for address in sorted(person.addresses()):
                found.setdefault(address, []).append(person)
        return {address: tuple(people) for address, people in found.items()}


def invent(seed: int, debtors: int, start: date, days: int, invoices: int = 400) -> Portfolio:
    """`debtors` people (the company and guarantors included). invoices: of the company, in MXN and USD."""
    chance = Chance(seed)
    guarantors = round(debtors * GUARANTORS)
    people: list[Person] = []
    taken: set[str] = set()
    while len(people) < max(1, debtors - guarantors - 1):
        person = _person(chance, len(people), start, days, taken)
        taken |= {person.document, *person.addresses()}
        people.append(person)
    people = _share_phones(chance, people)
    for number in range(guarantors):
        guarantor = _guarantor(chance, number, people, start, days, taken)
        taken |= {guarantor.document, *guarantor.addresses()}
        people.append(guarantor)
    company = _company(chance, start, days, invoices)
    return Portfolio(start, days, (*people, company))


def _person(chance: Chance, number: int, start: date, days: int, taken: set[str]) -> Person:
    for again in range(100):
        draw = chance.of("person", number, again)
        country = "MX" if number % 5 < 3 else "CO"
        sex = draw.choice("FM")
        given = draw.choice(GIVEN[sex])
        first, second = draw.choice(SURNAMES[country]), draw.choice(SURNAMES[country])
        place = draw.choices(PLACES[country], [one[4] for one in PLACES[country]])[0]
        born = birthday(draw)
        kind, document = _document(draw, country, given, first, second, sex, born, place[0])
        if not document or document in taken:
            continue
        debts = _debts(draw, number, country, start)
        person = Person(
            document_type=kind,
            document=document,
            name=f"{given} {first} {second}",
            given_name=given,
            kind="person",
            country=country,
            state=place[0],
            city=place[1],
            zone=place[2],
            creditor=CREDITOR[country],
            temper=_temper(draw, debts, start, days),
            debts=debts,
            phone=_phone(draw, country, place[3]),
            mailbox=_mailbox(draw, given, first, number),
            birth_year=born.year,
        )
        person = _with_app(chance.of("app", number, again), _authorised(draw, person))
        if not person.addresses() & taken:
            return person
    raise RuntimeError("a hundred tries gave no new person")


def _document(
    draw: Random, country: str, given: str, first: str, second: str, sex: str, born: date, state: str
) -> tuple[str, str]:
    if country == "CO":
        return "CC", colombian_cc(draw)
    if draw.random() < 0.8:
        return "CURP", mexican_curp(draw, given, first, second, sex, born, state)
    return "RFC", mexican_rfc(draw, (plain(first)[:2] + plain(second)[0] + plain(given)[0]), born)


def _debts(draw: Random, number: int, country: str, start: date) -> tuple[Owed, ...]:
    creditor = CREDITOR[country]
    median, spread = MEDIAN[creditor]
    count = draw.choices((1, 2, 3), (80, 15, 5))[0]
    dpd = _days_past_due(draw)
    return tuple(
        Owed(
            ref=f"{creditor[:2].upper()}-{number + 1:05d}-{one + 1}",
            creditor=creditor,
            currency=CURRENCY[country],
            amount=max(1, round(lognormal(draw, median, spread) / 100)) * 100,
            due_on=start - timedelta(days=dpd if one == 0 else _days_past_due(draw)),
            product=draw.choice(PRODUCTS[creditor]),
        )
        for one in range(count)
    )


AGES = {(-20, -1): 45, (0, 30): 30, (31, 60): 15, (61, 90): 10}
INVOICE_AGES = {(-20, -1): 50, (0, 30): 40, (31, 40): 10}
"""Days past due at the start (from, to) → weight. A company that still buys lets few invoices grow old."""


def _days_past_due(draw: Random, ages: Mapping[tuple[int, int], int] = AGES) -> int:
    low, high = draw.choices(tuple(ages), tuple(ages.values()))[0]
    return draw.randint(low, high)


def _on_fridays(pays_alone: Mapping[str, int], start: date) -> dict[str, int]:
    """Companies pay in runs: on the Friday of the week in which they meant to."""
    return {ref: day + (4 - (start + timedelta(days=day)).weekday()) % 7 for ref, day in pays_alone.items()}


def _temper(draw: Random, debts: Sequence[Owed], start: date, days: int) -> Temper:
    alone: dict[str, int] = {}
    part: set[str] = set()
    for debt in debts:
        dpd = (start - debt.due_on).days
        share = next(cure for most, cure in SELF_CURE if dpd <= most)
        if draw.random() >= share:
            continue
        # Before the due date people pay around it; after it, on no particular day.
        day = -dpd + round(draw.gauss(1.0, 3.0)) if dpd <= 0 else draw.randint(1, days)
        alone[debt.ref] = max(0, day)
        if draw.random() < 0.12:
            part.add(debt.ref)
    return Temper(
        reads=draw.uniform(0.35, 0.85),
        answers=draw.uniform(0.05, 0.15),
        persuadable=draw.betavariate(2, 3),
        keeps_promises=draw.uniform(0.40, 0.60),
        pays_direct=0.25,
        pays_alone=alone,
        pays_part=frozenset(part),
    )


def _phone(draw: Random, country: str, area: str) -> Phone:
    digits = f"{draw.randrange(10_000):04d}"
    exchange = "5550" if len(area) == 2 else "555"
    number = f"{'+57' if country == 'CO' else '+52'}{area}{exchange}{digits}"
    owner = "self"
    if draw.random() < WRONG_NUMBER:
        owner = draw.choices(("stranger", "nobody"), (65, 35))[0]
    return Phone(number, owner, on_whatsapp=owner != "nobody" and draw.random() >= NOT_ON_WHATSAPP)


def _mailbox(draw: Random, given: str, surname: str, number: int) -> Mailbox | None:
    if draw.random() < WITHOUT_EMAIL:
        return None
    name = f"{plain(given)}.{plain(surname)}{number + 1}".lower()
    return Mailbox(f"{name}@{draw.choice(('example.com', 'example.org'))}", draw.random() >= BOUNCING_EMAIL)


def _authorised(draw: Random, person: Person) -> Person:
    """In Colombia each channel needs the person's own leave, most gave it for several; in Mexico WhatsApp's opt-in is one."""
    if person.country != "CO":
        if person.phone is None or draw.random() >= WHATSAPP_OPT_IN:
            return person
        return replace(person, phone=replace(person.phone, authorised=("whatsapp",)))
    if draw.random() < NOT_AUTHORISED:
        return person
    allowed = one_of(draw, {"all": 50, "messages": 25, "whatsapp": 15, "calls": 10})
    by_phone = {
        "all": ("sms", "whatsapp", "voice", "voice_auto"),
        "messages": ("sms", "whatsapp"),
        "whatsapp": ("whatsapp",),
        "calls": ("sms", "voice", "voice_auto"),
    }[allowed]
    phone = replace(person.phone, authorised=by_phone) if person.phone else None
    mailbox = person.mailbox
    if mailbox is not None and (allowed in {"all", "messages"} or draw.random() < 0.5):
        mailbox = replace(mailbox, authorised=("email",))
    return replace(person, phone=phone, mailbox=mailbox)


def _with_app(draw: Random, person: Person) -> Person:
    """Notices were allowed when the app was installed, whatever else was not."""
    if draw.random() >= WITH_APP[person.country]:
        return person
    return replace(person, device=Device(f"fcm-{draw.getrandbits(128):032x}", authorised=("push",)))


def _share_phones(chance: Chance, people: list[Person]) -> list[Person]:
    """Two relatives, one phone: the creditor wrote the same number for both."""
    shared = list(people)
    for number in range(1, round(len(people) * SHARED_PHONE / 2) + 1):
        draw = chance.of("shared phone", number)
        one = draw.randrange(len(shared))
        twins = [
            place
            for place, person in enumerate(shared)
            if place != one
            and person.country == shared[one].country
            and person.phone is not None
            and not person.phone.shared_with
        ]
        first = shared[one]
        if not twins or first.phone is None or first.phone.shared_with:
            continue
        other = draw.choice(twins)
        phone = replace(first.phone, owner="self", shared_with=shared[other].document)
        theirs = shared[other].phone
        authorised = theirs.authorised if theirs is not None else ()
        shared[one] = replace(first, phone=phone)
        shared[other] = replace(
            shared[other], phone=replace(phone, shared_with=first.document, authorised=authorised)
        )
    return shared


def _guarantor(
    chance: Chance, number: int, people: Sequence[Person], start: date, days: int, taken: set[str]
) -> Person:
    """A person who owes nothing but answers for somebody else's overdue debt, with addresses of their own."""
    draw = chance.of("guaranteed", number)
    overdue = [
        debt
        for person in people
        for debt in person.debts
        if 0 < (start - debt.due_on).days <= 90 and person.country == "MX"
    ]
    debt = draw.choice(overdue) if overdue else people[0].debts[0]
    base = _person(chance, 100_000 + number * 5, start, days, taken)
    return replace(
        base,
        debts=(),
        guarantees=(debt,),
        creditor=debt.creditor,
        temper=replace(base.temper, pays_alone={}, pays_part=frozenset(), persuadable=0.1),
    )


def _company(chance: Chance, start: date, days: int, invoices: int) -> Person:
    draw = chance.of("company")
    document = ""
    while not document:
        document = mexican_rfc(draw, "COF", date(1998, 3, 17) + timedelta(days=draw.randrange(900)))
    disputed = set(draw.sample(range(invoices), min(COMPANY_DISPUTES, invoices)))
    debts = []
    for number in range(invoices):
        dollars = number % 5 == 4
        median = 1_150_00 if dollars else 18_500_00
        debts.append(
            Owed(
                ref=f"UT-F{number + 1:05d}",
                creditor="utopia",
                currency="USD" if dollars else "MXN",
                amount=max(1, round(lognormal(draw, median, 0.6) / 100)) * 100,
                due_on=start - timedelta(days=_days_past_due(draw, INVOICE_AGES)),
                product="suministros",
                order=f"OC-{4000 + number // 7}",
                disputed=number in disputed,
            )
        )
    temper = _temper(draw, debts, start, days)
    return Person(
        document_type="RFC",
        document=document,
        name="Comercializadora Ficción del Norte, S.A. de C.V.",
        given_name="",
        kind="company",
        country="MX",
        state="NLE",
        city="Monterrey",
        zone="America/Monterrey",
        creditor="utopia",
        temper=replace(
            temper,
            reads=0.9,
            answers=0.15,
            persuadable=0.5,
            pays_direct=0.6,
            pays_alone=_on_fridays(temper.pays_alone, start),
        ),
        debts=tuple(debts),
        contacts=(
            Contact("Cuentas por Pagar", "payables", "pagos.ficcion@example.com", "+528155509001"),
            Contact("Laura Treviño", "treasury", "tesoreria.ficcion@example.com", "+528155509002"),
            Contact("Ernesto Garza", "owner", "direccion.ficcion@example.com", "+528155509003"),
        ),
    )
