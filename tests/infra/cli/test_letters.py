"""An operator sees which letters are due, keeps what the creditor sends, and notes what was handed over."""

from collections.abc import Callable
from pathlib import Path

from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.usecases.hear_payment import hear_payment
from tests.house import standing
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA


def test_a_letter_is_listed_received_and_handed_over(
    room: Room, recobro: Callable[..., Said], tmp_path: Path
) -> None:
    now = room.house.now()
    one = PaymentTold("standard", "standard#pi", "e", "muebles/A1", Money(150_000, "MXN"), "paid", now)
    hear_payment(room.house, one, b"", "main")
    (tmp_path / "finiquito.pdf").write_bytes(b"%PDF-1.7")
    assert "muebles/A1" in recobro("letters", "list").out
    assert (
        recobro("letters", "received", "muebles/A1", str(tmp_path / "finiquito.pdf"), "--who", "ana").code
        == 0
    )
    assert recobro("letters", "delivered", AMINTA, "muebles/A1", "--json").json["is_new"] is True
    assert standing(room.house, AMINTA).letters[0].status == "delivered"
    assert "No letter is due" in recobro("letters", "list").out
    assert "is no file" in recobro("letters", "received", "muebles/A1", "nowhere.pdf").err
