"""Any text at all is read in bounded time and raises nothing: strangers write to us."""

import random
import time
from datetime import date

import pytest

from recobro.understanding import Context, Intent, Verdict, understand
from recobro.understanding.excerpt import LONGEST, what_is_read
from recobro.understanding.understood import Understood

TODAY = date(2026, 11, 25)
COUNTRIES = ("MX", "CO", "PE", "CL", "AR", "BR", "US", "XX", "")
PIECES = (
    "no me escriban", "pago", "el", "viernes", "31", "de", "febrero", "99999999999999999999", "1.2.3.4", "3/13", "31/2/2027",
    "0/0/0", "9999-99-99", "$", "%", "😀", "\u202e", "\u200b", "\x00", "\ud800", "<script>", "=cmd|' /C calc'!A0", "٣٤", "１２", "²",
    "½", "ı", "ß", "ﬁ", "\n", "\r", "\t", "...", "en", "quincena", "mil", "millones", "y", "mitad", "año 12026", "in", "to", "na",
)  # fmt: skip


def heard(text: str, country: str = "MX", language: str = "es") -> Understood:
    return understand(
        text,
        language=language,
        country=country,
        channel="sms",
        now_local=TODAY,
        context=Context(currency="MXN"),
    )


def test_no_text_raises() -> None:
    chance = random.Random(5)
    for _ in range(1_500):
        words = [chance.choice(PIECES) for _ in range(chance.randrange(12))]
        heard(
            chance.choice((" ", "", "\n")).join(words),
            chance.choice(COUNTRIES),
            chance.choice(("es", "pt-BR", "en", "zz", "")),
        )


def test_no_run_of_code_points_raises() -> None:
    chance = random.Random(6)
    for _ in range(500):
        heard("".join(chr(chance.randrange(0x11000)) for _ in range(chance.randrange(60))))


def test_the_first_and_the_last_day_of_the_calendar_break_nothing() -> None:
    for today in (date.min, date.max, date(2028, 2, 29)):
        for text in (
            "pago el viernes",
            "ayer",
            "pago en 3 meses",
            "el 15",
            "antes del 1",
            "fin de mes",
            "el 29 de febrero",
        ):
            understand(text, language="es", country="MX", channel="sms", now_local=today)


@pytest.mark.parametrize(
    "piece", ["a ", "no me ", "pago el viernes ", "el 15 ", "a.", "1.", "<", "😀", "mil ", "o\u0301"]
)
def test_a_giant_message_takes_no_longer_than_a_long_one(piece: str) -> None:
    heard("hola")
    began = time.process_time()
    found = heard(piece * 500_000)

    assert time.process_time() - began < 2
    assert found.cut


def test_a_message_too_long_to_read_whole_goes_to_a_person() -> None:
    assert heard("pago el viernes " + "bla " * 2_000).verdict is Verdict.UNSURE


@pytest.mark.parametrize(
    "last", ["no me escriban más", "me borran de la lista?", "que este sea el último mensaje"]
)
def test_an_opt_out_at_the_end_of_the_longest_message_is_heard(last: str) -> None:
    text = ("Les cuento cómo estamos en casa con lo del taller y la escuela. " * 40)[: LONGEST - 40]

    found = heard(f"{text}. {last}")

    assert Intent.OPT_OUT in (found.intent, *found.also)


LETTER = "Les cuento cómo estamos en casa con lo del taller y la escuela. "


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("Les pido que no me escriban más.", Intent.OPT_OUT),
        ("Quiero que me quiten de su lista de mensajes.", Intent.OPT_OUT),
        ("Este número es equivocado, no conozco a esa persona.", Intent.WRONG_PERSON),
        ("Mi papá, que era el titular, falleció en marzo.", Intent.DECEASED),
        ("Do not contact me again by any means.", Intent.OPT_OUT),
        ("Não me mandem mais mensagens.", Intent.OPT_OUT),
    ],
)
@pytest.mark.parametrize("before", [3, 12, 40])
@pytest.mark.parametrize("after", [0, 6, 30])
def test_what_binds_is_heard_wherever_it_stands_in_a_letter(
    said: str, intent: Intent, before: int, after: int
) -> None:
    found = heard(f"{LETTER * before}{said} {LETTER * after}")

    assert intent in (found.intent, *found.also)


def test_a_letter_that_promises_first_and_says_no_later_is_read_by_a_person() -> None:
    found = heard(f"Pago el viernes. {LETTER * 50}")

    assert (found.cut, found.verdict) == (True, Verdict.UNSURE)


def test_no_more_than_the_longest_is_read_of_anything() -> None:
    for text in ("no me escriban " * 3_000, "a" * 50_000, LETTER * 500, "stop. " * 200):
        assert len(what_is_read(text)) <= LONGEST


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "...", "???", "\x00"])
def test_nothing_said_goes_to_a_person(text: str) -> None:
    assert (heard(text).intent, heard(text).verdict) == (Intent.OTHER, Verdict.UNSURE)


def test_hidden_characters_hide_no_opt_out() -> None:
    for text in (
        "S\u200bT\u200bO\u200bP",
        "\u202eSTOP",
        "ＳＴＯＰ",
        "s t o p",
        "ѕtор",
        "S.T.O.P",
        "stoooop",
        "baja\u0000",
    ):
        assert heard(text).intent is Intent.OPT_OUT
