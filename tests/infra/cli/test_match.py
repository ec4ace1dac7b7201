"""A bank statement is matched by reference, amount and payer; nothing is posted until a person says so, and then once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from infra.bank.matching import propose
from infra.bank.statement import read_statement
from recobro.domain.allocation import Allocation
from recobro.domain.bank_line import BankLine, Owed, Paid, excused, is_same_person, names_reference, proposal
from recobro.domain.debt import Amounts
from recobro.domain.facts import DebtRecorded
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.saving import change
from tests.house import Clock, house, settle_in, standing
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA, debtor

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-09T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><Acct><Id><Othr><Id>000000000000000018</Id></Othr></Id></Acct>
{entries}
</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>{booked}</Dt></BookgDt><AcctSvcrRef>{ref}</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs><RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
CSV = "Fecha;Concepto;Ordenante;Abono;Cargo;Folio\n" + "\n".join(
    [
        "08/03/2026;PAGO CONTRATO CONT-4471;AMINTA INVENTADA RUIZ;1.500,00;;F1",
        "08/03/2026;TRANSFERENCIA;ALGUIEN;20,00;;F2",
        "08/03/2026;COMISION;;;12,00;F3",
        "08/03/2026;PAGO;X;no;;F4",
    ]
)


def entry(text: str, amount: str = "500.00", **more: str) -> str:
    values = {
        "currency": "MXN",
        "side": "CRDT",
        "status": "BOOK",
        "ref": f"R{text}",
        "payer": "Somebody",
        "booked": "2026-03-08",
        **more,
    }
    return ENTRY.format(text=text, amount=amount, **values)


def statement(folder: Path, *entries: str) -> Path:
    path = folder / "statement.xml"
    path.write_text(CAMT.format(entries="".join(entries)), "utf-8")
    return path


def test_only_booked_credits_are_lines(tmp_path: Path) -> None:
    path = statement(
        tmp_path, entry("a"), entry("b", side="DBIT"), entry("c", status="PDNG"), entry("d", amount="1.234")
    )
    read = read_statement(path)

    assert [(one.text, one.amount) for one in read.lines] == [("a Ra", Money(50_000, "MXN"))]
    assert (read.others, [number for number, _ in read.rejected]) == (2, [4])


def test_a_csv_is_read_as_banks_write_it(tmp_path: Path) -> None:
    path = tmp_path / "abonos.csv"
    path.write_text(CSV, "utf-8")
    read = read_statement(path, "MXN")

    assert [(one.number, one.amount.minor, one.booked_on) for one in read.lines] == [
        (2, 150_000, date(2026, 3, 8)),
        (3, 2_000, date(2026, 3, 8)),
    ]
    assert (read.others, [number for number, _ in read.rejected]) == (1, [5])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("<a><b></a>", "FILE"),
        ('<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>', "FILE"),
        ("<Document/>", "FILE"),
        ("a,b\n1,2\n", "date"),
    ],
)
def test_what_is_no_statement_is_refused_with_its_reason(tmp_path: Path, body: str, field: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(body, "utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_statement(path, "MXN")
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "ref", "is_named"),
    [
        ("PAGO CONTRATO CONT-4471", "CONT-4471", True),
        ("PAGO CONT 4471 MARZO", "CONT-4471", True),
        ("pago cont4471", "CONT-4471", True),
        ("PAGO CONT-44710", "CONT-4471", False),
        ("PAGO A1", "A1", False),
    ],
)
def test_a_reference_is_a_word_of_its_own_however_the_bank_wrote_it(
    text: str, ref: str, *, is_named: bool
) -> None:
    assert names_reference(text, ref) is is_named


def test_a_name_is_the_same_in_whatever_order_and_without_accents() -> None:
    assert is_same_person("RUIZ PEREZ JOSE", "José Ruiz Pérez")
    assert not is_same_person("RUIZ GOMEZ ANA", "José Ruiz Pérez")
    assert not is_same_person("", "José Ruiz Pérez")


def owed(ref: str, minor: int, name: str = "José Ruiz Pérez") -> Owed:
    return Owed("d1", f"muebles/{ref}", ref, name, Money(minor, "MXN"))


LINE = BankLine(1, "x", date(2026, 3, 8), Money(500, "MXN"), "PAGO CONT-4471", "JOSE RUIZ PEREZ")


@pytest.mark.parametrize(
    ("portfolio", "surety"),
    [
        ([owed("CONT-4471", 500)], "sure"),
        ([owed("CONT-4471", 900, "Otra Persona Distinta")], "sure"),
        ([owed("CONT-4471", 300, "Otra Persona Distinta")], "likely"),
        ([owed("CONT-9999", 500)], "likely"),
        ([owed("CONT-9999", 500, "Otra Persona Distinta")], "possible"),
        ([owed("CONT-9999", 500), owed("CONT-8888", 500)], "possible"),
        ([owed("CONT-9999", 700, "Otra Persona Distinta")], "nobody"),
        ([owed("CONT-4471", 0)], "likely"),
        ([], "nobody"),
    ],
)
def test_how_sure_a_proposal_is(portfolio: list[Owed], surety: str) -> None:
    assert proposal(LINE, portfolio).surety == surety


def known(booked: Sequence[int], paid: Sequence[int], portfolio: Sequence[Owed] = ()) -> list[int]:
    """The days of March whose line of 5.00 is known, given the days on which 5.00 was told of."""
    lines = [replace(LINE, number=day, booked_on=date(2026, 3, day)) for day in booked]
    told = [Paid(f"standard#pi_{day}", 500, date(2026, 3, day)) for day in paid]
    proposals = [proposal(line, portfolio or [owed("CONT-4471", 900)]) for line in lines]
    found = excused(proposals, {"muebles/CONT-4471": told})
    return [one.line.booked_on.day for one in found if one.surety == "known"]


@pytest.mark.parametrize(
    ("booked", "paid", "lines"),
    [
        ([8], [8], [8]),
        ([8], [3], [8]),
        ([8], [13], [8]),
        ([8], [2], []),
        ([8], [14], []),
        ([8, 8], [8], [8]),
        ([8, 8], [8, 8], [8, 8]),
        ([1, 8, 15], [9], [8]),
        ([2, 9], [7], [9]),
        ([9, 2], [7], [9]),
        ([2, 6], [6, 10], [2, 6]),
        ([2, 6, 10], [5, 6], [2, 6]),
    ],
)
def test_money_that_was_told_of_excuses_one_line_of_about_its_day(
    booked: list[int], paid: list[int], lines: list[int]
) -> None:
    assert known(booked, paid) == lines


def test_money_that_was_told_of_excuses_no_line_of_another_amount_or_debt() -> None:
    assert known([8], [8], [owed("CONT-9999", 500)]) == []
    other = excused(
        [proposal(LINE, [owed("CONT-4471", 900)])], {"muebles/CONT-4471": [Paid("x", 400, LINE.booked_on)]}
    )
    assert [one.surety for one in other] == ["sure"]


def test_a_statement_is_shown_posted_and_counts_once(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    path = str(
        statement(tmp_path, entry("PAGO MUEBLES CONT-C3C3", "1500.00"), entry("nobody knows", "77.00"))
    )
    shown = recobro("payments", "match", path).out
    assert "Nothing was posted" in shown
    assert standing(room.house, AMINTA).payments == ()
    numbers = {
        one["line"]["number"]: one for one in recobro("payments", "match", path, "--json").json["proposals"]
    }
    assert (numbers[1]["surety"], numbers[2]["surety"]) == ("possible", "nobody")

    done = recobro("payments", "match", path, "--post", "sure", "--set-aside", "--who", "ana", "--json")
    assert [one["result"] for one in done.json["posted"]] == ["quarantined"]
    (waiting,) = room.house.payments.quarantined()
    assert waiting.intent.startswith("bank#")
    again = recobro("payments", "match", path, "--json").json["proposals"]
    assert {one["line"]["number"]: one["surety"] for one in again}[2] == "known"


def contract_and_its_line(house: House, folder: Path, booked: str) -> str:
    """A debt whose balance is of 9 March, and a statement with a payment for it."""
    long = replace(standing(house, AMINTA).debts[0], ref="CONT-4471")
    change(house, AMINTA, lambda debtor, now: (DebtRecorded(long),))
    house.lookups.add(house.keys.debt("muebles/CONT-4471"), AMINTA)
    return str(statement(folder, entry("PAGO CONT 4471", "100.00", booked=booked)))


def test_a_line_of_before_the_creditors_balance_waits_for_a_person(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    path = contract_and_its_line(room.house, tmp_path, "2026-03-08")
    said = recobro("payments", "match", path, "--post", "sure", "--who", "ana")

    assert "may have counted it" in " ".join(said.out.split())
    assert standing(room.house, AMINTA).payments == ()


def test_a_sure_line_is_posted_by_the_one_path(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    path = contract_and_its_line(room.house, tmp_path, "2026-03-09")
    for _ in range(2):
        recobro("payments", "match", path, "--post", "sure", "--who", "ana")

    assert [(one.debt, one.amount, one.method) for one in standing(room.house, AMINTA).payments] == [
        ("muebles/CONT-4471", 10_000, "transfer")
    ]
    assert (
        recobro("payments", "report", room.house.now().date().isoformat()).code == 1
    )  # the journal has not run


def test_what_cannot_be_read_is_told_of_whether_or_not_the_rest_is_posted(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    path = str(statement(tmp_path, entry("a"), entry("b", amount="1.234")))
    posting = ("payments", "match", path, "--post", "sure", "--who", "ana")

    for said in (recobro("payments", "match", path), recobro(*posting)):
        assert "line 2 could not be read: Amt: is 1.234 MXN" in said.out
    assert [number for number, _ in recobro(*posting, "--json").json["rejected"]] == [2]


def test_what_cannot_be_posted_says_why(room: Room, recobro: Callable[..., Said], tmp_path: Path) -> None:
    path = str(statement(tmp_path, entry("nobody knows", "77.00")))
    assert "--who" in recobro("payments", "match", path, "--post", "sure").err
    assert "proposes no debt" in recobro("payments", "match", path, "--post", "1", "--who", "ana").err
    assert "no file" in recobro("payments", "match", path + "x").err


def told_of(house: House, at: datetime, amount: int = 10_000, ref: str = "CONT-4471") -> None:
    """The gateway's word on a payment of 100.00."""
    money = Money(amount, "MXN")
    hear_payment(
        house,
        PaymentTold("standard", "standard#pi_1", "e1", f"muebles/{ref}", money, "paid", at),
        b"",
        "main",
    )


def surety(recobro: Callable[..., Said], path: str) -> list[str]:
    return [one["surety"] for one in recobro("payments", "match", path, "--json").json["proposals"]]


def paid_by_statement(house: House) -> list[int]:
    return [one.amount for one in standing(house, AMINTA).payments if one.intent.startswith("bank#")]


def test_the_next_instalment_of_the_same_amount_is_other_money(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    for booked in ("2026-03-09", "2026-03-16"):
        path = contract_and_its_line(room.house, tmp_path, booked)
        assert surety(recobro, path) == ["sure"]
        recobro("payments", "match", path, "--post", "sure", "--who", "ana")

    assert paid_by_statement(room.house) == [10_000, 10_000]


def test_what_a_gateway_told_of_is_not_posted_from_the_statement_unless_somebody_names_it(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    path = contract_and_its_line(room.house, tmp_path, "2026-03-10")
    told_of(room.house, room.house.now())
    recobro("payments", "match", path, "--post", "sure", "--who", "ana")

    assert "standard#pi_1" in recobro("payments", "match", path).out
    assert (surety(recobro, path), paid_by_statement(room.house)) == (["known"], [])

    recobro("payments", "match", path, "--post", "1", "--who", "ana")
    assert paid_by_statement(room.house) == [10_000]

    again = recobro("payments", "match", path, "--post", "1", "--who", "ana")
    assert "line 1 was taken before" in again.err
    assert "recobro payments show bank#" in again.err
    assert paid_by_statement(room.house) == [10_000]


def test_one_payment_that_a_gateway_told_of_leaves_the_other_line_to_be_posted(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    contract_and_its_line(room.house, tmp_path, "2026-03-09")
    told_of(room.house, room.house.now())
    both = [entry("PAGO CONT 4471", "100.00", booked="2026-03-09", ref=one) for one in ("R1", "R2")]
    path = str(statement(tmp_path, *both))

    assert sorted(surety(recobro, path)) == ["known", "sure"]
    for _ in range(2):
        recobro("payments", "match", path, "--post", "sure", "--who", "ana")
    assert paid_by_statement(room.house) == [10_000]
    assert surety(recobro, path) == ["known", "known"]


def test_a_payment_that_went_to_several_debts_is_known_by_what_came(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    older = replace(standing(room.house, AMINTA).debts[0], ref="CONT-1111", amounts=Amounts(principal=4_000))
    path = contract_and_its_line(room.house, tmp_path, "2026-03-09")
    change(room.house, AMINTA, lambda debtor, now: (DebtRecorded(older),))
    oldest = replace(room.house.playbook.client, allocation=Allocation(debts="oldest"))
    room.house.playbook = replace(room.house.playbook, client=oldest)
    told_of(room.house, room.house.now())

    assert surety(recobro, path) == ["known"]


def test_money_that_was_told_of_weeks_after_it_came_is_known_by_the_day_it_was_made(tmp_path: Path) -> None:
    clock = Clock()
    with house(clock) as home:
        settle_in(home, debtor())
        lines = [
            read_statement(Path(contract_and_its_line(home, tmp_path, booked))).lines[0]
            for booked in ("2026-03-09", "2026-03-29")
        ]
        made = home.now()
        clock.forward(days=21)
        told_of(home, made)

        assert [one.surety for one in propose(home, lines)] == ["known", "sure"]
