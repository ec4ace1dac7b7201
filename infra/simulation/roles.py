"""In a simulated month, too, a function may do what its role in the template grants and nothing else.

The simulation has names of its own for the table, the bucket, the key and the queues; here they become the template's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from infra.local.permissions.guard import Guard
from infra.local.system import LocalSystem
from infra.synth import synthesise

START = datetime(2026, 1, 5, tzinfo=UTC)
"""Any instant: nothing runs while roles are read."""


@dataclass(frozen=True)
class Roles:
    """The guard of a client's template. names: the simulation's name → the template's."""

    guard: Guard
    names: Mapping[str, str]
    queues: str

    def check(self, function: str, service: str, operation: str, params: Mapping[str, Any]) -> None:
        """Raises ClientError as AWS would where the function's role does not grant what the call needs."""
        self.guard.check(function, _SERVICES.get(service, service), operation, self._named(params))

    def _named(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        told = dict(params)
        for member in ("TableName", "Bucket", "SecretId"):
            if member in told:
                told[member] = self.names[told[member]]
        if "QueueUrl" in told:
            told["QueueUrl"] = f"{self.queues}{told['QueueUrl']}"
        if "RequestItems" in told:
            told["RequestItems"] = {self.names[name]: one for name, one in told["RequestItems"].items()}
        return told


_SERVICES = {"secretsmanager": "secrets-manager"}
"""boto3's name of a service, where botocore's own has a hyphen more."""


@lru_cache(maxsize=2)
def roles(client: str, table: str, bucket: str, secret: str) -> Roles:
    """The roles of the template that deploys the client, read once a process; what was used of them is kept with them.

    table, bucket, secret: what the simulation calls them.
    """
    with LocalSystem.boot(synthesise(client), start=START, backend="memory") as system:
        told = system.outputs
        names = {table: told["TableName"], bucket: told["BucketName"], secret: told["SecretArn"]}
        queue = next(one.name for one in system.inventory.queues.values() if one.name.endswith("-receipts"))
        return Roles(system.guard, names, re.sub(r"receipts$", "", queue))
