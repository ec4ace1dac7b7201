"""A phone is in the form that carriers dial today, or it is left out."""

from functools import partial

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.domain.phone_forms import canonical
from recobro.intake.outcome import BadCell
from recobro.intake.phones import each_phone, to_phone
from tests.intake.given import read_or_refused


@pytest.mark.parametrize(
    ("text", "country", "value"),
    [
        ("5512345678", "MX", "+525512345678"),
        ("(55) 1234-5678", "MX", "+525512345678"),
        ("52 1 55 1234 5678", "MX", "+525512345678"),
        ("+5215512345678", "CO", "+525512345678"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("045 55 1234 5678", "MX", "+525512345678"),
        ("01 55 1234 5678", "MX", "+525512345678"),
        ("0052 55 1234 5678", "MX", "+525512345678"),
        ("Tel. 55 1234 5678", "MX", "+525512345678"),
        ("'5512345678", "MX", "+525512345678"),
        ("5512345678.0", "MX", "+525512345678"),
        ("5.512345678E+09", "MX", "+525512345678"),
        ("5,512345678E+9", "MX", "+525512345678"),
        ("300 123 4567", "CO", "+573001234567"),
        ("03 300 123 4567", "CO", "+573001234567"),
        ("601 234 5678", "CO", "+576012345678"),
        ("11 98123-4567", "BR", "+5511981234567"),
        ("11 8123-4567", "BR", "+5511981234567"),
        ("011 8123-4567", "BR", "+5511981234567"),
        ("+55 11 8123-4567", "MX", "+5511981234567"),
        ("55 8123-4567", "BR", "+5555981234567"),
        ("11 3123-4567", "BR", "+551131234567"),
        ("011 15 3456-7890", "AR", "+5491134567890"),
        ("0341 15 512-3456", "AR", "+5493415123456"),
        ("+54 9 341 512 3456", "AR", "+5493415123456"),
        ("987654321", "PE", "+51987654321"),
        ("0991234567", "EC", "+593991234567"),
        ("987654321", "CL", "+56987654321"),
        ("0912 345 678", "TW", "+886912345678"),
    ],
)
def test_a_number_is_brought_into_todays_form(text: str, country: str, value: str) -> None:
    assert to_phone(text, country)[0] == value


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("5.55E+09", "MX", "phone.scientific"),
        ("12345678", "MX", "phone.invalid"),
        ("0000000000", "MX", "phone.invalid"),
        ("5555555555", "MX", "phone.filler"),
        ("800 123 4567", "MX", "phone.service"),
        ("55CASA1234", "MX", "phone.letters"),
        ("15 3456 7890", "AR", "phone.invalid"),
        ("no tiene", "MX", "phone.letters"),
        ("5512345678", "", "phone.unreadable"),
        ("55123456785587654321", "MX", "phone.unreadable"),
    ],
)
def test_a_number_that_cannot_be_dialled_is_left_out_with_its_reason(
    text: str, country: str, code: str
) -> None:
    with pytest.raises(BadCell) as caught:
        to_phone(text, country)
    assert caught.value.code == code
    assert caught.value.fix


def test_the_line_is_what_the_number_says_and_else_what_its_column_says() -> None:
    assert to_phone("3001234567", "CO")[1] == "mobile"
    assert to_phone("6012345678", "CO")[1] == "home"
    assert to_phone("6012345678", "CO", "work")[1] == "work"
    assert to_phone("3001234567", "CO", "home")[1] == "mobile"
    assert to_phone("5512345678", "MX")[1] == "unknown"
    assert to_phone("5512345678", "MX", "mobile")[1] == "mobile"
    assert to_phone("55 1234 5678 ext. 12", "MX") == ("+525512345678", "work")


def test_argentinas_nine_is_added_where_the_column_says_mobile() -> None:
    assert to_phone("11 3456-7890", "AR", "mobile") == ("+5491134567890", "mobile")
    assert to_phone("11 3456-7890", "AR", "home") == ("+541134567890", "home")


def test_two_numbers_in_one_cell_are_two_numbers() -> None:
    assert each_phone("55 1234 5678 / 55 8765 4321") == ("55 1234 5678", "55 8765 4321")
    assert each_phone("5512345678;5587654321") == ("5512345678", "5587654321")
    assert each_phone("5512345678 y 5587654321") == ("5512345678", "5587654321")


def test_a_line_too_short_for_any_carrier_is_refused_and_not_emptied() -> None:
    found = read_or_refused(lambda: to_phone("+4312000", "MX"))

    assert isinstance(found, BadCell)
    assert found.code == "phone.invalid"


@settings(deadline=None)
@given(
    st.sampled_from(["MX", "CO", "BR", "CL", "PE", "AR", "EC"]),
    st.from_regex(r"\+?[0-9]{7,13}", fullmatch=True),
)
def test_whatever_is_taken_is_a_valid_number_and_already_canonical(country: str, text: str) -> None:
    found = read_or_refused(lambda: to_phone(text, country))
    if not isinstance(found, BadCell):
        value, line = found
        assert phonenumbers.is_valid_number(phonenumbers.parse(value))
        assert canonical(value) == value
        assert to_phone(value, country)[0] == value
        assert line in ("mobile", "home", "work", "unknown")


@settings(deadline=None)
@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_a_mexican_number_is_what_the_library_says_it_is(text: str) -> None:
    parsed = phonenumbers.parse(text, "MX")
    found = read_or_refused(lambda: to_phone(text, "MX"))
    if isinstance(found, BadCell):
        assert found.code in ("phone.service", "phone.filler") or not phonenumbers.is_valid_number(parsed)
    else:
        assert found[0] == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@settings(deadline=None)
@given(st.text(max_size=25))
def test_no_text_makes_it_do_anything_but_read_or_refuse(text: str) -> None:
    for part in each_phone(text):
        assert read_or_refused(partial(to_phone, part, "MX"))
