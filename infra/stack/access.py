"""The words in which a row says what its function may do: each names actions and one resource, and nothing grants more.

Plain values, so that the table can be read without starting CDK; `permissions.py` turns them into policy statements.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "table",
    "index",
    "files",
    "queue",
    "queue_if_any",
    "channels",
    "secret",
    "carrier",
    "links",
    "agency",
    "second_reader",
    "people",
]


@dataclass(frozen=True)
class Grant:
    """`actions` on the resource that `kind` and `on` name."""

    kind: Kind
    actions: tuple[str, ...] = ()
    on: str = ""


def table(actions: str) -> Grant:
    """The ledger itself, e.g. `table("GetItem PutItem")`; its indexes are not included."""
    return Grant("table", _prefixed("dynamodb", actions))


def due() -> Grant:
    """Reading the sharded index of who is due."""
    return Grant("index", ("dynamodb:Query",), "due")


def files(actions: str, *prefixes: str) -> tuple[Grant, ...]:
    """Objects of the bucket under the prefixes, e.g. `*files("GetObject", "inbox/")`."""
    return tuple(Grant("files", _prefixed("s3", actions), prefix) for prefix in prefixes)


def queue(name: str) -> Grant:
    """Putting messages on one queue."""
    return Grant("queue", ("sqs:SendMessage",), name)


def queue_if_any(name: str) -> Grant:
    """Putting messages on a queue that only some clients have; where there is none, the code leaves the hint out."""
    return Grant("queue_if_any", ("sqs:SendMessage",), name)


def channels() -> Grant:
    """Putting contacts on the queue of every channel that the client has switched on."""
    return Grant("channels", ("sqs:SendMessage",))


def secret() -> Grant:
    """Reading the deployment's root key, from which keyed hashes, link tokens and webhook keys are derived."""
    return Grant("secret", ("secretsmanager:GetSecretValue",))


def carrier(channel: str) -> Grant:
    """Handing a message to the channel's carrier, by the sender identity in the client's file and no other."""
    return Grant("carrier", (), channel)


def links() -> Grant:
    """Knowing the public address, to write links into messages and pages. Permits nothing."""
    return Grant("links")


def agency() -> Grant:
    """Taking and freeing room in the agency's table, and reading its key, where the client's file names such a table."""
    return Grant("agency")


def second_reader() -> Grant:
    """Asking the one language model that the client's file names, where it names one."""
    return Grant("second_reader")


def people() -> Grant:
    """Knowing where the agency's people sign in, and who vouches for them. Permits nothing."""
    return Grant("people")


def _prefixed(service: str, actions: str) -> tuple[str, ...]:
    return tuple(f"{service}:{action}" for action in actions.split())
