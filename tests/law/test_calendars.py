"""The holiday files that Lambdas carry are what the `holidays` library says, and close the days they name."""

from datetime import date

import pytest

from infra.law_calendars import COUNTRIES, FOLDER, written
from recobro.law.almanac import calendar_from_plain, calendar_to_plain, calendars_for, holidays_of
from recobro.law.contact import Calendar
from tests.law.scene import CALENDARS


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_committed_file_is_what_the_library_says_today(country: str) -> None:
    assert (FOLDER / f"{country}.toml").read_text("utf-8") == written(country), (
        "run python -m infra.law_calendars"
    )


def test_colombian_holidays_move_to_monday() -> None:
    assert date(2026, 1, 12) in CALENDARS["CO"].dates
    assert date(2026, 1, 6) not in CALENDARS["CO"].dates


def test_a_calendar_survives_its_journey_as_json() -> None:
    for calendar in CALENDARS.values():
        assert calendar_from_plain(calendar_to_plain(calendar)) == calendar


def test_a_year_outside_the_calendar_is_closed_because_nobody_knows() -> None:
    colombia = holidays_of(calendars_for(CALENDARS, "CO", ""))
    assert colombia.known(date(2035, 12, 31).toordinal())
    assert not colombia.known(date(2036, 1, 1).toordinal())
    assert colombia.closed(date(2036, 1, 2).toordinal())
    assert not colombia.closed(date(2026, 1, 13).toordinal())


def test_a_clients_own_dates_close_days_and_prove_nothing_of_others() -> None:
    own = {**CALENDARS, "client": Calendar("client", frozenset({date(2026, 1, 13)}), (1, 9999))}
    both = holidays_of(calendars_for(own, "CO", ""))
    assert both.closed(date(2026, 1, 13).toordinal())
    assert not both.closed(date(2026, 1, 14).toordinal())
    assert not both.known(date(2040, 1, 1).toordinal())
    alone = holidays_of(calendars_for({"client": own["client"]}, "CO", ""))
    assert alone.closed(date(2026, 1, 14).toordinal())


@pytest.mark.parametrize(
    ("country", "region", "day", "is_closed"),
    [
        ("GB", "LND", date(2026, 8, 31), True),
        ("GB", "KEN", date(2026, 4, 6), True),
        ("GB", "ENG", date(2026, 11, 30), False),
        ("ES", "B", date(2026, 6, 24), True),
        ("ES", "ES-MD", date(2026, 6, 24), False),
        ("AR", "N", date(2026, 9, 14), False),
        ("AR", "BA", date(2026, 9, 14), True),
    ],
)
def test_a_code_that_no_calendar_names_may_be_any_region(
    country: str, region: str, day: date, *, is_closed: bool
) -> None:
    """A county or a province as ISO writes it; the file of a country names every region, those without days of their own too."""
    assert holidays_of(calendars_for(CALENDARS, country, region)).closed(day.toordinal()) == is_closed


def test_an_unknown_region_has_every_regions_holidays() -> None:
    arica = date(2026, 6, 7)
    for region, closed in (("AP", True), ("CL-AP", True), ("RM", False), ("", True)):
        assert holidays_of(calendars_for(CALENDARS, "CL", region)).closed(arica.toordinal()) == closed
