"""A person is found whatever form of the number the carrier writes."""

import pytest

from recobro.domain.phone_forms import canonical, known_as, reached_by, variants


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("5215550100199", "+525550100199"),
        ("+52 1 55 5010 0199", "+525550100199"),
        ("+525550100199", "+525550100199"),
        ("5491155500142", "+5491155500142"),
        ("+541155500142", "+541155500142"),
        ("551187650142", "+5511987650142"),
        ("+5511987650142", "+5511987650142"),
        ("+551132345678", "+551132345678"),
        ("573005550142", "+573005550142"),
        ("+12065550152", "+12065550152"),
        ("", ""),
        ("ana", ""),
        ("12345", ""),
        ("1234567890123456", ""),
    ],
)
def test_a_number_is_written_as_it_is_dialled_today(written: str, dialled: str) -> None:
    assert canonical(written) == dialled


@pytest.mark.parametrize(
    "forms",
    [
        ("+525550100199", "+5215550100199"),
        ("+5491155500142", "+541155500142"),
        ("+5511987650142", "+551187650142"),
    ],
)
def test_every_form_of_a_number_leads_to_the_same_forms(forms: tuple[str, ...]) -> None:
    for form in forms:
        assert set(variants(form)) == set(forms)
        assert variants(form)[0] == canonical(form)


def test_a_landline_or_a_number_elsewhere_has_one_form() -> None:
    assert variants("+551132345678") == ("+551132345678",)
    assert variants("+573005550142") == ("+573005550142",)
    assert variants("no number") == ()


def test_a_telephone_is_known_by_one_form_whichever_is_written() -> None:
    assert known_as("+541155500142") == known_as("+5491155500142") == "+5491155500142"


@pytest.mark.parametrize("other", ["+525550100001", "+54115550014", "ana@example.com", "whatsapp:AR.54", ""])
def test_every_other_address_is_known_by_itself(other: str) -> None:
    assert known_as(other) == other


def test_a_telephone_once_told_as_a_mobile_stays_one() -> None:
    assert reached_by("+5491155500142", "+541155500142") == "+5491155500142"
    assert reached_by("+541155500142", "+5491155500142") == "+5491155500142"
    assert reached_by("+5491155500142", "+5491155500143") == "+5491155500143"
    assert reached_by("", "ana@example.com") == "ana@example.com"
