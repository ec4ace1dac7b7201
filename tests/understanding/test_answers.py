"""What comes back to a question of ours: a bare answer settles it, and whatever is said beside it may take the answer back."""

from datetime import date

import pytest

from recobro.understanding.understand import understand
from recobro.understanding.understood import Awaited, Context, Intent, Understood, Verdict
from tests.understanding.measure import UNDATED, Line, heard

WEDNESDAY = date(2026, 11, 25)
COUNTRIES = {"es": "MX", "pt": "BR", "en": "US"}
CURRENCIES = {"es": "MXN", "pt": "BRL", "en": "USD"}


def answer(text: str, to: Awaited, language: str = "es") -> Understood:
    means = Intent.PROMISE if to is Awaited.YES_NO else Intent.OTHER
    return understand(
        text,
        language=language,
        country=COUNTRIES[language],
        channel="sms",
        now_local=WEDNESDAY,
        context=Context(awaited=to, yes=means, currency=CURRENCIES[language]),
    )


def is_taken(found: Understood) -> bool:
    """Whether it is a promise that nobody is asked about and nobody reads."""
    asks = found.promise.ask if found.promise is not None else ()
    return found.intent is Intent.PROMISE and found.verdict is Verdict.SURE and not asks


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(("es", one) for one in ("sí", "ok", "👍", "claro que sí", "si señorita", "sí, así es", "sí, ese día le pago", "está bien")),
        *(("pt", one) for one in ("sim", "combinado", "sim, pago nesse dia", "isso mesmo")),
        *(("en", one) for one in ("yes", "yes please", "yes, that's right", "ok i will")),
    ],
)  # fmt: skip
def test_a_bare_yes_is_the_promise_that_we_asked_about(language: str, text: str) -> None:
    assert is_taken(answer(text, Awaited.YES_NO, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "claro que no"),
        ("es", "claro que no le pago"),
        ("es", "por supuesto que no"),
        ("es", "ok no"),
        ("es", "ok, no."),
        ("es", "bueno no"),
        ("es", "si no"),
        ("es", "si no tengo no le pago"),
        ("es", "si fuera tan fácil"),
        ("es", "si me pagan"),
        ("es", "si consigo trabajo"),
        ("es", "si me dejan de molestar"),
        ("es", "ok pero no prometo nada"),
        ("es", "sí pero no estoy seguro"),
        ("es", "sí soy su hija"),
        ("es", "ok yo le digo a ella"),
        ("es", "sí pero eso lo debe mi hermano"),
        ("es", "si quieren embárguenme"),
        ("es", "claro ni que tuviera tanto"),
        ("pt", "sim se eu conseguir"),
        ("pt", "claro que não"),
        ("pt", "sim mas não garanto"),
        ("pt", "ok vou avisar ela"),
        ("en", "yes if i can"),
        ("en", "sure, in your dreams"),
        ("en", "ok but i'm not sure"),
        ("en", "ok i'll tell her"),
        ("en", "of course not"),
        ("en", "yes no"),
    ],
)
def test_a_yes_with_a_but_is_no_promise(language: str, text: str) -> None:
    assert not is_taken(answer(text, Awaited.YES_NO, language))


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("es", "ok pero no tengo trabajo", Intent.HARDSHIP),
        ("es", "está bien pero no me alcanza", Intent.HARDSHIP),
        ("es", "sí pero no tengo dinero", Intent.HARDSHIP),
        ("es", "ok pero estoy enfermo", Intent.HARDSHIP),
        ("es", "sí pero quiero hablar con una persona", Intent.ASKS_PERSON),
        ("es", "ok pero quiero poner una queja", Intent.COMPLAINT),
        ("es", "sí y borren mi número", Intent.OPT_OUT),
        ("pt", "ok mas perdi o emprego", Intent.HARDSHIP),
        ("en", "yes but i can't afford it", Intent.HARDSHIP),
    ],
)
def test_what_follows_a_yes_is_heard(language: str, text: str, said: Intent) -> None:
    found = answer(text, Awaited.YES_NO, language)

    assert said in (found.intent, *found.also)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "el viernes"),
        ("es", "para el viernes por favor"),
        ("es", "mejor el viernes"),
        ("es", "el viernes sin falta"),
        ("es", "el viernes le deposito"),
        ("pt", "sexta eu pago"),
        ("en", "by friday"),
    ],
)
def test_a_day_alone_or_beside_a_word_for_paying_answers_which_day(language: str, text: str) -> None:
    assert is_taken(answer(text, Awaited.DAY, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "me operan el viernes"),
        ("es", "salgo del hospital el viernes"),
        ("es", "el viernes tengo audiencia"),
        ("es", "el viernes voy al médico"),
        ("es", "el viernes le aviso"),
        ("es", "háblame el viernes"),
        ("es", "el viernes pago la luz"),
        ("pt", "sexta tenho audiência"),
        ("pt", "opero na sexta"),
        ("en", "i have surgery friday"),
        ("en", "i'll let you know friday"),
    ],
)
def test_a_day_by_the_way_is_no_promise_because_we_asked(language: str, text: str) -> None:
    assert not is_taken(answer(text, Awaited.DAY, language))


@pytest.mark.parametrize(
    "text",
    ["gano 800 a la semana", "debo 900 de luz", "tengo 700 para la comida", "todo no", "todo imposible"],
)
def test_a_sum_by_the_way_is_none_that_is_offered_because_we_asked(text: str) -> None:
    found = answer(text, Awaited.AMOUNT)

    assert not (found.intent is Intent.PROMISE and found.verdict is Verdict.SURE)


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("MX", "no gracias, BAJA"),
        ("MX", "No gracias. SALIR"),
        ("MX", "responder BAJA"),
        ("CO", "gracias pero SALIR"),
        ("CL", "mi respuesta es BAJA"),
        ("AR", "Respondo: BAJA"),
        ("BR", "não obrigado, SAIR"),
        ("BR", "respondo PARAR"),
        ("US", "No thanks. STOP"),
        ("US", "replying STOP"),
    ],
)
def test_the_word_that_we_ask_for_is_heard_after_a_no_and_after_that_it_is_the_answer(
    country: str, text: str
) -> None:
    """Our messages say "responda BAJA": who does so politely is not written to again."""
    language = {"US": "en", "BR": "pt"}.get(country, "es")
    found = heard(Line(country, language, text, Intent.OPT_OUT, UNDATED))

    assert (found.intent, found.verdict) == (Intent.OPT_OUT, Verdict.SURE)


@pytest.mark.parametrize("text", ["no soy baja", "no es para mí", "solo para el viernes", "no, para nada"])
def test_a_word_that_is_also_an_ordinary_one_stops_nothing_within_a_sentence(text: str) -> None:
    found = heard(Line("MX", "es", text, Intent.OTHER, UNDATED))

    assert Intent.OPT_OUT not in (found.intent, *found.also)
