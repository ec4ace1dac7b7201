"""Whom a token names is believed only as the pool signed it: one algorithm, one issuer, one application, and not a second too long.

An ID token is a JWT (RFC 7519) signed by RS256 (RFC 7518 §3.3); what has to be looked at is OpenID Connect Core 1.0 §3.1.3.7 and
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from recobro.adapters.gateways.signing import rsa_signed
from recobro.domain.signed_in import SignedIn
from recobro.ports import Forged

LARGEST = 8 * 1024
"""Letters; the pool's own have about a thousand, and a browser keeps no cookie of more than four thousand."""

SKEW = 60
"""Seconds by which a token may come from the future: clocks differ. None is given to its end."""

Keys = Mapping[str, tuple[int, int]]
"""Name of a key → (modulus, exponent)."""


@dataclass(frozen=True, slots=True)
class Expected:
    """issuer: the pool. audience: our application in it."""

    issuer: str
    audience: str


def keys_of(document: bytes) -> Keys:
    """The pool's public keys from its JWK Set (RFC 7517 §5). Raises Forged for what is none, or holds a key too weak to trust."""
    try:
        listed = [one for one in json.loads(document)["keys"] if one.get("kty") == "RSA"]
        found = {str(one["kid"]): (_number(one["n"]), _number(one["e"])) for one in listed}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Forged("no set of keys") from error
    if not found or any(modulus.bit_length() < 2048 or public < 3 for modulus, public in found.values()):
        raise Forged("no key that can be trusted")
    return found


def key_named(token: str) -> str:
    """Which key a token says it was signed with. Raises Forged for what is no token, or is signed by any other algorithm than ours."""
    header = _object(_parts(token)[0])
    if header.get("alg") != "RS256" or "crit" in header or not isinstance(header.get("kid"), str):
        raise Forged("not signed as the pool signs")
    return str(header["kid"])


def named(token: str, keys: Keys, expected: Expected, now: datetime, nonce: str | None = None) -> SignedIn:
    """Who signed in. nonce: what was sent along to the sign-in; None: this token is not fresh from there. Raises Forged."""
    key = keys.get(key_named(token))
    head, body, signature = _parts(token)
    if key is None or not rsa_signed(key, _bytes(signature), f"{head}.{body}".encode()):
        raise Forged("the pool did not sign this")
    told = _object(body)
    if told.get("iss") != expected.issuer or told.get("aud") != expected.audience:
        raise Forged("of another pool, or for another application")
    if told.get("token_use") != "id":
        raise Forged("not a token that says who somebody is")
    ends, issued, began = (_instant(told, name) for name in ("exp", "iat", "auth_time"))
    if not issued - SKEW <= now.timestamp() < ends:
        raise Forged("not of this time")
    if nonce is not None and not hmac.compare_digest(_text(told, "nonce").encode(), nonce.encode()):
        raise Forged("of another sign-in")
    groups = told.get("cognito:groups", [])
    if not isinstance(groups, list) or not all(isinstance(one, str) for one in groups):
        raise Forged("no groups that can be read")
    session = hashlib.sha256(f"{_text(told, 'sub')}\x1f{began}".encode()).hexdigest()
    ends_at = datetime.fromtimestamp(ends, UTC)
    return SignedIn(_text(told, "cognito:username"), frozenset(groups), session, ends_at)


def _parts(token: str) -> tuple[str, str, str]:
    if len(token) > LARGEST or not token.isascii() or token.count(".") != 2:
        raise Forged("no token")
    head, body, signature = token.split(".")
    return head, body, signature


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError) as error:
        raise Forged("no token") from error
    if not isinstance(found, dict):
        raise Forged("no token")
    return found


def _bytes(part: str) -> bytes:
    """Base64url without padding, in the one way to write those bytes (RFC 7515 §2)."""
    try:
        found = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise Forged("no token") from error
    if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != part:
        raise Forged("a token with loose ends")
    return found


def _number(part: str) -> int:
    return int.from_bytes(_bytes(part), "big")


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 128:
        raise Forged(f"says no {name}")
    return value


def _instant(told: Mapping[str, Any], name: str) -> int:
    """NumericDate (RFC 7519 §2); whole seconds, as the pool writes it."""
    value = told.get(name)
    if type(value) is not int or not 0 < value < 2**40:
        raise Forged(f"says no {name}")
    return value
