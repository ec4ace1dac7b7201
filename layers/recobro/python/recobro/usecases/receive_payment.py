"""Somebody paid: from the moment we answer the gateway, no one may be chased for it."""

import json
from dataclasses import dataclass
from datetime import datetime

from recobro.domain.debt import Debt
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PaymentPosted
from recobro.domain.payment import Payment
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.ports import Endpoint, Gateway, PaymentTold, Webhook
from recobro.usecases.saving import change_whom_it_may_mean

MAX_BODY = 256 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """result: "posted" | "repeated" | "quarantined" | "ignored"."""

    result: str
    reason: str = ""


def receive_payment(house: House, gateway: Gateway, endpoint: str, webhook: Webhook) -> Told:
    """Verify over the raw body, keep the raw event, save every obligor, and only then answer. Raises Forged, InvalidInput."""
    now = house.now()
    if len(webhook.body) > MAX_BODY:
        raise InvalidInput("body", f"has {len(webhook.body)} bytes", f"at most {MAX_BODY}")
    secrets = house.secrets.gateway(gateway.name, endpoint)
    told = gateway.verify_and_parse(webhook, Endpoint(endpoint, secrets), now)
    if told.status != "paid":
        return Told("ignored", told.status)
    standing = house.payments.receive(told.intent, webhook.body.decode(errors="replace"), now)
    if standing != "received":
        return Told("repeated", standing)
    try:
        key = debt_named(house, told)
        is_news = _post(house, told, key)
    except (NotFound, InvalidInput) as error:
        house.payments.settle(told.intent, "quarantined", str(error))
        return Told("quarantined", str(error))
    return Told("posted") if is_news else Told("repeated", "posted")


def debt_named(house: House, told: PaymentTold) -> tuple[str, str]:
    """(debtor id, debt key) that a payment's reference means: ours is "<debtor id>:<debt key>", else the debt's own key."""
    debtor_id, colon, key = told.reference.partition(":")
    if colon and debtor_id.startswith("d"):
        return debtor_id, key
    for candidate, loaded in house.ledger.load_many(
        house.lookups.debtors(house.keys.debt(told.reference))
    ).items():
        if loaded.debtor.debt(told.reference) is not None:
            return candidate, told.reference
    raise NotFound(f"no debt with reference {told.reference!r}")


def _post(house: House, told: PaymentTold, named: tuple[str, str]) -> bool:
    """Save it for everybody who answers for the debt. False: all of them had it."""
    debtor_id, key = named
    loaded = house.ledger.load(debtor_id)
    debt = loaded.debtor.debt(key) if loaded is not None else None
    if debt is None:
        raise NotFound(f"no debt {key!r} of {debtor_id}")
    check(told, debt)
    others = [one for one in house.lookups.debtors(house.keys.debt(key)) if one != debtor_id]
    news = [_post_to(house, one, key, told) for one in (debtor_id, *others)]
    return any(news)


def check(told: PaymentTold, debt: Debt) -> None:
    """Two currencies are never summed, and nothing but a positive amount is a payment."""
    if told.amount.currency != debt.currency:
        raise InvalidInput(
            "currency", f"is {told.amount.currency}, the debt's is {debt.currency}", "a person decides"
        )
    if told.amount.minor <= 0:
        raise InvalidInput("amount", f"is {told.amount.minor}", "a positive amount")


def _post_to(house: House, debtor_id: str, key: str, told: PaymentTold) -> bool:
    is_news = False

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        nonlocal is_news
        is_news = False
        if any(one.intent == told.intent and one.debt == key for one in debtor.payments):
            return ()
        if debtor.debt(key) is None:
            return ()
        is_news = True
        payment = Payment(told.intent, key, told.amount.minor, told.amount.currency, now)
        return (PaymentPosted(payment),)

    change_whom_it_may_mean(house, debtor_id, decide)
    return is_news


def shown(told: Told) -> str:
    """The answer's body: enough for a gateway's log, nothing about anybody."""
    return json.dumps({"status": told.result})
