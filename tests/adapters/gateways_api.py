"""A gateway's API as the tests play it: it answers what its documentation shows, and remembers how it was asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from recobro.adapters.gateways import gateway_named
from recobro.ports import HttpReply, PaymentTold
from tests.adapters.gateways_spoken import NOW, REFERENCE, SPOKEN, Spoken


@dataclass
class Api:
    """A gateway's API that answers what it is told to, and remembers how it was asked."""

    answers: list[Any]
    asked: list[tuple[str, str, Mapping[str, str], bytes, str]] = field(default_factory=list)

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, idempotency: str = ""
    ) -> HttpReply:
        assert url.startswith("https://")
        assert all(name == name.lower() for name in headers)
        self.asked.append((method, url, headers, body, idempotency))
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        return answer if isinstance(answer, HttpReply) else HttpReply(200, json.dumps(answer).encode())

    @property
    def body(self) -> Any:
        """The last JSON body."""
        return json.loads(self.asked[-1][3])

    @property
    def fields(self) -> dict[str, str]:
        return {name: one[0] for name, one in parse_qs(self.asked[-1][3].decode()).items()}


def spoken(name: str) -> Spoken:
    return next(one for one in SPOKEN if one.gateway == name)


def told_by(name: str) -> PaymentTold:
    one = spoken(name)
    return gateway_named(name).verify_and_parse(one.genuine(), one.endpoint, NOW)


STRIPE = {
    "object": "payment_intent",
    "id": "pi_1",
    "status": "succeeded",
    "amount": 45_990,
    "amount_received": 45_990,
    "currency": "clp",
    "created": 1_773_000_000,
    "livemode": True,
    "metadata": {"reference": REFERENCE},
    "latest_charge": {"created": 1_773_000_100, "amount_refunded": 0},
}
MERCADO_PAGO = {
    "id": 123456,
    "status": "approved",
    "status_detail": "accredited",
    "transaction_amount": 150.5,
    "transaction_amount_refunded": 0,
    "currency_id": "MXN",
    "external_reference": REFERENCE,
    "collector_id": 42,
    "live_mode": True,
    "date_created": "2026-03-09T13:00:00.000-04:00",
    "date_approved": "2026-03-09T14:00:00.000-04:00",
    "date_last_updated": "2026-03-09T15:00:00.000-04:00",
    "payment_method_id": "oxxo",
}
CONEKTA = {
    "id": "ord_1",
    "payment_status": "paid",
    "amount": 150_000,
    "currency": "MXN",
    "livemode": True,
    "metadata": {"reference": REFERENCE},
    "updated_at": 1_773_000_000,
}
WOMPI = {
    "data": {
        "id": "1234-1610641025-49201",
        "status": "APPROVED",
        "amount_in_cents": 4_490_000,
        "currency": "COP",
        "reference": REFERENCE,
        "created_at": "2026-03-09T17:00:00.000Z",
        "finalized_at": "2026-03-09T17:30:00.000Z",
    }
}
PAYU = {
    "code": "SUCCESS",
    "result": {
        "payload": [
            {
                "referenceCode": REFERENCE,
                "merchantId": 508029,
                "isTest": False,
                "transactions": [
                    {
                        "id": "f5e668f1-7ecc-4b83-a4d1-0aaa68260862",
                        "paymentMethod": "PSE",
                        "transactionResponse": {"state": "APPROVED", "operationDate": 1_773_000_000_000},
                        "additionalValues": {"TX_VALUE": {"value": 150.0, "currency": "COP"}},
                    }
                ],
            }
        ]
    },
}
OPENPAY = {
    "id": "trq7yrthx5vc4gtjdkwg",
    "amount": 150.5,
    "currency": "MXN",
    "status": "completed",
    "order_id": REFERENCE,
    "method": "store",
    "operation_date": "2026-03-09T12:00:00-06:00",
}
KHIPU = {
    "payment_id": "zfxnocsow6mz",
    "status": "done",
    "status_detail": "normal",
    "amount": 1000,
    "currency": "CLP",
    "transaction_id": REFERENCE,
    "receiver_id": 990939,
    "conciliation_date": "2026-03-09T18:00:00.000Z",
}
