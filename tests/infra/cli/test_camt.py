"""Each credit of a CAMT.053 statement is one payment, of what the bank booked, however little is told of who sent it."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.bank.lines import Statement
from infra.bank.matching import post, propose
from infra.bank.statement import read_statement
from recobro.domain.bank_line import BankLine
from recobro.domain.money import Money
from recobro.house import House
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor

BEA = "d" + "0" * 22 + "2"
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-09T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id>{entries}</Stmt></BkToCstmrStmt></Document>"""


IN_PESOS = '<AmtDtls><TxAmt><Amt Ccy="MXN">500.00</Amt></TxAmt></AmtDtls>'


def paid(
    text: str, payer: str = "Somebody", ref: str = "NOTPROVIDED", amounts: str = IN_PESOS, more: str = ""
) -> str:
    """One payment; a filler where its payer gave no reference."""
    return f"""<TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs>{amounts}{more}
    <RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"""


def entry(*details: str, ref: str = "", amount: str = "", side: str = "CRDT") -> str:
    own = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    booked = amount or f"{500 * len(details)}.00"
    return f"""<Ntry><Amt Ccy="MXN">{booked}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-03-09</Dt></BookgDt>{own}<NtryDtls>{"".join(details)}</NtryDtls></Ntry>"""


def read(folder: Path, *entries: str) -> Statement:
    path = folder / "statement.xml"
    path.write_text(FILE.format(entries="".join(entries)), "utf-8")
    return read_statement(path)


def lines(folder: Path, *entries: str) -> list[BankLine]:
    return read(folder, *entries).lines


def ids(folder: Path, *entries: str) -> list[str]:
    return [one.id for one in lines(folder, *entries)]


ANA_PAID, BEA_PAID = paid("CONT-A1A1", "ANA UNO"), paid("CONT-B2B2", "BEA DOS")


def owing(home: House) -> None:
    for who, ref in ((AMINTA, "CONT-A1A1"), (BEA, "CONT-B2B2")):
        settle_in(home, replace(debtor(debt(ref)), id=who))
        home.lookups.add(home.keys.debt(f"muebles/{ref}"), who)


def owed(home: House) -> list[int]:
    return [standing(home, who).debts[0].outstanding.minor for who in (AMINTA, BEA)]


@pytest.mark.parametrize(
    "entries",
    [(entry(ANA_PAID), entry(BEA_PAID)), (entry(ANA_PAID, BEA_PAID, ref="BATCH1"),)],
    ids=["two entries without a reference", "one batch under one reference"],
)
def test_two_payers_of_one_day_and_amount_are_two_payments(tmp_path: Path, entries: tuple[str, ...]) -> None:
    with house(Clock()) as home:
        owing(home)
        found = lines(tmp_path, *entries)
        done = post(home, propose(home, found), "ana")

        assert [told.result for _, told in done] == ["posted", "posted"]
        assert owed(home) == [100_000, 100_000]
        assert [one.surety for one in propose(home, found)] == ["known", "known"]
        assert [one.debt for one in propose(home, found)] == ["muebles/CONT-A1A1", "muebles/CONT-B2B2"]


@pytest.mark.parametrize("other", [paid("CONT-B2B2", "ANA UNO"), paid("CONT-A1A1", "BEA DOS")])
def test_either_text_or_payer_tells_two_apart(tmp_path: Path, other: str) -> None:
    assert len(set(ids(tmp_path, entry(ANA_PAID), entry(other)))) == 2
    assert len(set(ids(tmp_path, entry(ANA_PAID, ref="R1"), entry(other, ref="R1")))) == 2


def test_a_filler_is_no_reference_and_no_text(tmp_path: Path) -> None:
    told, silent = ANA_PAID, ANA_PAID.replace("<EndToEndId>NOTPROVIDED</EndToEndId>", "")

    assert ids(tmp_path, entry(told)) == ids(tmp_path, entry(silent))
    assert lines(tmp_path, entry(told))[0].text == "CONT-A1A1"


def test_two_that_are_alike_are_two_and_the_same_two_when_read_again(tmp_path: Path) -> None:
    first, second, other = ids(tmp_path, entry(ANA_PAID), entry(ANA_PAID), entry(BEA_PAID))

    assert second == f"{first}-2"
    assert ids(tmp_path, entry(BEA_PAID), entry(ANA_PAID), entry(ANA_PAID)) == [other, first, second]
    assert ids(tmp_path, entry(ANA_PAID)) == [first]


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (entry(paid("PAGO CONT-A1A1", ref="E1"), ref="R1"), "beddb2a91fe7bd037c5d"),
        (entry(ANA_PAID, ref="R1"), "dc708e979bde78ebc394"),
        (entry(paid("PAGO CONT-A1A1", ref="E1")), "131e81f9e7d9ce820951"),
        (entry(ANA_PAID.replace("NOTPROVIDED", "")), "8a698e1118f05423824e"),
    ],
)
def test_a_line_that_its_reference_tells_apart_keeps_the_id_it_was_ever_posted_by(
    tmp_path: Path, written: str, known: str
) -> None:
    (line,) = lines(tmp_path, written)

    assert (line.id, line.former) == (known, "")


def test_what_was_posted_before_two_were_told_apart_is_not_sure_again(tmp_path: Path) -> None:
    with house(Clock()) as home:
        owing(home)
        found = lines(tmp_path, entry(ANA_PAID), entry(BEA_PAID))
        assert len({one.former for one in found}) == 1
        post(home, propose(home, [replace(one, id=one.former) for one in found]), "ana")
        assert owed(home) == [100_000, 150_000]

        again = propose(home, found)
        assert [one.surety for one in again] == ["known", "known"]
        assert f"perhaps posted as bank#{found[1].former}" in again[1].why


ABROAD = '<AmtDtls><InstdAmt><Amt Ccy="USD">25.00</Amt></InstdAmt>{booked}</AmtDtls>'
TX_AMT = '<TxAmt><Amt Ccy="MXN">{}</Amt></TxAmt>'


def of(amount: str) -> str:
    """What a payment of a batch brought, beside what its payer ordered."""
    return ABROAD.format(booked=TX_AMT.format(amount))


@pytest.mark.parametrize("amounts", [of("500.00"), ABROAD.format(booked=""), "", of("510.00")])
def test_a_payment_alone_in_its_entry_is_worth_what_the_bank_booked(tmp_path: Path, amounts: str) -> None:
    (line,) = lines(tmp_path, entry(paid("CONT-A1A1", amounts=amounts)))

    assert line.amount == Money(50_000, "MXN")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (of("300.00"), of("700.00")),
        ('<Amt Ccy="MXN">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>' + of("9.00"), of("700.00")),
    ],
)
def test_each_payment_of_a_batch_is_worth_its_own_amount(tmp_path: Path, first: str, second: str) -> None:
    batch = entry(paid("A", amounts=first), paid("B", amounts=second), amount="1000.00")

    assert [one.amount for one in lines(tmp_path, batch)] == [Money(30_000, "MXN"), Money(70_000, "MXN")]


def test_what_a_batch_took_back_counts_against_it(tmp_path: Path) -> None:
    back = '<Amt Ccy="MXN">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    told = read(tmp_path, entry(ANA_PAID, paid("B", amounts=back), amount="400.00"))

    assert ([one.amount.minor for one in told.lines], told.others, told.rejected) == ([50_000], 1, [])


MANY = "<Btch><NbOfTxs>12</NbOfTxs></Btch>"


@pytest.mark.parametrize(
    ("batch", "why"),
    [
        (entry(paid("A", amounts=""), paid("B", amounts="")), "2 of 2 payments"),
        (entry(ANA_PAID, paid("B", amounts="")), "1 of 2 payments in an entry of 1000.00 MXN"),
        (entry(ANA_PAID, paid("B", amounts=ABROAD.format(booked=""))), "1 of 2 payments"),
        (entry(ANA_PAID, BEA_PAID, amount="990.00"), "come to 1000.00 MXN"),
        (entry(ANA_PAID, paid("B", amounts='<Amt Ccy="USD">500.00</Amt>')), "is of 500.00 USD"),
        (entry(ANA_PAID, paid("B", amounts=of("500.001"))), "Amt: is 500.001 MXN"),
        (entry(MANY + paid("A", amounts=""), amount="1000.00"), "1 of 12 payments"),
        (entry(MANY + ANA_PAID, amount="1000.00"), "come to 500.00 MXN"),
        (
            entry(paid("A", amounts='<Amt Ccy="MXN">5</Amt><CdtDbtInd>CRDT</CdtDbtInd>'), side="DBIT"),
            "CdtDbtInd",
        ),
    ],
)
def test_a_batch_that_cannot_be_told_apart_is_set_aside_whole_with_its_reason(
    tmp_path: Path, batch: str, why: str
) -> None:
    told = read(tmp_path, entry(ANA_PAID), batch, entry(BEA_PAID))

    assert [one.text for one in told.lines] == ["CONT-A1A1", "CONT-B2B2"]
    assert told.others == 0
    ((number, reason),) = told.rejected
    assert number == 2
    assert why in reason
    assert "recobro payments import" in reason or "an amount of that currency" in reason


def test_a_charge_beside_a_credit_makes_it_no_debit(tmp_path: Path) -> None:
    charge = '<Chrgs><Amt Ccy="MXN">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>'
    (line,) = lines(tmp_path, entry(paid("CONT-A1A1", amounts="", more=charge)))

    assert line.amount == Money(50_000, "MXN")


def test_what_was_posted_by_another_amount_than_was_booked_is_not_sure_again(tmp_path: Path) -> None:
    with house(Clock()) as home:
        owing(home)
        (line,) = lines(tmp_path, entry(paid("CONT-A1A1", ref="E1", amounts=of("500.00"))))
        wrong = replace(line, id=line.former, amount=Money(2_500, "MXN"))
        post(home, propose(home, [wrong]), "ana")

        assert [one.surety for one in propose(home, [line])] == ["known"]
