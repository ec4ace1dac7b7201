"""When somebody says that they will pay: the day they mean in their own calendar, or a question; never a day that is over."""

import random
from datetime import date, timedelta

import pytest
from dateutil.easter import easter as calendar_easter

from recobro.understanding import Context, Intent, understand
from recobro.understanding.dates import easter
from recobro.understanding.understood import Ask, Promised
from tests.understanding.measure import CURRENCIES
from tests.understanding.test_any_text import PIECES

WEDNESDAY = date(2026, 11, 25)


def promised(text: str, country: str, today: date = WEDNESDAY, context: Context | None = None) -> Promised:
    language = {"BR": "pt", "US": "en", "GB": "en"}.get(country, "es")
    found = understand(
        text,
        language=language,
        country=country,
        channel="sms",
        now_local=today,
        context=context or Context(currency=CURRENCIES.get(country, "")),
    )
    assert found.intent is Intent.PROMISE
    assert found.promise is not None
    return found.promise


@pytest.mark.parametrize(
    ("country", "text", "today", "day"),
    [
        ("CO", "para el jueves santo le consigno", "2026-03-20", "2026-04-02"),
        ("PE", "el viernes santo cancelo todo", "2026-03-23", "2026-04-03"),
        ("MX", "el miércoles de ceniza te pago", "2026-02-09", "2026-02-18"),
        ("BR", "terça de carnaval eu pago", "2026-02-09", "2026-02-17"),
        ("BR", "pago na sexta-feira santa", "2026-03-24", "2026-04-03"),
        ("GB", "I'll pay on Good Friday", "2026-03-24", "2026-04-03"),
        ("CL", "el sábado de gloria le transfiero", "2026-12-20", "2027-03-27"),
    ],
)
def test_a_day_that_moves_with_easter_is_that_day_and_is_confirmed(
    country: str, text: str, today: str, day: str
) -> None:
    found = promised(text, country, date.fromisoformat(today))

    assert found.ask == (Ask.WHICH_DAY,)
    assert [part.day and part.day.on for part in found.parts] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    ("country", "text", "day"),
    [
        ("CO", "para el viernes ya queda listo", "11-27"),
        ("AR", "para el lunes ya", "11-30"),
        ("BR", "para sexta já pago", "11-27"),
    ],
)
def test_a_word_that_leads_to_a_day_tells_nobody_to_stop(country: str, text: str, day: str) -> None:
    assert [part.day and part.day.on for part in promised(text, country).parts] == [
        date.fromisoformat(f"2026-{day}")
    ]


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("MX", "el viernes negro les pago"),
        ("GB", "I will pay on black friday"),
        ("PE", "pago antes del jueves santo"),
        ("MX", "después del domingo de ramos te pago"),
    ],
)
def test_a_weekday_with_a_name_of_its_own_that_we_cannot_place_is_asked(country: str, text: str) -> None:
    assert promised(text, country).ask != ()


def test_easter_falls_where_the_calendar_has_it() -> None:
    assert all(easter(year) == calendar_easter(year) for year in range(1900, 2200))


@pytest.mark.parametrize(
    ("country", "text", "day"),
    [
        ("MX", "pago el viernes", "11-27"),
        ("MX", "Buenos días, el viernes sin falta le deposito", "11-27"),
        ("MX", "el viernes sin falta", "11-27"),
        ("BR", "sexta pago sem falta", "11-27"),
        ("PE", "el 15 cancelo", "12-15"),
        ("MX", "en tres días pago", "11-28"),
        ("CO", "le pago de hoy en ocho", "12-02"),
        ("CO", "le consigno pasado mañana en la tarde", "11-27"),
        ("BR", "pago 300 reais dia 10", "12-10"),
        ("BR", "sexta eu pago", "11-27"),
        ("GB", "I'll pay 3/12", "12-03"),
        ("US", "the day after tomorrow I'll send $50", "11-27"),
    ],
)
def test_a_day_that_is_plain_is_taken_as_said(country: str, text: str, day: str) -> None:
    found = promised(text, country)

    assert found.ask == ()
    assert [part.day and part.day.on for part in found.parts] == [date.fromisoformat(f"2026-{day}")]


@pytest.mark.parametrize(
    ("country", "text", "days"),
    [
        ("MX", "en la quincena te pago", "11-30"),
        ("MX", "pago la otra quincena", "12-15"),
        ("AR", "te pago a fin de mes", "11-30"),
        ("MX", "la mitad el viernes y la otra mitad el lunes", "11-27 11-30"),
        ("BR", "pago 300 dia 10 e o resto dia 20", "12-10 12-20"),
        ("BR", "pago no quinto dia útil", "12-07"),
        ("MX", "si me pagan el viernes le deposito", "11-27"),
        ("CO", "no le quedo mal, el sábado paso por efecty", "11-28"),
        ("CO", "le quedo debiendo hasta el domingo no más", "11-29"),
        ("MX", "hoy miércoles te pago más tarde", "11-25"),
        ("AR", "tres pagos: mañana, el 31 y el 15 de enero", "11-26"),
        ("CL", "a las 6 salgo y te deposito", "11-25"),
        ("MX", "mi esposo paga el viernes", "11-27"),
        ("CL", "el viernes le pago?", "11-27"),
        ("AR", "el 25 de febrero pago", "02-25"),
    ],
)
def test_any_other_day_is_proposed_and_asked(country: str, text: str, days: str) -> None:
    found = promised(text, country)

    assert found.ask
    assert [part.day and f"{part.day.on:%m-%d}" for part in found.parts] == days.split()


@pytest.mark.parametrize(
    "beside",
    ["o el lunes", "del otro mes", "si me depositan", "no puedo", "unas tres semanas", "casi seguro", "500 mil y 200", "en la quincena"],
)  # fmt: skip
def test_a_word_of_time_or_money_beside_a_plain_day_makes_it_a_question(beside: str) -> None:
    found = understand(
        f"pago el viernes {beside}", language="es", country="MX", channel="sms", now_local=WEDNESDAY
    )

    assert found.to_person or found.promise is None or found.promise.ask


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("MX", "dudo que pueda pagar el viernes"),
        ("MX", "me obligan a pagar el viernes"),
        ("MX", "me están obligando a pagar el viernes"),
        ("MX", "con qué le pago el viernes"),
        ("MX", "el viernes pago la renta"),
        ("MX", "el viernes pago la luz"),
        ("MX", "mañana le mando el comprobante"),
        ("MX", "mañana le mando el comprobante de pago"),
        ("MX", "el viernes voy al médico"),
        ("MX", "me dejan pagar el viernes"),
        ("BR", "duvido que consiga pagar sexta"),
        ("BR", "sou obrigado a pagar sexta"),
        ("BR", "com que eu pago sexta"),
        ("BR", "sexta pago o aluguel"),
        ("BR", "amanhã mando o comprovante"),
        ("US", "i doubt i can pay friday"),
        ("US", "they are making me pay friday"),
        ("US", "no way i pay friday"),
        ("US", "paying rent friday"),
        ("US", "i'll send the receipt tomorrow"),
    ],
)
def test_what_nobody_promised_is_not_written_down(country: str, text: str) -> None:
    language = {"BR": "pt", "US": "en"}.get(country, "es")
    found = understand(text, language=language, country=country, channel="sms", now_local=WEDNESDAY)

    assert found.to_person or found.intent is not Intent.PROMISE or found.promise is None or found.promise.ask


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("MX", "el viernes le pago lo que pueda"),
        ("MX", "gano 3000 y el viernes le pago"),
        ("MX", "gano $3,000 y el viernes le pago"),
        ("MX", "el viernes le pago, me quedan 2000 para comer"),
        ("MX", "tengo $2,000 en el banco, el viernes le pago"),
        ("MX", "el viernes le pago sin intereses"),
        ("MX", "el viernes le pago solo el capital"),
        ("BR", "sexta pago o que puder"),
        ("BR", "ganho 3000 e sexta pago"),
        ("BR", "sexta pago sem juros"),
        ("BR", "sexta pago só o principal"),
        ("US", "i'll pay friday without interest"),
        ("US", "i'll pay what i can friday"),
        ("US", "i have $2000 left for food, i'll pay friday"),
    ],
)
def test_a_sum_that_nobody_offered_is_asked_and_so_is_less_than_all(country: str, text: str) -> None:
    assert {Ask.HOW_MUCH, Ask.WHICH_DAY} <= {*promised(text, country).ask}


@pytest.mark.parametrize(
    ("country", "text", "why"),
    [
        ("MX", "el 20 de noviembre pago", Ask.PAST),
        ("PE", "el 30 de febrero cancelo", Ask.IMPOSSIBLE),
        ("PE", "el 31 cancelo", Ask.IMPOSSIBLE),
        ("MX", "pago el viernes 5", Ask.WHICH_OF_TWO),
        ("BR", "sexta que vem eu pago", Ask.WHICH_OF_TWO),
        ("US", "I'll pay 12/10", Ask.WHICH_OF_TWO),
        ("MX", "el lunes o el martes te pago", Ask.WHICH_OF_TWO),
        ("MX", "la mitad el lunes y la otra mitad el viernes", Ask.WHICH_OF_TWO),
        ("AR", "te pago el mes que viene", Ask.WHICH_DAY),
        ("CO", "cuando me paguen le consigno", Ask.WHICH_DAY),
        ("MX", "puedo pagar 900", Ask.WHICH_DAY),
    ],
)
def test_a_day_that_is_past_impossible_or_may_be_another_is_asked(country: str, text: str, why: Ask) -> None:
    assert why in promised(text, country).ask


def test_a_copy_of_the_bill_is_no_monday() -> None:
    asked = understand(
        "me manda a segunda via do boleto", language="pt", country="BR", channel="sms", now_local=WEDNESDAY
    )

    assert (asked.intent, asked.promise) == (Intent.WANTS_TO_PAY, None)


def test_a_friday_promised_on_a_friday_is_asked() -> None:
    assert promised("pago el viernes", "MX", date(2026, 11, 27)).ask == (Ask.WHICH_OF_TWO,)


def test_a_promised_holiday_is_known_to_be_one() -> None:
    closed = Context(holidays=frozenset({date(2026, 12, 25)}))
    part = promised("pago el 25 de diciembre", "MX", context=closed).parts[0]

    assert part.day is not None
    assert not part.day.is_business_day


def test_the_holiday_decides_between_two_days() -> None:
    said = "pago el lunes, si es festivo el martes"
    closed = Context(holidays=frozenset({date(2026, 11, 30)}))

    assert promised(said, "CO", context=closed).parts[0].day != promised(said, "CO").parts[0].day


def test_no_day_that_is_over_is_ever_taken_without_asking() -> None:
    chance = random.Random(11)
    words = (
        *PIECES,
        "pago",
        "te pago",
        "ayer",
        "mañana",
        "el 1",
        "fin de mes",
        "el lunes",
        "de enero",
        "2024",
        "12/10",
        "01-01-2020",
    )
    seen = 0
    for _ in range(1_500):
        today = WEDNESDAY + timedelta(days=chance.randrange(800))
        text = " ".join(chance.choice(words) for _ in range(chance.randrange(1, 4)))
        found = understand(text, language="es", country="MX", channel="sms", now_local=today)
        for part in found.promise.parts if found.promise and not found.promise.ask else ():
            seen += 1
            assert part.day is None or part.day.on is None or part.day.on >= today, text
    assert seen > 50
