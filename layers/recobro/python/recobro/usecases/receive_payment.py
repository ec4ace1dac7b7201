"""Somebody paid: from the moment we answer the gateway, no one may be chased for it."""

import json

from recobro.house import House
from recobro.ports import Forged, Gateway, Webhook
from recobro.usecases.hear_payment import Told, hear_payment

MAX_BODY = 64 * 1024
"""Bytes. The largest event of any gateway that we speak is a few kilobytes."""

__all__ = ["MAX_BODY", "Told", "receive_payment", "shown"]


def receive_payment(house: House, gateway: Gateway, endpoint: str, webhook: Webhook) -> Told:
    """Verify over the raw body, keep the raw event, save every obligor, and only then answer.

    Raises Forged, InvalidInput, NotFound (no such endpoint), Unavailable; then nothing was changed, and the gateway repeats.
    """
    place = house.endpoint(gateway.name, endpoint)
    if len(webhook.body) > MAX_BODY:
        # Nobody is known by it yet: what strangers send is counted, and not kept.
        house.payments.count_forged(f"{gateway.name}/{place.name}", "too large", house.now())
        raise Forged("too large")
    try:
        told = gateway.verify_and_parse(webhook, place, house.now())
    except Forged as forged:
        house.payments.count_forged(f"{gateway.name}/{endpoint}", str(forged), house.now())
        raise
    heard = hear_payment(house, told, webhook.body, place.name, merchant=place.merchant)
    if heard.result != "asks":
        return heard
    from recobro.usecases.confirm_payment import Lagging, confirm_payment

    try:
        return confirm_payment(house, told.intent)
    except Lagging as lagging:
        # It is in the log and nobody's record waits for it: the looks at the day's payments ask again, whatever the gateway does.
        return Told("asks", str(lagging))


def shown(told: Told) -> str:
    """The answer's body: enough for a gateway's log, nothing about anybody."""
    return json.dumps({"status": told.result})
