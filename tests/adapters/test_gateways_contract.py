"""What every gateway's word is worth: what it signed is believed, and of anything else nothing is."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.adapters.gateways import GATEWAYS, gateway_named
from recobro.errors import InvalidInput
from recobro.ports import Endpoint, Forged, PaymentTold, Webhook
from tests.adapters.gateways_spoken import (
    NOW,
    REFERENCE,
    SPOKEN,
    Spoken,
    at_path,
    changed,
    flipped,
    flipped_bytes,
    with_header,
)

every_gateway = pytest.mark.parametrize("spoken", SPOKEN, ids=[one.gateway for one in SPOKEN])
with_money = pytest.mark.parametrize(
    "spoken", [one for one in SPOKEN if one.amount], ids=[one.gateway for one in SPOKEN if one.amount]
)


def heard(spoken: Spoken, webhook: Webhook, endpoint: Endpoint | None = None) -> PaymentTold:
    return gateway_named(spoken.gateway).verify_and_parse(webhook, endpoint or spoken.endpoint, NOW)


def is_believed(spoken: Spoken, webhook: Webhook, endpoint: Endpoint | None = None) -> bool:
    try:
        heard(spoken, webhook, endpoint)
    except Forged:
        return False
    return True


def test_every_gateway_that_we_speak_has_its_word_here() -> None:
    assert {one.gateway for one in SPOKEN} == set(GATEWAYS)
    for one in SPOKEN:
        assert gateway_named(one.gateway).name == one.gateway


@every_gateway
def test_a_genuine_word_is_heard_as_it_was_meant(spoken: Spoken) -> None:
    told = heard(spoken, spoken.genuine())

    found = {"minor": told.amount.minor, "currency": told.amount.currency}
    for name, value in spoken.told.items():
        assert found.get(name, getattr(told, name, None)) == value, name
    assert told.gateway == spoken.gateway
    assert told.reference in {REFERENCE, ""}
    assert told.is_live
    assert told.merchant == spoken.merchant
    assert told.is_certain == (not told.ask)


@every_gateway
def test_either_live_secret_may_have_signed_and_no_other(spoken: Spoken) -> None:
    current, previous, old = spoken.secrets

    assert is_believed(spoken, spoken.genuine(current))
    assert is_believed(spoken, spoken.genuine(previous))
    assert not is_believed(spoken, spoken.genuine(old))
    assert not is_believed(spoken, spoken.genuine(), replace(spoken.endpoint, secrets=()))


@every_gateway
def test_an_empty_secret_is_never_a_key(spoken: Spoken) -> None:
    """HMAC takes an empty key, and everybody knows that one."""
    for empty in ("", "whsec_", ":"):
        endpoint = replace(spoken.endpoint, secrets=(empty,))
        assert not is_believed(spoken, spoken.genuine(), endpoint)
        if empty == spoken.nothing:
            assert not is_believed(spoken, spoken.deliver(spoken.payload, empty, NOW), endpoint)


def altered(spoken: Spoken) -> Iterator[Webhook]:
    """Every genuine delivery with one signed character, or one of the signature's, that is another."""
    genuine = spoken.genuine()
    if spoken.header:
        for text in flipped(genuine.headers[spoken.header]):
            yield with_header(genuine, spoken.header, text)
    if not spoken.signed and spoken.gateway != "openpay":
        for body in flipped_bytes(genuine.body):
            yield replace(genuine, body=body)
    for path in (*spoken.signed, *([spoken.signature] if spoken.signature else [])):
        yield from _altered_at(spoken, genuine, path)


def _altered_at(spoken: Spoken, genuine: Webhook, path: tuple[str, ...]) -> Iterator[Webhook]:
    if path[0] == "query":
        fields = dict(parse_qsl(genuine.query))
        for text in flipped(fields[path[1]]):
            yield replace(genuine, query=urlencode({**fields, path[1]: text}))
        return
    is_json = genuine.body.startswith(b"{")
    payload = json.loads(genuine.body) if is_json else dict(parse_qsl(genuine.body.decode()))
    value = at_path(payload, path)
    others: list[Any] = list(flipped(value)) if isinstance(value, str) else [value + 1, value - 1, -value]
    for other in others:
        # 150.00 and 150.0 are one amount, and PayU signs it as one.
        if spoken.gateway == "payu" and path == ("value",) and other == "150.0":
            continue
        body = changed(payload, path, other)
        yield replace(genuine, body=json.dumps(body).encode() if is_json else urlencode(body).encode())


@every_gateway
def test_no_signed_byte_and_none_of_the_signature_can_be_altered(spoken: Spoken) -> None:
    tried = 0
    for webhook in altered(spoken):
        tried += 1
        assert not is_believed(spoken, webhook), (webhook.headers, webhook.body[:200])
    assert tried >= 20


@every_gateway
def test_a_delivery_without_its_signature_is_nobodys_word(spoken: Spoken) -> None:
    genuine = spoken.genuine()
    bare = replace(genuine, headers={"content-type": genuine.headers.get("content-type", "")})
    if spoken.signature:
        is_json = genuine.body.startswith(b"{")
        fields = json.loads(genuine.body) if is_json else dict(parse_qsl(genuine.body.decode()))
        fields = changed(fields, spoken.signature, "")
        bare = replace(bare, body=json.dumps(fields).encode() if is_json else urlencode(fields).encode())
    if spoken.gateway == "wompi":
        body = json.loads(genuine.body)
        bare = replace(bare, body=json.dumps(changed(body, ("signature", "checksum"), "")).encode())

    assert not is_believed(spoken, bare)


@every_gateway
def test_old_words_are_refused_only_where_the_instant_is_the_deliverys(spoken: Spoken) -> None:
    """Wompi, PayPal and others repeat for days what they signed once."""
    for age in (timedelta(minutes=6), timedelta(days=2)):
        assert is_believed(spoken, spoken.genuine(at=NOW - age)) is not spoken.is_windowed
    assert is_believed(spoken, spoken.genuine(at=NOW - timedelta(minutes=4)))


@every_gateway
def test_a_body_that_is_cut_padded_or_written_anew_is_not_what_was_signed(spoken: Spoken) -> None:
    genuine = spoken.genuine()
    bodies = [genuine.body[:-1], genuine.body[: len(genuine.body) // 2], b"", b" " + genuine.body + b" " * 9]
    if not spoken.signed and genuine.body.startswith(b"{") and spoken.gateway != "openpay":
        bodies += [
            json.dumps(json.loads(genuine.body), indent=1).encode(),
            genuine.body.decode().encode("utf-16"),
        ]
    for body in bodies[:3] if spoken.signed or spoken.gateway == "openpay" else bodies:
        try:
            told = heard(spoken, replace(genuine, body=body))
        except (Forged, InvalidInput):
            continue
        assert spoken.signed, told
        assert not told.is_certain, told


@with_money
@pytest.mark.parametrize(
    "value",
    [
        -1,
        0,
        10**18,
        10**400,
        1.005,
        "-5",
        "0",
        "1e9",
        "1e999999999",
        "NaN",
        "Infinity",
        "١٢",
        "",
        " 1",
        True,
        None,
        [],
        {},
    ],
    ids=str,
)
def test_an_amount_that_is_none_is_refused_plainly(spoken: Spoken, value: Any) -> None:
    payload = changed(spoken.payload, spoken.amount, value)

    with pytest.raises((InvalidInput, Forged)):
        heard(spoken, spoken.deliver(payload, spoken.secrets[0], NOW))


@pytest.mark.parametrize(
    "spoken",
    [one for one in SPOKEN if one.merchant],
    ids=[one.gateway for one in SPOKEN if one.merchant],
)
def test_money_of_another_merchant_is_never_taken_for_ours(spoken: Spoken) -> None:
    """It is refused here; or it says whose it is, and is set aside; or it has to be asked for, as ours."""
    try:
        told = heard(spoken, spoken.genuine(), replace(spoken.endpoint, merchant="another"))
    except Forged:
        return
    assert told.merchant != "another" or not told.is_certain


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["1e9999", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def paths(value: Any, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = {str(place): one for place, one in enumerate(value)}
    if not isinstance(value, dict):
        return [before]
    return ([before] if before else []) + [one for key in value for one in paths(value[key], (*before, key))]


def sensible(told: PaymentTold) -> None:
    assert 0 <= told.amount.minor < 10**15
    for text in (told.intent, told.event, told.reference, told.merchant, told.method, told.ask):
        assert isinstance(text, str)
        assert len(text.encode()) < 1200
    assert told.at.utcoffset() == timedelta(0)
    if told.is_certain and told.status == "paid":
        assert told.amount.minor > 0


@every_gateway
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_a_gateway_may_write_it_is_heard_or_refused_plainly(
    spoken: Spoken, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(paths(spoken.payload)))
    if path == ("query",) or path == ("signature",):
        return
    payload = changed(spoken.payload, path, data.draw(JSON))
    try:
        webhook = spoken.deliver(payload, spoken.secrets[0], NOW)
    except (TypeError, AttributeError, KeyError, IndexError, ValueError):
        return  # the sender itself could not have signed that
    try:
        sensible(heard(spoken, webhook))
    except (Forged, InvalidInput):
        return


@every_gateway
@settings(max_examples=60, deadline=None)
@given(
    body=st.binary(max_size=200)
    | st.sampled_from([b"[" * 60_000, b'{"a":' * 9_000, b"1" * 60_000, b"\xff\xfe", b"null"]),
    header=st.text(max_size=80) | st.sampled_from(["t=1,v1=é", "ts=9" * 9, "v1,é", "t=1,t=2,v1=a", "\udc80"]),
    query=st.text(max_size=40),
)
def test_whatever_a_stranger_writes_it_is_refused_plainly(
    spoken: Spoken, body: bytes, header: str, query: str
) -> None:
    headers = dict.fromkeys({*spoken.genuine().headers, spoken.header or "x"}, header)
    for one in (Webhook(body, headers, query), replace(spoken.genuine(), body=body), Webhook(body, {})):
        try:
            told = heard(spoken, one)
        except (Forged, InvalidInput):
            continue
        assert not told.is_certain or told.status == "unrecognised", told


@every_gateway
@pytest.mark.parametrize(
    "body",
    [b"", b"[[[", b"null", b"[]", b"a=1&a=2", b"\xff\xfe", b'{"a":' * 9_000, b'{"notificationItems": []}'],
    ids=range(8),
)
def test_what_nobody_signed_is_nobodys_word_however_little_can_be_read_of_it(
    spoken: Spoken, body: bytes
) -> None:
    """Input of a known sender is kept for a person to see (DESIGN §8); what a stranger writes is only counted."""
    for query in ("", "data.id=1&data.id=2"):
        with pytest.raises(Forged):
            heard(spoken, Webhook(body, {}, query))


def test_base64_has_one_spelling() -> None:
    """The last character before the padding has bits that say nothing."""
    spoken = next(one for one in SPOKEN if one.gateway == "conekta")
    genuine = spoken.genuine()
    text = genuine.headers["digest"]
    same = [
        text[:-3] + letter + "=="
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        if text[:-3] + letter + "==" != text
        and base64.b64decode(text[:-3] + letter + "==") == base64.b64decode(text)
    ]

    assert same
    for one in [*same, text + "\n", text.rstrip("=")]:
        assert not is_believed(spoken, with_header(genuine, "digest", one))
