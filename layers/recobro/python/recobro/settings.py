"""What a deployment tells its functions: read once, by name, with an error that says which name is missing."""

import os
from dataclasses import dataclass
from pathlib import Path

from recobro.errors import InvariantBroken


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of a function. A name that a function's row does not grant is empty.

    evidence_key: ARN of the key that signs what operators export; no function may use it.
    """

    table: str
    bucket: str
    secret: str
    client_dir: Path
    public_url: str
    partitions_queue: str
    evidence_key: str = ""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Raises InvariantBroken when even the table is missing."""
        return cls(
            table=_required("TABLE_NAME"),
            bucket=os.environ.get("BUCKET_NAME", ""),
            secret=os.environ.get("SECRET_ARN", ""),
            client_dir=Path(os.environ.get("CLIENT_DIR", "/opt/client")),
            public_url=os.environ.get("PUBLIC_URL", "").rstrip("/"),
            partitions_queue=os.environ.get("QUEUE_PORTFOLIO_PARTITIONS", ""),
        )


@dataclass(frozen=True, slots=True)
class SignIn:
    """issuer: who vouches for the agency's people. client: our application there. url: of the pages on which they sign in."""

    issuer: str
    client: str
    url: str

    @classmethod
    def from_environment(cls) -> "SignIn":
        """Raises InvariantBroken where the function's row does not grant it."""
        return cls(
            *(_required(f"SIGN_IN_{name}").rstrip("/") for name in ("ISSUER", "CLIENT", "URL")),
        )


def queue_urls() -> dict[str, str]:
    """channel set-up name → queue URL, for the channels that this deployment enables."""
    prefix = "QUEUE_SEND_"
    return {name[len(prefix) :].lower(): url for name, url in os.environ.items() if name.startswith(prefix)}


def queue_url(name: str) -> str:
    """URL of one of our own queues ("payment-questions"); empty where the function's row does not grant it."""
    return os.environ.get("QUEUE_" + name.upper().replace("-", "_"), "")


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise InvariantBroken(f"environment variable {name} is not set: its row in infra/app.py grants it")
    return value
