"""A signature is believed only as it was written: over the raw bytes, in constant time, under a secret that is not empty."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from recobro.errors import InvalidInput
from recobro.ports import Forged

TOLERANCE = timedelta(minutes=5)
"""Stripe's, Fintoc's and Standard Webhooks' own; only where the instant belongs to the delivery and not to the event."""


def signer(secrets: Sequence[str], given: Iterable[str], *signs: Callable[[bytes], str]) -> str:
    """The live secret that made one of the `given` signatures in one of the ways `signs`. Raises Forged.

    An empty secret signs nothing: everybody knows it.
    """
    # compare_digest refuses text beyond ASCII, and no signature has any.
    readable = [one for one in given if one and one.isascii()]
    for secret in secrets:
        for sign in signs if secret and readable else ():
            made = sign(secret.encode())
            if any(hmac.compare_digest(made, one) for one in readable):
                return secret
    raise Forged("no live secret signed this")


@contextmanager
def unverified() -> Iterator[None]:
    """Around what has to be read before it can be verified. Raises Forged for what cannot be: nobody signed it as far as we can
    tell, and what a stranger wrote is counted and not kept.
    """
    try:
        yield
    except InvalidInput as error:
        raise Forged("cannot be read, so cannot be verified") from error


def hmac_hex(key: bytes, *signed: bytes) -> str:
    return hmac.new(key, b"".join(signed), hashlib.sha256).hexdigest()


def hmac_base64(key: bytes, *signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, b"".join(signed), hashlib.sha256).digest()).decode()


def written(text: str) -> bytes:
    """A header or a field as the bytes that were signed."""
    return text.encode("utf-8", "surrogateescape")


def unbase64(text: str) -> bytes:
    """Raises Forged for what is not the one way to write those bytes."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise Forged("no base64") from error
    if base64.b64encode(found).decode() != text:
        raise Forged("base64 with loose ends")
    return found


def pairs(header: str) -> list[tuple[str, str]]:
    """`t=1,v1=ab==` as its parts; a value may hold further "="."""
    return [
        (name.strip(), value.strip()) for name, _, value in (one.partition("=") for one in header.split(","))
    ]


def stamped(header: str) -> dict[str, str]:
    """`t=…,s=…` where each name comes once; Forged where one comes twice."""
    parts = pairs(header)
    if len(dict(parts)) != len(parts):
        raise Forged("a part of the signature comes twice")
    return dict(parts)


def fresh(at: Callable[[], datetime], now: datetime) -> datetime:
    """The instant of a delivery, unless it is old: then somebody may be repeating it. Raises Forged."""
    try:
        sent = at()
    except InvalidInput as error:
        raise Forged("no instant") from error
    if now - sent > TOLERANCE:
        raise Forged("older than the tolerance")
    return sent


def rsa_signed(key: tuple[int, int], signature: bytes, signed: bytes) -> bool:
    """RSA PKCS#1 v1.5 with SHA-256 (RFC 8017 §8.2.2). The whole encoded message is compared and nothing is parsed, so there is
    no padding to be clever with."""
    modulus, public = key
    size = (modulus.bit_length() + 7) // 8
    if len(signature) != size:
        return False
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed).digest()
    expected = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    found = pow(int.from_bytes(signature, "big"), public, modulus).to_bytes(size, "big")
    return hmac.compare_digest(found, expected)


RSA = bytes.fromhex("06092a864886f70d010101")
"""The object identifier rsaEncryption (RFC 8017, appendix A.1), as DER writes it."""


def public_key(pem: str) -> tuple[int, int]:
    """(modulus, exponent) of a PEM "PUBLIC KEY" (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7). Raises ValueError."""
    der = base64.b64decode("".join(line for line in pem.split("\n") if "-----" not in line))
    algorithm, rest = _element(_element(der)[0])
    if not algorithm.startswith(RSA):
        raise ValueError("no RSA key")
    modulus, rest = _element(_element(_element(rest)[0][1:])[0])
    public, _ = _element(rest)
    numbers = int.from_bytes(modulus, "big"), int.from_bytes(public, "big")
    if numbers[0].bit_length() < 2048 or numbers[1] < 3:
        raise ValueError("too weak an RSA key")
    return numbers


def _element(der: bytes) -> tuple[bytes, bytes]:
    """(content, what follows) of one DER element."""
    if len(der) < 2:
        raise ValueError("cut short")
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if len(der) < start + length:
        raise ValueError("cut short")
    return der[start : start + length], der[start + length :]
