"""Which packs bind a person, on which clocks, and which days are holidays there: whatever is unknown is every possibility at once."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from .law_files import Law, Pack
from .scene import Scene

ZONE = cache(ZoneInfo)


def packs_over(law: Law, country: str, subdivision: str) -> list[Pack]:
    """The country's pack and its overlays: the one of the subdivision, or all where none is known to be the one.

    An overlay that only may apply adds its limits and takes none of its parent's cautions away.
    """
    national = law.packs.get(country.upper())
    if national is None or national.parent:
        return [pack for pack in law.packs.values() if pack.is_fallback]
    overlays = [pack for pack in law.packs.values() if pack.parent == national.id]
    code = subdivision.upper().removeprefix(national.id + "-")
    certain = [pack for pack in overlays if code in pack.subdivisions]
    if certain:
        return [_without_replaced(national, certain), *certain]
    return [national, *overlays]


def _without_replaced(national: Pack, overlays: list[Pack]) -> Pack:
    """The country's POLICY hours give way, on the channels that an overlay's hours name, while those are in force."""
    taking = [rule for pack in overlays for rule in pack.of("windows") if rule.get("replaces_policy")]
    if not taking:
        return national
    return national.with_rules(
        windows=tuple(
            replace(rule, said={**rule.said, "gives_way_to": tuple(taking)})
            if rule.conf == "POLICY"
            else rule
            for rule in national.of("windows")
        )
    )


def clocks(packs: list[Pack], scene: Scene) -> list[ZoneInfo]:
    """Every plausible clock of the person: those we were told, else all of the country's. None: the place is unknown."""
    names = scene.zones or next((pack.zones for pack in packs if pack.zones), ())
    return [ZONE(name) for name in names]


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """An instant on a clock."""
    return at.astimezone(zone)


def is_holiday(law: Law, scene: Scene, day: date) -> bool:
    """Whether that date is a known holiday there: the client's, the country's, the region's (any, where no file names it)."""
    if day in scene.closed_dates:
        return True
    calendar = law.calendars.get(scene.country.upper())
    if calendar is None:
        return False
    code = scene.subdivision.upper().removeprefix(scene.country.upper() + "-")
    own = calendar.subdivisions.get(code)
    regions = calendar.subdivisions.values() if own is None else [own]
    return day in calendar.dates or any(day in dates for dates in regions)


def holidays_known(law: Law, scene: Scene, day: date) -> bool:
    """Whether the country's holidays of that year are all published."""
    calendar = law.calendars.get(scene.country.upper())
    return calendar is not None and calendar.years[0] <= day.year <= calendar.years[1]
