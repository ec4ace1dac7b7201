"""A first file should work as it comes: its headers say most, its cells the rest, and the guess is shown to be corrected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from recobro.errors import InvalidInput
from recobro.intake.context import Context
from recobro.intake.currencies import OF_COUNTRY
from recobro.intake.fields import AMBIGUOUS, AMOUNTS, COMPONENTS, IDS, gathers, recognised
from recobro.intake.mapping import Column, ColumnMapping, Feed
from recobro.intake.places import country_of, place_of
from recobro.intake.raw import Cell, text_of
from recobro.intake.vocabulary import STATUSES
from recobro.intake.words import plain

Sample = Sequence[Mapping[str, Cell]]


def guess(
    headers: Sequence[str],
    sample: Sample,
    context: Context,
    *,
    mode: str = "delta",
    as_of: date | None = None,
    given: ColumnMapping | None = None,
) -> ColumnMapping:
    """A mapping from headers and a few rows. What it could not know is missing, and `check` says so.

    given: a mapping that says everything but the columns; it stands, but for its feed.
    """
    found: dict[str, tuple[str, int]] = {}
    for header in headers:
        known = _by_cells(header, sample, context, given) or recognised(header)
        if known is not None:
            found[header] = known
    best = {name: min(rank for one, rank in found.values() if one == name) for name, _ in found.values()}
    columns: dict[str, Column] = {}
    taken: set[str] = set()
    for header, (name, rank) in found.items():
        is_list = gathers(name) and name not in AMOUNTS
        if is_list or (rank == best[name] and name not in taken):
            columns[header] = Column(name)
            taken.add(name)
    said = given if given is not None else ColumnMapping()
    constants = {**_constants(taken, context, said.constants), **said.constants}
    return replace(said, columns=_mended(columns), constants=constants, feed=Feed(mode, as_of))


def check(
    mapping: ColumnMapping, headers: Sequence[str], context: Context, name: str, *, is_guessed: bool = False
) -> None:
    """Whether rows of those headers can be read by the mapping. Raises InvalidInput naming what is missing and the fix."""
    shown = ", ".join(headers)
    for header in mapping.columns:
        if header not in headers:
            raise InvalidInput(
                f"columns.{header}", "is no column of the file", f"its columns are: {shown}", where=name
            )
    for field in mapping.values if is_guessed else ():
        if not mapping.headers_of(field):
            fix = f"give it a column under [columns], and all others; the columns are: {shown}"
            raise InvalidInput(
                f"values.{field}", "says what its words mean, and no column holds it", fix, where=name
            )
    wanted = (
        (("debt_ref",), "the debt's reference"),
        ((*IDS, "national_id", "customer"), "the debtor's national id or customer number"),
        (("total", *COMPONENTS), "an amount"),
        (("due_on", "days_past_due"), "a due date or days past due"),
        (("currency",), "a currency"),
    )
    for names, what in wanted:
        if not mapping.has(*names):
            fix = (
                f"in a mapping file, give {' or '.join(names)} a column under [columns] or a value under [constants]; "
                f"the columns are: {shown}"
            )
            raise InvalidInput(names[0], f"no column holds {what}", fix, where=name)
    constant = mapping.constants.get("creditor", "")
    if not mapping.headers_of("creditor") and context.brand(constant) is None:
        brands = ", ".join(brand.id for brand in context.client.brands)
        raise InvalidInput(
            "creditor",
            "no column holds it",
            "in a mapping file, say it under [constants], or give it a column under [columns] "
            f"(a file without [columns] has them guessed); creditor is one of: {brands}",
            where=name,
        )


def unmapped(mapping: ColumnMapping, headers: Iterable[str]) -> tuple[str, ...]:
    """The columns that nobody reads."""
    return tuple(header for header in headers if header not in mapping.columns)


def _by_cells(
    header: str, sample: Sample, context: Context, given: ColumnMapping | None
) -> tuple[str, int] | None:
    """A header that means two things means the one that its cells are made of."""
    if plain(header) not in AMBIGUOUS:
        return None
    words = [text_of(row.get(header)) for row in sample]
    words = [word for word in words if word.strip()]
    said = given if given is not None else ColumnMapping()
    told = {name: {plain(word) for word in said.values.get(name, ())} for name in ("status", "subdivision")}
    explained = {name: sum(plain(word) in known for word in words) for name, known in told.items()}
    countries = _stated(said.constants) or _countries(context)
    statuses = explained["status"] + sum(plain(word) in STATUSES for word in words)
    places = explained["subdivision"] + sum(
        any(place_of(one, word)[0] for one in countries) for word in words
    )
    if statuses == places:
        return None
    name = "status" if statuses > places else "subdivision"
    # What the mapping itself explains is in no other column, whatever that one is called.
    return name, 0 if explained[name] else 50


def _mended(columns: dict[str, Column]) -> dict[str, Column]:
    """A lone capital beside a total says nothing of the rest; "Nombre" beside surnames is the given name."""
    names = {column.field for column in columns.values()}
    if "total" in names and len(names & set(COMPONENTS)) == 1:
        columns = {header: column for header, column in columns.items() if column.field not in COMPONENTS}
    if "surname" in names and "name" in names and "given_name" not in names:
        columns = {h: replace(c, field="given_name") if c.field == "name" else c for h, c in columns.items()}
    return columns


def _constants(taken: set[str], context: Context, said: Mapping[str, str]) -> dict[str, str]:
    constants: dict[str, str] = {}
    brands = context.client.brands
    if "creditor" not in taken and len(brands) == 1:
        constants["creditor"] = brands[0].id
    stated = () if "country" in taken else _stated(said)
    countries = stated or _countries(context)
    if "country" not in taken and len(countries) == 1:
        constants["country"] = countries[0]
    if "currency" not in taken and len(countries) == 1 and countries[0] in OF_COUNTRY:
        constants["currency"] = OF_COUNTRY[countries[0]]
    return constants


def _stated(said: Mapping[str, str]) -> tuple[str, ...]:
    """The country that a mapping's constants name, if it is one we know: the rows say what is wrong with another."""
    stated = country_of(said.get("country", ""))
    return (stated,) if stated else ()


def _countries(context: Context) -> tuple[str, ...]:
    return tuple(dict.fromkeys(brand.country for brand in context.client.brands)) or context.client.countries
