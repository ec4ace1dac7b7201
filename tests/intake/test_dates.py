"""Dates are day first, as the region writes them, unless the mapping says otherwise."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.intake.dates import MONTH_FIRST, to_date
from recobro.intake.outcome import BadCell
from recobro.intake.raw import Cell

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05", "2026/03/05", "05/03/2026", "5/3/2026", "05-03-26", "05.03.2026", "20260305", "05032026", "05/mar/2026",
        "5 de marzo de 2026", "05-MAR-26", "5 março 2026", "05 March 2026", "2026-03-05T10:20:30Z", "2026-03-05 00:00:00",
        "05/03/2026 14:30", "05/03/2026 02:30 p.m.", "46086", "46086.75", 46086, Decimal("46086.5"), date(2026, 3, 5),
        datetime(2026, 3, 5, 23, 59, tzinfo=UTC), " 05/03/2026 ",
    ],
)  # fmt: skip
def test_one_day_in_all_its_spellings(cell: Cell) -> None:
    assert to_date(cell) == DAY


def test_month_first_is_read_only_where_the_mapping_says_so() -> None:
    assert to_date("03/05/2026") == date(2026, 5, 3)
    assert to_date("03/05/2026", MONTH_FIRST) == DAY


@pytest.mark.parametrize("text", ["31/02/2026", "29/02/2025", "00/01/2026", "2026-13-01", "31042026"])
def test_a_day_that_does_not_exist_goes_back(text: str) -> None:
    with pytest.raises(BadCell, match="does not exist"):
        to_date(text)


def test_a_file_that_writes_months_first_is_told_how_to_say_so() -> None:
    with pytest.raises(BadCell) as caught:
        to_date("02/13/2026")
    assert 'date = "mm/dd/yyyy"' in caught.value.fix


@pytest.mark.parametrize("text", ["mañana", "12", "1/2", "2026", "01/01/1726", "05/xyz/2026", "5.5.5.5"])
def test_what_is_no_date_of_our_time_goes_back(text: str) -> None:
    with pytest.raises(BadCell):
        to_date(text)


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_every_unambiguous_spelling(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%Y%m%d}",
        f"{day:%d%m%Y}",
        f"{day.day}-{day.month}-{day.year}",
    ):
        assert to_date(text) == day
    assert to_date(f"{day:%m/%d/%Y}", MONTH_FIRST) == day


@settings(deadline=None)
@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)))
def test_excels_own_count_of_days_is_understood(day: date) -> None:
    assert to_date(str((day - date(1899, 12, 30)).days)) == day
