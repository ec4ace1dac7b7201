"""Money that is told of counts once, stops every contact about its debt, and is never dropped."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recobro.adapters.gateways import gateway_named
from recobro.adapters.gateways.standard import StandardWebhooks, signature
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain.client import Gateway
from recobro.domain.debt import DebtStatus
from recobro.entry import asked
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.ports import Forged, Webhook
from recobro.usecases.journal import journal
from recobro.usecases.receive_payment import MAX_BODY, Told, receive_payment, shown
from tests.adapters.gateways_api import spoken
from tests.adapters.gateways_base import Spoken
from tests.adapters.gateways_spoken import NOW
from tests.house import WEBHOOK_SECRET, Clock, PretendCarrier, attempts, house, settle_in, standing
from tests.sample import AMINTA, debtor, playbook
from tests.usecases.test_send import sent


def webhook(
    home: House, data: dict[str, Any], *, secret: str = WEBHOOK_SECRET, at: int | None = None
) -> Told:
    body = json.dumps({"type": "payment.succeeded", "data": data}).encode()
    stamp = str(at if at is not None else int(home.now().timestamp()))
    mac = hmac.new(base64.b64decode(secret[6:]), f"msg_1.{stamp}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(mac.digest()).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}
    return receive_payment(home, StandardWebhooks(), "main", Webhook(body, headers))


def paying(
    ident: str = "pi_1", amount: int = 150_000, currency: str = "MXN", reference: str = ""
) -> dict[str, Any]:
    return {
        "id": ident,
        "reference": reference or f"{AMINTA}:muebles/A1",
        "amount": amount,
        "currency": currency,
    }


def test_a_payment_is_posted_once_however_often_it_is_told(known: House) -> None:
    assert webhook(known, paying(amount=50_000)).result == "posted"
    webhook(known, paying(amount=50_000))
    webhook(known, paying(amount=50_000))
    assert standing(known, AMINTA).debts[0].outstanding.minor == 100_000


def test_after_the_answer_nobody_is_chased(known: House) -> None:
    webhook(known, paying())
    carrier = PretendCarrier()

    assert standing(known, AMINTA).debts[0].status is DebtStatus.PAID
    assert sent(known, carrier).result == "refused"
    assert carrier.asked == []


def test_a_payment_that_names_only_the_debt_finds_its_debtor(known: House) -> None:
    assert webhook(known, paying(reference="muebles/A1")).result == "posted"


@pytest.mark.parametrize(
    "data", [paying(currency="USD"), paying(reference="nothing/1"), paying(reference="d" + "9" * 23 + ":x/1")]
)
def test_what_fits_no_debt_is_quarantined_and_never_dropped(known: House, data: dict[str, Any]) -> None:
    assert webhook(known, data).result == "quarantined"
    item = known.table.get("PAYMENT#standard#pi_1", "EVENT")

    assert item is not None
    assert item["status"]["S"] == "quarantined"


@pytest.mark.parametrize("amount", [0, -5, 10**16, 1.5, "100"])
def test_an_odd_amount_is_refused_and_changes_nothing(known: House, amount: Any) -> None:
    version = standing(known, AMINTA).version

    with pytest.raises(InvalidInput):
        webhook(known, paying(amount=amount))
    assert standing(known, AMINTA).version == version


def test_what_is_too_large_to_be_a_webhook_is_counted_and_kept_nowhere(known: House) -> None:
    """Nobody has shown yet who they are: what a stranger sends must not fill the table."""
    body, at = b" " * (MAX_BODY + 1), int(known.now().timestamp())
    headers = {"webhook-id": "e1", "webhook-timestamp": str(at)}
    headers["webhook-signature"] = signature(body, "e1", at, WEBHOOK_SECRET)
    event = {"body": body.decode()}

    def work() -> tuple[int, str]:
        return 200, shown(receive_payment(known, StandardWebhooks(), "main", Webhook(body, headers)))

    assert asked(known, "payments", event, work, tells=False) == (401, "{}")
    assert not list(known.asides.list("payments"))
    forged = [one for one in known.client("dynamodb").scan(TableName="ledger")["Items"] if "times" in one]
    assert [one["sk"]["S"] for one in forged] == ["2026-03-09 too large"]


def test_a_forged_old_or_unsigned_webhook_changes_nothing(known: House) -> None:
    version = standing(known, AMINTA).version
    other = "whsec_" + base64.b64encode(b"another secret").decode()
    old = int((known.now() - timedelta(minutes=6)).timestamp())
    for tried in ({"secret": other}, {"at": old}):
        with pytest.raises(Forged):
            webhook(known, paying(), **tried)
    with pytest.raises(Forged):
        receive_payment(known, StandardWebhooks(), "main", Webhook(b"{}", {}))

    assert standing(known, AMINTA).version == version


def test_the_journal_marks_the_payment_posted(known: House) -> None:
    webhook(known, paying())
    image = known.client("dynamodb").get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    journal(known, JournalItems(known.client("dynamodb"), "ledger"), image)
    item = known.table.get("PAYMENT#standard#pi_1", "EVENT")

    assert item is not None
    assert item["status"]["S"] == "posted"
    assert webhook(known, paying()).result == "repeated"


def test_a_crash_between_two_obligors_leaves_neither_chased_though_the_journal_was_quick(
    known: House,
) -> None:
    luz = "d" + "0" * 22 + "7"
    webhook(known, paying())
    image = known.client("dynamodb").get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    journal(known, JournalItems(known.client("dynamodb"), "ledger"), image)
    # The first delivery died here, before the guarantor's record was saved.
    settle_in(known, replace(debtor(), id=luz))
    known.lookups.add(known.keys.debt("muebles/A1"), luz)
    known.obligors.add(known.keys.short_debt("muebles/A1"), [AMINTA, luz])
    webhook(known, paying())

    assert standing(known, luz).debts[0].status is DebtStatus.PAID
    assert standing(known, AMINTA).debts[0].status is DebtStatus.PAID


def test_the_published_library_signs_as_we_verify(known: House) -> None:
    from standardwebhooks.webhooks import Webhook as Published

    body = json.dumps({"type": "payment.succeeded", "data": paying()}).encode()
    signature = Published(WEBHOOK_SECRET).sign("msg_9", known.now(), body.decode())
    headers = {
        "webhook-id": "msg_9",
        "webhook-timestamp": str(int(known.now().timestamp())),
        "webhook-signature": signature,
    }

    assert receive_payment(known, StandardWebhooks(), "main", Webhook(body, headers)).result == "posted"
    assert attempts(known, AMINTA) == []


def test_a_lookup_whose_save_never_came_does_not_quarantine_a_payment(known: House) -> None:
    known.lookups.add(known.keys.debt("muebles/A1"), "d" + "0" * 23)

    assert webhook(known, paying()).result == "posted"


@pytest.mark.parametrize("code", ["CANCELLATION", "CANCEL_OR_REFUND"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the end first"])
def test_an_authorisation_that_is_cancelled_before_its_capture_pays_no_debt(
    order: tuple[int, int], code: str
) -> None:
    adyen = spoken("adyen")
    said = {"merchantReference": f"{AMINTA}:muebles/A1", "amount": {"value": 150_000, "currency": "MXN"}}
    words = [
        said | {"eventCode": "AUTHORISATION", "pspReference": "A1"},
        said | {"eventCode": code, "pspReference": "C1", "originalReference": "A1"},
    ]
    book = playbook()
    setup = {"adyen": Gateway("main", merchant=adyen.merchant)}
    book = replace(book, client=replace(book.client, gateways=setup))
    keys = {"adyen/main": {"secrets": list(adyen.secrets[:2]), "api_key": adyen.api_key}}
    with house(Clock(NOW), book=book, gateways=keys) as home:
        settle_in(home, debtor())
        for place in order:
            item = {"NotificationRequestItem": cancellable(adyen) | words[place]}
            payload = {**adyen.payload, "notificationItems": [item]}
            receive_payment(
                home, gateway_named("adyen"), "main", adyen.deliver(payload, adyen.secrets[0], NOW)
            )
        person = standing(home, AMINTA)

    assert (person.debts[0].status, person.debts[0].outstanding.minor) == (DebtStatus.ACTIVE, 150_000)
    assert any(one.binds("muebles/A1", NOW + timedelta(days=1)) for one in person.holds)


def cancellable(adyen: Spoken) -> dict[str, Any]:
    item: dict[str, Any] = adyen.payload["notificationItems"][0]["NotificationRequestItem"]
    return item
