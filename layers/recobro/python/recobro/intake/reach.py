"""How a person may be reached: every number and address that can be used, and who said that it may be."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointKind
from recobro.intake.cells import Cells
from recobro.intake.dates import to_date
from recobro.intake.emails import to_emails
from recobro.intake.mapping import Column
from recobro.intake.outcome import Allowance, BadCell, ContactTold, PointGiven
from recobro.intake.phones import each_phone, to_phone
from recobro.intake.raw import Cell, text_of
from recobro.intake.vocabulary import (
    CHANNELS,
    CONTACT_ROLES,
    CONTACTED_BY,
    EVERY,
    LEGAL_EVENTS,
    NONE,
    OUTCOMES,
    PROVENANCES,
    meaning,
)
from recobro.intake.words import plain

_PHONES = {
    "phone": "",
    "phone.mobile": "mobile",
    "phone.home": "home",
    "phone.work": "work",
    "phone.shared": "shared",
}


def points(cells: Cells, country: str) -> tuple[PointGiven, ...]:
    """Every usable contact point, each once. A cell that is no address is left out and noted; the row goes on."""
    given = _provenance(cells)
    role = contact_role(cells)
    found: dict[tuple[PointKind, str], PointGiven] = {}
    for name, line in _PHONES.items():
        for header, column, cell in cells.each(name):
            for value, dialled in _phones(cells, name, header, text_of(cell), country, column.line or line):
                _keep(found, cells, PointKind.PHONE, value, dialled, column, given, role)
    for header, column, cell in cells.each("email"):
        for value in _emails(cells, header, text_of(cell)):
            _keep(found, cells, PointKind.EMAIL, value, "", column, given, role)
    for _, column, cell in cells.each("device"):
        _keep(found, cells, PointKind.DEVICE, text_of(cell)[:512], "", column, given, role)
    address = ", ".join(" ".join(text_of(cell).split()) for _, _, cell in cells.each("address"))
    if address:
        _keep(found, cells, PointKind.ADDRESS, address[:240], "", Column("address"), given, role)
    return tuple(found.values())


def contact_role(cells: Cells) -> str:
    """A company's named contact: "payables", "treasury", "owner", or the file's own word."""
    text = plain(cells.text("contact_role"))
    return CONTACT_ROLES.get(text, text)[:30]


def allowance(cells: Cells) -> Allowance | None:
    """What the row says the person allowed; None when the file has no such column. Without date or proof nothing is allowed."""
    if not cells.has_column("authorised") and "authorised" not in cells.layout.mapping.constants:
        return None
    channels = tuple(_channels(cells, "authorised"))
    try:
        on = cells.day("authorised_on")
    except BadCell as error:
        cells.note("authorised_on", error)
        on = None
    evidence = _evidence(cells)
    if channels and on is None and not evidence:
        fix = "give the date or the evidence of the authorisation"
        cells.note(
            "authorised",
            BadCell("authorised.unproven", "has neither date nor evidence: nothing is authorised", fix),
        )
        return Allowance()
    return Allowance(channels, on, evidence or ("creditor's file" if channels else ""))


def refused(cells: Cells) -> tuple[str, ...]:
    """The channels that the creditor says the person closed; "*" all of them."""
    text = plain(cells.text("refused"))
    if not text or text in NONE:
        return ()
    if text in EVERY:
        return ("*",)
    named = tuple(channel.value for channel in _channels(cells, "refused"))
    return named or ("*",)


def attributes(cells: Cells) -> dict[str, str]:
    """Codes that describe a person and may be reported on. Raises BadCell for a minor."""
    found = {}
    for name in cells.layout.attributes:
        text = cells.text(name)[:40]
        if not text:
            continue
        if name == "attributes.age" and text.isdigit() and int(text) < 18:
            raise BadCell(
                "id.minor",
                "is a minor's",
                "minors are not contacted: take the row out",
                field=cells.header(name),
                value=text,
            )
        found[name.removeprefix("attributes.")] = text.removesuffix(".0")
    return found


def legal_event(cells: Cells) -> str:
    """A suit, an insolvency, a death: in the packs' word, else in the creditor's own, which then stops everything."""
    text = plain(cells.text("legal_event"))
    if not text or text in NONE:
        return ""
    return LEGAL_EVENTS.get(text, text.replace(" ", "_")[:40])


def outcome_told(text: str) -> str:
    """What became of a contact, in the law's word where we know it, else as it was told."""
    words = plain(text)
    return OUTCOMES.get(words, words.replace(" ", "_")[:40])


def contact_told(cells: Cells) -> ContactTold | None:
    """The last contact that somebody else made: it counts against the caps. Raises BadCell when it cannot be placed."""
    cell = cells.cell("contacted_at")
    if cell == "":
        return None
    channel = next(_channels(cells, "contacted_channel"), None)
    if channel is None:
        fix = "name the channel, or leave out the contact"
        raise BadCell(
            "contact.channel",
            "is missing for a contact that was made",
            fix,
            field=cells.header("contacted_channel"),
        )
    by = contacted_by(cells.text("contacted_by"))
    try:
        at, written = time_told(cell, cells.layout.mapping.formats.date)
    except BadCell as error:
        error.field = cells.header("contacted_at")
        raise
    return ContactTold(at, channel, by, outcome_told(cells.text("contacted_outcome")), written)


def contacted_by(text: str) -> str:
    """Who made a contact; a name that is none of ours is the creditor's own, or that of an agency."""
    words = plain(text)
    is_agency = "agenc" in words or "despacho" in words
    return CONTACTED_BY.get(words, "other_agency" if is_agency else "creditor")


def time_told(cell: Cell, order: str) -> tuple[datetime, str]:
    """When a contact was made, and the time as it was written where that names no instant.

    Without a zone nobody knows whose clock it was, the person's, the agency's or a server's. The day stays as told, whatever the
    hour, at 18:00 UTC: noon in Mexico City, that day from Tijuana to Madrid. What was written tells such contacts apart.
    """
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.astimezone(UTC), ""
    if isinstance(cell, str) and "T" in cell:
        try:
            told = datetime.fromisoformat(cell)
        except ValueError:
            told = None
        if told is not None and told.tzinfo is not None:
            return told.astimezone(UTC), ""
    written = " ".join(text_of(cell).split())[:40]
    return datetime.combine(to_date(cell, order), time(18, 0), UTC), written


def _phones(
    cells: Cells, name: str, header: str, text: str, country: str, line: str
) -> Iterator[tuple[str, str]]:
    if not text.strip("0. "):
        return
    for part in each_phone(text):
        try:
            yield to_phone(part, country, line)
        except BadCell as error:
            error.field = header
            cells.note(name, error)


def _emails(cells: Cells, header: str, text: str) -> tuple[str, ...]:
    try:
        return to_emails(text)
    except BadCell as error:
        error.field = header
        cells.note("email", error)
        return ()


def _keep(
    found: dict[tuple[PointKind, str], PointGiven],
    cells: Cells,
    kind: PointKind,
    value: str,
    line: str,
    column: Column,
    given: str,
    role: str,
) -> None:
    provenance = column.provenance or given
    if provenance == "reference":
        fix = "references are never contacted: leave their numbers out"
        cells.note(
            "phone",
            BadCell("point.reference", "belongs to a reference", fix, field=cells.header("provenance")),
        )
        return
    told = PointGiven(kind, value, line or "unknown", column.contact or role, provenance)
    before = found.get((kind, value))
    found[kind, value] = before.told_again(told) if before is not None else told


def _provenance(cells: Cells) -> str:
    text = cells.text("provenance")
    if not text:
        return ""
    try:
        return meaning(PROVENANCES, text, "origin", "provenance.unknown")
    except BadCell as error:
        cells.note("provenance", error)
        return "unknown"


def _channels(cells: Cells, name: str) -> Iterator[Channel]:
    """The channels that a cell names; a word that is none is noted."""
    text = cells.text(name)
    if not text or plain(text) in NONE:
        return
    for part in (
        text.replace("|", ";")
        .replace(",", ";")
        .replace("/", ";")
        .replace("+", ";")
        .replace("\n", ";")
        .split(";")
    ):
        if not part.strip():
            continue
        try:
            yield meaning(CHANNELS, part, "channel", f"{name}.unknown")
        except BadCell as error:
            cells.note(name, error)


def _evidence(cells: Cells) -> str:
    """A reference to the proof, fit to stand in the history: codes and dates, no names, addresses or numbers of people."""
    text = " ".join(cells.text("evidence").split())[:60]
    if not text:
        return ""
    person = {
        word
        for one in ("name", "given_name", "surname", "second_surname")
        for word in plain(cells.text(one)).split()
        if len(word) > 2
    }
    if "@" in text or person & set(plain(text).split()):
        return "evidence held by the creditor"
    return text
