"""An SMS costs what its letters make it cost; these are the letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recobro.domain.gsm7 import BASIC, EXTENSION, parts, transliterate


def test_exactly_the_letters_that_the_alphabet_lacks_lose_their_accent() -> None:
    assert transliterate("áíóúÁÍÓÚ") == "aiouAIOU"
    assert transliterate("éÉñÑüÜ¿¡àèìòùÇäöÄÖ") == "éÉñÑüÜ¿¡àèìòùÇäöÄÖ"


def test_portuguese_stays_readable() -> None:
    assert transliterate("Você não pagou a prestação de março; avô, avó, três") == (
        "Voce nao pagou a prestaçao de março; avo, avo, tres".replace("ç", "c")
    )


def test_typography_becomes_what_a_keyboard_has() -> None:
    assert transliterate("“Hola” ‘Ana’ — pago – hoy… $1\u00a0200 N° 5 «ya» 1º") == (
        '"Hola" \'Ana\' - pago - hoy... $1 200 No 5 "ya" 1o'
    )


def test_a_letter_written_with_a_loose_accent_is_the_same_letter() -> None:
    assert transliterate("e\u0301 a\u0301 n\u0303") == "é a ñ"


def test_invisible_characters_vanish_and_pictures_stay() -> None:
    assert transliterate("ho\u200bla\ufeff") == "hola"
    assert transliterate("👍 日本") == "👍 日本"


def test_a_message_that_must_be_dear_anyway_keeps_its_accents() -> None:
    assert transliterate("¡Está pagado! 👍") == "¡Está pagado! 👍"


def test_a_reminder_in_spanish_fits_one_part_after_it_is_transliterated() -> None:
    reminder = "Hola José, mañana vence tu préstamo. Más información y formas de pago aquí: https://pagos.example.com/p/x"
    assert (parts(reminder), parts(transliterate(reminder))) == (2, 1)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("{" * 76 + "a" + "{" * 76, 2),
        # 153 septets a part: a two-septet sign never straddles two parts, so one septet of each is lost
        ("€" * 153, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        # 67 units a part: 33 whole pictures
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
    ids=lambda value: f"{value[:3]}x{len(value)}" if isinstance(value, str) else str(value),
)
def test_parts_are_counted_as_carriers_charge_them(text: str, count: int) -> None:
    assert parts(text) == count


@given(st.text(max_size=400))
def test_transliterating_never_makes_a_message_dearer_and_twice_is_once(text: str) -> None:
    plain = transliterate(text)
    assert transliterate(plain) == plain
    assert parts(plain) <= parts(text)
    if all(one in BASIC or one in EXTENSION for one in text):
        assert plain == text
