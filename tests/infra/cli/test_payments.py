"""What waits for a person is listed, shown, decided and undone at the command line."""

from collections.abc import Callable

import pytest

from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.usecases.hear_payment import hear_payment
from tests.house import standing
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA

PI = "standard#pi_1"


@pytest.fixture
def lost(room: Room) -> Room:
    """A payment whose reference nobody can read."""
    money, now = Money(50_000, "MXN"), room.house.now()
    one = PaymentTold("standard", PI, "e1", "ilegible", money, "paid", now)
    hear_payment(room.house, one, b'{"who": "somebody"}', "main")
    return room


def test_the_quarantine_is_listed_with_reason_and_sum(lost: Room, recobro: Callable[..., Said]) -> None:
    out = recobro("payments", "quarantine").out
    assert all(word in out for word in (PI, "unknown reference", "500.00 MXN in all"))
    (one,) = recobro("payments", "quarantine", "--json").json["quarantined"]
    assert (one["payment"], one["amount"], one["reference"]) == (PI, 50_000, "ilegible")


def test_a_payment_is_shown_with_its_words_and_its_body_only_when_asked_for(
    lost: Room, recobro: Callable[..., Said]
) -> None:
    plain, raw = recobro("payments", "show", PI).out, recobro("payments", "show", PI, "--raw").out
    assert "somebody" not in plain
    assert "somebody" in raw
    assert recobro("payments", "show", PI, "--json").json["words"][0]["source"] == "webhook"


def test_a_decision_whose_process_died_is_told_with_who_made_it(
    lost: Room, recobro: Callable[..., Said]
) -> None:
    assert recobro("payments", "show", PI, "--json").json["unfinished"] == {}
    note = {"at": "2026-03-09T15:00:00Z", "what": "rejected", "who": "ana", "why": "not ours", "reason": ""}

    lost.house.payments.begin(PI, {**note, "how": "reject"}, lost.house.now())

    assert "ana decided at 2026-03-09T15:00:00Z that it is rejected: not carried out" in " ".join(
        recobro("payments", "show", PI).out.split()
    )
    assert recobro("payments", "show", PI, "--json").json["unfinished"]["how"] == "reject"


def test_a_dry_run_changes_nothing_and_says_so(lost: Room, recobro: Callable[..., Said]) -> None:
    out = recobro("payments", "resolve", PI, "--to", "muebles/A1", "--dry-run").out
    assert "would be posted" in out
    assert "payment_posted" in out
    assert standing(lost.house, AMINTA).payments == ()


def test_it_is_placed_undone_and_returned(lost: Room, recobro: Callable[..., Said]) -> None:
    assert recobro("payments", "resolve", PI, "--to", "muebles/A1", "--why", "receipt").code == 0
    assert standing(lost.house, AMINTA).debts[0].outstanding.minor == 100_000
    assert recobro("payments", "undo", PI, "--why", "another contract").code == 0
    assert standing(lost.house, AMINTA).debts[0].outstanding.minor == 150_000
    assert (
        recobro("payments", "resolve", PI, "--send-back", "--why", "nobody's", "--json").json["status"]
        == "sent_back"
    )
    assert [one["what"] for one in lost.house.payments.decided(PI)] == [
        "assigned to muebles/A1",
        "undone",
        "sent_back",
    ]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("resolve", PI, "--reject"), "--why"),
        (("resolve", PI, "--to", "muebles/NO", "--why", "x"), "unknown reference"),
        (("show", "standard#none"), "no payment standard#none"),
        (("undo", PI, "--why", "x"), "decided by nobody"),
    ],
)
def test_what_cannot_be_done_says_why(
    lost: Room, recobro: Callable[..., Said], words: tuple[str, ...], problem: str
) -> None:
    said = recobro("payments", *words)
    assert said.code == 1
    assert problem in said.err
