"""A token opens something only as the pool signed it; whatever is altered, borrowed, late or cleverly signed opens nothing."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.managed_login import ManagedLogin
from recobro.adapters.id_tokens import LARGEST, Expected, Keys, key_named, keys_of, named
from recobro.adapters.people import People
from recobro.errors import Unavailable
from recobro.ports import Forged, HttpReply
from recobro.settings import SignIn
from tests.user_pool import APPLICATION, OURS, pool

NOW = datetime(2026, 3, 9, 18, tzinfo=UTC)
POOL = pool()
LOGIN = ManagedLogin(POOL, lambda: NOW, Random(1))
OTHER = ManagedLogin(POOL, lambda: NOW, Random(2))
"""The same names and another key: what somebody can make who does not have the pool's."""
EXPECTED = Expected(POOL.issuer, APPLICATION)


def keys(login: ManagedLogin = LOGIN) -> Keys:
    return keys_of(login.http("GET", f"{POOL.issuer}/.well-known/jwks.json", b"")[1])


def claims(**changed: Any) -> dict[str, Any]:
    second = int(NOW.timestamp())
    told = {
        "sub": "a1",
        "iss": POOL.issuer,
        "aud": APPLICATION,
        "token_use": "id",
        "cognito:username": "ana",
        "cognito:groups": ["agent"],
        "auth_time": second,
        "iat": second,
        "exp": second + 1_800,
        "nonce": "n",
    }
    return {name: value for name, value in {**told, **changed}.items() if value is not None}


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def public_text() -> bytes:
    """The pool's key as everybody may read it."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    ((modulus, public),) = keys().values()
    key = RSAPublicNumbers(public, modulus).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def headed(**changed: Any) -> str:
    """A good token under a header that says something else; its signature is of the good one."""
    token = LOGIN.signed(claims())
    head = {"alg": "RS256", "kid": key_named(token), **changed}
    return ".".join((part(head), *token.split(".")[1:]))


def by_hand(alg: str, secret: bytes) -> str:
    text = f"{part({'alg': alg, 'kid': next(iter(keys()))})}.{part(claims())}"
    mark = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def altered() -> str:
    head, _, signature = LOGIN.signed(claims()).split(".")
    return f"{head}.{part(claims(**{'cognito:groups': ['supervisor']}))}.{signature}"


def under_its_name() -> str:
    """Signed by another key, which calls itself by the name of the pool's."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    text = f"{part({'alg': 'RS256', 'kid': next(iter(keys()))})}.{part(claims())}"
    signature = OTHER._key.sign(text.encode(), PKCS1v15(), SHA256())
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


FORGED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "a.b.c",
    "not ASCII": lambda: "é.é.é",
    "too long": lambda: "a" * LARGEST + ".b.c",
    "four parts": lambda: LOGIN.signed(claims()) + ".x",
    "no signature": lambda: LOGIN.signed(claims()).rpartition(".")[0] + ".",
    "alg none": lambda: f"{part({'alg': 'none', 'kid': next(iter(keys()))})}.{part(claims())}.",
    "alg None": lambda: headed(alg="None"),
    "alg HS256 with the public key as secret": lambda: by_hand("HS256", public_text()),
    "alg HS256 with the set of keys as secret": lambda: by_hand(
        "HS256", LOGIN.http("GET", f"{POOL.issuer}/.well-known/jwks.json", b"")[1]
    ),
    "RS256 in name, HMAC in fact": lambda: by_hand("RS256", public_text()),
    "alg RS512": lambda: headed(alg="RS512"),
    "alg PS256": lambda: headed(alg="PS256"),
    "alg is a list": lambda: headed(alg=["RS256"]),
    "a key of its own in the header": lambda: headed(jwk={"kty": "RSA"}),
    "an address of keys in the header": lambda: headed(jku="https://evil.example/jwks.json"),
    "an extension that must be understood": lambda: headed(crit=["exp"]),
    "no key named": lambda: headed(kid=None),
    "a key that is not the pool's": lambda: OTHER.signed(claims()),
    "another key under the name of the pool's": under_its_name,
    "other groups": altered,
    "another issuer": lambda: LOGIN.signed(claims(iss=POOL.issuer + "x")),
    "an issuer that begins alike": lambda: LOGIN.signed(claims(iss=POOL.issuer[:-1])),
    "another application": lambda: LOGIN.signed(claims(aud="another")),
    "several applications": lambda: LOGIN.signed(claims(aud=[APPLICATION, "another"])),
    "an access token": lambda: LOGIN.signed(claims(token_use="access")),
    "expired this second": lambda: LOGIN.signed(claims(exp=int(NOW.timestamp()))),
    "without an end": lambda: LOGIN.signed(claims(exp=None)),
    "an end in words": lambda: LOGIN.signed(claims(exp="9999999999")),
    "an end without end": lambda: LOGIN.signed(claims(exp=2**41)),
    "an end that is true": lambda: LOGIN.signed(claims(exp=True)),
    "of tomorrow": lambda: LOGIN.signed(claims(iat=int(NOW.timestamp()) + 86_400)),
    "another nonce": lambda: LOGIN.signed(claims(nonce="m")),
    "no nonce": lambda: LOGIN.signed(claims(nonce=None)),
    "nobody's": lambda: LOGIN.signed(claims(**{"cognito:username": None})),
    "an empty name": lambda: LOGIN.signed(claims(**{"cognito:username": ""})),
    "groups as one word": lambda: LOGIN.signed(claims(**{"cognito:groups": "agent supervisor"})),
    "groups that are no words": lambda: LOGIN.signed(claims(**{"cognito:groups": [{"supervisor": 1}]})),
}


@pytest.mark.parametrize("kind", FORGED)
def test_what_the_pool_did_not_sign_for_us_and_for_now_names_nobody(kind: str) -> None:
    with pytest.raises(Forged):
        named(FORGED[kind](), keys(), EXPECTED, NOW, "n")


def test_what_the_pool_signed_names_who_signed_in() -> None:
    who = named(LOGIN.signed(claims()), keys(), EXPECTED, NOW, "n")

    assert (who.name, who.groups, who.ends_at) == ("ana", frozenset({"agent"}), NOW + timedelta(minutes=30))
    assert who.may_work
    assert not who.is_supervisor


@settings(max_examples=150)
@given(st.data())
def test_no_letter_of_a_token_can_be_another(data: st.DataObject) -> None:
    token = LOGIN.signed(claims())
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABab01-_.").filter(lambda one: one != token[at]))

    with pytest.raises(Forged):
        named(token[:at] + other + token[at + 1 :], keys(), EXPECTED, NOW, "n")


@given(st.text(alphabet="eyJ{}.=-_ab01", max_size=60))
def test_whatever_else_is_sent_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(Forged):
        named(text, keys(), EXPECTED, NOW)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b'{"keys": []}',
        b'{"keys": [{"kty": "EC"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "a", "n": "", "e": ""}]}',
        b'{"keys": 1}',
        b'{"keys": [1]}',
    ],
)
def test_keys_that_cannot_be_trusted_are_not(document: bytes) -> None:
    with pytest.raises(Forged):
        keys_of(document)


class Asked:
    """The pool, counting who asks for its keys. status: what it answers to that."""

    def __init__(self) -> None:
        self.times = 0
        self.status = 200

    def __call__(
        self, method: str, url: str, headers: Any, body: bytes = b"", *, idempotency: str = ""
    ) -> HttpReply:
        self.times += 1
        return HttpReply(*((self.status, b"") if self.status != 200 else LOGIN.http(method, url, body)))


def people(asked: Asked) -> People:
    return People(SignIn(POOL.issuer, APPLICATION, POOL.url), asked, OURS)


def test_the_pools_keys_are_read_once_an_hour_however_many_ask() -> None:
    asked = Asked()
    one = people(asked)
    for _ in range(5):
        assert one.known(LOGIN.signed(claims()), NOW).name == "ana"
    assert asked.times == 1
    one.known(LOGIN.signed(claims()), NOW + timedelta(minutes=29))
    assert asked.times == 1


def test_tokens_with_invented_keys_do_not_have_the_pool_asked_without_end() -> None:
    asked = Asked()
    one = people(asked)
    for second in range(59):
        with pytest.raises(Forged):
            one.known(OTHER.signed(claims()), NOW + timedelta(seconds=second))

    assert asked.times == 1


def test_while_the_keys_cannot_be_had_nobody_is_let_in() -> None:
    asked = Asked()
    asked.status = 503
    with pytest.raises(Unavailable):
        people(asked).known(LOGIN.signed(claims()), NOW)


def test_an_access_by_a_renewal_that_the_pool_does_not_know_is_refused() -> None:
    with pytest.raises(Forged):
        people(Asked()).renew("x", NOW)
