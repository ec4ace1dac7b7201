"""Packs what was collected, names every file by its hash, and has the agency's key sign the list."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from infra.evidence.collecting import Collected
from infra.evidence.page import page
from infra.evidence.verify_evidence import (
    KEY,
    MANIFEST,
    SCHEMA,
    SIGNATURE,
    canonical,
    fingerprint,
    packed,
    statement,
)
from recobro.codec import write_instant

VERIFIER = Path(__file__).with_name("verify_evidence.py")

READ_ME = """Expediente / Registro / Record of {person}, {client}, {at}

index.html          para leer · para ler · to read
verify_evidence.py  para comprobar, sin internet · para conferir · to verify, without a network (Python 3.8+):

    python3 verify_evidence.py THIS_ARCHIVE.zip --fingerprint <de la agencia · from the agency>

Pida a la agencia la huella de su clave por otra vía que este archivo. Si no confía en quien se lo dio, tome el programa del código
público de Recobro (infra/evidence/verify_evidence.py): el de aquí responde por sí mismo.
Ask the agency for its key's fingerprint by another way than this archive. If you do not trust who gave it to you, take the program
from Recobro's public source (infra/evidence/verify_evidence.py): the one in here vouches for itself.
"""


class Signer(Protocol):
    """Whose key signs."""

    @property
    def name(self) -> str:
        """The key's ARN."""
        ...

    def public_key(self) -> bytes:
        """DER of a SubjectPublicKeyInfo."""
        ...

    def sign(self, message: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over the message."""
        ...


@dataclass(frozen=True)
class KmsSigner:
    """A KMS key RSA_2048, SIGN_VERIFY. KMS takes no message over 4,096 bytes: what is signed names the rest by its hash.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
    """

    kms: Any
    name: str

    def public_key(self) -> bytes:
        key: bytes = self.kms.get_public_key(KeyId=self.name)["PublicKey"]
        return key

    def sign(self, message: bytes) -> bytes:
        signed: bytes = self.kms.sign(
            KeyId=self.name,
            Message=message,
            MessageType="RAW",
            SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256",
        )["Signature"]
        return signed


def archive(found: Collected, client: str, now: datetime, signer: Signer | None) -> bytes:
    """The whole archive. signer: None: nobody signs it, and it says so."""
    at = write_instant(now)
    public = signer.public_key() if signer is not None else b""
    named = fingerprint(public) if public else ""
    read_me = READ_ME.format(person=found.debtor.id, client=client, at=at)
    files = {
        **found.files,
        "index.html": page(found, client, now, named).encode(),
        "README.txt": read_me.encode(),
        "verify_evidence.py": VERIFIER.read_bytes(),
        **({KEY: public} if public else {}),
    }
    files[MANIFEST] = manifest(found, client, at, files, signer)
    if signer is not None:
        files[SIGNATURE] = signer.sign(statement(files[MANIFEST]))
    return packed(files)


def manifest(
    found: Collected, client: str, at: str, files: Mapping[str, bytes], signer: Signer | None
) -> bytes:
    """Head and count of the chain, and every file by its hash.

    person_key: the person's own, so that anybody can see that the words are those that the facts hashed.
    """
    plain = {
        "schema": SCHEMA,
        "client": client,
        "person": found.debtor.id,
        "person_key": found.debtor.personal.key,
        "written_at": at,
        "zone": found.zone,
        "head": found.history[-1].hash if found.history else "",
        "count": len(found.history),
        "missing": found.missing,
        "signed": signer is not None,
        "key": signer.name if signer is not None else "",
        "files": {name: hashlib.sha256(body).hexdigest() for name, body in files.items()},
    }
    return canonical(plain).encode()
