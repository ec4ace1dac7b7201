"""A creditor reads its day in its own words: its columns, its codes, its way of writing; what its file cannot mean is refused."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from infra.daily.layout import PLAIN, Layout, read_layout
from infra.daily.rows import Row, rows_of, written
from recobro.domain import facts as f
from recobro.domain.allocation import Split
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.money import Money
from recobro.domain.payment import Payment
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, house
from tests.portfolio import drop
from tests.sample import AMINTA, MONDAY_NOON_MX
from tests.usecases.conftest import at_home
from tests.usecases.test_owed_with_others import GUARANTOR, PRINCIPAL, TOGETHER, both
from tests.usecases.test_send import sent

ZONE = ZoneInfo("America/Mexico_City")
DAY = date(2026, 3, 9)
LAYOUT = """
delimiter = ";"
encoding = "latin-1"
date = "%d/%m/%Y"
decimal = ","
[[columns]]
title = "Despacho"
value = "R77"
[[columns]]
title = "Crédito"
field = "reference"
[[columns]]
title = "Fecha"
field = "date"
[[columns]]
title = "Resultado"
field = "result"
[[columns]]
title = "Monto"
field = "amount"
[codes]
"contact.sent" = "ENV"
"promise.made" = "PP"
"promise.kept" = "PC"
"payment.posted" = "PG"
"payment.reversed" = "DEV"
"dispute.opened" = "ACL"
"""


@pytest.fixture
def worked() -> Iterator[House]:
    """A day on which the invented person was written to, promised, paid, got it back and objected; and a day after it."""
    clock = Clock()
    with house(clock) as home:
        at_home(home)
        assert sent(home, PretendCarrier()).result == "sent"
        now = home.now()
        promise = PromiseToPay("pr1", 1, "muebles", "MXN", 50_000, DAY, DAY, now, debts=("muebles/A1",))
        posted = Payment("standard#1", "muebles/A1", 50_050, "MXN", now, split=Split(principal=50_050))
        hold = Hold("h1", HoldReason.DISPUTE, now, "debtor", debts=("muebles/A1",))
        for number, fact in enumerate(
            (
                f.PromiseMade(promise),
                f.PaymentPosted(posted),
                f.PromiseJudged("pr1", PromiseStatus.KEPT, 50_050),
                f.PaymentReversed("standard#1", "muebles/A1", 50, "refunded", Split(principal=50)),
                f.HoldPlaced(hold),
            )
        ):
            clock.forward(minutes=number + 1)
            change(home, AMINTA, lambda debtor, now, fact=fact: (fact,))  # type: ignore[misc]
        clock.forward(days=1)
        change(home, AMINTA, lambda debtor, now: (f.HoldLifted("h1", "ana"),))
        yield home


def test_a_day_in_the_creditors_own_layout_and_codes(worked: House, tmp_path: Path) -> None:
    file = tmp_path / "layout.toml"
    file.write_text(LAYOUT, encoding="utf-8")
    body = written(rows_of(worked, "muebles", DAY), read_layout(file), ZONE).decode("latin-1")
    assert body.splitlines() == [
        "Despacho;Crédito;Fecha;Resultado;Monto",
        "R77;A1;09/03/2026;ENV;",
        "R77;A1;09/03/2026;PP;500,00",
        "R77;A1;09/03/2026;PG;500,50",
        "R77;A1;09/03/2026;PC;500,50",
        "R77;A1;09/03/2026;DEV;-0,50",
        "R77;A1;09/03/2026;ACL;",
    ]


def test_each_day_and_each_creditor_has_its_own(worked: House) -> None:
    assert [one.result for one in rows_of(worked, "muebles", DAY + timedelta(days=1))] == ["dispute.closed"]
    assert rows_of(worked, "andes", DAY) == []
    assert rows_of(worked, "muebles", DAY - timedelta(days=1)) == []
    with pytest.raises(InvalidInput, match="--for"):
        rows_of(worked, "nobody", DAY)


@pytest.mark.parametrize("late", [False, True])
def test_money_for_a_debt_that_two_people_owe_is_told_once(late: bool) -> None:  # noqa: FBT001
    """late: the second record hears of it on the next day, when the first is not touched."""
    clock = Clock()
    with house(clock) as home:
        drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
        ana, luz = both(home)
        money = Payment("standard#1", "muebles/C-1", 50_000, "MXN", home.now(), split=Split(principal=50_000))
        told = (
            f.PaymentPosted(money),
            f.PaymentReversed("standard#1", "muebles/C-1", 50, "refunded", Split(principal=50)),
        )
        change(home, ana.id, lambda debtor, now: told)
        clock.forward(days=int(late))
        change(home, luz.id, lambda debtor, now: told)
        days = (DAY, DAY + timedelta(days=1))
        rows = [row for day in days for row in rows_of(home, "muebles", day) if row.kind == "payment"]

        assert [(row.debtor, row.result, row.amount) for row in rows] == [
            (ana.id, "payment.posted", Money(50_000, "MXN")),
            (ana.id, "payment.reversed", Money(-50, "MXN")),
        ]


@pytest.mark.parametrize(
    ("found", "instead", "field"),
    [
        ('"promise.made" = "PP"', '"promise.maid" = "PP"', "codes.promise.maid"),
        ('field = "reference"', 'field = "name"', "columns[1].field"),
        ('value = "R77"', 'value = "R77"\nfield = "date"', "columns[0]"),
        ('delimiter = ";"', 'delimiter = ";;"', "delimiter"),
        ('encoding = "latin-1"', 'encoding = "klingon"', "encoding"),
        ('decimal = ","', 'decimal = "_"', "decimal"),
        ('decimal = ","', 'decimals = ","', "decimals"),
    ],
)
def test_what_a_layout_cannot_mean_is_refused_with_the_field_named(
    tmp_path: Path, found: str, instead: str, field: str
) -> None:
    file = tmp_path / "layout.toml"
    file.write_text(LAYOUT.replace(found, instead), encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_layout(file)
    assert refused.value.field.endswith(field)
    assert refused.value.where.startswith("layout.toml")


def test_a_result_that_happened_and_has_no_code_is_not_left_out() -> None:
    row = Row("promise", MONDAY_NOON_MX, "muebles/A1", AMINTA, "promise.broken", "pr1")
    layout = Layout(PLAIN.columns, {"promise.made": "PP"})
    with pytest.raises(InvalidInput, match=r"codes\.promise\.broken"):
        written([row], layout, ZONE)


def test_no_cell_of_the_creditors_is_run_by_a_spreadsheet() -> None:
    row = Row(
        "payment", MONDAY_NOON_MX, "muebles/=1+1", AMINTA, "payment.reversed", "@x", amount=Money(-150, "MXN")
    )
    cells = next(csv.DictReader(io.StringIO(written([row], PLAIN, ZONE).decode())))
    assert not cells["reference"].startswith("=")
    assert not cells["id"].startswith("@")
    assert cells["amount"] == "-1.50"
