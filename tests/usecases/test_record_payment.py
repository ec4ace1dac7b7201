"""What the client's own system tells of is posted by the same rules, once for each key, and told back in plain words."""

import json
from typing import Any

import pytest

from recobro.domain.debt import DebtStatus
from recobro.errors import Conflict, InvalidInput
from recobro.house import House
from recobro.ports import Forged
from recobro.problem import answered
from recobro.usecases.record_payment import Recorded, record_payment
from tests.house import CALLER_KEY, Clock, standing
from tests.sample import AMINTA

PAID: dict[str, Any] = {"reference": "muebles/A1", "amount": "500.00", "currency": "MXN", "method": "cash"}


def post(home: House, body: Any = PAID, once: str = "order-000001", key: str = CALLER_KEY) -> Recorded:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return record_payment(home, {"authorization": f"Bearer {key}", "idempotency-key": once}, raw)


def left(home: House) -> int:
    return standing(home, AMINTA).debts[0].outstanding.minor


def test_a_payment_is_posted_once_for_each_key(known: House, clock: Clock) -> None:
    first = post(known)
    clock.forward(hours=5)
    again = post(known)

    assert (first.told.result, first.is_repeated) == ("posted", False)
    assert (again.told.result, again.is_repeated, left(known)) == ("repeated", True, 100_000)
    assert post(known, once="order-000002").told.result == "posted"
    assert left(known) == 50_000


@pytest.mark.parametrize(
    "change", [{"amount": "500.01"}, {"currency": "USD"}, {"reference": "muebles/B2"}, {"method": "spei"}]
)
def test_the_same_key_with_other_words_is_a_conflict_and_moves_nothing(
    known: House, change: dict[str, str]
) -> None:
    post(known)
    with pytest.raises(Conflict):
        post(known, PAID | change)

    assert left(known) == 100_000


def test_a_payment_is_reversed_by_the_key_that_told_of_it_and_a_person_looks(known: House) -> None:
    post(known, PAID | {"amount": 1500})
    assert standing(known, AMINTA).debts[0].status is DebtStatus.PAID
    done = post(known, {"reverses": "order-000001", "amount": 1500, "currency": "MXN"}, once="reversal-01")
    person = standing(known, AMINTA)

    assert (done.told.result, left(known)) == ("reversed", 150_000)
    assert any(one.binds("muebles/A1", known.now()) for one in person.holds)


def test_what_fits_no_debt_waits_in_quarantine_like_any_other(known: House) -> None:
    done = post(known, PAID | {"reference": "muebles/NOBODY"})

    assert (done.told.result, done.told.reason) == ("quarantined", "unknown reference")
    assert [one.intent for one in known.payments.quarantined()] == ["api#erp:order-000001"]


@pytest.mark.parametrize("key", ["", "x", CALLER_KEY[:-1], CALLER_KEY + " x", "ñ" * 40])
def test_a_stranger_is_refused_before_anything_is_read(known: House, key: str) -> None:
    with pytest.raises(Forged):
        post(known, b"\xff", key=key)
    with pytest.raises(Forged):
        record_payment(known, {}, b"{}")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"not json", "body"),
        (b"[]", "body"),
        (b"x" * 20_000, "body"),
        ({}, "amount"),
        ({**PAID, "amount": None}, "amount"),
        ({**PAID, "amount": "1.234"}, "amount"),
        ({**PAID, "amount": "-5"}, "amount"),
        ({**PAID, "amount": 0}, "amount"),
        ({**PAID, "amount": "1e3"}, "amount"),
        ({**PAID, "amount": 10**20}, "amount"),
        ({**PAID, "amount": True}, "amount"),
        ({**PAID, "currency": "pesos"}, "currency"),
        ({**PAID, "reference": ""}, "reference"),
        ({**PAID, "paid_at": "ayer"}, "paid_at"),
        ({**PAID, "paid_at": "2030-01-01T00:00:00Z"}, "paid_at"),
        ({**PAID, "monto": 5}, "monto"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(known: House, body: Any, field: str) -> None:
    version = standing(known, AMINTA).version
    with pytest.raises(InvalidInput) as refused:
        post(known, body)

    assert refused.value.field == field
    assert standing(known, AMINTA).version == version


@pytest.mark.parametrize("once", ["", "short", "x" * 129, "línea-con-acento", "con\nsalto-de-linea"])
def test_without_a_key_for_once_nothing_is_taken(known: House, once: str) -> None:
    with pytest.raises(InvalidInput, match="Idempotency-Key"):
        post(known, once=once)


def test_problems_are_told_as_rfc_9457_has_them_and_strangers_learn_nothing(known: House) -> None:
    def answer_to(body: Any, key: str = CALLER_KEY) -> tuple[int, str, Any]:
        told = answered(known, "calls", {"body": ""}, lambda: (201, {"x": str(post(known, body, key=key))}))
        return told["statusCode"], told["headers"]["content-type"], json.loads(told["body"])

    status, kind, told = answer_to({**PAID, "amount": "1.234"})
    assert (status, told["status"], told["field"]) == (422, 422, "amount")
    assert kind.startswith("application/problem+json")
    assert answer_to(PAID, key="nobody")[2] == {"type": "about:blank", "title": "Unauthorized", "status": 401}
    assert answer_to(PAID)[0] == 201
    assert answer_to(PAID | {"amount": 7})[0] == 409
    assert len(list(known.asides.list("calls"))) == 1
