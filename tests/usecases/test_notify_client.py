"""What happens to a debtor reaches the client's own systems signed, whole, under one id, until they say that they have it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain import facts as f
from recobro.domain.allocation import Split
from recobro.domain.client import Notify
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.notices import EVENTS, KINDS, notice_of
from recobro.domain.payment import Payment
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.errors import InvariantBroken, NotFound, Unavailable
from recobro.house import House
from recobro.ports import HttpReply
from recobro.usecases.journal import journal
from recobro.usecases.notify_client import again, notify_client, told_of
from recobro.usecases.saving import change
from tests.adapters.gateways_api import Api
from tests.house import Clock, house, standing
from tests.sample import AMINTA, playbook
from tests.usecases.conftest import at_home

SECRET = "whsec_" + "bm90aWNlcyBhcmUgc2lnbmVkIGluIHRlc3RzIHRvbw=="
PLACES = (
    Notify("core", "https://core.example.com/recobro"),
    Notify("books", "https://books.example.com/", ("payment.posted",)),
)
OK = HttpReply(204, b"")


def told(*answers: HttpReply, places: tuple[Notify, ...] = PLACES) -> tuple[Api, Any]:
    api, sample = Api(list(answers) or [OK]), playbook()
    return api, house(Clock(), book=replace(sample, client=replace(sample.client, notify=places)), http=api)


@pytest.fixture
def heard() -> Iterator[tuple[Api, House]]:
    api, opening = told()
    with opening as home:
        settle(home)
        yield api, home


def settle(home: House) -> None:
    """The invented person is known, the secrets are set."""
    at_home(home)
    client, arn = home.client("secretsmanager"), home.settings.secret
    values = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    values["notify"] = {"core": [SECRET], "books": [SECRET]}
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(values))


def paid(home: House, amount: int = 50_000) -> tuple[int, int]:
    """(version, number) of a payment's fact, in the history."""
    posted = Payment("standard#1", "muebles/A1", amount, "MXN", home.now(), split=Split(principal=amount))
    change(home, AMINTA, lambda debtor, now: (f.PaymentPosted(posted),))
    return journaled(home, "payment_posted")


def journaled(home: House, kind: str) -> tuple[int, int]:
    client = home.client("dynamodb")
    image = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    saved = journal(home, JournalItems(client, "ledger"), image)
    return next((one["version"], one["number"]) for one in saved.facts if one["fact"]["kind"] == kind)


def test_a_payment_is_told_signed_so_that_the_specifications_own_library_agrees(
    heard: tuple[Api, House],
) -> None:
    api, home = heard
    version, number = paid(home)
    assert notify_client(home, AMINTA, version, number, "core") == "told"
    method, url, headers, body, _ = api.asked[0]
    assert (method, url) == ("POST", "https://core.example.com/recobro")
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert Webhook(SECRET).sign(headers["webhook-id"], at, body.decode()) == headers["webhook-signature"]
    assert headers["webhook-id"] == f"n-{AMINTA}-{version}-{number}"
    assert json.loads(body) == {
        "type": "payment.posted",
        "timestamp": home.now().isoformat().replace("+00:00", "Z"),
        "data": {
            "debtor": AMINTA, "payment": "standard#1", "part": 1, "debt": "muebles/A1", "amount": 50_000, "currency": "MXN",
        },
    }  # fmt: skip


def test_told_twice_it_has_the_same_id_and_the_same_words(heard: tuple[Api, House]) -> None:
    api, home = heard
    place = paid(home)
    for _ in range(2):
        notify_client(home, AMINTA, *place, "core")
    first, again = api.asked
    assert (first[2]["webhook-id"], first[3]) == (again[2]["webhook-id"], again[3])


@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 429, 500])
def test_any_answer_but_a_2xx_comes_again(status: int) -> None:
    _, opening = told(HttpReply(status, b""), OK)
    with opening as home:
        settle(home)
        place = paid(home)
        with pytest.raises(Unavailable, match=f"core answered {status}"):
            notify_client(home, AMINTA, *place, "core")
        assert notify_client(home, AMINTA, *place, "core") == "told"


def test_a_place_hears_only_what_it_asks_for_and_one_that_is_gone_nothing(heard: tuple[Api, House]) -> None:
    api, home = heard
    hold = Hold("h1", HoldReason.DISPUTE, home.now(), "debtor", debts=("muebles/A1",))
    change(home, AMINTA, lambda debtor, now: (f.HoldPlaced(hold),))
    opened = journaled(home, "hold_placed")
    assert notify_client(home, AMINTA, *opened, "books") == "not_wanted"
    assert notify_client(home, AMINTA, *opened, "taken out of the file") == "not_wanted"
    assert api.asked == []
    assert notify_client(home, AMINTA, *opened, "core") == "told"


def test_without_a_secret_nothing_is_sent_and_what_nobody_recorded_is_not_found() -> None:
    api, opening = told()
    with opening as home:
        at_home(home)
        with pytest.raises(InvariantBroken, match="no secret is set for core"):
            notify_client(home, AMINTA, *paid(home), "core")
        with pytest.raises(NotFound):
            notify_client(home, AMINTA, 999, 0, "core")
        assert api.asked == []


def test_both_secrets_sign_while_one_follows_the_other(heard: tuple[Api, House]) -> None:
    api, home = heard
    client, arn = home.client("secretsmanager"), home.settings.secret
    values = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    newer = "whsec_" + "YSBuZXdlciBzZWNyZXQgdGhhdCBmb2xsb3dzIHRoZSBvbGQ="
    client.put_secret_value(
        SecretId=arn, SecretString=json.dumps({**values, "notify": {"core": [newer, SECRET]}})
    )
    notify_client(home, AMINTA, *paid(home), "core")
    _, _, headers, body, _ = api.asked[0]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert headers["webhook-signature"].split() == [
        Webhook(one).sign(headers["webhook-id"], at, body.decode()) for one in (newer, SECRET)
    ]


def test_the_journal_hands_on_what_may_be_told_once_a_place_and_nothing_else(
    heard: tuple[Api, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, home = heard
    sqs = home.client("sqs")
    url = sqs.create_queue(QueueName="client-notices")["QueueUrl"]
    monkeypatch.setenv("QUEUE_CLIENT_NOTICES", url)
    version, number = paid(home)
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    ids = {"debtor": AMINTA, "version": str(version), "number": str(number)}
    assert sorted((json.loads(one["Body"]) for one in messages), key=lambda one: one["to"]) == [
        {**ids, "to": "books"},
        {**ids, "to": "core"},
    ]
    change(home, AMINTA, lambda debtor, now: (f.PlanMoved("none"),))
    journaled(home, "plan_moved")
    assert "Messages" not in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)

    assert list(again(home, AMINTA, "core")) == [{**ids, "to": "core"}]


def test_everything_that_may_be_told_is_and_none_of_it_names_anybody(heard: tuple[Api, House]) -> None:
    _, home = heard
    now = home.now()
    promise = PromiseToPay(
        "pr1", 1, "muebles", "MXN", 50_000, date(2026, 3, 12), date(2026, 3, 16), now, debts=("muebles/A1",)
    )
    broken = replace(promise, id="pr2")
    hold = Hold("h1", HoldReason.DISPUTE, now, "debtor", debts=("muebles/A1",))
    other = Hold("h2", HoldReason.HARDSHIP, now, "debtor")
    posted = Payment("standard#1", "muebles/A1", 150_000, "MXN", now, split=Split(principal=150_000))
    everything: tuple[f.Fact, ...] = (
        f.EpisodeOpened(1, "muebles", "MXN"),
        f.PromiseMade(promise), f.PromiseMade(broken),
        f.PromiseJudged("pr1", PromiseStatus.KEPT, 50_000), f.PromiseJudged("pr2", PromiseStatus.BROKEN, 0),
        f.HoldPlaced(hold), f.HoldPlaced(other), f.HoldLifted("h1", "ana"), f.HoldLifted("h2", "ana"),
        f.PaymentPosted(posted), f.EpisodeClosed(1, "cured"),
        f.PaymentReversed("standard#1", "muebles/A1", 150_000, "charged_back", Split(principal=150_000)),
    )  # fmt: skip
    change(home, AMINTA, lambda debtor, now: everything)
    found = [one for _, _, one in told_of(home, AMINTA)]
    assert sorted({one.type for one in found}) == sorted(EVENTS)
    assert len(found) == len(everything) - 3, (
        "an episode that opens and what is no dispute are nobody's affair"
    )
    written = json.dumps([dict(one.data) for one in found])
    personal = standing(home, AMINTA).personal
    for name in (personal.name, personal.given_name, *personal.points.values(), "ana"):
        assert name not in written


def test_what_gave_way_to_another_date_is_neither_kept_nor_broken() -> None:
    judged = {"kind": "promise_judged", "promise": "pr1", "status": "void", "paid": 0}
    with house(Clock()) as home:
        at_home(home)
        assert notice_of(judged, standing(home, AMINTA)) is None
        assert "promise_judged" in KINDS
