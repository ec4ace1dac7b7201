"""A layout is written down once, checked when it is loaded, and shown when it was guessed."""

import pytest

from recobro.errors import InvalidInput
from recobro.intake.mapping import ColumnMapping, load_mapping, to_toml
from recobro.intake.outcome import AcceptedRow
from tests.intake.given import portfolio, rows

FILE = "REF,CLI,BAL1,BAL2,DUE,CEL,OFI,TRAIT\nA,7,10.00,5.50,03/04/2026,5512345678,5587654321,x\n"
MAPPING = """
[feed]
mode = "full"
as_of = 2026-11-22

[columns]
REF = "debt_ref"
CLI = "customer"
BAL1 = "principal"
BAL2 = "principal"
DUE = "due_on"
CEL = { field = "phone", line = "mobile", provenance = "debtor" }
OFI = { field = "phone", line = "work", contact = "payables" }
TRAIT = "attributes.segment"

[constants]
creditor = "acme"
currency = "MXN"
status = "PREJURIDICO"

[values.status]
PREJURIDICO = "active"

[values."attributes.segment"]
x = "gold"

[formats]
date = "mm/dd/yyyy"
decimal = "."
"""


def test_a_mapping_names_columns_constants_values_and_formats() -> None:
    (row,) = rows(FILE, MAPPING.replace('status = "PREJURIDICO"', 'status = "active"'))
    assert row.amounts.principal == 1550
    assert row.due_on.isoformat() == "2026-03-04"
    assert [(p.line, p.provenance, p.contact) for p in row.points] == [
        ("mobile", "debtor", ""),
        ("work", "", "payables"),
    ]
    assert row.attributes == {"segment": "gold"}


def test_what_is_shown_is_what_would_be_loaded() -> None:
    mapping = load_mapping(MAPPING, "m.toml")
    assert load_mapping(to_toml(mapping), "again.toml") == mapping


def test_a_guess_is_shown_with_what_it_left_out() -> None:
    found = portfolio("contrato,cliente id,saldo,vencimiento,color\n1,7,5.50,05/11/2026,azul\n")
    assert found.is_guessed
    assert '# "color" is not used' in found.as_toml()
    assert load_mapping(found.as_toml(), "m.toml") == found.mapping


def test_a_mapping_without_columns_has_them_guessed_and_the_rest_stands() -> None:
    said = (
        '[feed]\nmode = "full"\n[file]\ndelimiter = ";"\n[constants]\ncreditor = "acme"\ncurrency = "USD"\n'
        '[formats]\ndate = "mm/dd/yyyy"\ndecimal = "."\nround = true\n'
    )
    found = portfolio("contrato;cliente id;saldo;vencimiento\n1;7;5.505;05/11/2026\n", said, mode="full")
    assert found.is_guessed
    (row,) = found
    assert isinstance(row, AcceptedRow)
    assert (row.amounts.total, row.due_on.isoformat()) == (550, "2026-05-11")
    assert found.mapping.feed.mode == "full"
    assert found.mapping.constants == {"creditor": "acme", "currency": "USD", "country": "MX"}
    assert load_mapping(found.as_toml(), "m.toml") == found.mapping


HEADERS = "contrato,cliente id,saldo,vencimiento"


def test_words_that_a_mapping_explains_say_what_their_column_holds() -> None:
    said = '[values.status]\nVIG = "active"\nJUD = "judicial"\n'
    file = f"{HEADERS},estado\n1,7,5.50,05/11/2026,VIG\n2,8,5.50,05/11/2026,JUD\n"
    assert [one.status for one in rows(file, said)] == ["active", "judicial"]


def test_words_that_a_mapping_explains_of_a_column_that_is_not_there_are_not_passed_over() -> None:
    said = '[values.status]\nJUD = "judicial"\n'
    with pytest.raises(
        InvalidInput, match=r"values\.status: says what its words mean, and no column holds it"
    ):
        portfolio(f"{HEADERS},color\n1,7,5.50,05/11/2026,JUD\n", said)


def test_the_column_that_holds_explained_words_is_taken_whatever_another_is_called() -> None:
    said = '[values.status]\nJUD = "judicial"\n'
    file = f"{HEADERS},estatus,estado\n1,7,5.50,05/11/2026,Activo,JUD\n"
    assert [one.status for one in rows(file, said)] == ["judicial"]


def test_a_constant_is_no_column_for_words_that_a_mapping_explains() -> None:
    said = '[constants]\nstatus = "active"\n[values.status]\nJUD = "judicial"\n'
    with pytest.raises(InvalidInput, match=r"values\.status"):
        portfolio(f"{HEADERS},color\n1,7,5.50,05/11/2026,JUD\n", said)


@pytest.mark.parametrize("stated", ["CO", "co", "Colombia"])
def test_the_country_that_a_mapping_states_brings_its_currency_and_its_places(stated: str) -> None:
    found = portfolio(
        f"{HEADERS},estado\n1,7,5500,05/11/2026,Antioquia\n", f'[constants]\ncountry = "{stated}"\n'
    )
    assert found.mapping.constants["currency"] == "COP"
    (row,) = found
    assert isinstance(row, AcceptedRow)
    assert (row.country, row.subdivision) == ("CO", "ANT")


def test_where_rows_name_their_country_a_stated_one_brings_no_currency() -> None:
    found = portfolio(f"{HEADERS},pais\n1,7,5500,05/11/2026,MX\n", '[constants]\ncountry = "CO"\n')
    assert found.mapping.constants["currency"] == "MXN"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "field", "fix"),
    [
        ('REF = "debt_ref"', 'REF = "debt_reff"', 7, "columns.REF.field", "did you mean 'debt_ref'?"),
        ('line = "mobile"', 'line = "cell"', 12, "columns.CEL.line", "one of: mobile"),
        ('CLI = "customer"', 'CLI = "debt_ref"', 8, "columns.CLI", "keep one of the two"),
        ('mode = "full"', 'mode = "all"', 3, "feed.mode", "one of: full, delta"),
        ("as_of = 2026-11-22", 'as_of = "yesterday"', 4, "feed.as_of", "2026-11-22"),
        ('decimal = "."', 'decimal = "x"', 29, "formats.decimal", "one of"),
        ('date = "mm/dd/yyyy"', 'date = "mdy"', 28, "formats.date", "dd/mm/yyyy"),
        ('currency = "MXN"', 'curency = "MXN"', 18, "constants.curency", "did you mean 'currency'?"),
        ("[formats]", "[format]", 27, "format", "did you mean 'formats'?"),
        ('creditor = "acme"', "creditor = acme", 17, "toml", "correct the line"),
    ],
)
def test_a_wrong_mapping_is_refused_by_line_field_and_fix(
    wrong: str, right: str, line: int, field: str, fix: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_mapping(MAPPING.replace(wrong, right), "m.toml")
    assert caught.value.where == f"m.toml:{line}"
    assert caught.value.field == field
    assert fix in caught.value.fix


def test_a_column_that_the_file_does_not_have_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"columns\.TRAIT: is no column of the file"):
        portfolio(FILE.replace("TRAIT", "OTHER"), MAPPING)


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ("N.º de Crédito|R.F.C.|Nombre completo|Saldo actual|Fecha límite de pago|Tel. Celular|Correo electrónico 1",
         "debt_ref id.rfc name total due_on phone.mobile email"),
        ("No. Obligación|Tipo documento|No. documento|Nombres|Apellidos|Capital|Intereses|Fecha venc.|Celular 2|Departamento",
         "debt_ref id_type national_id given_name surname principal interest due_on phone.mobile subdivision"),
        ("Número do contrato|CPF/CNPJ|Nome do cliente|Saldo devedor|Data de vencimento|Telefone celular|E-mail|UF",
         "debt_ref national_id name total due_on phone.mobile email subdivision"),
        ("Invoice number|Customer ID|Name|Amount due|Due date|Phone|Email|PO number|Currency",
         "debt_ref customer name total due_on phone email orders currency"),
        ("Contrato|Cliente ID|Nombre|Apellido paterno|Apellido materno|Saldo total|Saldo vencido|Días de mora",
         "debt_ref customer given_name surname second_surname total days_past_due"),
    ],
)  # fmt: skip
def test_headers_are_understood_in_spanish_portuguese_and_english(headers: str, fields: str) -> None:
    names = headers.split("|")
    found = portfolio(";".join(names) + "\n" + ";".join("1" for _ in names) + "\n").mapping
    assert [column.field for column in found.columns.values()] == fields.split()


RECOMMENDED = {
    "Contrato": "debt_ref", "Acreedor": "creditor", "Rol": "role", "Tipo de documento": "id_type", "Documento": "national_id",
    "RFC": "id.rfc", "CURP": "id.curp", "NIT": "id.nit", "Número de cliente": "customer", "Nombre completo": "name",
    "Nombres": "given_name", "Tipo de persona": "kind", "País": "country", "Departamento": "subdivision", "Idioma": "language",
    "Moneda": "currency", "Saldo total": "total", "Nota de crédito": "credit", "Fecha de vencimiento": "due_on",
    "Días de mora": "days_past_due", "Fecha de corte": "calculated_on", "Cuota": "instalment", "Producto": "product",
    "Etiquetas": "tags", "Estatus": "status", "Fecha de prescripción": "limitation_on", "Fecha último pago": "acknowledged_on",
    "Fecha de asignación": "assigned_on", "Asignada hasta": "assigned_until", "Orden de compra": "orders",
    "Celular": "phone.mobile", "Teléfono casa": "phone.home", "Teléfono trabajo": "phone.work", "Teléfono": "phone",
    "Correo electrónico": "email", "Token de dispositivo": "device", "Dirección": "address", "Procedencia": "provenance",
    "Canales autorizados": "authorised", "Fecha de autorización": "authorised_on", "Evidencia de autorización": "evidence",
    "No contactar": "refused", "Nombre de contacto": "contact_name", "Rol del contacto": "contact_role",
    "Último contacto": "contacted_at", "Canal último contacto": "contacted_channel", "Edad": "attributes.age",
    "Sexo": "attributes.sex", "Escolaridad": "attributes.education",
}  # fmt: skip


def test_the_headers_that_we_recommend_are_all_understood() -> None:
    row = {"Contrato": "A", "Acreedor": "acme", "Documento": "GODE561231GR8", "Saldo total": "5,50"}
    cells = ";".join(row.get(header, "") for header in RECOMMENDED)
    found = portfolio(";".join(RECOMMENDED) + "\n" + cells + "\n").mapping
    assert {header: column.field for header, column in found.columns.items()} == RECOMMENDED


@pytest.mark.parametrize(
    "header", ["Teléfono referencia 1", "Tel. aval", "Celular del cónyuge", "Nombre referencia"]
)
def test_columns_of_third_parties_are_never_guessed_to_be_the_debtors(header: str) -> None:
    found = portfolio(f"contrato;cliente id;saldo;vencimiento;{header}\n1;7;5,50;05/11/2026;5512345678\n")
    assert header not in found.mapping.columns


def test_estado_is_a_place_in_mexico_and_a_status_in_colombia_as_its_cells_say() -> None:
    base = "contrato;cliente id;saldo;vencimiento;estado\n1;7;5,50;05/11/2026;{}\n"
    assert portfolio(base.format("Jalisco")).mapping.columns["estado"].field == "subdivision"
    assert portfolio(base.format("Vigente"), country="CO").mapping.columns["estado"].field == "status"


def test_a_lone_capital_beside_the_total_is_not_taken_for_the_whole_split() -> None:
    found = portfolio("contrato;cliente id;capital;saldo total;vencimiento\n1;7;4,00;5,50;05/11/2026\n")
    assert "capital" not in found.mapping.columns


def test_a_mapping_has_one_shape() -> None:
    assert ColumnMapping({}).feed.mode == "delta"
