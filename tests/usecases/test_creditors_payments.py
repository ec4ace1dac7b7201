"""A creditor's list of payments goes the way of every payment: each row is taken once, or comes back with its reason."""

from pathlib import Path

import pytest

from infra.bank.creditors_file import take_payments
from recobro.errors import InvalidInput
from recobro.house import House
from tests.house import standing
from tests.sample import AMINTA

HEAD = "id,reference,amount,currency,at,status"
GOOD = "c-1,muebles/A1,100.50,MXN,2026-03-09T11:00:00-06:00,"


def given(folder: Path, *rows: str, head: str = HEAD) -> Path:
    file = folder / "payments.csv"
    file.write_text("\n".join((head, *rows)), encoding="utf-8")
    return file


def test_each_row_counts_once_and_the_same_file_again_changes_nothing(known: House, tmp_path: Path) -> None:
    elsewhere = "c-2,muebles/nobody,5,MXN,2026-03-09T11:00:00-06:00,paid"
    file = given(tmp_path, GOOD, elsewhere)

    assert take_payments(known, file, "Ana").results == {"posted": 1, "quarantined": 1}
    before = standing(known, AMINTA)
    assert [one.amount for one in before.payments] == [10_050]

    again = take_payments(known, file, "Ana")
    assert (again.results, again.rejects) == ({"posted": 1, "quarantined": 1}, ())
    assert standing(known, AMINTA) == before


def test_a_row_that_cannot_be_meant_comes_back_and_the_others_are_taken(known: House, tmp_path: Path) -> None:
    at = "2026-03-09T11:00:00-06:00"
    file = given(
        tmp_path,
        f"c-3,muebles/A1,1.005,MXN,{at},",
        f"c-4,muebles/A1,-5,MXN,{at},",
        f"c-5,muebles/A1,NaN,MXN,{at},",
        "c-6,muebles/A1,5,MXN,yesterday,",
        f"c-7,muebles/A1,5,pesos,{at},",
        f"c-8,muebles/A1,5,MXN,{at},gone",
        f"c-9,,5,MXN,{at},",
        GOOD,
        GOOD.replace("100.50", "99.00"),
    )
    done = take_payments(known, file, "Ana")
    assert [(line, field) for line, field, _, _ in done.rejects] == [
        (2, "amount"), (3, "amount"), (4, "amount"), (5, "at"), (6, "currency"), (7, "status"), (8, "reference"), (10, "id"),
    ]  # fmt: skip
    assert done.results == {"posted": 1}
    assert [one.amount for one in standing(known, AMINTA).payments] == [10_050]


def test_a_file_that_is_no_such_list_says_what_is_missing(known: House, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no column 'currency'"):
        take_payments(known, given(tmp_path, "c-1,muebles/A1,5", head="id,reference,amount"), "Ana")
    with pytest.raises(InvalidInput, match="cannot be read"):
        take_payments(known, tmp_path / "none.csv", "Ana")
