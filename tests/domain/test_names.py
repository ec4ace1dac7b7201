"""A person's name is written with respect, and never smuggles anything into a message."""

import pytest

from recobro.domain.debtor import Personal
from recobro.domain.names import clean, company_name, given_name, shown_reference, titled


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("GUADALUPE", "Guadalupe"),
        ("maría del carmen", "María del Carmen"),
        ("MARÍA DE LOS ÁNGELES", "María de los Ángeles"),
        ("JOSÉ-LUIS", "José-Luis"),
        ("D'ANGELO", "D'angelo"),
        ("McArthur", "McArthur"),
        ("ÑANDÚ", "Ñandú"),
        ("DE LA ROSA", "De la Rosa"),
    ],
)
def test_capitals_become_a_name(written: str, shown: str) -> None:
    assert titled(written) == shown


@pytest.mark.parametrize(
    ("personal", "greeted"),
    [
        (Personal("JIMÉNEZ RÍOS, GUADALUPE"), "Guadalupe"),
        (Personal("Ana Prueba"), "Ana"),
        (Personal("PRUEBA, ANA", "ANA MARÍA"), "Ana María"),
        (Personal(""), ""),
        (Personal("0012345"), ""),
        (Personal("https://evil.example"), ""),
        (Personal("ana@example.com"), ""),
        (Personal("{amount}"), ""),
        (Personal("<b>Ana</b>"), ""),
        (Personal("- Ana"), ""),
    ],
)
def test_only_what_is_plainly_a_name_is_greeted(personal: Personal, greeted: str) -> None:
    assert given_name(personal) == greeted


@pytest.mark.parametrize(
    "trick", ["\u202e", "\u2066", "\u200b", "\u200f", "\x00", "\x1b", "\ufeff", "\u00ad"]
)
def test_characters_that_hide_or_turn_text_are_taken_out(trick: str) -> None:
    assert given_name(Personal(f"A{trick}na")) == "Ana"
    assert clean(f"con{trick}trato") == "contrato"


def test_line_breaks_in_a_creditors_file_make_no_lines_in_a_message() -> None:
    assert clean("Ana\r\n\nMora\t 1\u2028x") == "Ana Mora 1 x"


def test_a_companys_capitals_are_its_own_affair() -> None:
    assert company_name(Personal("ACME  S.A. DE C.V.\u202e")) == "ACME S.A. DE C.V."


def test_a_long_number_shows_its_last_four() -> None:
    assert shown_reference("4152 3133 0000 1234") == "…1234"
    assert shown_reference("MF-1001") == "MF-1001"
    assert len(clean("x" * 500, 40)) == 40
