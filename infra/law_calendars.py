"""Writes the holiday files that Lambdas carry: `python -m infra.law_calendars`, once a year or when a country moves a day.

The `holidays` package computes them here, at a desk; at run time they are plain dates.
"""

from datetime import date
from importlib.metadata import version
from pathlib import Path

import holidays

FOLDER = Path(__file__).parents[1] / "layers" / "recobro" / "python" / "recobro" / "law" / "calendars"
YEARS = range(2023, 2036)
COUNTRIES = ("AR", "BR", "CL", "CO", "EC", "ES", "GB", "MX", "PE", "US")
REGIONAL = ("AR", "BR", "CL", "ES", "GB")
"""Countries whose packs forbid holidays and whose regions have holidays of their own."""

CITIES = {"São Paulo Capital": "SP", "Barcelona": "CT"}
"""Cities that the library knows: their days close the whole region, as a debtor's city is seldom on file."""


def national(country: str) -> frozenset[date]:
    """The public holidays of a country, observed days included."""
    return frozenset(holidays.country_holidays(country, years=YEARS))


def regional(country: str) -> dict[str, frozenset[date]]:
    """The holidays that each region has beyond the national ones. Regions without any are named too: a place that no file names may be
    anywhere in the country.
    """
    if country not in REGIONAL:
        return {}
    everywhere = national(country)
    regions: dict[str, frozenset[date]] = {}
    for place in holidays.country_holidays(country).subdivisions:
        own = frozenset(holidays.country_holidays(country, subdiv=place, years=YEARS)) - everywhere
        region = CITIES.get(place, place)
        regions[region] = regions.get(region, frozenset()) | own
    return dict(sorted(regions.items()))


def written(country: str) -> str:
    """The text of a country's file; the same library version always gives the same bytes."""
    lines = [
        f"# Public holidays of {country}, {YEARS[0]}-{YEARS[-1]}: written by `python -m infra.law_calendars`.",
        f"# Computed with holidays {version('holidays')}. One-off days decreed later are added by the next run, or by a",
        "# client as extra dates.",
        "",
        f'country = "{country}"',
        f"covers = [{YEARS[0]}, {YEARS[-1]}]",
        *_dates("dates", national(country)),
    ]
    regions = regional(country)
    if regions:
        lines += ["", "[subdivisions]"]
        for region, dates in regions.items():
            lines += _dates(region, dates)
    return "\n".join(lines) + "\n"


def _dates(name: str, dates: frozenset[date]) -> list[str]:
    by_year: dict[int, list[str]] = {}
    for day in sorted(dates):
        by_year.setdefault(day.year, []).append(day.isoformat())
    if not by_year:
        return [f"{name} = []"]
    return [f"{name} = [", *(f"  {', '.join(days)}," for days in by_year.values()), "]"]


def main() -> None:
    """Write every file anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for country in COUNTRIES:
        (FOLDER / f"{country}.toml").write_text(written(country), "utf-8")


if __name__ == "__main__":
    main()
