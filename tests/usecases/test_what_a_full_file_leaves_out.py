"""What a full file no longer names is recalled: by the newest file alone, and not for a row that it names and we could not take."""

from datetime import UTC, datetime
from typing import Any

import pytest

from recobro.domain import facts as f
from recobro.domain.payment import Payment
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases.import_partition import confirm
from recobro.usecases.import_portfolio import import_portfolio
from recobro.usecases.saving import change
from tests.house import Clock, standing
from tests.portfolio import ANA, HEAD, LUZ, debtor_of, drop, work

MANY = tuple(
    f"muebles,F-{n},,Nadie Prueba,55501{n:05d},nadie{n}@example.com,100,MXN,04/03/2026,MX," for n in range(40)
)
"""So many debts that one that is gone is no drop to be confirmed."""


def full(home: House, *rows: str, name: str, as_of: str = "") -> dict[str, Any]:
    """Drop a full file with a customer number in each row; as-of: today unless said otherwise."""
    numbered = [f"{row},{row.split(',')[1]}" for row in (*MANY, *rows)]
    if not as_of:
        return drop(home, *numbered, name=name, feed="full", head=f"{HEAD},numero_cliente")
    return dated(home, "\n".join((f"{HEAD},numero_cliente", *numbered)), name, "full", as_of)


def dated(home: House, text: str, name: str, feed: str, as_of: str) -> dict[str, Any]:
    metadata = {"feed": feed, **({"as-of": as_of} if as_of else {})}
    home.client("s3").put_object(
        Bucket="files", Key=f"inbox/{name}", Body=text.encode() + b"\n", Metadata=metadata
    )
    done = import_portfolio(home, f"inbox/{name}")
    work(home)
    about = home.imports.about(done["import"])
    assert about is not None
    return about


def status(home: House, who: str, key: str = "muebles/C-2") -> str:
    one = standing(home, who).debt(key)
    assert one is not None
    return one.status.value


def luz(home: House) -> str:
    return debtor_of(home, "C-2")


@pytest.mark.parametrize("harm", [("820", "8x20"), ("10/03/2026", "31/02/2026"), ("MXN", "doblones")])
def test_a_row_that_was_handed_back_is_not_missing(home: House, clock: Clock, harm: tuple[str, str]) -> None:
    full(home, ANA, LUZ, name="mon.csv")
    clock.forward(days=1)
    about = full(home, ANA, LUZ.replace(*harm), name="tue.csv")

    assert (about["state"], about["missing"]) == ("done", 0)
    assert status(home, luz(home)) == "active"


def test_a_row_whose_person_is_another_by_mistake_is_not_missing(home: House, clock: Clock) -> None:
    full(home, ANA, LUZ, name="mon.csv")
    before = luz(home)
    clock.forward(days=1)
    full(home, ANA, LUZ.replace("GOML900202AB9", ""), name="tue.csv")

    assert status(home, before) == "active"


def test_where_a_row_names_no_debt_that_can_be_read_a_person_says_what_is_missing(
    home: House, clock: Clock
) -> None:
    full(home, ANA, LUZ, name="mon.csv")
    clock.forward(days=1)
    about = full(home, ANA, LUZ.replace("C-2", ""), name="tue.csv")
    assert about["state"] == "to_confirm"
    assert status(home, luz(home)) == "active"

    confirm(home, about["import"], "eva")
    work(home)
    assert status(home, luz(home)) == "recalled"


def test_what_is_gone_from_a_file_that_is_read_whole_is_recalled(home: House, clock: Clock) -> None:
    full(home, ANA, LUZ, name="mon.csv")
    clock.forward(days=1)
    about = full(home, ANA, name="tue.csv")

    assert (about["state"], about["recalled"]) == ("done", 1)
    assert status(home, luz(home)) == "recalled"


def test_a_drop_that_a_newer_file_took_back_is_confirmed_by_nobody(home: House, clock: Clock) -> None:
    full(home, ANA, LUZ, name="mon.csv")
    clock.forward(days=1)
    broken = drop(home, f"{ANA},C-1", name="tue.csv", feed="full", head=f"{HEAD},numero_cliente")
    assert broken["state"] == "to_confirm"
    full(home, ANA, LUZ, name="tue-again.csv")

    with pytest.raises(InvalidInput, match="is older than"):
        confirm(home, broken["import"], "eva")
    assert status(home, luz(home)) == "active"


def test_an_older_full_file_that_comes_late_recalls_nothing(home: House, clock: Clock) -> None:
    full(home, ANA, name="sun.csv")
    clock.forward(days=1)
    full(home, ANA, LUZ, name="tue.csv")
    late = full(home, ANA, name="mon.csv", as_of="2026-03-09")

    assert (late["state"], late["recalled"]) == ("done", 0)
    assert status(home, luz(home)) == "active"


def test_an_older_file_that_comes_late_does_not_bring_back_what_was_recalled(
    home: House, clock: Clock
) -> None:
    full(home, ANA, LUZ, name="mon.csv")
    clock.forward(days=1)
    full(home, ANA, name="tue.csv")
    dated(home, "\n".join((HEAD, LUZ)), "late.csv", "delta", "2026-03-09")
    assert status(home, luz(home)) == "recalled"

    clock.forward(days=1)
    drop(home, LUZ, name="wed.csv")
    assert status(home, luz(home)) == "active"


def test_a_file_of_the_evening_that_names_no_day_is_of_that_day(home: House, clock: Clock) -> None:
    """18:30 in Mexico City is tomorrow in UTC: its balances would count as newer than what was paid this afternoon."""
    drop(home, ANA)
    ana = debtor_of(home, "C-1")
    clock.forward(hours=3)
    paid = f.PaymentPosted(Payment("standard#1", "muebles/C-1", 150_050, "MXN", clock.now))
    change(home, ana, lambda person, now: (paid,))
    before = standing(home, ana).debts[0]
    clock.now = datetime(2026, 3, 10, 0, 30, tzinfo=UTC)
    about = dated(home, "\n".join((HEAD, ANA)), "night.csv", "delta", "")

    assert about["as_of"] == "2026-03-09"
    assert standing(home, ana).debts[0].status is before.status


def test_what_is_gone_confirms_nothing_of_what_could_not_be_read(home: House, clock: Clock) -> None:
    """Of one person one debt is gone, and the row of another was handed back."""
    other = LUZ.replace("C-2", "C-8").replace("820", "99")
    full(home, ANA, LUZ, other, name="mon.csv")
    clock.forward(days=1)
    full(home, ANA, LUZ.replace("820", "8x20"), name="tue.csv")

    assert (status(home, luz(home)), status(home, luz(home), "muebles/C-8")) == ("active", "recalled")
    assert f"{standing(home, luz(home)).feeds['muebles']}" == "2026-03-09"


PARTS = f"{HEAD},cuota,estatus"


def part(number: int, amount: str, due: str, how: str = "vigente") -> str:
    return ANA.replace("1500.50", amount).replace("04/03/2026", due) + f",{number},{how}"


def test_a_debt_of_which_an_instalment_was_handed_back_stays_as_it_was(home: House, clock: Clock) -> None:
    whole = [part(1, "500", "04/01/2026"), part(2, "500", "04/02/2026"), part(3, "500", "04/03/2026")]
    drop(home, *whole, head=PARTS)
    clock.forward(days=1)
    torn = [part(1, "0", "04/01/2026"), part(2, "500", "31/02/2026"), part(3, "500x", "04/03/2026")]
    about = drop(home, *torn, head=PARTS, name="tue.csv")
    ana = standing(home, debtor_of(home, "C-1"))

    assert (ana.debts[0].status.value, ana.debts[0].outstanding.minor) == ("active", 150_000)
    assert f"{ana.feeds['muebles']}" == "2026-03-09", "of that debt nothing was confirmed"
    assert about["conflicts"] == {"conflict.part": 1}


def test_a_debt_whose_last_instalment_is_paid_is_owed_for_the_others(home: House) -> None:
    drop(
        home,
        part(1, "500", "04/01/2026"),
        part(2, "500", "04/02/2026"),
        part(3, "0", "04/03/2026", "pagada"),
        head=PARTS,
    )
    (one,) = standing(home, debtor_of(home, "C-1")).debts

    assert (one.status.value, one.outstanding.minor) == ("active", 100_000)


def test_nothing_is_confirmed_by_a_file_that_could_not_be_understood_about_one_of_a_persons_debts(
    home: House, clock: Clock
) -> None:
    other = ANA.replace("C-1", "C-9").replace("1500.50", "99")
    drop(home, ANA, other)
    clock.forward(days=1)
    drop(home, ANA.replace("1500.50", "0x"), other, name="tue.csv")

    assert f"{standing(home, debtor_of(home, 'C-1')).feeds['muebles']}" == "2026-03-09"


def test_a_drop_is_one_of_a_creditor_however_many_debts_others_in_the_file_have(
    home: House, clock: Clock
) -> None:
    andes = [LUZ.replace("muebles", "andes").replace("C-2", f"O-{n}") for n in range(3)]
    full(home, ANA, *andes, name="mon.csv")
    clock.forward(days=1)

    assert full(home, ANA, andes[0], name="tue.csv")["state"] == "to_confirm"


def test_a_file_of_which_no_row_can_be_used_says_so_at_once(home: House) -> None:
    about = drop(home, ANA.replace("1500.50", "0x"), LUZ.replace("820", "8x20"))

    assert about["state"] == "refused"
    assert about["reason"].startswith("none of its 2 rows can be used: amount.")
