"""Whoever is found by an address, a debt or a carrier's id is found so again, whatever of the lookups was lost."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.lookups import KEPT_AFTER_SENDING, sent_as
from recobro.adapters.state_record import key
from recobro.domain import facts as f
from recobro.domain.contact_point import ContactPoint, PointState
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.playbook import Switches
from recobro.domain.reference import reference_of
from recobro.house import House
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.journal import journal
from recobro.usecases.repair import Found, lookups
from recobro.usecases.saving import change
from recobro.usecases.send import send
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debtor, phone

THREE = tuple("d" + "0" * 22 + number for number in "123")
DEBT = "muebles/A1"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        yield opened


def come(home: House, *points: ContactPoint) -> None:
    """People who owe one debt, each with one address; what leads from the debt to them was never written, or is lost."""
    for who, point in zip(THREE, points, strict=False):
        settle_in(home, replace(debtor(points=(point,)), id=who))


def mended(home: House) -> list[Found]:
    """What a dry run finds, which the run then mends; the second run finds nothing."""
    planned = list(lookups(home, dry_run=True))
    done = list(lookups(home, dry_run=False))
    assert done == [replace(one, is_mended=True) for one in planned]
    assert list(lookups(home, dry_run=False)) == []
    return done


def lost(home: House, hashed: str, who: str) -> None:
    assert home.lookups.remove(hashed, who)


def sent(home: House, who: str = AMINTA) -> None:
    """A message went out, and the journal wrote it to the history."""
    assert (
        send(home, PretendCarrier(), "sms", who, home.now() + timedelta(minutes=9), Switches).result == "sent"
    )
    client = home.client("dynamodb")
    journal(home, JournalItems(client, "ledger"), client.get_item(TableName="ledger", Key=key(who))["Item"])


def test_all_who_owe_a_debt_are_in_it_after_one_run(home: House) -> None:
    come(home, phone("p1"), phone("p2"), phone("p3"))
    found = mended(home)

    assert home.obligors.people([home.keys.short_debt(DEBT)]) == set(THREE)
    assert len([one for one in found if "would leave others who owe it chased" in one.what]) == 1


@pytest.mark.parametrize("kept", THREE)
def test_who_alone_kept_their_lookup_is_in_the_debt_with_those_who_lost_it(home: House, kept: str) -> None:
    come(home, phone("p1"), phone("p2"), phone("p3"))
    home.lookups.add(home.keys.debt(DEBT), kept)
    mended(home)

    assert home.obligors.people([home.keys.short_debt(DEBT)]) == set(THREE)


def test_after_one_run_a_payment_in_full_leaves_nobody_owing(home: House) -> None:
    come(home, phone("p1"), phone("p2"), phone("p3"))
    mended(home)
    link = reference_of(THREE[0], home.keys.short_debt(DEBT), 1)
    told = PaymentTold("standard", "standard#pi_1", "e1", link, Money(150_000, "MXN"), "paid", home.now())
    hear_payment(home, told, b"raw", "main")

    assert [one.outstanding.minor for who in THREE for one in standing(home, who).debts] == [0, 0, 0]


def test_a_phone_whose_lookups_are_lost_is_taken_for_nobodys_own(home: House) -> None:
    come(home, phone("p1"), phone("p1"), phone("p1"))
    for who in THREE:
        lost(home, "p1", who)
    found = mended(home)

    assert len([one for one in found if "as if nobody else had it" in one.what]) == 3
    assert all(point.of_several for who in THREE for point in standing(home, who).points)


def test_a_phone_of_whom_it_is_not_is_the_others_own_all_the_same(home: House) -> None:
    somebody_elses = replace(phone("p1"), state=PointState.BAD, reason="wrong_person")
    come(home, phone("p1"), somebody_elses)

    assert not any("as if nobody else had it" in one.what for one in mended(home))


@pytest.mark.parametrize("reason", ["opt_out", "complaint", "erased"])
def test_an_address_that_somebody_closed_is_closed_for_everybody_again(home: House, reason: str) -> None:
    come(home, phone("p1"), phone("p1"))
    closed = f.PointStateChanged("p1", PointState.SUPPRESSED, reason)
    for who in THREE[:2]:
        change(home, who, lambda debtor, now: (closed,))
    found = mended(home)

    assert home.suppressions.reason("p1") == reason
    assert len([one for one in found if "bound only one person" in one.what]) == 1


def test_what_no_complaint_closed_stays_open_to_others(home: House) -> None:
    come(home, phone("p1"))
    change(home, THREE[0], lambda debtor, now: (f.PointStateChanged("p1", PointState.BAD, "unknown_number"),))
    mended(home)

    assert home.suppressions.reason("p1") == ""


def test_a_message_is_found_by_its_carriers_id_again_for_as_long_as_before(home: House, clock: Clock) -> None:
    settle_in(home, debtor())
    home.lookups.add(home.keys.debt(DEBT), AMINTA)
    sent(home)
    ends = clock.now + KEPT_AFTER_SENDING
    lost(home, sent_as("m-1"), AMINTA)
    clock.forward(days=10)
    (found,) = mended(home)

    assert "carrier's id" in found.what
    assert home.lookups.debtors(sent_as("m-1")) == [AMINTA]
    (item,) = home.table.query(f"LOOKUP#{sent_as('m-1')}")
    assert int(item["ttl"]["N"]) == int(ends.timestamp())


def test_a_message_of_which_no_carrier_tells_any_more_is_left_alone(home: House, clock: Clock) -> None:
    settle_in(home, debtor())
    home.lookups.add(home.keys.debt(DEBT), AMINTA)
    sent(home)
    lost(home, sent_as("m-1"), AMINTA)
    clock.forward(days=KEPT_AFTER_SENDING.days)

    assert mended(home) == []


def test_a_message_that_the_journal_has_still_to_write_is_not_lost(home: House) -> None:
    settle_in(home, debtor())
    home.lookups.add(home.keys.debt(DEBT), AMINTA)
    send(home, PretendCarrier(), "sms", AMINTA, home.now() + timedelta(minutes=9), Switches)

    assert mended(home) == []


def test_a_message_whose_fact_nobody_can_read_is_found_by_its_carriers_id_again(home: House) -> None:
    settle_in(home, debtor())
    home.lookups.add(home.keys.debt(DEBT), AMINTA)
    sent(home)
    lost(home, "sent:m-1", AMINTA)
    client = home.client("dynamodb")
    facts = [one for one in client.scan(TableName="ledger")["Items"] if one["sk"]["S"].startswith("FACT#")]
    for one in facts:
        client.put_item(TableName="ledger", Item={**one, "body": {"S": "{"}})

    assert len(mended(home)) == 1
    assert home.lookups.debtors("sent:m-1") == [AMINTA]


@pytest.mark.parametrize("under_way", [{}, {"fact": None}, {"fact": {"provider_id": "m-1"}}])
def test_a_fact_under_way_that_nobody_can_read_stops_nobody_elses_lookups(
    home: House, under_way: dict[str, Any]
) -> None:
    settle_in(home, debtor())
    home.lookups.add(home.keys.debt(DEBT), AMINTA)
    sent(home)
    lost(home, "sent:m-1", AMINTA)
    client = home.client("dynamodb")
    item = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    body = json.loads(zlib.decompress(item["body"]["B"]))
    body["debtor"]["id"], body["pending"] = THREE[1], [under_way]
    broken = {**item, "pk": key(THREE[1])["pk"], "body": {"B": zlib.compress(json.dumps(body).encode())}}
    client.put_item(TableName="ledger", Item=broken)
    told = list(lookups(home, dry_run=False))

    assert home.lookups.debtors("sent:m-1")[0] == AMINTA
    assert [one.what for one in told if one.debtor == THREE[1] and not one.is_mended] == [
        "its record cannot be read"
    ]


def test_who_shares_everything_with_somebody_whom_nobody_can_read_is_found_again(home: House) -> None:
    come(home, phone("p1"), phone("p1"), phone("p1"))
    client = home.client("dynamodb")
    item = client.get_item(TableName="ledger", Key=key(THREE[1]))["Item"]
    client.put_item(TableName="ledger", Item={**item, "body": {"B": b"poison"}})
    lost(home, "p1", THREE[0])
    told = [one for one in lookups(home, dry_run=False) if not one.is_mended]

    assert [one.debtor for one in told] == [THREE[1]]
    assert {THREE[0], THREE[2]} <= home.obligors.people([home.keys.short_debt(DEBT)])
    assert list(lookups(home, dry_run=False)) == told
