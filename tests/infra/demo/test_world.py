"""The world lives by itself, tells what carriers tell in their own words, and never depends on the order in which it is asked."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from standardwebhooks.webhooks import Webhook

from infra.demo.chance import Chance
from infra.demo.debtors import without_contact
from infra.demo.portfolio import invent
from infra.demo.words import REPLIES, intent_of
from infra.demo.world import World
from infra.local.outside import CarrierFault, Refusal
from recobro.adapters.channels.messages import read_messages
from recobro.adapters.channels.receipts import read_receipts
from recobro.adapters.gateways import gateway_named
from recobro.errors import InvariantBroken
from recobro.ports import Endpoint, Forged, HttpReply
from recobro.ports import Webhook as Delivery
from tests.infra.demo.quiet_house import QuietHouse

if TYPE_CHECKING:
    from recobro.ports import Asks

START = date(2026, 8, 3)
BEGINS = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=45)


def a_world(seed: int = 7, banned_from: datetime | None = None) -> tuple[World, QuietHouse]:
    world = World(invent(seed, 60, START, 45, invoices=40), seed, banned_from)
    house = QuietHouse(BEGINS)
    world.begin(house)
    return world, house


def text_to(number: str, attempt: str = "a1") -> dict[str, object]:
    return {
        "DestinationPhoneNumber": number,
        "MessageBody": "Hola",
        "Context": {"debtor_id": "d" + "1" * 23, "attempt_id": "a" + attempt.rjust(23, "0")},
    }


def test_without_any_contact_exactly_the_self_cures_come_in() -> None:
    world, house = a_world()
    house.run_until(ENDS)
    alone = without_contact(world.portfolio, Chance(7), ENDS)
    assert world.book.recovered() == {
        currency: sum(one.amount for one in alone if one.currency == currency)
        for currency in sorted({one.currency for one in alone})
    }
    assert sum(world.book.recovered().values()) > 0


def posts(house: QuietHouse, gateway: str) -> list[tuple[datetime, str, str, bytes, dict[str, str]]]:
    """What that gateway sent, in order."""
    return [one for one in house.requests if one[2].partition("?")[0] == f"/hooks/{gateway}/main"]


def is_forged(headers: dict[str, str]) -> bool:
    return "forged" in headers.get("webhook-id", "")


def test_the_gateway_signs_so_that_the_specifications_own_library_agrees() -> None:
    world, house = a_world()
    house.run_until(ENDS)
    webhook = Webhook(world.gateways.keys()["standard/main"][0])
    genuine = [one for one in posts(house, "standard") if not is_forged(one[4])]
    assert genuine
    for _, _, _, body, headers in genuine:
        signed = f"v1,{headers['webhook-signature'].partition(',')[2]}"
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert webhook.sign(headers["webhook-id"], at, body.decode()) == signed


@pytest.mark.parametrize("name", ["mercado_pago", "wompi"])
def test_what_gateways_only_hint_at_their_apis_confirm_and_nobody_without_the_key_is_told(name: str) -> None:
    world, house = a_world()
    house.run_until(ENDS)
    keys = world.gateways.keys()[f"{name}/main"]
    place = Endpoint("main", keys["secrets"], keys["api_key"])
    gateway, refused = gateway_named(name), 0

    def http(method: str, url: str, headers: Mapping[str, str], body: bytes = b"", **_: str) -> HttpReply:
        return HttpReply(*world.http(method, url, headers, body))

    for at, _, path, body, headers in posts(house, name):
        webhook = Delivery(body, headers, path.partition("?")[2])
        try:
            told = gateway.verify_and_parse(webhook, place, at)
        except Forged:
            refused += 1
            continue
        assert not told.is_certain
        (answer,) = cast("Asks", gateway).ask(told, place, http, at)
        assert (answer.status, answer.is_certain) == ("paid", True)
        assert answer.amount.minor in {one.amount for one in world.book.payments}
        with pytest.raises(InvariantBroken):
            cast("Asks", gateway).ask(told, replace(place, api_key="guessed"), http, at)
    assert refused == world.book.webhooks[name]["forged"]
    assert world.book.webhooks[name]["accepted"] > 0


def test_a_gateway_that_is_answered_503_comes_again() -> None:
    world, house = a_world()
    house.status = 503
    house.run_until(ENDS)
    genuine = [one for one in posts(house, "standard") if not is_forged(one[4])]
    intents = [json.loads(one[3])["data"]["id"] for one in genuine]
    assert max(intents.count(intent) for intent in set(intents)) >= 5
    assert not [told for told in world.book.told if told.kind == "payment"]


def test_every_receipt_and_every_answer_is_what_our_parsers_read() -> None:
    world, house = a_world()
    house.run_until(BEGINS + timedelta(hours=2))
    number = 0
    for person in world.portfolio.people * 6:
        for address in sorted(person.addresses()):
            number += 1
            params = text_to(address, f"{number}") if "@" not in address else None
            if params is None:
                continue
            for operation in ("SendTextMessage", "SendVoiceMessage"):
                try:
                    world.answer("pinpoint-sms-voice-v2", operation, params)
                except CarrierFault:
                    continue
    house.run_until(ENDS)
    assert house.published
    seen = set()
    for at, topic, message in house.published:
        if topic in {"sms-events", "email-events"}:
            receipts = read_receipts(json.dumps(message), at)
            assert all(one.status != "unrecognised" for one in receipts)
            seen |= {one.status for one in receipts}
        if topic == "sms-inbound":
            assert read_messages(json.dumps(message), at)[0].body
    assert {"sent", "delivered", "failed"} <= seen


def test_a_restricted_whatsapp_account_is_refused_from_that_day_on() -> None:
    world, house = a_world(banned_from=BEGINS + timedelta(days=20))
    phone = next(one.phone for one in world.portfolio.people if one.phone and one.phone.owner == "self")
    payload = {
        "messaging_product": "whatsapp",
        "to": phone.number,
        "type": "text",
        "text": {"body": "Hola"},
        "biz_opaque_callback_data": "d1:a1",
    }
    params = {
        "originationPhoneNumberId": "x",
        "message": json.dumps(payload).encode(),
        "metaApiVersion": "v20.0",
    }
    world.answer("socialmessaging", "SendWhatsAppMessage", params)
    house.run_until(BEGINS + timedelta(days=20))
    with pytest.raises(Refusal) as refused:
        world.answer("socialmessaging", "SendWhatsAppMessage", params)
    assert refused.value.code == "AccessDeniedException"


def test_two_worlds_of_one_seed_live_the_same_life() -> None:
    lives = []
    for _ in range(2):
        world, house = a_world()
        house.run_until(ENDS)
        lives.append((world.book.payments, house.requests, house.dropped))
    assert lives[0] == lives[1]


@pytest.mark.parametrize(
    ("intent", "words"), [(i, w) for i, said in REPLIES.items() for w in said if i != "other"]
)
def test_an_agent_reads_what_the_debtor_meant(intent: str, words: str) -> None:
    assert intent_of(words) == intent
