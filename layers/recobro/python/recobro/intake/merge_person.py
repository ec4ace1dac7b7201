"""Who somebody is may be told anew by every file; what the file leaves unsaid, and what we learnt ourselves, stays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from recobro.domain.debtor import Debtor, Personal, Profile
from recobro.intake.outcome import AcceptedRow
from recobro.keys import Keys

_LANGUAGE_OF = {"BR": "pt", "PT": "pt", "US": "en", "GB": "en"}


def profile_of(debtor: Debtor, rows: Sequence[AcceptedRow]) -> Profile:
    """The profile after the rows; the last one that says something wins, except that unsure places add up."""
    known = debtor.profile
    country = _last(rows, "country") or known.country
    kind = _last(rows, "kind") or known.kind
    language = _last(rows, "language")
    if not language:
        language = known.language if known.country else _LANGUAGE_OF.get(country, "es")
    law = _last(rows, "law") or (known.law if known.law != "unknown" else "")
    subdivision, zones = _place(rows, known)
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


def _place(rows: Sequence[AcceptedRow], known: Profile) -> tuple[str, tuple[str, ...]]:
    """One place if the rows agree; every zone they name if they don't; as known if they name none."""
    placed = [row for row in rows if row.subdivision]
    zones = tuple(dict.fromkeys(zone for row in placed or rows for zone in row.zones))
    if placed:
        places = {row.subdivision for row in placed}
        return (next(iter(places)) if len(places) == 1 else ""), zones
    same_country = _last(rows, "country") in ("", known.country)
    if known.zones and same_country and set(known.zones) <= set(zones):
        return known.subdivision, known.zones
    return "", zones


def _last(rows: Sequence[AcceptedRow], name: str) -> str:
    return next((str(getattr(row, name)) for row in reversed(rows) if getattr(row, name)), "")
