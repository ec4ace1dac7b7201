"""One thing that a request must be allowed to do, and how what it names becomes an ARN."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.permissions.policy import Context

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Need:
    """One thing that a request must be allowed to do."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Namer:
    """Makes ARNs of what requests name. `identities` are the sender identities that the template declares."""

    account: str
    region: str
    partition: str = "aws"
    identities: frozenset[str] = frozenset()
    secrets: Mapping[str, str] = field(default_factory=dict)
    partition_keys: Mapping[str, str] = field(default_factory=dict)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


Needs = Callable[[Params, Namer], Iterator[Need]]
