"""A CAMT.053 statement's credits, each under a name of its own: two payers whose bank tells of no reference are two payments."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from infra.bank.lines import Statement, ident, numbered
from recobro.domain.bank_line import BankLine
from recobro.domain.money import Money, exponent
from recobro.errors import InvalidInput

FILLERS = frozenset({"NOTPROVIDED", "NONREF"})
"""What banks write where nobody gave a reference: ISO 20022's EndToEndId (EPC implementation guidelines) and SWIFT's MT940, field 61."""


@dataclass(frozen=True, slots=True)
class _Read:
    """line: its id is of all that is told of it. own: its id by its references alone; empty: it has none. former: its id
    when any word in the place of a reference counted as one."""

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
        found = Camt053Parser(body).get_transactions()
    except (XMLSyntaxError, Camt053ParseError, ValueError) as error:
        raise InvalidInput(
            "FILE", f"is no CAMT.053 ({type(error).__name__})", "export it again", name
        ) from error
    made, read = Statement(), []
    for number, one in enumerate(found, 1):
        is_reversal = (one.get("ReversalIndicator") or "").lower() in {"true", "1"}
        is_booked = (one.get("Status") or "BOOK").upper() in {"BOOK", "BOOKED"}
        if one.get("CreditDebitIndicator") != "CRDT" or is_reversal or not is_booked:
            made.others += 1
            continue
        try:
            read.append(_read(number, one))
        except (InvalidInput, ValueError, InvalidOperation) as error:
            made.rejected.append((number, f"{type(error).__name__}: {error}"))
    made.lines = _told_apart(read)
    return made


def _read(number: int, one: Mapping[str, Any]) -> _Read:
    currency = str(one.get("Currency") or "")
    minor = Decimal(str(one.get("Amount"))).scaleb(exponent(currency))
    if minor != minor.to_integral_value() or not 0 < minor < 10**15 or len(currency) != 3:
        raise InvalidInput("Amt", f"is {one.get('Amount')} {currency}", "an amount of that currency")
    money = Money(int(minor), currency)
    booked = date.fromisoformat(str(one.get("BookingDate") or one.get("ValueDate"))[:10])
    payer = str(one.get("DebtorName") or "")
    text = " ".join(dict.fromkeys(_texts(one)))
    references = [str(one.get(key) or "") for key in ("TransactionID", "EndToEndId")]
    real = [each for each in references if not _is_filler(each)]
    # The fillers too: by these words lines are in the payment log already.
    written = " ".join(references).strip()
    full = ident(booked, money, " ".join([*real, text, payer]))
    own = ident(booked, money, written) if real else ""
    former = ident(booked, money, written or f"{text} {payer}")
    return _Read(BankLine(number, full, booked, money, text, payer), own, former)


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
