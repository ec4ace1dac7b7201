"""Receipts, replies and payments come home, however often, late and out of order they come."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recobro.adapters.gateways.standard import StandardWebhooks
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain.contact_point import PointState
from recobro.domain.debt import DebtStatus
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.ports import Forged, Inbound, Receipt
from recobro.usecases.journal import journal
from recobro.usecases.receive_message import receive_message
from recobro.usecases.receive_payment import Told, receive_payment
from recobro.usecases.receive_receipt import receive_receipt
from tests.house import WEBHOOK_SECRET, Clock, PretendCarrier, attempts, house, settle_in, standing
from tests.sample import AMINTA, debtor, email, phone
from tests.usecases.test_send import sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        keys = opened.keys
        points = (
            replace(phone(), id=keys.point("+525550100001")),
            replace(email(), id=keys.point("aminta@example.com")),
        )
        named = {points[0].id: "+525550100001", points[1].id: "aminta@example.com"}
        person = debtor(points=points)
        settle_in(opened, replace(person, personal=replace(person.personal, points=named)))
        opened.lookups.add(keys.debt("muebles/A1"), AMINTA)
        yield opened


def receipt(home: House, status: str, then: str = "", code: str = "") -> str:
    attempt = standing(home, AMINTA).attempts[-1]
    told = Receipt(AMINTA, attempt.id, status, code, home.now(), attempt.channel.value, "m-1", then)
    return receive_receipt(home, told)


def test_a_delivery_moves_its_attempt_and_its_repetition_changes_nothing(home: House) -> None:
    sent(home, PretendCarrier())

    assert receipt(home, "delivered") == "moved"
    version = standing(home, AMINTA).version
    assert receipt(home, "delivered") == "repeated"
    assert receipt(home, "sent") == "repeated"
    assert standing(home, AMINTA).version == version


def test_a_bounced_message_lets_the_next_channel_take_the_step(home: House, clock: Clock) -> None:
    sent(home, PretendCarrier())
    receipt(home, "failed", then="suppress", code="invalid_number")
    clock.forward(days=1)
    mail = PretendCarrier()

    assert standing(home, AMINTA).points[0].state is PointState.BAD
    assert sent(home, mail, channel="email").result == "sent"


def test_a_complaint_suppresses_the_address_for_everybody(home: House) -> None:
    sent(home, PretendCarrier())
    receipt(home, "complaint")
    point = standing(home, AMINTA).points[0]

    assert point.state is PointState.SUPPRESSED
    assert home.suppressions.reason(point.id) == "complaint"


def test_a_receipt_for_nobody_is_handed_back(home: House) -> None:
    with pytest.raises(NotFound):
        receive_receipt(home, Receipt("", "", "delivered", "", home.now(), "sms"))


def message(home: House, body: str, ident: str = "in-1", sender: str = "+525550100001") -> str:
    return receive_message(home, Inbound(ident, "sms", sender, body, home.now())).intent


def test_an_opt_out_binds_the_address_before_it_is_answered(home: House) -> None:
    assert message(home, "BAJA") == "opt_out"
    assert standing(home, AMINTA).points[0].state is PointState.SUPPRESSED
    carrier = PretendCarrier()

    assert sent(home, carrier).result == "refused"
    assert carrier.asked == []


def test_mexicos_old_one_before_the_number_is_the_same_phone(home: House) -> None:
    assert message(home, "baja", sender="+5215550100001") == "opt_out"


def test_any_other_word_reaches_a_person_and_the_history_once(home: House) -> None:
    message(home, "el viernes te pago")
    message(home, "el viernes te pago")
    person = standing(home, AMINTA)

    assert [task.reason for task in person.tasks] == ["read_message"]
    assert sent(home, PretendCarrier()).reason == "task.open"


def test_a_message_from_nobody_we_know_waits_in_the_review_queue(home: House) -> None:
    with pytest.raises(NotFound):
        message(home, "hola", sender="+525550109999")


def webhook(
    home: House, data: dict[str, Any], *, secret: str = WEBHOOK_SECRET, at: int | None = None
) -> Told:
    body = json.dumps({"type": "payment.succeeded", "data": data}).encode()
    stamp = str(at if at is not None else int(home.now().timestamp()))
    mac = hmac.new(base64.b64decode(secret[6:]), f"msg_1.{stamp}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(mac.digest()).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}
    return receive_payment(home, StandardWebhooks(), "main", body, headers)


def paying(
    ident: str = "pi_1", amount: int = 150_000, currency: str = "MXN", reference: str = ""
) -> dict[str, Any]:
    return {
        "id": ident,
        "reference": reference or f"{AMINTA}:muebles/A1",
        "amount": amount,
        "currency": currency,
    }


def test_a_payment_is_posted_once_however_often_it_is_told(home: House) -> None:
    assert webhook(home, paying(amount=50_000)).result == "posted"
    webhook(home, paying(amount=50_000))
    webhook(home, paying(amount=50_000))
    assert standing(home, AMINTA).debts[0].outstanding.minor == 100_000


def test_after_the_answer_nobody_is_chased(home: House) -> None:
    webhook(home, paying())
    carrier = PretendCarrier()

    assert standing(home, AMINTA).debts[0].status is DebtStatus.PAID
    assert sent(home, carrier).result == "refused"
    assert carrier.asked == []


def test_a_payment_that_names_only_the_debt_finds_its_debtor(home: House) -> None:
    assert webhook(home, paying(reference="muebles/A1")).result == "posted"


@pytest.mark.parametrize(
    "data", [paying(currency="USD"), paying(reference="nothing/1"), paying(reference="d" + "9" * 23 + ":x/1")]
)
def test_what_fits_no_debt_is_quarantined_and_never_dropped(home: House, data: dict[str, Any]) -> None:
    assert webhook(home, data).result == "quarantined"
    item = home.table.get("PAYMENT#standard#pi_1", "EVENT")

    assert item is not None
    assert item["status"]["S"] == "quarantined"


@pytest.mark.parametrize("amount", [0, -5, 10**16, 1.5, "100"])
def test_an_odd_amount_is_refused_and_changes_nothing(home: House, amount: Any) -> None:
    version = standing(home, AMINTA).version

    with pytest.raises(InvalidInput):
        webhook(home, paying(amount=amount))
    assert standing(home, AMINTA).version == version


def test_a_forged_old_or_unsigned_webhook_changes_nothing(home: House) -> None:
    version = standing(home, AMINTA).version
    other = "whsec_" + base64.b64encode(b"another secret").decode()
    old = int((home.now() - timedelta(minutes=6)).timestamp())
    for tried in ({"secret": other}, {"at": old}):
        with pytest.raises(Forged):
            webhook(home, paying(), **tried)  # type: ignore[arg-type]
    with pytest.raises(Forged):
        receive_payment(home, StandardWebhooks(), "main", b"{}", {})

    assert standing(home, AMINTA).version == version


def test_the_journal_marks_the_payment_posted(home: House) -> None:
    webhook(home, paying())
    image = home.client("dynamodb").get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    journal(home, JournalItems(home.client("dynamodb"), "ledger"), image)
    item = home.table.get("PAYMENT#standard#pi_1", "EVENT")

    assert item is not None
    assert item["status"]["S"] == "posted"
    assert webhook(home, paying()).result == "repeated"


def test_the_published_library_signs_as_we_verify(home: House) -> None:
    from standardwebhooks.webhooks import Webhook

    body = json.dumps({"type": "payment.succeeded", "data": paying()}).encode()
    signature = Webhook(WEBHOOK_SECRET).sign("msg_9", home.now(), body.decode())
    headers = {
        "webhook-id": "msg_9",
        "webhook-timestamp": str(int(home.now().timestamp())),
        "webhook-signature": signature,
    }

    assert receive_payment(home, StandardWebhooks(), "main", body, headers).result == "posted"
    assert attempts(home, AMINTA) == []
