"""What an import hands back: counts that add up, and a file of rejects that is safe to open."""

import csv
import io
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.adapters.portfolio.opened import open_portfolio
from recobro.codec import from_plain, to_plain
from recobro.intake.mapping import load_mapping
from recobro.intake.outcome import AcceptedRow, RejectedRow
from recobro.intake.portfolio import read
from recobro.intake.rejects_file import HEADER, RejectsFile, harmless
from recobro.intake.tally import Counting, Tally
from tests.benchmarks import uci_portfolio
from tests.benchmarks.portfolio_files import write_portfolio
from tests.intake.given import TODAY, accepted, context, one_row, rejected

FIXTURE = """ID,LIMIT_BAL,SEX,EDUCATION,MARRIAGE,AGE,PAY_0,BILL_AMT1
1,20000,2,2,1,24,2,3913
2,500000,1,5,0,41,-1,-200
5,90000,2,1,2,34,0,29239
"""


def _written(*outcomes: AcceptedRow | RejectedRow) -> list[list[str]]:
    out = io.StringIO(newline="")
    rejects = RejectsFile(out)
    for one in outcomes:
        rejects.add(one)
    return list(csv.reader(io.StringIO(out.getvalue().removeprefix("\ufeff"))))


def test_the_rejects_file_has_row_field_reason_and_fix() -> None:
    header, first, second = _written(rejected(Saldo="mucho"), accepted(Correo="nada@"), accepted())
    assert tuple(header) == HEADER
    assert first[:4] == ["2", "no", "Saldo", "mucho"]
    assert second[:3] == ["2", "without this cell", "Correo"]
    assert all(one[4] and one[5] and one[6] for one in (first, second))


def test_no_cell_of_a_creditors_file_runs_as_a_formula_in_the_rejects() -> None:
    _, found = _written(rejected(Saldo='=HYPERLINK("http://example.com")'))
    assert found[3].startswith("'=")


@settings(deadline=None)
@given(st.text(max_size=20))
def test_nothing_that_a_spreadsheet_would_run_leaves_unquoted(text: str) -> None:
    assert harmless(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_counts_add_up_and_parts_add_to_the_whole() -> None:
    outcomes = [one_row(), one_row(Saldo="x"), one_row(Correo="nada@")]
    counting, first, second = Counting(), Counting(), Counting()
    for one in outcomes:
        counting.add(one)
    first.add(outcomes[0])
    for one in outcomes[1:]:
        second.add(one)
    assert counting.tally() == Tally(2, 1, 1, {"amount.unreadable": 1, "email.invalid": 1})
    assert first.tally().plus(second.tally()) == counting.tally()
    assert counting.tally().rows == 3
    assert from_plain(Tally, to_plain(counting.tally())) == counting.tally()
    assert counting.tally().after_merge(1, {"conflict.principal": 1}).rows == 3


def test_the_public_credit_card_file_becomes_a_portfolio_that_its_mapping_reads(tmp_path: Path) -> None:
    source, target = tmp_path / "uci.csv", tmp_path / "portfolio.csv"
    source.write_text(FIXTURE, encoding="utf-8")
    assert uci_portfolio.write_portfolio(source, target, creditor="acme", as_of=TODAY) == 3
    mapping = load_mapping(uci_portfolio.MAPPING.read_text(encoding="utf-8"), "uci_mapping.toml")
    with target.open("rb") as file:
        found = list(read(open_portfolio(file, "uci.csv", mapping), mapping, context()))
    rows = [one for one in found if isinstance(one, AcceptedRow)]
    assert len(rows) == 3
    assert [(row.currency, row.country, row.amounts.total, row.credit) for row in rows] == [
        ("TWD", "TW", 391300, None), ("TWD", "TW", 0, 20000), ("TWD", "TW", 2923900, None),
    ]  # fmt: skip
    assert (TODAY - rows[0].due_on).days == 53
    assert rows[1].due_on > TODAY
    assert rows[0].attributes == {
        "sex": "female",
        "age": "24",
        "education": "university",
        "marriage": "married",
    }
    assert rows[0].zones == ("Asia/Taipei",)


def test_every_invented_phone_is_from_the_range_kept_for_fiction() -> None:
    phones = [uci_portfolio.phone_of(number) for number in range(1, 30_001)]
    given_ones = [phone for phone in phones if phone]
    assert len(set(given_ones)) == len(given_ones)
    assert all(phone[5:10] == "55501" for phone in given_ones)


def test_a_bank_sized_export_is_read_to_its_last_row(tmp_path: Path) -> None:
    path = tmp_path / "cartera.csv"
    write_portfolio(path, 2000)
    counting = Counting()
    with path.open("rb") as file:
        found = read(open_portfolio(file, path.name), None, context())
        for one in found:
            counting.add(one)
    tally = counting.tally()
    assert tally.rows == found.total == 2000
    assert tally.accepted > 1900
    assert set(tally.reasons) <= {"date.impossible", "amount.missing"}
