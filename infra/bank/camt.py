"""A CAMT.053 statement's credits, each under a name of its own: two payers whose bank tells of no reference are two payments."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from infra.bank.booked import Entry, amount_of, entries
from infra.bank.lines import Statement, ident, numbered
from recobro.domain.bank_line import BankLine
from recobro.domain.money import Money
from recobro.errors import InvalidInput

FILLERS = frozenset({"NOTPROVIDED", "NONREF"})
"""What banks write where nobody gave a reference: ISO 20022's EndToEndId (EPC implementation guidelines) and SWIFT's MT940, field 61."""


@dataclass(frozen=True, slots=True)
class _Read:
    """line: its id is of all that is told of it. own: its id by its references alone; empty: it has none. former: its id
    when any word in the place of a reference counted as one, and any amount in it as what was booked."""

    line: BankLine
    own: str
    former: str


def camt(body: bytes, name: str) -> Statement:
    """Raises InvalidInput for a file that cannot be read as a whole."""
    from lxml.etree import XMLSyntaxError
    from pycamt.parser import Camt053ParseError, Camt053Parser

    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise InvalidInput(
            "FILE", "declares a document type", "a bank's CAMT.053 has none: ask it again", name
        )
    try:
        parser = Camt053Parser(body)
        found = iter(parser.get_transactions())
    except (XMLSyntaxError, Camt053ParseError, ValueError) as error:
        raise InvalidInput(
            "FILE", f"is no CAMT.053 ({type(error).__name__})", "export it again", name
        ) from error
    made, read, number = Statement(), list[_Read](), 1
    for entry in entries(parser.tree, parser.namespaces):
        told = list(islice(found, len(entry.sides)))
        _take(made, read, entry, dict(enumerate(told, number)))
        number += len(told)
    made.lines = _told_apart(read)
    return made


def _take(made: Statement, read: list[_Read], entry: Entry, told: Mapping[int, Mapping[str, Any]]) -> None:
    """told: number → what pycamt says of that payment. An entry whose payments cannot be told apart is set aside whole."""
    sides = dict(zip(told, entry.sides, strict=True))
    ours = [one for one in told if sides[one] == "CRDT" and _is_booked(told[one])]
    made.others += len(told) - len(ours)
    if not ours:
        return
    try:
        amounts = dict(zip(told, entry.amounts(), strict=True))
        read += [_read(one, told[one], amounts[one]) for one in ours]
    except InvalidInput as error:
        made.rejected.append((ours[0], str(error)))


def _is_booked(one: Mapping[str, Any]) -> bool:
    is_reversal = (one.get("ReversalIndicator") or "").lower() in {"true", "1"}
    return not is_reversal and (one.get("Status") or "BOOK").upper() in {"BOOK", "BOOKED"}


def _read(number: int, one: Mapping[str, Any], money: Money) -> _Read:
    booked = _day(str(one.get("BookingDate") or one.get("ValueDate") or ""))
    payer = str(one.get("DebtorName") or "")
    text = " ".join(dict.fromkeys(_texts(one)))
    references = [str(one.get(key) or "") for key in ("TransactionID", "EndToEndId")]
    real = [each for each in references if not _is_filler(each)]
    # The fillers too: by these words lines are in the payment log already.
    written = " ".join(references).strip()
    full = ident(booked, money, " ".join([*real, text, payer]))
    own = ident(booked, money, written) if real else ""
    former = ""
    with suppress(InvalidInput):
        before = amount_of(str(one.get("Amount")), str(one.get("Currency") or ""))
        former = ident(booked, before, written or f"{text} {payer}")
    return _Read(BankLine(number, full, booked, money, text, payer), own, former)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise InvalidInput("BookgDt", f"is {written!r}", "a day, 2026-03-09") from None


def _texts(one: Mapping[str, Any]) -> Iterator[str]:
    told = ("RemittanceInformationFull", "RemittanceInformation", "AdditionalEntryInformation")
    yield from (str(one[key]) for key in told if one.get(key))
    if not _is_filler(str(one.get("EndToEndId") or "")):
        yield str(one["EndToEndId"])


def _is_filler(reference: str) -> bool:
    return not reference.strip() or reference.strip().upper() in FILLERS


def _told_apart(read: Sequence[_Read]) -> list[BankLine]:
    """A reference names a line where it is that line's alone; where several share it, all that is told of each does."""
    sharing: dict[str, set[str]] = defaultdict(set)
    for one in read:
        sharing[one.own].add(one.line.id)
    names = [one.own if one.own and len(sharing[one.own]) == 1 else one.line.id for one in read]
    formers = [one.former if one.former not in names else "" for one in read]
    return numbered(
        replace(one.line, id=name, former=former)
        for one, name, former in zip(read, names, formers, strict=True)
    )
