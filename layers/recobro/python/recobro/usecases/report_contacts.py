"""What the creditor and the former agency did counts as if we had done it: their contacts are read, checked and put on record."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from recobro.domain.attempt import SHARED
from recobro.domain.candidates import packs_of
from recobro.domain.debtor import Debtor
from recobro.domain.facts import ContactReported, Fact
from recobro.domain.phone_forms import variants
from recobro.domain.shared_caps import counts_with_others
from recobro.house import House
from recobro.intake.contacts_told import AHEAD, COUNT_FOR, Telling, contacts_of_a_report
from recobro.intake.outcome import BadCell, ContactTold, RejectedRow
from recobro.intake.raw import Cell, RawRow, text_of
from recobro.intake.reach import contacted_by, outcome_told, time_told
from recobro.intake.vocabulary import CHANNELS, meaning
from recobro.intake.words import plain
from recobro.usecases.saving import change

HEADERS = {
    "creditor": ("creditor", "acreedor", "marca", "brand", "entidad"),
    "debt": ("debt", "debt ref", "contrato", "credito", "obligacion", "factura", "cuenta", "referencia", "reference"),
    "address": ("address", "phone", "email", "telefono", "celular", "correo"),
    "at": ("at", "contacted at", "fecha", "fecha y hora", "fecha gestion", "fecha de gestion", "date"),
    "channel": ("channel", "contacted channel", "canal", "canal gestion"),
    "by": ("by", "contacted by", "quien", "contactado por", "gestor"),
    "outcome": ("outcome", "contacted outcome", "resultado", "resultado gestion", "disposicion"),
}  # fmt: skip
"""What a column may be called. A row needs `at`, `channel`, and `debt` or `address`."""


@dataclass(slots=True)
class Reported:
    """rows: read. counted: contacts put on record, one for each person reached. repeated: known already, or told by another row
    that names the same instant. too_old: they weigh on no law. rejects: rows that were handed back, each with its reason.
    """

    rows: int = 0
    people: int = 0
    counted: int = 0
    repeated: int = 0
    too_old: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    rejects: list[RejectedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """One contact and the people whom it may have reached: where nothing says which, all of them.

    others: who owe the debts that it named and whom it did not reach.
    """

    number: int
    people: Sequence[str]
    creditor: str
    debts: tuple[str, ...]
    told: ContactTold
    others: Mapping[str, str]


def report_contacts(house: House, rows: Iterable[RawRow | RejectedRow], *, dry: bool = False) -> Reported:
    """Put the contacts of a file on record; the same file again changes nothing. dry: say what would be, and save nothing."""
    done = Reported()
    told: dict[str, list[_Row]] = {}
    beside: dict[str, list[Telling]] = {}
    now = house.now()
    for raw in rows:
        done.rows += 1
        if isinstance(raw, RejectedRow):
            done.rejects.append(raw)
            continue
        try:
            row = _read(house, raw, now)
        except BadCell as bad:
            done.rejects.append(RejectedRow(raw.number, bad.field, str(bad), bad.fix, bad.code, bad.value))
            continue
        if row.told.at < now - COUNT_FOR:
            done.too_old += 1
            continue
        done.outcomes[row.told.outcome or "not told"] += 1
        for person in row.people:
            told.setdefault(person, []).append(row)
        for person, debt in row.others.items():
            beside.setdefault(person, []).append(_of_somebody_else(row, debt))
    for person, theirs in told.items():
        _record(house, person, theirs, done, dry=dry)
    for person, tellings in beside.items():
        if not dry:
            change(house, person, partial(_counted_besides, house, tellings))
    return done


def _record(house: House, person: str, rows: Sequence[_Row], done: Reported, *, dry: bool) -> None:
    new: list[Fact] = []

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        told = [Telling(row.creditor, row.debts, row.told) for row in rows]
        new[:] = map(ContactReported, contacts_of_a_report(debtor, told))
        return () if dry else tuple(new)

    change(house, person, facts)
    done.people += 1
    done.counted += len(new)
    done.repeated += len(rows) - len(new)


def _of_somebody_else(row: _Row, debt: str) -> Telling:
    """As it counts for another who owes the debt. A day tells calls to two people apart by who they are."""
    written = f"{row.told.written} {' '.join(row.people)}" if row.told.written else ""
    return Telling(row.creditor, (debt,), replace(row.told, by=f"{SHARED}account", written=written))


def _counted_besides(
    house: House, tellings: Sequence[Telling], debtor: Debtor, now: datetime
) -> tuple[Fact, ...]:
    """Contacts with somebody else about an account that this person owes, too, where a law counts them; as our own are counted."""
    if not counts_with_others(packs_of(debtor, house.playbook), "account"):
        return ()
    return tuple(map(ContactReported, contacts_of_a_report(debtor, tellings)))


def _read(house: House, raw: RawRow, now: datetime) -> _Row:
    cells = _named(raw.cells)
    told = _told(cells, now)
    brands = {plain(one.id): one.id for one in house.playbook.client.brands}
    brands |= {plain(one.name): one.id for one in house.playbook.client.brands}
    creditor = brands.get(plain(text_of(cells.get("creditor"))), "")
    if cells.get("creditor") and not creditor:
        known = ", ".join(sorted(set(brands.values())))
        raise BadCell("creditor.unknown", "is no brand of this client", f"one of: {known}", field="creditor")
    ref = " ".join(text_of(cells.get("debt")).split())
    keys = [f"{creditor}/{ref}"] if creditor else [f"{one}/{ref}" for one in sorted(set(brands.values()))]
    people, debts, others = _people(house, keys if ref else [], text_of(cells.get("address")).strip())
    if not people:
        fix = "give the debt's reference with its creditor, or the phone or e-mail, as the portfolio has it"
        raise BadCell("person.unknown", "means nobody whom we know", fix, field="debt", value=ref)
    whose = creditor or next((key.split("/")[0] for key in debts), "")
    # Who calls us about an account has been called by nobody: that counts for them alone.
    return _Row(raw.number, people, whose, debts, told, {} if told.by == "debtor" else others)


def _told(cells: Mapping[str, Cell], now: datetime) -> ContactTold:
    for name in ("at", "channel"):
        if not text_of(cells.get(name)).strip():
            raise BadCell(f"contact.{name}", "is missing", f"every contact needs its {name}", field=name)
    name = "channel"
    try:
        channel = meaning(CHANNELS, text_of(cells[name]), "channel", "channel.unknown")
        name = "at"
        at, written = time_told(cells[name], "")
    except BadCell as bad:
        bad.field = name
        raise
    if at > now + AHEAD:
        raise BadCell(
            "contact.future", "lies in the future", "correct it", field="at", value=text_of(cells["at"])
        )
    by = contacted_by(text_of(cells.get("by")))
    return ContactTold(at, channel, by, outcome_told(text_of(cells.get("outcome"))), written)


def _people(
    house: House, debt_keys: Sequence[str], address: str
) -> tuple[list[str], tuple[str, ...], dict[str, str]]:
    """Who may be meant, verified in the record, and the debts that were named: by debt, by address, by both where both stand; then
    who else owes one of these debts, and which.
    """
    by_debt = {
        person: key
        for key in debt_keys
        for person in house.lookups.debtors(house.keys.debt(key))
        if (loaded := house.ledger.load(person)) is not None and loaded.debtor.debt(key) is not None
    }
    if not address:
        return list(by_debt), tuple(dict.fromkeys(by_debt.values())), {}
    forms = [address.lower()] if "@" in address else variants(address.replace(" ", ""))
    there = [
        person
        for form in forms
        for person in house.lookups.debtors(house.keys.point(form))
        if house.ledger.load(person) is not None
    ]
    if not debt_keys:
        return list(dict.fromkeys(there)), (), {}
    both = [person for person in by_debt if person in there] or list(by_debt)
    debts = tuple(dict.fromkeys(by_debt[one] for one in both))
    others = {one: debt for one, debt in by_debt.items() if one not in both and debt in debts}
    return both, debts, others


def _named(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for header, cell in cells.items():
        words = plain(header)
        name = next((field for field, headers in HEADERS.items() if words in headers), "")
        if name and cell not in (None, ""):
            found.setdefault(name, cell)
    return found
