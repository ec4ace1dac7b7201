"""Who somebody is may be told anew by every file; what the file leaves unsaid, and what we learnt ourselves, stays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from recobro.domain.allocation import OPEN
from recobro.domain.debtor import Debtor, Personal, Profile
from recobro.intake.outcome import AcceptedRow
from recobro.intake.places import has_clocks_by_place, zones_of
from recobro.keys import Keys

_LANGUAGE_OF = {"BR": "pt", "PT": "pt", "US": "en", "GB": "en"}


def profile_of(debtor: Debtor, rows: Sequence[AcceptedRow]) -> Profile:
    """The profile after the rows; the last one that says something wins, except that places add up."""
    known = debtor.profile
    country = _last(rows, "country") or known.country
    kind = _last(rows, "kind") or known.kind
    language = _last(rows, "language")
    if not language:
        language = known.language if known.country else _LANGUAGE_OF.get(country, "es")
    law = _last(rows, "law") or (known.law if known.law != "unknown" else "")
    subdivision, zones = _place(debtor, rows)
    attributes = dict(known.attributes)
    for row in rows:
        attributes.update(row.attributes)
    return replace(
        known,
        kind=kind,
        law=law or ("commercial" if kind == "company" else "unknown"),
        country=country,
        subdivision=subdivision,
        zones=zones,
        language=language,
        attributes=attributes,
        household=_last(rows, "household") or known.household,
    )


def personal_of(
    debtor: Debtor, rows: Sequence[AcceptedRow], values: Mapping[str, str], keys: Keys
) -> Personal:
    """What identifies the person, after the rows. A name that differs is taken: names are no identity."""
    known = debtor.personal
    contacts = dict(known.contacts)
    for row in rows:
        if row.contact_name:
            contacts[row.contact_role or "contact"] = row.contact_name
    return replace(
        known,
        name=_last(rows, "name") or known.name,
        given_name=_last(rows, "given_name") or known.given_name,
        national_id=_last(rows, "national_id") or known.national_id,
        points={**known.points, **values},
        contacts=contacts,
        key=known.key or keys.new_personal_key(),
    )


def _place(debtor: Debtor, rows: Sequence[AcceptedRow]) -> tuple[str, tuple[str, ...]]:
    """Where the person lives after the rows: every place that a debt still collected was told with counts, since each may be right.

    Several places are no subdivision, which the law takes at the strictest of the country, and the zones of all of them. A file that
    tells every open debt anew says anew where the person lives; rows without a place leave it as known.
    """
    known = debtor.profile
    same_country = _last(rows, "country") in ("", known.country)
    telling = [row for row in rows if _says_where(row)]
    zones = _zones_in(telling or rows)
    if not telling:
        stays = known.zones and same_country and set(known.zones) <= set(zones)
        return (known.subdivision, known.zones) if stays else ("", zones)
    placed = [row for row in telling if row.subdivision]
    names = {row.subdivision for row in placed}
    is_elsewhere = set(zones) > set(_zones_in(placed))
    subdivision = next(iter(names)) if len(names) == 1 and not is_elsewhere else ""
    if not same_country:
        return subdivision, zones
    if not names and set(zones) <= set(known.zones):
        subdivision = known.subdivision
    if _is_unplaced(known) or _tells_all(debtor, rows):
        return subdivision, zones
    both = tuple(dict.fromkeys((*known.zones, *zones)))
    return (subdivision if subdivision == known.subdivision else ""), both


def _zones_in(rows: Sequence[AcceptedRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(zone for row in rows for zone in row.zones))


def _says_where(row: AcceptedRow) -> bool:
    """A place, or one zone where the country has several."""
    return bool(row.subdivision) or (len(row.zones) == 1 and row.zones != zones_of(row.country))


def _is_unplaced(known: Profile) -> bool:
    """Whether no file has said yet where the person lives. Where clocks don't tell places apart, no subdivision may as well
    mean several: then it stays so.
    """
    if not known.zones:
        return True
    everywhere = set(known.zones) == set(zones_of(known.country))
    return not known.subdivision and everywhere and has_clocks_by_place(known.country)


def _tells_all(debtor: Debtor, rows: Sequence[AcceptedRow]) -> bool:
    """Whether the rows name every debt that this person is still asked for."""
    told = {row.debt_key for row in rows}
    return all(debt.key in told for debt in debtor.debts if debt.status in OPEN)


def _last(rows: Sequence[AcceptedRow], name: str) -> str:
    return next((str(getattr(row, name)) for row in reversed(rows) if getattr(row, name)), "")
