"""The audit finds each kind of breach, and finds none where there is none."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from infra.demo.audit import breaches, duplicates
from infra.demo.book import Arrival, Book, Paid, Told
from infra.demo.people import Owed, Person, Phone, Temper
from infra.demo.portfolio import Portfolio

START = date(2026, 8, 3)
DEBT = Owed("F-1", "fabula", "MXN", 1_000_00, date(2026, 7, 1), "mueble")
ANA = Person(
    "CURP", "ANA", "Ana Flores", "Ana", "person", "MX", "CMX", "Ciudad de México", "America/Mexico_City", "fabula",
    Temper(0.5, 0.1, 0.5, 0.5, 0.2), (DEBT,), Phone("+525555500001"),
)  # fmt: skip
LUIS = replace(
    ANA, document="LUIS", given_name="Luis", country="CO", zone="America/Bogota", creditor="quimera",
    debts=(replace(DEBT, ref="Q-1", creditor="quimera", currency="COP"),),
    phone=Phone("+573005550001", authorised=("sms", "whatsapp")),
)  # fmt: skip
WHO = {"dana": "ANA", "dluis": "LUIS"}
NINE = datetime(2026, 8, 4, 15, 0, tzinfo=UTC)
"""Tuesday, nine in Mexico City, ten in Bogotá."""


def a_book() -> Book:
    return Book(Portfolio(START, 45, (ANA, LUIS)))


def sent(
    at: datetime, person: Person = ANA, channel: str = "sms", text: str = "Hola", attempt: str = ""
) -> Arrival:
    debtor = {"ANA": "dana", "LUIS": "dluis"}[person.document]
    number = person.phone.number if person.phone and channel != "email" else "ana@example.com"
    return Arrival(at, channel, number, debtor, attempt or f"a{at}", text, "accepted")


def rules(book: Book) -> list[str]:
    return sorted({one.rule for one in breaches(book, WHO)})


def test_a_contact_on_a_tuesday_at_nine_is_no_breach() -> None:
    book = a_book()
    book.arrive(sent(NINE))
    book.arrive(sent(NINE, LUIS))
    assert rules(book) == []


def test_a_contact_at_night_on_sunday_or_on_a_holiday_is_a_breach() -> None:
    for at in (NINE + timedelta(hours=12), datetime(2026, 8, 9, 16, 0, tzinfo=UTC)):
        book = a_book()
        book.arrive(sent(at))
        assert rules(book) == ["hours"]
    book = a_book()
    book.arrive(sent(datetime(2026, 8, 7, 15, 0, tzinfo=UTC), LUIS))
    assert rules(book) == ["hours"], "Boyacá, 7 August"


def test_twice_a_day_and_four_times_a_week_are_breaches() -> None:
    book = a_book()
    book.arrive(sent(NINE))
    book.arrive(sent(NINE + timedelta(hours=1)))
    assert rules(book) == ["cap.day"]
    book = a_book()
    for day in range(4):
        book.arrive(sent(NINE + timedelta(days=day - 1)))
    assert rules(book) == ["cap.week"]


def test_colombia_has_one_channel_a_week_and_only_authorised_ones() -> None:
    book = a_book()
    book.arrive(sent(NINE, LUIS, "sms"))
    book.arrive(sent(NINE + timedelta(days=2), LUIS, "whatsapp"))
    assert rules(book) == ["channel.lock"]
    book = a_book()
    book.arrive(sent(NINE, LUIS, "voice_auto"))
    assert rules(book) == ["channel.not_authorised"]


def test_nobody_is_contacted_after_an_opt_out_a_payment_or_a_wrong_person() -> None:
    for told, rule in (
        (Told(NINE, "opt_out", address="+525555500001"), "after.opt_out"),
        (Told(NINE, "wrong_person", address="+525555500001"), "after.wrong_person"),
        (Told(NINE, "payment", "ANA", debt="fabula/F-1"), "after.payment"),
        (Told(NINE, "dispute", "ANA"), "after.dispute"),
    ):
        book = a_book()
        book.told.append(told)
        book.arrive(sent(NINE + timedelta(days=1)))
        assert rules(book) == [rule]


def test_a_contact_two_weeks_after_everything_was_paid_is_a_breach() -> None:
    book = a_book()
    book.pay(Paid(NINE, "fabula/F-1", 1_000_00, "MXN", "ANA", "gateway", "alone"))
    book.told.append(Told(NINE, "payment", "ANA", debt="fabula/F-1"))
    book.arrive(sent(NINE + timedelta(days=14)))
    assert rules(book) == ["after.paid_in_full"]


def test_a_message_that_names_a_disputed_invoice_is_a_breach() -> None:
    disputed = replace(ANA, debts=(DEBT, replace(DEBT, ref="F-2", disputed=True)))
    book = Book(Portfolio(START, 45, (disputed,)))
    book.arrive(sent(NINE, text="Facturas F-1 y F-2"))
    assert rules(book) == ["disputed.debt"]


def test_a_forged_payment_that_was_believed_is_a_breach() -> None:
    book = a_book()
    book.told.append(Told(NINE, "forged", "ANA", debt="fabula/F-1", status=200))
    book.told.append(Told(NINE, "forged", "ANA", debt="fabula/F-1", status=401))
    assert rules(book) == ["forged.accepted"]


def test_the_same_attempt_the_same_words_on_one_day_and_a_step_that_had_arrived_are_duplicates() -> None:
    book = a_book()
    book.arrive(sent(NINE, text="Hola https://example.com/u/abc", attempt="a1"))
    book.arrive(sent(NINE + timedelta(hours=2), text="Hola https://example.com/u/xyz", attempt="a2"))
    book.arrive(sent(NINE + timedelta(days=3), text="Otra cosa", attempt="a1"))
    book.arrive(sent(NINE + timedelta(days=4), text="Una más", attempt="a3"))
    assert len(duplicates(book, {})) == 2
    assert len(duplicates(book, {"a1": "paso", "a3": "paso"})) == 3
    book.arrive(replace(sent(NINE, text="Hola", attempt="a9"), result="refused"))
    assert len(duplicates(book, {})) == 2


def test_a_step_that_bounced_may_come_by_another_channel() -> None:
    book = a_book()
    book.arrive(replace(sent(NINE, attempt="a1"), outcome="undelivered"))
    book.arrive(sent(NINE + timedelta(minutes=15), channel="email", text="Buenos días", attempt="a2"))
    assert duplicates(book, {"a1": "paso", "a2": "paso"}) == []
    assert rules(book) == ["wrong.address"], "an address that nobody gave"


def test_a_receipt_is_no_contact_but_only_for_a_payment_once_and_at_a_decent_hour() -> None:
    def thanked(*at: datetime, paid: bool = True) -> list[str]:
        book = a_book()
        if paid:
            book.payments.append(Paid(NINE, "fabula/F-1", 1, "MXN", "ANA", "gateway", "alone"))
        for one in at:
            book.arrive(replace(sent(one, text="¡gracias! Su constancia está aquí"), is_receipt=True))
        return rules(book)

    soon = NINE + timedelta(hours=1)
    assert thanked(soon) == []
    assert thanked(soon, soon + timedelta(hours=2)) == ["receipt.twice"]
    assert thanked(soon, paid=False) == ["receipt.for.nothing", "receipt.twice"]
    assert thanked(NINE + timedelta(hours=12)) == ["hours"]
    assert thanked(NINE + timedelta(days=6)) == ["receipt.for.nothing"]


def test_the_copy_of_an_agreement_comes_at_the_hour_of_the_agreement_and_without_one_at_none() -> None:
    late, words = NINE + timedelta(hours=12), "Gracias. Su acuerdo con Muebles Fábula, por escrito: $100.00"

    def rules_of(agreed: datetime | None, text: str = words) -> list[str]:
        book = a_book()
        if agreed is not None:
            book.told.append(Told(agreed, "agreed", "ANA"))
        book.arrive(sent(late, text=text))
        return rules(book)

    assert rules_of(late) == []
    assert rules_of(None) == ["hours"]
    assert rules_of(late - timedelta(hours=3)) == ["hours"]
    assert rules_of(late, "Le recordamos su pago") == ["hours"]
