"""Who somebody is, is what the state says: canonical, with its check digit, and never a filler."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.ar import cuit
from stdnum.br import cnpj, cpf
from stdnum.cl import rut
from stdnum.co import nit

from recobro.intake.identity import to_identity
from recobro.intake.outcome import BadCell
from tests.intake.given import read_or_refused


@pytest.mark.parametrize(
    ("text", "kind", "country", "canonical", "who"),
    [
        ("gode-561231-gr8", "RFC", "MX", "MX:RFC:GODE561231GR8", "person"),
        ("MAB 930714 8T4", "", "MX", "MX:RFC:MAB9307148T4", "company"),
        ("BOXW310820HNERXN09", "", "MX", "MX:CURP:BOXW310820HNERXN09", "person"),
        ("1.020.304.050", "CC", "CO", "CO:CC:1020304050", "person"),
        ("0052123456", "Cédula de ciudadanía", "CO", "CO:CC:52123456", "person"),
        ("213.123.432-1", "NIT", "CO", "CO:CC:213123432", "person"),
        ("800197268", "NIT", "CO", "CO:NIT:8001972684", "company"),
        ("800.197.268-4", "", "CO", "CO:NIT:8001972684", "company"),
        ("8001972684", "", "CO", "CO:NIT:8001972684", "company"),
        ("12.531.909-2", "", "CL", "CL:RUT:125319092", "person"),
        ("76086428-5", "RUT", "CL", "CL:RUT:760864285", "company"),
        ("10117410", "", "PE", "PE:DNI:10117410", "person"),
        ("1234568", "DNI", "PE", "PE:DNI:01234568", "person"),
        ("10101174102", "RUC", "PE", "PE:DNI:10117410", "person"),
        ("20512333797", "", "PE", "PE:RUC:20512333797", "company"),
        ("390.533.447-05", "", "BR", "BR:CPF:39053344705", "person"),
        ("16.727.230/0001-97", "", "BR", "BR:CNPJ:16727230000197", "company"),
        ("20-05536168-2", "", "AR", "AR:CUIT:20055361682", "person"),
        ("20.123.456", "", "AR", "AR:DNI:20123456", "person"),
        ("171430710-3", "", "EC", "EC:CI:1714307103", "person"),
        ("1714307103001", "", "EC", "EC:CI:1714307103", "person"),
        ("1792060346-001", "RUC", "EC", "EC:RUC:1792060346001", "company"),
    ],
)
def test_a_number_has_one_canonical_form(
    text: str, kind: str, country: str, canonical: str, who: str
) -> None:
    found = to_identity(text, kind, country)
    assert (found.canonical, found.kind) == (canonical, who)


@pytest.mark.parametrize(
    ("text", "kind", "country", "code"),
    [
        ("GODE561231GR9", "RFC", "MX", "id.invalid"),
        ("BOXW310820HNERXN08", "CURP", "MX", "id.invalid"),
        ("GODE561231", "RFC", "MX", "id.incomplete"),
        ("XAXX010101000", "RFC", "MX", "id.filler"),
        ("XEXX010101000", "", "MX", "id.filler"),
        ("222222222222", "NIT", "CO", "id.filler"),
        ("1111111", "CC", "CO", "id.filler"),
        ("8001972685", "NIT", "CO", "id.invalid"),
        ("1020304050", "NIT", "CO", "id.invalid"),
        ("1020304050", "TI", "CO", "id.minor"),
        ("12531909-3", "", "CL", "id.invalid"),
        ("11.111.111-1", "", "CL", "id.filler"),
        ("39053344706", "", "BR", "id.invalid"),
        ("11111111111", "", "BR", "id.filler"),
        ("1.23E+09", "CC", "CO", "id.mangled"),
        ("1020304050", "CPF", "CO", "id.unsupported"),
        ("A123456789", "", "TW", "id.unsupported"),
        ("52123456", "carnet", "CO", "id.type"),
    ],
)
def test_a_number_that_names_nobody_is_refused(text: str, kind: str, country: str, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        to_identity(text, kind, country)
    assert caught.value.code == code
    assert caught.value.fix


def test_a_persons_tax_number_and_national_number_name_the_same_person() -> None:
    assert to_identity("213123432-1", "NIT", "CO") == to_identity("213123432", "CC", "CO")
    assert to_identity("10101174102", "", "PE") == to_identity("10117410", "", "PE")
    assert to_identity("1714307103001", "", "EC") == to_identity("1714307103", "", "EC")


@settings(deadline=None)
@given(st.integers(min_value=10_000_000, max_value=99_999_999))
def test_zeros_that_a_spreadsheet_dropped_come_back_where_the_check_digit_proves_them(number: int) -> None:
    base = f"0{number}"
    digits = base + cpf._calc_check_digits(base)
    assert to_identity(digits.lstrip("0"), "CPF", "BR") == to_identity(digits, "CPF", "BR")


@settings(deadline=None)
@given(st.integers(min_value=800_000_001, max_value=999_999_998), st.integers(0, 9))
def test_a_nit_with_a_wrong_check_digit_is_never_taken(base: int, digit: int) -> None:
    right = nit.calc_check_digit(str(base))
    if str(digit) != right and len(set(str(base))) > 1:
        with pytest.raises(BadCell):
            to_identity(f"{base}-{digit}", "NIT", "CO")


@settings(deadline=None)
@given(st.integers(min_value=1_000_000, max_value=99_999_999))
def test_a_rut_is_the_same_with_or_without_dots(base: int) -> None:
    digit = rut.calc_check_digit(str(base))
    plain, dotted = f"{base}-{digit}", f"{base:,}".replace(",", ".") + f"-{digit.lower()}"
    first = read_or_refused(lambda: to_identity(plain, "", "CL"))
    again = read_or_refused(lambda: to_identity(dotted, "", "CL"))
    assert first == again or (isinstance(first, BadCell) and first.code == "id.filler")


@settings(deadline=None)
@given(st.text(max_size=20), st.sampled_from(["MX", "CO", "CL", "PE", "BR", "AR", "EC"]))
@example("80000000A", "CO")
def test_no_text_makes_it_do_anything_but_read_or_refuse(text: str, country: str) -> None:
    found = read_or_refused(lambda: to_identity(text, "", country))
    if not isinstance(found, BadCell):
        assert to_identity(found.number, found.canonical.split(":")[1], country) == found


def test_the_libraries_we_lean_on_agree_with_our_samples() -> None:
    assert cnpj.is_valid("16.727.230/0001-97")
    assert cuit.is_valid("20-05536168-2")
