"""A row is somebody's debt, whole and checked, or it goes back with the cell that is wrong."""

from datetime import date

import pytest

from recobro.codec import from_plain, to_plain
from recobro.domain.channel import Channel
from recobro.domain.debt import Amounts, DebtStatus, Role
from recobro.intake.outcome import AcceptedRow, Allowance, RejectedRow
from tests.intake.given import KEYS, accepted, outcomes, rejected, rows


def test_a_person_is_keyed_by_the_states_number_and_else_by_the_creditors() -> None:
    by_state = accepted(RFC="GODE561231GR8")
    assert by_state.debtor == KEYS.debtor("MX:RFC:GODE561231GR8")
    by_creditor = accepted()
    assert by_creditor.debtor == KEYS.debtor("acme:77")
    assert by_creditor.national_id == ""


def test_one_person_in_two_spellings_is_one_debtor() -> None:
    assert accepted(RFC="gode-561231-gr8").debtor == accepted(RFC="GODE 561231 GR8").debtor


def test_a_name_or_a_phone_never_makes_two_people_one() -> None:
    same = {"Nombre": "Ana Ruiz", "Celular": "5512345678"}
    assert (
        accepted(**{"Numero de cliente": "1"}, **same).debtor
        != accepted(**{"Numero de cliente": "2"}, **same).debtor
    )


def test_a_wrong_check_digit_sends_the_row_back_even_where_a_customer_number_stands() -> None:
    found = rejected(RFC="GODE561231GR9")
    assert (found.code, found.field) == ("id.invalid", "RFC")


def test_a_filler_id_gives_way_to_the_customer_number_and_is_noted() -> None:
    found = accepted(RFC="XAXX010101000")
    assert found.identity == "acme:77"
    assert [(note.code, note.scope) for note in found.notes] == [("id.filler", "cell")]


def test_an_id_of_another_person_in_the_same_row_is_a_contradiction() -> None:
    assert rejected(RFC="GODE561231GR8", CURP="BOXW310820HNERXN09").code == "id.contradiction"


def test_nobody_is_no_debtor() -> None:
    assert rejected(**{"Numero de cliente": ""}).code == "id.missing"


def test_kind_is_what_the_number_says() -> None:
    assert accepted(RFC="GODE561231GR8").kind == "person"
    assert accepted(RFC="MAB9307148T4", **{"Tipo de persona": "física"}).kind == "company"
    assert accepted(**{"Tipo de persona": "moral"}).kind == "company"


@pytest.mark.parametrize("age", ["17", "5"])
def test_a_minor_is_not_taken(age: str) -> None:
    assert rejected(Edad=age).code == "id.minor"


def test_references_and_relatives_are_third_parties_and_not_taken() -> None:
    assert rejected(Rol="Cónyuge").code == "role.third_party"
    assert rejected(Rol="Referencia personal").code == "role.third_party"
    assert accepted(Rol="Aval").role is Role.GUARANTOR
    assert accepted(Rol="Obligado solidario").role is Role.CODEBTOR


def test_a_total_is_principal_and_a_split_must_add_up() -> None:
    assert accepted(Saldo="100.00").amounts == Amounts(principal=10000)
    split = {"Capital": "80.00", "Intereses": "15.00", "IVA": "5.00"}
    assert accepted(Saldo="100.00", **split).amounts == Amounts(principal=8000, interest=1500, taxes=500)
    found = rejected(Saldo="101.00", **split)
    assert (found.code, found.field) == ("amount.parts", "Saldo")


def test_a_negative_balance_is_a_credit_in_the_debtors_favour() -> None:
    found = accepted(Saldo="-250.00")
    assert (found.amounts.total, found.credit) == (0, 25000)
    assert rejected(Saldo="100.00", Capital="-5.00", Intereses="105.00").code == "amount.negative"


def test_days_past_due_stand_in_for_a_due_date() -> None:
    found = accepted(Vencimiento="", **{"Dias de mora": "30"})
    assert found.due_on == date(2026, 10, 23)
    assert rejected(Vencimiento="").code == "date.missing"


def test_a_balance_of_tomorrow_is_no_balance() -> None:
    assert rejected(**{"Fecha de corte": "23/11/2026"}).code == "date.future"
    assert accepted(**{"Fecha de corte": "20/11/2026"}).calculated_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("word", "status"),
    [("VIGENTE", DebtStatus.ACTIVE), ("Pagada", DebtStatus.PAID), ("en disputa", DebtStatus.DISPUTED),
     ("Jurídico", DebtStatus.JUDICIAL), ("Castigada", DebtStatus.WRITTEN_OFF), ("Retirada", DebtStatus.RECALLED)],
)  # fmt: skip
def test_a_status_is_understood_in_the_creditors_words(word: str, status: DebtStatus) -> None:
    assert accepted(Estatus=word).status is status


def test_a_status_that_nobody_knows_is_asked_about() -> None:
    found = rejected(Estatus="Z9")
    assert found.code == "status.unknown"
    assert "active" in found.fix
    assert "[values]" in found.fix


def test_currencies_are_codes_words_or_signs() -> None:
    assert accepted(Moneda="DLS").currency == "USD"
    assert accepted(Moneda="pesos").currency == "MXN"
    assert accepted("CO", Moneda="$").currency == "COP"
    assert rejected(Moneda="doblones").code == "currency.unknown"


def test_a_bad_phone_is_left_out_and_told_while_the_debt_is_taken() -> None:
    found = accepted(Celular="5.55E+09", **{"Telefono casa": "33 1234 5678 / 123"}, Correo="nada")
    assert [point.value for point in found.points] == ["+523312345678"]
    assert [(note.field, note.code) for note in found.notes] == [
        ("Celular", "phone.scientific"), ("Telefono casa", "phone.invalid"), ("Correo", "email.invalid"),
    ]  # fmt: skip


def test_what_was_left_out_is_shown_masked() -> None:
    (note,) = accepted(Correo="maria.lopez@nowhere").notes
    assert "lopez" not in note.value_shown
    assert "lopez" not in note.reason
    found = rejected(RFC="GODE561231GR9")
    assert "561231" not in repr(found)


def test_a_reject_repeats_nothing_of_its_row_but_the_cell() -> None:
    found = rejected(Nombre="Ana Ruiz", Celular="5512345678", Saldo="mucho")
    assert found.value_shown == "mucho"
    assert "Ana" not in repr(found)
    assert "5512345678" not in repr(found)


def test_authorisation_is_channels_with_a_date_or_a_proof() -> None:
    found = accepted(**{"Canales autorizados": "SMS; CORREO", "Fecha autorizacion": "01/02/2025"})
    assert found.allowed == Allowance((Channel.SMS, Channel.EMAIL), date(2025, 2, 1), "creditor's file")
    proven = accepted(**{"Canales autorizados": "whatsapp", "Evidencia": "contrato 4471"})
    assert proven.allowed == Allowance((Channel.WHATSAPP,), None, "contrato 4471")
    unproven = accepted(**{"Canales autorizados": "SMS"})
    assert unproven.allowed == Allowance()
    assert unproven.notes[0].code == "authorised.unproven"
    assert accepted(**{"Canales autorizados": "ninguno"}).allowed == Allowance()
    assert accepted().allowed is None


def test_who_allowed_calls_allowed_people_to_call() -> None:
    found = accepted(**{"Canales autorizados": "llamada", "Fecha autorizacion": "01/02/2025"})
    assert found.allowed is not None
    assert found.allowed.channels == (Channel.VOICE,)


def test_evidence_names_nobody() -> None:
    cells = {"Canales autorizados": "SMS", "Nombre": "Ana Ruiz", "Fecha autorizacion": "01/02/2025"}
    named = accepted(**cells, Evidencia="audio de Ana Ruiz")
    assert named.allowed is not None
    assert "ana" not in named.allowed.evidence.casefold()


def test_channels_that_the_person_closed_come_along() -> None:
    assert accepted(**{"No contactar": "SMS, llamada"}).refused == ("sms", "voice")
    assert accepted(**{"No contactar": "SI"}).refused == ("*",)
    assert accepted(**{"No contactar": "NO"}).refused == ()


def test_a_reference_number_is_no_contact_point() -> None:
    found = accepted(Celular="5512345678", Procedencia="referencia")
    assert found.points == ()
    assert found.notes[0].code == "point.reference"


@pytest.mark.parametrize(
    ("state", "code", "zones"),
    [
        ("Sonora", "SON", ("America/Hermosillo",)),
        ("MX-ROO", "ROO", ("America/Cancun",)),
        ("Edo. Mex.", "MEX", ("America/Mexico_City",)),
        ("Chihuahua", "CHH", ("America/Chihuahua", "America/Ciudad_Juarez", "America/Ojinaga")),
    ],
)
def test_the_debtors_clock_comes_from_their_state(state: str, code: str, zones: tuple[str, ...]) -> None:
    found = accepted(**{"Entidad federativa": state})
    assert (found.subdivision, found.zones) == (code, zones)


def test_an_unknown_place_takes_every_clock_of_the_country() -> None:
    found = accepted(**{"Entidad federativa": "Narnia"})
    assert len(found.zones) == 12
    assert found.notes[0].code == "place.unknown"
    assert accepted("CO").zones == ("America/Bogota",)
    assert accepted(**{"Zona horaria": "America/Tijuana"}).zones == ("America/Tijuana",)


def test_a_contact_by_the_creditor_comes_along_to_be_counted() -> None:
    told = accepted(**{"Ultimo contacto": "20/11/2026", "Canal ultimo contacto": "llamada"}).contact_told
    assert told is not None
    assert (told.channel, told.by, told.at.date()) == (Channel.VOICE, "creditor", date(2026, 11, 20))
    assert rejected(**{"Ultimo contacto": "20/11/2026"}).code == "contact.channel"


def test_a_companys_contact_has_a_role() -> None:
    found = accepted(
        RFC="MAB9307148T4", Contacto="Luz Mora", Puesto="Cuentas por pagar", Correo="cxp@example.com"
    )
    assert (found.contact_name, found.contact_role, found.points[0].contact) == (
        "Luz Mora",
        "payables",
        "payables",
    )


def test_lists_come_from_one_cell_or_many_columns() -> None:
    found = accepted(**{"Orden de compra": "OC-1; OC-2", "Guia": "G9", "Etiquetas": "vip|zona norte"})
    assert found.orders == ("OC-1", "OC-2", "G9")
    assert found.tags == ("vip", "zona norte")


def test_an_instalment_has_its_number() -> None:
    assert accepted(Cuota="3/12").instalment == 3
    assert accepted(Cuota="3 de 12").instalment == 3
    assert rejected(Cuota="tres").code == "number.unreadable"


def test_an_accepted_row_survives_the_way_to_its_partition() -> None:
    found = accepted(
        RFC="GODE561231GR8", Celular="5512345678", Correo="nada", Edad="44",
        **{"Canales autorizados": "SMS", "Fecha autorizacion": "01/02/2025", "Ultimo contacto": "20/11/2026",
           "Canal ultimo contacto": "sms", "Fecha de prescripcion": "01/01/2030"},
    )  # fmt: skip
    assert from_plain(AcceptedRow, to_plain(found), strict=True) == found


def test_every_row_is_accepted_or_returned() -> None:
    lines = [f"C{n};{n};{'5,50' if n % 3 else 'x'};05/11/2026" for n in range(1, 100)]
    found = outcomes("contrato;cliente id;saldo;vencimiento\n" + "\n".join(lines) + "\n")
    assert [one.row if isinstance(one, AcceptedRow) else one.row_number for one in found] == list(
        range(2, 101)
    )
    assert sum(isinstance(one, RejectedRow) for one in found) == 33


def test_several_amount_columns_of_one_kind_are_added() -> None:
    mapping = """
    [columns]
    REF = "debt_ref"
    CLI = "customer"
    VIG = "principal"
    VENC = "principal"
    DUE = "due_on"
    [constants]
    currency = "MXN"
    """
    (row,) = rows("REF,CLI,VIG,VENC,DUE\nA,7,10.00,2.50,2026-01-01\n", mapping)
    assert row.amounts.principal == 1250
