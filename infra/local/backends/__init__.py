"""AWS's own services on this machine: two independent implementations behind one small surface, so that neither's bug can hide.

Everything that knows which emulator is used is in this package. Both are called in this process, one request at a time.
"""

from typing import Protocol

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

SERVICES = frozenset({"dynamodb", "dynamodb-streams", "sqs", "sns", "s3", "secrets-manager", "ssm", "kms"})
"""What a backend must answer, as botocore hyphenates the services. Everything else is ours, the carriers' or refused."""


class Backend(Protocol):
    """Answers the HTTP requests that boto3 makes, for the account and region it was opened with."""

    name: str
    late: float
    """Seconds by which a hidden message is back later than AWS would have it."""

    def send(self, service: str, request: AWSPreparedRequest) -> AWSResponse:
        """The service's answer, errors included. `service` as botocore hyphenates it."""
        ...

    def private_half(self, key_id: str) -> bytes:
        """Of a KMS key that signs, as PKCS 8: no request of AWS's gives it away, and a kept deployment signs with it tomorrow."""
        ...

    def take_private_half(self, key_id: str, half: bytes) -> None:
        """From now on that key signs with this half."""
        ...

    def close(self) -> None:
        """Forget everything: the next system in this process starts empty."""
        ...


def open_backend(name: str, account: str, region: str, seed: int | None) -> Backend:
    """An empty "ministack" (fast), "moto" (second opinion) or "memory" (the simulation's tables).

    seed: makes the ids that it invents repeatable.
    """
    if name == "ministack":
        from infra.local.backends.ministack import Ministack

        return Ministack(account, region, seed)
    if name == "moto":
        from infra.local.backends.moto import Moto

        return Moto(account, region, seed)
    if name == "memory":
        from infra.local.backends.memory import Memory

        return Memory(account, region, seed)
    raise ValueError(f"no backend is called {name!r}; there are ministack, moto and memory")
