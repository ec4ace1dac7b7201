"""What webhooks missed is heard by the same path, and every day's money balances to zero."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from recobro.domain.client import Gateway
from recobro.domain.payment import Payment
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.ports import HttpReply
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.payments import assign, close, undo
from recobro.usecases.reconcile_payments import day_report, reconcile_payments, today_of_client
from tests.adapters.gateways_api import MERCADO_PAGO, OPENPAY, Api, spoken, told_by
from tests.adapters.gateways_spoken import NOW
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debtor, playbook
from tests.usecases.test_hear_payment import journaled, told

HINT = spoken("mercado_pago")
PAYMENT = {**MERCADO_PAGO, "external_reference": f"{AMINTA}:muebles/A1", "transaction_amount": 400}


def page(*payments: Any) -> dict[str, Any]:
    """An answer of GET /v1/payments/search."""
    return {"results": list(payments), "paging": {"total": len(payments), "limit": 100, "offset": 0}}


@pytest.fixture
def api() -> Api:
    return Api([page(PAYMENT)])


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def missed(api: Api, clock: Clock) -> Iterator[House]:
    """A house whose gateway took a payment and told nobody."""
    book = playbook()
    gateways = {"mercado_pago": Gateway("main", merchant=HINT.merchant), **book.client.gateways}
    book = replace(book, client=replace(book.client, gateways=gateways))
    keys = {"mercado_pago/main": {"secrets": list(HINT.secrets[:2]), "api_key": HINT.api_key}}
    with house(clock, book=book, http=api, gateways=keys) as opened:
        settle_in(opened, debtor())
        yield opened


def run(home: House) -> Any:
    return reconcile_payments(home, home.now() + timedelta(minutes=9))


def balance(home: House) -> Any:
    (found,) = day_report(home, today_of_client(home)).balances
    return found


def test_what_the_gateway_never_told_is_found_and_posted_once(missed: House, api: Api, clock: Clock) -> None:
    done = run(missed)
    assert (done.listed, done.heard["posted"]) == (1, 1)
    clock.forward(hours=1)
    assert run(missed).heard == {"repeated": 1}
    assert standing(missed, AMINTA).debts[0].outstanding.minor == 110_000


def test_each_run_asks_from_where_the_last_one_ended_and_a_little_before(
    missed: House, api: Api, clock: Clock
) -> None:
    run(missed)
    clock.forward(hours=2)
    run(missed)
    begins = [one[1].split("begin_date=")[1][:13] for one in api.asked]

    assert begins == [
        f"{NOW - timedelta(days=3, hours=6):%Y-%m-%dT%H}",
        f"{NOW - timedelta(hours=6):%Y-%m-%dT%H}",
    ]


def test_a_gateway_that_does_not_answer_is_asked_from_the_same_place_again(
    missed: House, api: Api, clock: Clock
) -> None:
    api.answers[:] = [HttpReply(503, b"")]
    assert list(run(missed).failed) == ["mercado_pago/main"]
    api.answers[:] = [page(PAYMENT)]
    clock.forward(hours=1)
    done = run(missed)

    assert (done.failed, done.heard["posted"]) == ({}, 1)


def test_a_gateway_without_a_list_is_named_and_harms_nobody(missed: House) -> None:
    assert run(missed).cannot_list == ["standard/main"]


def test_a_hint_whose_question_was_lost_is_asked_again(missed: House, api: Api) -> None:
    hear_payment(missed, told_by("mercado_pago"), b"raw", "main", merchant=HINT.merchant)
    api.answers[:] = [page(), PAYMENT]
    done = run(missed)

    assert (done.asked, done.heard) == (1, {"posted": 1})


def test_a_payment_whose_posting_died_half_way_is_finished(missed: House, api: Api) -> None:
    """Its raw event was kept; then the function died, and the gateway gave up."""
    api.answers[:] = [page()]

    def die(**_: Any) -> None:
        raise RuntimeError

    events = missed._dynamodb.meta.events
    events.register("before-call.dynamodb.PutItem", die, unique_id="die")
    with pytest.raises(RuntimeError):
        told(missed, amount=5_000)
    events.unregister("before-call.dynamodb.PutItem", unique_id="die")
    assert (balance(missed).unaccounted, balance(missed).is_even) == (5_000, False)
    run(missed)
    journaled(missed)

    assert balance(missed).is_even
    assert standing(missed, AMINTA).debts[0].outstanding.minor == 145_000


def test_yesterdays_report_lies_in_the_clients_bucket(missed: House, clock: Clock) -> None:
    told(missed, amount=5_000)
    journaled(missed)
    told(missed, amount=700, intent="standard#lost", reference="ilegible")
    day = today_of_client(missed)
    clock.forward(days=1)
    assert run(missed).uneven == []
    report = json.loads(missed.files.read(f"reports/payments/{day}.json"))

    assert report["is_even"]
    assert [(one["received"], one["posted"], one["quarantined"]) for one in report["balances"]] == [
        (5_700, 5_000, 700)
    ]
    assert [one["intent"] for one in report["not_simply_posted"]] == ["standard#lost"]


def test_what_is_not_accounted_for_a_day_later_is_named(missed: House, clock: Clock) -> None:
    told(missed, amount=5_000)  # its journal entry never comes
    day = today_of_client(missed)
    clock.forward(days=1)

    assert run(missed).uneven == [f"{day} MXN"]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_to_money_the_day_balances_and_agrees_with_the_ledger(
    known: House, seed: int
) -> None:
    """Any order of captures, refunds, chargebacks, test payments, unreadable references, placings and second thoughts."""
    chance = random.Random(seed)
    start = known.now()
    for step in range(40):
        _anything(known, chance, step, start)
    (found,) = day_report(known, today_of_client(known)).balances
    held: list[Payment] = list(standing(known, AMINTA).payments)

    assert found.is_even
    assert found.posted == sum(one.left for one in held)
    assert found.received == found.posted + found.quarantined + found.reversed


def _anything(home: House, chance: random.Random, step: int, start: Any) -> None:
    intent = f"standard#{chance.randrange(8)}"
    doing = chance.random()
    if doing < 0.6:
        statuses = ("paid", "paid", "pending", "failed", "refunded", "charged_back", "reinstated")
        reference = "ilegible" if int(intent[-1]) % 3 == 0 else f"{AMINTA}:muebles/A1"
        told(home, chance.choice(statuses), chance.choice((500, 1_000, 1_700)), intent=intent, minutes=step,
             reference=reference, at=start)  # fmt: skip
    else:
        try:
            if doing < 0.75:
                assign(home, intent, "muebles/A1", "ana", "chance")
            elif doing < 0.9:
                undo(home, intent, "ana", "chance")
            else:
                close(home, intent, chance.choice(("reject", "send_back")), "ana", "chance")
        except (InvalidInput, NotFound):
            pass  # nobody can decide that about this payment now
    journaled(home)


def test_a_voucher_whose_payment_nobody_told_is_found_however_long_ago_it_was_made() -> None:
    """Openpay's charge.succeeded of a shop: operation_date is when it was paid, creation_date when the voucher was made."""
    made, openpay, clock = NOW - timedelta(days=20), spoken("openpay"), Clock(NOW)
    voucher = OPENPAY | {
        "order_id": f"{AMINTA}:muebles/A1", "amount": 400, "creation_date": made.isoformat(), "operation_date": NOW.isoformat(),
    }  # fmt: skip

    def api(method: str, url: str, headers: Any, body: bytes = b"", *, idempotency: str = "") -> HttpReply:
        """Lists what was made on the days asked for."""
        days = parse_qs(urlsplit(url).query)
        is_asked = days["creation[gte]"][0] <= f"{made:%Y-%m-%d}" <= days["creation[lte]"][0]
        return HttpReply(200, json.dumps([voucher] if is_asked else []).encode())

    book = playbook()
    gateways = {"openpay": Gateway("main", merchant=openpay.merchant)}
    book = replace(book, client=replace(book.client, gateways=gateways))
    keys = {"openpay/main": {"secrets": list(openpay.secrets[:2]), "api_key": openpay.api_key}}
    with house(clock, book=book, http=api, gateways=keys) as home:
        settle_in(home, debtor())
        assert run(home).heard["posted"] == 1
        assert standing(home, AMINTA).debts[0].outstanding.minor == 110_000
        clock.forward(days=3)
        run(home)
        assert run(home).listed == 0
