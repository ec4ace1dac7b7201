"""Each credit of a CAMT.053 statement is one payment under one name, however little its bank tells of who sent it."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.bank.matching import post, propose
from infra.bank.statement import read_statement
from recobro.domain.bank_line import BankLine
from recobro.house import House
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor

BEA = "d" + "0" * 22 + "2"
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-09T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id>{entries}</Stmt></BkToCstmrStmt></Document>"""


def paid(text: str, payer: str = "Somebody", ref: str = "NOTPROVIDED") -> str:
    """One payment of 500.00; a filler where its payer gave no reference."""
    return f"""<TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs>
    <AmtDtls><TxAmt><Amt Ccy="MXN">500.00</Amt></TxAmt></AmtDtls>
    <RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"""


def entry(*details: str, ref: str = "") -> str:
    own = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    return f"""<Ntry><Amt Ccy="MXN">{500 * len(details)}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-03-09</Dt></BookgDt>{own}<NtryDtls>{"".join(details)}</NtryDtls></Ntry>"""


def lines(folder: Path, *entries: str) -> list[BankLine]:
    path = folder / "statement.xml"
    path.write_text(FILE.format(entries="".join(entries)), "utf-8")
    return read_statement(path).lines


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
        read = lines(tmp_path, *entries)
        done = post(home, propose(home, read), "ana")

        assert [told.result for _, told in done] == ["posted", "posted"]
        assert owed(home) == [100_000, 100_000]
        assert [one.surety for one in propose(home, read)] == ["known", "known"]
        assert [one.debt for one in propose(home, read)] == ["muebles/CONT-A1A1", "muebles/CONT-B2B2"]


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
        read = lines(tmp_path, entry(ANA_PAID), entry(BEA_PAID))
        assert len({one.former for one in read}) == 1
        post(home, propose(home, [replace(one, id=one.former) for one in read]), "ana")
        assert owed(home) == [100_000, 150_000]

        again = propose(home, read)
        assert [one.surety for one in again] == ["known", "known"]
        assert f"perhaps posted as bank#{read[1].former}" in again[1].why
