"""`recobro cost`: an owner sees what a contact, a promise and a recovered peso cost, before and after it happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from infra.cli.cost import client_file
from infra.pricing.book import price_book
from infra.pricing.estimate import Wanted, estimate, measured_profile
from infra.pricing.idle import IdleBill
from recobro.domain.client import Operations
from recobro.domain.playbook import Switches
from recobro.usecases.send import send
from tests.house import PretendCarrier
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA

Run = Callable[..., Said]


def test_what_was_contacted_is_priced_with_its_carriers_fee(recobro: Run, room: Room) -> None:
    home = room.house
    send(home, PretendCarrier(), "sms", AMINTA, home.now() + timedelta(minutes=15), Switches)

    told = recobro("cost", "--json").json
    assert (told["contacts"], told["debtors"]) == (1, 2)
    assert Decimal(told["carriers_usd"]["sms"]) == Decimal("0.005")
    assert Decimal(told["usd"]) == Decimal("0.005") + sum(map(Decimal, told["services_usd"].values()))
    assert told["usd_per_promise"] is None

    said = recobro("cost")
    for word in ("dynamodb_write", "a promise kept", "0 of 1 contacts at the carrier's own word"):
        assert word in said.out


def test_traces_are_a_line_of_the_bill_where_the_client_asks_for_them_and_nothing_elsewhere(
    recobro: Run, room: Room
) -> None:
    assert "trace" not in recobro("cost", "--json").json["services_usd"]
    client = replace(room.house.playbook.client, operations=Operations(traces=True))
    room.house.playbook = replace(room.house.playbook, client=client)
    told = recobro("cost", "--json").json["services_usd"]
    starts = Decimal(told["lambda_request"]) / Decimal("0.0000002")
    assert Decimal(told["trace"]) == starts * Decimal("0.000005") > 0


def test_an_estimate_counts_every_start_as_a_trace_where_the_file_asks_for_traces() -> None:
    client, book = client_file("demo"), price_book("us-east-1")
    followed = replace(client, operations=replace(client.operations, traces=True))
    wanted = Wanted(1_000, Decimal(6), {"email": Decimal(1)}, {})
    without, with_traces = (
        estimate(wanted, one, book, IdleBill((), ()), measured_profile()).services
        for one in (client, followed)
    )
    assert "trace" not in without
    starts = with_traces["lambda_request"] / book.price("lambda_request").each
    assert with_traces["trace"] == starts * book.price("trace").each
    assert {**with_traces, "trace": None} == {**without, "trace": None}


def test_a_portfolio_has_a_price_before_it_is_there(recobro: Run) -> None:
    words = ("cost", "estimate", "--debtors", "100000", "--mix", "email=1", "--json")
    told = recobro(*words, "--contacts", "10").json
    assert told["contacts"] == 1_000_000
    assert Decimal(told["carriers_usd"]["email"]) == Decimal(160)
    services = sum(map(Decimal, told["services_usd"].values()))
    assert Decimal(15) < services < Decimal(45), "a million contacts at two to four cents a thousand"
    twice = recobro(*words, "--contacts", "20").json
    assert Decimal(twice["usd"]) > Decimal(told["usd"])

    said = recobro("cost", "estimate", "--debtors", "100000")
    assert "sms: no list price could be read" in said.out


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--debtors", "0"), "--debtors"),
        (("--debtors", "10", "--mix", "fax=1"), "--mix"),
        (("--debtors", "10", "--mix", "sms=0.5"), "--mix"),
        (("--debtors", "10", "--mix", "sms=half"), "--mix"),
        (("--debtors", "10", "--region", "eu-north-1"), "region"),
    ],
)
def test_a_wrong_estimate_is_refused_by_its_field(recobro: Run, words: tuple[str, ...], field: str) -> None:
    said = recobro("cost", "estimate", *words)
    assert said.code == 1
    assert field in said.err


def test_an_idle_month_and_the_prices_behind_it_are_shown(recobro: Run) -> None:
    said = recobro("cost", "idle")
    for word in ("alarms", "secrets", "queues that Lambda polls", "a month."):
        assert word in said.out
    assert Decimal(recobro("cost", "idle", "--json").json["usd"]) > 0
    prices = recobro("cost", "prices").out
    for word in ("dynamodb_write", "secondary", "unverified", "2026-11-2", "seconds_carrier"):
        assert word in prices
