"""Whose row it is: identity by the state's number or the creditor's, name, kind, and where the person lives."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from recobro.domain.client import Brand
from recobro.intake.cells import Cells
from recobro.intake.context import Context
from recobro.intake.fields import IDS
from recobro.intake.identity import COUNTRY_OF_TYPE, FALLBACK_CODES, Identity, to_identity
from recobro.intake.outcome import BadCell
from recobro.intake.places import country_of, place_of, zones_of
from recobro.intake.vocabulary import KINDS, LANGUAGES, LAWS


@dataclass(frozen=True, slots=True)
class Who:
    """See AcceptedRow."""

    identity: str
    national_id: str
    kind: str
    law: str
    name: str
    given_name: str
    country: str
    subdivision: str
    zones: tuple[str, ...]
    language: str


def who(cells: Cells, context: Context, brand: Brand) -> Who:
    """Raises BadCell when nobody can be identified, or the row is of somebody that we must not contact."""
    country = _country(cells, brand)
    found = _identity(cells, country)
    stated = cells.meant("kind", KINDS, "kind of person") if cells.text("kind") else ""
    name, given = _name(cells)
    subdivision, zones = _place(cells, country)
    return Who(
        identity=found.canonical if found is not None else f"{brand.id}:{_customer(cells)}",
        national_id=found.canonical if found is not None else "",
        kind=found.kind if found is not None else stated,
        law=cells.meant("law", LAWS, "law") if cells.text("law") else "",
        name=name,
        given_name=given,
        country=country,
        subdivision=subdivision,
        zones=zones,
        language=cells.meant("language", LANGUAGES, "language") if cells.text("language") else "",
    )


def _country(cells: Cells, brand: Brand) -> str:
    text = cells.text("country")
    country = country_of(text) if text else brand.country
    if not country:
        raise BadCell(
            "country.unknown",
            "is no country we know",
            "write its ISO code, as MX or CO",
            field=cells.header("country"),
            value=text,
        )
    return country


def _identity(cells: Cells, country: str) -> Identity | None:
    """The first valid number in the order of `IDS`; None when the customer number has to do. Raises BadCell."""
    found: list[Identity] = []
    errors: list[BadCell] = []
    for name in (*IDS, "national_id"):
        text = cells.text(name)
        if not text:
            continue
        kind = cells.text("id_type") if name == "national_id" else name.removeprefix("id.")
        issuer = COUNTRY_OF_TYPE.get(kind.upper(), country)
        try:
            found.append(to_identity(text, kind, issuer))
        except BadCell as error:
            error.field = cells.header(name)
            if error.code == "id.minor":
                raise
            errors.append(error)
    fatal = [error for error in errors if error.code not in FALLBACK_CODES]
    if not found and fatal:
        raise fatal[0]
    if not found and not cells.text("customer"):
        raise errors[0] if errors else _nobody(cells)
    for unusable in errors:
        cells.note("national_id", unusable)
    _agree(found, cells)
    return found[0] if found else None


def _agree(found: list[Identity], cells: Cells) -> None:
    """RFC and CURP carry the same birth date; two numbers of one kind must be one number."""
    born = {one.number[4:10] for one in found if one.canonical.startswith("MX:") and one.kind == "person"}
    kinds = [one.canonical.rpartition(":")[0] for one in set(found)]
    if len(born) > 1 or len(kinds) != len(set(kinds)):
        raise BadCell(
            "id.contradiction", "belongs to another person than the row's other number", "correct one of them",
            field=cells.header("id.curp") if len(born) > 1 else cells.header("national_id"),
        )  # fmt: skip


def _nobody(cells: Cells) -> BadCell:
    named = next(
        (name for name in (*IDS, "national_id", "customer") if cells.has_column(name)), "national_id"
    )
    fix = "give a national or tax id, or the creditor's customer number"
    return BadCell("id.missing", "is empty, and nothing else says who it is", fix, field=cells.header(named))


def _customer(cells: Cells) -> str:
    text = " ".join(cells.text("customer").lstrip("'").split()).upper()
    if "E+" in text and text.replace("E+", "").replace(".", "").replace(",", "").isdigit():
        fix = "export the column as text"
        raise BadCell(
            "customer.mangled",
            "was shortened by a spreadsheet",
            fix,
            field=cells.header("customer"),
            value=text,
        )
    return text


def _name(cells: Cells) -> tuple[str, str]:
    given = _line(cells.text("given_name"))
    surnames = [_line(cells.text(one)) for one in ("surname", "second_surname")]
    whole = _line(cells.text("name")) or " ".join(one for one in (given, *surnames) if one)
    return whole[:160], given[:60]


def _line(text: str) -> str:
    return (
        text
        if text.isalnum()
        else " ".join("".join(one if one.isprintable() else " " for one in text).split())
    )


def _place(cells: Cells, country: str) -> tuple[str, tuple[str, ...]]:
    zone, text = cells.text("time_zone"), cells.text("subdivision")
    code, zones = place_of(country, text) if text else ("", zones_of(country))
    if text and not code:
        fix = "write its ISO 3166-2 code or its full name; until then every zone of the country counts"
        cells.note(
            "subdivision", BadCell("place.unknown", f"is no place in {country} that we know", fix, value=text)
        )
    if zone and zone in _zones():
        return code, (zone,)
    if zone:
        fix = "write an IANA name, as America/Mexico_City"
        cells.note("time_zone", BadCell("zone.unknown", "is no time zone", fix, value=zone))
    return code, zones


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
