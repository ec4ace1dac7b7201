"""ePayco (Colombia): PSE, Efecty, cards. It signs ids and the amount, neither the state nor the invoice: we ask before we credit.

Docs: docs.epayco.com, "Confirmación" (seen through others' programs). Signed: SHA-256 hex of `p_cust_id_cliente^p_key^x_ref_payco^
x_transaction_id^x_amount^x_currency_code`, the amount exactly as it came. Experimental: the official page was not seen, nor whether
the validation address takes the numeric reference as well as the long one. Endpoint: secrets the p_key, merchant the
p_cust_id_cliente. ePayco's validation address needs no key; `api_key` is not used.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from recobro.adapters.gateways.asking import get, safe
from recobro.adapters.gateways.reading import amount, form, ident, iso, part, text
from recobro.adapters.gateways.signing import signer, unverified, written
from recobro.errors import InvalidInput, InvariantBroken
from recobro.ports import Endpoint, Forged, Http, PaymentTold, Webhook

STATUSES = {
    "1": "paid",
    "2": "failed",
    "3": "pending",
    "4": "failed",
    "6": "refunded",  # reversed
    "7": "unrecognised",  # held by ePayco: the money is not ours yet, and not gone
    "9": "expired",
    "10": "failed",
    "11": "failed",
}
"""`x_cod_transaction_state` → ours."""

BOGOTA = timezone(timedelta(hours=-5))
VALIDATION = "https://secure.epayco.co/validation/v1/reference"


class EPayco:
    """The reference is `x_id_invoice`, or `x_extra1` where a form put it there."""

    name = "epayco"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """A hint: the state and whose it is are unsigned. Raises Forged, InvalidInput."""
        with unverified():
            fields = form(webhook.body or webhook.query)
        if not endpoint.merchant:
            raise InvariantBroken(
                f"endpoint {endpoint.name} lacks merchant (p_cust_id_cliente) in client.toml"
            )
        named = [
            fields.get(one, "") for one in ("x_ref_payco", "x_transaction_id", "x_amount", "x_currency_code")
        ]
        if not all(named) or any("^" in one for one in named):
            raise Forged("not signed")
        rest = written("^" + "^".join(named))
        signer(
            endpoint.secrets,
            [fields.get("x_signature", "")],
            lambda secret: hashlib.sha256(written(endpoint.merchant) + b"^" + secret + rest).hexdigest(),
        )
        there = ident(fields, "x_ref_payco")
        return PaymentTold(
            gateway=self.name,
            intent=f"{self.name}#{there}",
            event=f"{there} {text(fields, 'x_cod_transaction_state')}",
            reference=_reference(fields),
            amount=amount(fields["x_amount"], fields["x_currency_code"]),
            status=STATUSES.get(text(fields, "x_cod_transaction_state"), "unrecognised"),
            at=_date(fields, now),
            merchant=endpoint.merchant,
            is_certain=False,
            ask=there,
        )

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        found = part(get(http, f"{VALIDATION}/{safe(told.ask)}", {}), "data")
        if text(found, "x_ref_payco") != told.ask:
            raise InvalidInput("answer", "is of another payment", "")
        answer = PaymentTold(
            gateway=self.name,
            intent=f"{self.name}#{ident(found, 'x_ref_payco')}",
            event="",
            reference=_reference(found),
            amount=amount(found.get("x_amount"), text(found, "x_currency_code")),
            status=STATUSES.get(
                text(found, "x_cod_transaction_state") or text(found, "x_cod_response"), "unrecognised"
            ),
            at=_date(found, now),
            merchant=text(found, "x_cust_id_cliente"),
            method=text(found, "x_franchise"),
            is_live=text(found, "x_test_request").upper() != "TRUE",
        )
        return [answer]


def _reference(fields: Mapping[str, Any]) -> str:
    return text(fields, "x_extra1") or text(fields, "x_id_invoice")


def _date(fields: Mapping[str, Any], now: datetime) -> datetime:
    """`2026-03-09 13:00:00` in Colombia's time; unsigned, so a date that is none costs nothing but itself."""
    try:
        return iso(fields.get("x_transaction_date"), "x_transaction_date", BOGOTA)
    except InvalidInput:
        return now.astimezone(UTC)
