"""Files as creditors send them: read whatever they are, or refused by name, line and fix."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.adapters.portfolio.opened import open_portfolio
from recobro.errors import InvalidInput
from recobro.intake.outcome import AcceptedRow, RejectedRow
from recobro.intake.raw import RawRow
from tests.intake.given import outcomes, portfolio, rows

HEADER = "contrato;cliente id;nombre;saldo;vencimiento"
FILE = f"{HEADER}\n1;7;José Núñez;100,50;05/11/2026\n2;8;Ñandú Peña;200,75;06/11/2026\n"


def raw(content: bytes) -> list[RawRow | RejectedRow]:
    return list(open_portfolio(io.BytesIO(content), "f.csv").rows())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_accents_survive_every_encoding_that_banks_use(encoding: str) -> None:
    found = rows(FILE.encode(encoding))
    assert [row.name for row in found] == ["José Núñez", "Ñandú Peña"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_separator_is_found_even_beside_decimal_commas(mark: str) -> None:
    text = "\n".join(mark.join(f'"{cell}"' for cell in line.split(";")) for line in FILE.splitlines())
    assert [row.amounts.principal for row in rows(text)] == [10050, 20075]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_a_line_end(end: str) -> None:
    assert len(rows(FILE.replace("\n", end))) == 2


def test_titles_above_the_header_are_passed_over_and_rows_keep_the_spreadsheets_number() -> None:
    found = rows("Cartera de noviembre;;;;\n;;;;\n" + FILE)
    assert [row.row for row in found] == [4, 5]


def test_blank_rows_are_no_rows_and_still_count_in_the_numbering() -> None:
    assert [row.row for row in rows(FILE.replace("\n2;", "\n\n;;;;\n2;"))] == [2, 5]


def test_a_cell_may_run_over_several_lines() -> None:
    (row,) = rows(f'{HEADER};direccion\n1;7;Ana;5,5;05/11/2026;"Calle Uno 5\nCol. Centro"\n')
    assert row.points[0].value == "Calle Uno 5 Col. Centro"


def test_a_broken_quote_costs_its_own_row_and_no_other() -> None:
    lines = [HEADER, *(f"{n};{n}0;Ana;5,50;05/11/2026" for n in range(1, 8))]
    lines[2] = '2;20;"Ana;5,50;05/11/2026'
    lines[4] = '4;40;"Ana" María;5,50;05/11/2026'
    found = outcomes("\n".join(lines) + "\n")
    assert [one.row for one in found if isinstance(one, AcceptedRow)] == [2, 4, 6, 7, 8]
    assert [(one.row_number, one.code) for one in found if isinstance(one, RejectedRow)] == [
        (3, "row.broken"),
        (5, "row.broken"),
    ]


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest_of_the_file() -> None:
    lines = [f"{n};{n}0;Ana;5,50;05/11/2026" for n in range(1, 201)]
    lines[99] = '100;"1000;Ana;5,50;05/11/2026'
    found = outcomes("\n".join([HEADER, *lines]) + "\n")
    assert len(found) == 200
    assert [one.row_number for one in found if isinstance(one, RejectedRow)] == [101]


def test_a_row_of_another_width_is_returned_and_not_shifted() -> None:
    found = outcomes(
        HEADER + "\n1;7;Ana;5;50;05/11/2026\n2;8;Ana;5,50;05/11/2026\n3;9;Ana;5,50;05/11/2026;;\n4;9;Ana\n"
    )
    assert [one.code if isinstance(one, RejectedRow) else "" for one in found] == [
        "row.width",
        "",
        "",
        "row.width",
    ]


def test_a_huge_cell_costs_its_row() -> None:
    found = outcomes(f"{HEADER}\n1;7;{'x' * 200_000};5,50;05/11/2026\n2;8;Ana;5,50;05/11/2026\n")
    assert isinstance(found[0], RejectedRow)
    assert "131,072" in found[0].reason
    assert isinstance(found[1], AcceptedRow)


def _workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(*lines: tuple[Any, ...]) -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        assert book.active is not None
        for line in lines:
            book.active.append(line)

    return _workbook(fill)


XLSX_HEADER = ("Contrato", "Número de cliente", "Saldo", "Vencimiento", "Celular", "Monto texto")


def test_a_workbooks_numbers_and_dates_are_taken_as_it_knows_them() -> None:
    book = _sheet(
        ("Cartera",),
        XLSX_HEADER,
        (12345.0, 77, 1234.56, datetime(2026, 11, 5), 5512345678.0, ""),  # noqa: DTZ001 - Excel has no zones
        ("0007", "0012", 0.1 + 0.2, date(2026, 11, 5), "55 1234 5678", None),
    )
    first, second = rows(book)
    assert (first.debt_ref, first.identity, first.amounts.principal) == ("12345", "acme:77", 123456)
    assert first.due_on == date(2026, 11, 5)
    assert [point.value for point in first.points] == ["+525512345678"]
    assert (second.debt_ref, second.identity, second.amounts.principal) == ("0007", "acme:0012", 30)
    assert (first.row, second.row) == (3, 4)


def test_a_reference_that_excel_shortened_is_returned() -> None:
    (found,) = outcomes(_sheet(XLSX_HEADER, (4152123412341234, "7", 5, date(2026, 11, 5))))
    assert isinstance(found, RejectedRow)
    assert (found.code, found.field) == ("ref.mangled", "Contrato")
    assert "text" in found.fix


def test_the_sheet_with_the_portfolio_is_found_among_others() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        assert book.active is not None
        book.active.append(("Instrucciones",))
        page = book.create_sheet("Cartera")
        page.append(XLSX_HEADER)
        page.append(("A", "7", 5, date(2026, 11, 5)))
        book.create_sheet("oculta").sheet_state = "hidden"

    found = portfolio(_workbook(fill))
    assert found.described["sheet"] == "Cartera"
    assert len(list(found)) == 1


def test_json_lines_keep_their_numbers_exact() -> None:
    lines = [
        {
            "debt_ref": "A",
            "customer": "7",
            "total": 1234.56,
            "due_on": "2026-11-05",
            "phone": ["5512345678", "5587654321"],
        },
        {"debt_ref": "B", "customer": "8", "total": 100, "due_on": "2026-11-05", "attributes": {"sex": "F"}},
    ]
    text = (
        "\n".join(json.dumps(line) for line in lines) + '\nno json\n[1]\n{"debt_ref": 1, "debt_ref": 2}\n\n'
    )
    found = outcomes(text)
    assert [one.row_number for one in found if isinstance(one, RejectedRow)] == [3, 4, 5]
    first, second = (one for one in found if isinstance(one, AcceptedRow))
    assert first.amounts.principal == 123456
    assert len(first.points) == 2
    assert second.attributes == {"sex": "F"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"   \n\n", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b'[\n{"a": 1}]', "JSON array"),
        (b"<html><table>", "web page"),
        (b"abc\x00\x01\x02def;ghi\n", "not text"),
        (b"{not json\n", "no JSON object"),
        (b"una sola columna\n1\n2\n", "no column separator"),
        (HEADER.encode(), "a header and nothing under it"),
        (b"contrato;cliente id;saldo;vencimiento;saldo\n1;2;3;4;5\n", "the name of two columns"),
        (b"cliente id;nombre;saldo;vencimiento\n1;2;3;05/11/2026\n", "the debt's reference"),
        (b"contrato;nombre;saldo;vencimiento\n1;2;3;05/11/2026\n", "national id or customer number"),
        (b"contrato;cliente id;vencimiento\n1;2;05/11/2026\n", "an amount"),
        (b"contrato;cliente id;saldo\n1;2;3\n", "a due date"),
        (FILE.encode() + b"3;9;" + b"x" * 1_100_000, "longer than a million"),
        (FILE.encode() * 3 + "3;9;Nuñez;5;05/11/2026\n".encode("cp1252"), "most of the file is UTF-8"),
    ],
)
def test_a_file_that_is_no_portfolio_is_refused_with_what_it_is_and_what_to_do(
    content: bytes, reason: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        list(portfolio(content))
    assert reason in str(caught.value)
    assert caught.value.fix
    assert caught.value.where.startswith("cartera.csv")


def test_the_line_that_does_not_fit_its_encoding_is_named() -> None:
    mapping = '[columns]\ncontrato = "debt_ref"\n[file]\nencoding = "utf-8"\n'
    with pytest.raises(InvalidInput) as caught:
        portfolio(FILE.encode("cp1252"), mapping)
    assert caught.value.where == "cartera.csv:2"


def test_a_workbook_that_unpacks_to_fill_the_machine_is_refused_before_it_is_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (32 << 20))
    with pytest.raises(InvalidInput, match="unpacks to 32 MiB"):
        portfolio(out.getvalue())


def test_a_damaged_workbook_names_its_sheet() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_sheet(XLSX_HEADER, ("A",)))) as good, zipfile.ZipFile(out, "w") as bad:
        for part in good.infolist():
            body = good.read(part)
            bad.writestr(part.filename, body[: len(body) // 2] if "sheet1" in part.filename else body)
    with pytest.raises(InvalidInput, match="damaged") as caught:
        portfolio(out.getvalue())
    assert "[Sheet]" in caught.value.where


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_a_csv_writer_wrote_is_read_back(table: list[list[str]], mark: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerow(["contrato", "saldo", "nombre"])
    writer.writerows(table)
    found = raw(out.getvalue().encode())
    cells = [list(row.cells.values()) for row in found if isinstance(row, RawRow)]
    assert len(cells) == len(found)
    assert cells == [row for row in table if any(row)]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_do_anything_but_read_or_refuse(content: bytes) -> None:
    try:
        found = list(portfolio(HEADER.encode() + b"\n" + content))
    except InvalidInput as error:
        found = [str(error)]  # type: ignore[list-item]
    assert found


@pytest.mark.parametrize("odd", ['"saldo": "A\\ud800"', '"zona\\udfff": "x"', '"a": {"b": ["\\ud800"]}'])
def test_a_line_with_half_of_a_letter_is_one_row_lost_and_said_so(odd: str) -> None:
    """What cannot be written as UTF-8 would end the import of the whole file where its rejects are written."""
    whole = '"contrato": "2", "nombre": "\\u00d1and\\u00fa \\ud83d\\ude00", "saldo": 1.5'
    one, other = raw(f'{{{odd}, "contrato": "1"}}\n{{{whole}}}\n'.encode())

    assert isinstance(one, RejectedRow)
    assert (one.row_number, one.code) == (1, "row.broken")
    assert isinstance(other, RawRow)
    assert other.cells["nombre"] == "Ñandú 😀"
