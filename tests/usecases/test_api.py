"""A creditor's systems may send, read, tell and hold: known by their key, answered alike twice, and never by a stack trace."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.openapi import PROBLEMS, document
from recobro.api_entry import STRAY, answered
from recobro.domain.facts import DebtRecorded, Erased
from recobro.house import House
from recobro.usecases.api import ROUTES
from recobro.usecases.saving import change
from tests.house import Clock, house, let_in, overtaken, settle_in, standing
from tests.sample import AMINTA, debt, debtor, playbook
from tests.usecases.test_owed_with_others import VOUCHES, vouching

KEY = "a key of the creditor's core system"
PEOPLE = 23


def person(number: int) -> str:
    return f"d{100 + number:023x}"


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        let_in(opened, "core", KEY)
        settle_in(opened, debtor())
        opened.lookups.add(opened.keys.debt("muebles/A1"), AMINTA)
        for number in range(PEOPLE):
            settle_in(opened, replace(debtor(debt(f"B{number}")), id=person(number)))
            opened.lookups.add(opened.keys.debt(f"muebles/B{number}"), person(number))
        yield opened


def ask(
    home: House,
    route: str,
    body: Any = None,
    *,
    key: str = "",
    token: str = KEY,
    query: dict[str, str] | None = None,
    **path: str,
) -> tuple[int, Any]:
    headers = {"authorization": f"Bearer {token}", **({"idempotency-key": key} if key else {})}
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    event = {
        "routeKey": route,
        "rawPath": route.partition(" ")[2].format(**path),
        "headers": headers,
        "pathParameters": path,
        "queryStringParameters": query or {},
        "body": text,
    }
    answer = answered(home, ROUTES, event)
    kind = "application/json" if answer["statusCode"] < 400 else "application/problem+json"
    assert answer["headers"]["content-type"] == kind
    return answer["statusCode"], json.loads(answer["body"])


PAYMENT = {
    "id": "p-1",
    "reference": "muebles/A1",
    "amount": 10_000,
    "currency": "MXN",
    "at": "2026-03-09T17:00:00Z",
}
PLACE = "POST /v1/debtors/{debtor}/holds"
LIFT = "DELETE /v1/debtors/{debtor}/holds/{hold}"


@pytest.mark.parametrize("token", ["", "wrong", KEY[:-1], hashlib.sha256(KEY.encode()).hexdigest()])
def test_a_stranger_learns_nothing(home: House, token: str) -> None:
    stray = {"routeKey": STRAY, "rawPath": "/v1/debtors", "headers": {"authorization": f"Bearer {token}"}}
    assert answered(home, ROUTES, stray)["statusCode"] == 401
    for route in ROUTES:
        status, problem = ask(home, route, {}, token=token, debtor=AMINTA, hold="h", key="12345678")
        assert (status, problem["title"]) == (401, "not known")
        assert set(problem) == {"type", "title", "status", "fix"}


def test_an_address_or_method_that_is_not_there_is_told_in_the_same_words(home: House) -> None:
    event: dict[str, Any] = {"routeKey": STRAY, "headers": {"authorization": f"Bearer {KEY}"}}
    for path, methods in (
        ("/v1/debtors", "GET"),
        ("/v1/debtors/search", "POST"),
        (f"/v1/debtors/{AMINTA}", "GET"),
        (f"/v1/debtors/{AMINTA}/holds/h", "DELETE"),
    ):
        answer = answered(home, ROUTES, {**event, "rawPath": path})
        assert (answer["statusCode"], answer["headers"]["allow"]) == (405, methods), path
        assert json.loads(answer["body"])["fix"] == methods
    for path in ("/v1/people", "/v1", f"/v1/debtors/{AMINTA}/holds/h/x"):
        answer = answered(home, ROUTES, {**event, "rawPath": path})
        assert (answer["statusCode"], answer["headers"]["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("written", "status"),
    [("100.0", 200), ("1e2", 200), ("100.5", 422), ("1e999", 422), ("1e9999999999999999999", 422)],
)
def test_a_whole_number_may_be_written_as_json_schema_lets_it(home: House, written: str, status: int) -> None:
    body = json.dumps({**PAYMENT, "id": f"p-{written}", "reference": "muebles/B10"}).replace("10000", written)
    assert ask(home, "POST /v1/payments", body, key=f"written {written}")[0] == status
    amounts = [one.amount for one in standing(home, person(10)).payments if one.intent == f"api#p-{written}"]
    assert amounts == ([100] if status == 200 else [])


def test_everybody_is_read_page_by_page_and_once(home: House) -> None:
    met: list[str] = []
    cursor = ""
    while True:
        query = {"limit": "7", **({"cursor": cursor} if cursor else {})}
        status, page = ask(home, "GET /v1/debtors", query=query)
        assert status == 200
        met += [one["id"] for one in page.get("items", [])]
        cursor = page.get("next", "")
        if not cursor:
            break
    assert len(met) == len(set(met)) == PEOPLE + 1
    for wrong in ({"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"cursor": "bm9uZQ"}, {"cursor": "é"}):
        assert ask(home, "GET /v1/debtors", query=wrong)[0] == 422


def test_a_person_is_shown_without_name_or_address(home: House) -> None:
    status, found = ask(home, "POST /v1/debtors/search", {"reference": "muebles/A1"})
    assert (status, found) == (200, {"debtors": [AMINTA]})
    status, shown = ask(home, "GET /v1/debtors/{debtor}", debtor=AMINTA)
    assert status == 200
    assert shown["debts"][0]["debt"] == "muebles/A1"
    personal = standing(home, AMINTA).personal
    for told in (personal.name, personal.national_id, *personal.points.values()):
        assert not told or told not in json.dumps(shown)
    for nobody in ("d" + "0" * 22 + "z", "x", "STATE", "d" * 3000):
        assert ask(home, "GET /v1/debtors/{debtor}", debtor=nobody)[0] == 404


def test_a_payment_told_twice_is_posted_once_and_answered_alike(home: House) -> None:
    first = ask(home, "POST /v1/payments", PAYMENT, key="payment-0001")
    again = ask(home, "POST /v1/payments", PAYMENT, key="payment-0001")
    assert first == again == (200, {"result": "posted"})
    assert len(standing(home, AMINTA).payments) == 1
    other_key = ask(home, "POST /v1/payments", PAYMENT, key="payment-0002")
    assert other_key == first, "the money's own id is its identity"
    assert len(standing(home, AMINTA).payments) == 1
    status, problem = ask(home, "POST /v1/payments", {**PAYMENT, "amount": 5}, key="payment-0001")
    assert (status, problem["title"]) == (409, "conflict")
    assert ask(home, "POST /v1/payments", PAYMENT)[0] == 422
    unknown = ask(
        home, "POST /v1/payments", {**PAYMENT, "id": "p-9", "reference": "muebles/none"}, key="payment-0009"
    )
    assert unknown == (200, {"result": "quarantined"})


OTHERWISE = {"reference": "muebles/B1", "amount": 9_999, "currency": "USD", "at": "2026-03-09T17:00:01Z"}


@pytest.mark.parametrize("member", OTHERWISE)
def test_one_id_is_one_payment_and_told_otherwise_it_is_refused_and_changes_nothing(
    home: House, member: str
) -> None:
    route, body = "POST /v1/payments", {**PAYMENT, "id": "p-2", "amount": 2_000}
    status, first = ask(home, route, body, key="told first")
    assert (status, first["result"]) == (200, "posted")
    assert ask(home, route, body, key="told by another program") == (200, first), "the first answer"

    before = standing(home, AMINTA)
    status, problem = ask(home, route, {**body, member: OTHERWISE[member]}, key=f"otherwise {member}")
    assert (status, problem["title"]) == (409, "conflict")
    assert member in problem["detail"]
    assert "p-2" in problem["detail"]
    assert standing(home, AMINTA) == before


def test_of_two_programs_that_tell_one_id_differently_at_once_one_is_heard(home: House) -> None:
    body = {**PAYMENT, "id": "p-3", "amount": 3_000}
    other = {**body, "amount": 4_000}
    answers: list[tuple[int, Any]] = []

    def meanwhile() -> None:
        answers.append(ask(home, "POST /v1/payments", other, key="the faster one"))

    answers.append(
        ask(overtaken(home, "ANSWER#payment-", meanwhile), "POST /v1/payments", body, key="the slower one")
    )
    assert [status for status, _ in answers] == [200, 409]
    paid = [one.amount for one in standing(home, AMINTA).payments if one.intent == "api#p-3"]
    assert paid == [4_000]


def test_what_was_paid_may_go_back_in_parts_under_the_same_id(home: House) -> None:
    body = {**PAYMENT, "id": "p-4", "amount": 5_000}
    told = [("paid", 5_000), ("refunded", 1_000), ("refunded", 2_500)]
    results = [
        ask(home, "POST /v1/payments", {**body, "status": status, "amount": amount}, key=f"word {number:04d}")
        for number, (status, amount) in enumerate(told)
    ]
    assert [one[0] for one in results] == [200, 200, 200]
    assert next(one.left for one in standing(home, AMINTA).payments if one.intent == "api#p-4") == 2_500


def test_a_hold_is_placed_once_seen_and_lifted(home: House) -> None:
    who = person(3)
    wanted = {"reason": "dispute", "review_at": "2026-04-01T12:00:00Z", "debts": ["muebles/B3"]}
    status, held = ask(home, PLACE, wanted, key="hold-0001", debtor=who)
    assert (status, held["debtors"]) == (201, [who])
    assert ask(home, PLACE, wanted, key="hold-0001", debtor=who) == (status, held)
    shown = ask(home, "GET /v1/debtors/{debtor}", debtor=who)[1]
    assert [(one["id"], one["owner"]) for one in shown["holds"]] == [(held["hold"], "core")]
    for _ in range(2):
        assert ask(home, LIFT, debtor=who, hold=held["hold"])[0] == 200
    assert ask(home, LIFT, debtor=who, hold="none")[0] == 404
    assert not ask(home, "GET /v1/debtors/{debtor}", debtor=who)[1].get("holds")
    for field, wrong in (
        ("review_at", "2020-01-01T00:00:00Z"),
        ("debts", ["muebles/A1"]),
        ("creditor", "nobody"),
        ("reason", "whim"),
    ):
        status, problem = ask(home, PLACE, {**wanted, field: wrong}, key=f"hold-{field}", debtor=who)
        assert (status, problem["field"].partition("[")[0]) == (422, field)


def test_a_hold_over_several_debts_tells_a_guarantor_of_no_other_than_theirs(home: House) -> None:
    own = replace(debt("P7"), creditor="andes", currency="COP")
    change(home, AMINTA, lambda debtor, now: (DebtRecorded(own),))
    vouching(home)
    wanted = {
        "reason": "dispute",
        "review_at": "2026-04-01T12:00:00Z",
        "debts": ["muebles/A1", "andes/P7"],
    }
    status, held = ask(home, PLACE, wanted, key="hold-several", debtor=AMINTA)

    assert (status, set(held["debtors"])) == (201, {AMINTA, VOUCHES})
    (theirs,) = standing(home, VOUCHES).holds
    assert theirs.debts == ("muebles/A1",)
    assert standing(home, AMINTA).holds[-1].debts == ("muebles/A1", "andes/P7")


def test_an_instant_of_any_zone_is_kept_as_ours_are_and_one_of_no_use_is_refused(home: House) -> None:
    """The index of who is due sorts instants as text: 12:00-06:00 would come six hours early."""
    who = person(5)
    wanted = {"reason": "dispute", "review_at": "2026-04-01T12:00:00-06:00"}
    assert ask(home, PLACE, wanted, key="hold-zone", debtor=who)[0] == 201
    item = home.client("dynamodb").get_item(
        TableName="ledger", Key={"pk": {"S": f"DEBTOR#{who}"}, "sk": {"S": "STATE"}}
    )["Item"]
    assert item["due_at"]["S"] == "2026-04-01T18:00:00Z"
    for at in ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+12:00"):
        status, problem = ask(home, PLACE, {**wanted, "review_at": at}, key=f"hold-{at}", debtor=who)
        assert (status, problem["field"]) == (422, "review_at")
    for at in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "2026-03-11T18:06:00Z"):
        paid = {**PAYMENT, "id": "p-at", "reference": "muebles/B5", "at": at}
        status, problem = ask(home, "POST /v1/payments", paid, key=f"paid-{at}")
        assert (status, problem["field"]) == (422, "at")
    assert not standing(home, who).payments


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("POST /v1/payments", {**PAYMENT, "reference": "\ud800"}),
        ("POST /v1/debtors/search", {"reference": "muebles/\udfff"}),
        ("POST /v1/portfolio", {"rows": [{"nombre": "A\ud800"}], "as_of": "2026-03-09", "feed": "delta"}),
        ("POST /v1/contacts", {"contacts": [{"at": "\ud800", "channel": "sms", "debt": "A1"}]}),
    ],
)
def test_half_of_a_letter_is_refused_and_breaks_nothing(home: House, route: str, body: Any) -> None:
    status, problem = ask(home, route, body, key="half-a-letter")
    assert (status, problem["field"]) == (422, "body")
    assert ask(home, "POST /v1/debtors/search", {"reference": "muebles/A1 \U0001f600"})[0] == 200


def test_a_page_of_no_length_or_of_no_place_is_refused(home: House) -> None:
    place = base64.urlsafe_b64encode(b"pre_due:0:" + b"x" * 3_000 + b"|d").decode()
    for wrong in ({"limit": "9" * 5_000}, {"cursor": place}):
        assert ask(home, "GET /v1/debtors", query=wrong)[0] == 422


def test_nothing_more_is_recorded_of_whom_we_have_forgotten(home: House) -> None:
    """And a hold of a debt that they shared is the others'."""
    gone, other = person(7), person(8)
    change(home, gone, lambda debtor, now: (Erased("letter"),))
    version = standing(home, gone).version
    home.obligors.add(home.keys.short_debt("muebles/B8"), {gone, other, "d" + "9" * 23})
    wanted = {"reason": "dispute", "review_at": "2026-04-01T12:00:00Z"}

    assert ask(home, PLACE, wanted, key="hold-gone", debtor=gone)[0] == 404
    assert ask(home, LIFT, debtor=gone, hold="h")[0] == 404
    status, held = ask(home, PLACE, {**wanted, "debts": ["muebles/B8"]}, key="hold-both", debtor=other)
    assert (status, held["debtors"]) == (201, [other])
    assert standing(home, gone).version == version


def test_contacts_made_elsewhere_count_and_bad_ones_come_back_with_their_reason(home: House) -> None:
    made = {"at": "2026-03-08 17:00", "channel": "sms", "debt": "A1", "creditor": "muebles"}
    told = {"contacts": [made, {**made, "channel": "pigeon"}]}
    status, taken = ask(home, "POST /v1/contacts", told, key="contacts-1")
    assert status == 200
    assert (taken["counted"], [one["number"] for one in taken["rejected"]]) == (1, [2])
    assert any(one.by == "creditor" for one in standing(home, AMINTA).attempts)


def test_rows_become_a_file_like_any_other(home: House) -> None:
    sent = {"rows": [{"contrato": "Z-1", "nombre": "Ana"}], "as_of": "2026-03-09", "feed": "delta"}
    status, taken = ask(home, "POST /v1/portfolio", sent, key="portfolio-1")
    assert status == 202
    dropped = home.files.about(taken["file"])
    assert dropped.declared == {"feed": "delta", "as-of": "2026-03-09"}
    assert json.loads(home.files.read(taken["file"])) == sent["rows"][0]
    assert ask(home, "POST /v1/portfolio", sent, key="portfolio-1")[1] == taken
    wrongs: list[dict[str, Any]] = [
        {"rows": []},
        {"feed": "some"},
        {"as_of": "2031-01-01"},
        {"as_of": "yesterday"},
    ]
    for number, wrong in enumerate(wrongs):
        assert ask(home, "POST /v1/portfolio", {**sent, **wrong}, key=f"portfolio-x{number}")[0] == 422


def test_the_document_holds_every_route_and_every_answer_has_its_shape() -> None:
    told = document("https://pagos.example.com")
    listed = {f"{method.upper()} {path}" for path, one in told["paths"].items() for method in one}
    assert listed == set(ROUTES)
    for path in told["paths"].values():
        for operation in path.values():
            assert "401" in operation["responses"]
            assert set(operation["responses"]) <= {"200", "201", "202", "429", *PROBLEMS}
    text = json.dumps(told)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert told["components"]["schemas"][name]["properties"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [
        "id",
        "reference",
        "amount",
        "currency",
        "at",
        "rows",
        "as_of",
        "feed",
        "contacts",
        "reason",
        "review_at",
        "debts",
    ]
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from(sorted(ROUTES)),
    body=st.dictionaries(
        WORDS, JUNK | st.sampled_from(["dispute", "2026-05-01T00:00:00", "2026-05-01"]), max_size=6
    )
    | JUNK,
    raw=st.none() | st.text(max_size=30),
    key=st.text(max_size=40),
    query=st.dictionaries(st.sampled_from(["limit", "cursor", "x"]), st.text(max_size=20), max_size=2),
    debtor_id=st.text(min_size=1, max_size=30) | st.just(AMINTA),
)
def test_whatever_is_asked_the_answer_is_one_that_the_document_tells_of(
    home: House, route: str, body: Any, raw: str | None, key: str, query: dict[str, str], debtor_id: str
) -> None:
    method, path = route.split()
    status, _ = ask(
        home, route, raw if raw is not None else body, key=key, query=query, debtor=debtor_id, hold="h"
    )
    assert str(status) in document()["paths"][path][method.lower()]["responses"]


def test_the_api_answers_what_is_kept_for_two_days_and_no_longer(home: House) -> None:
    item = next(
        one
        for one in home.client("dynamodb").scan(TableName="ledger")["Items"]
        if one["pk"]["S"].startswith("ANSWER#")
    )
    kept = int(item["ttl"]["N"]) - int(home.now().timestamp())
    assert timedelta(hours=47).total_seconds() < kept <= timedelta(hours=48).total_seconds()
    assert KEY not in json.dumps(item)
    assert playbook().client.api.enabled is False
