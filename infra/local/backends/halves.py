"""The private half of a key that signs, as bytes that a folder can keep between two runs of a deployment on this machine."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def pkcs8(half: "RSAPrivateKey") -> bytes:
    """Unencrypted: the folder is the operator's alone, and what it signs is believed nowhere else."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return half.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def half_of(written: bytes) -> "RSAPrivateKey":
    """The reverse of `pkcs8`."""
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return cast("RSAPrivateKey", load_der_private_key(written, password=None))
