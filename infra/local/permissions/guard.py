"""Stands between every function and AWS: lets through what the function's own role grants, and remembers what was used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from infra.local.permissions.need import Namer, Need
from infra.local.permissions.needs import needs
from infra.local.permissions.policy import Policy, Statement, overlaps

ENCRYPTED = {
    "sqs:SendMessage": ("kms:GenerateDataKey", "kms:Decrypt"),
    "sqs:ReceiveMessage": ("kms:Decrypt",),
    "s3:PutObject": ("kms:GenerateDataKey",),
    "s3:GetObject": ("kms:Decrypt",),
    "secretsmanager:GetSecretValue": ("kms:Decrypt",),
}
"""What a request also needs on the customer's key that encrypts its resource.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html and its siblings.
"""

REQUEST = {"aws:SecureTransport": "true"}
"""Condition keys that are true of every request on this machine."""


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource pattern, as a role's policy writes it."""

    function: str
    action: str
    resource: str


@dataclass(frozen=True)
class Denial:
    """A request that was turned away."""

    function: str
    action: str
    resource: str


@dataclass
class Guard:
    """Policies by function and by resource ARN; keys that encrypt resources, by the resource's ARN."""

    namer: Namer
    roles: Mapping[str, Policy] = field(default_factory=dict)
    resource_policies: Mapping[str, Policy] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    enforces: bool = True
    denials: list[Denial] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    """Functions that made a request of their own."""
    _used: set[tuple[str, str, str, str]] = field(default_factory=set)
    _credited: set[tuple[str, str, str, str]] = field(default_factory=set)

    def check(self, function: str, service: str, operation: str, params: Mapping[str, Any]) -> None:
        """Raises ClientError as AWS would, or Unmapped when nobody wrote down what the request needs."""
        self.asked.add(function)
        if not self.enforces:
            return
        for need in self._needs(service, operation, params):
            if not self.permits(function, need):
                self.denials.append(Denial(function, need.action, need.resource))
                raise _denied(function, need, operation)

    def permits(self, function: str, need: Need) -> bool:
        """Whether the function's role allows it and the resource's own policy does not forbid it; counts as used."""
        context = {**REQUEST, **need.context}
        statement = self.roles.get(function, Policy()).decide(need.action, need.resource, context)
        if statement is None or self._forbidden(need, context):
            return False
        self._credit(function, statement, need)
        return True

    def unused_grants(self) -> list[Grant]:
        """What roles grant and no request has needed, in order: the least privilege that is left to take away."""
        granted = [
            (function, statement, action, resource)
            for function, policy in self.roles.items()
            for statement in policy.statements
            if statement.allows
            for action in statement.actions
            for resource in statement.resources
        ]
        return sorted(
            Grant(function, action, f"not {resource}" if statement.except_resources else resource)
            for function, statement, action, resource in granted
            if (function, statement.where, action, resource) not in self._used
        )

    def _needs(self, service: str, operation: str, params: Mapping[str, Any]) -> Iterable[Need]:
        for need in needs(service, operation, params, self.namer):
            yield need
            key = self.keys.get(need.resource) or self.keys.get(need.resource.partition("/")[0])
            for action in ENCRYPTED.get(need.action, ()) if key else ():
                yield Need(action, str(key))

    def _forbidden(self, need: Need, context: Mapping[str, str | Sequence[str]]) -> bool:
        policy = self.resource_policies.get(need.resource) or self.resource_policies.get(
            need.resource.partition("/")[0]
        )
        return policy is not None and any(
            not statement.allows
            and "*" in statement.principals
            and statement.covers(need.action, need.resource, context)
            for statement in policy.statements
        )

    def _credit(self, function: str, statement: Statement, need: Need) -> None:
        known = (function, statement.where, need.action, need.resource)
        if known in self._credited:
            return
        self._credited.add(known)
        for action in statement.actions:
            if not overlaps(action.lower(), need.action.lower()):
                continue
            for resource in statement.resources:
                if overlaps(resource, need.resource) != statement.except_resources:
                    self._used.add((function, statement.where, action, resource))


def _denied(function: str, need: Need, operation: str) -> ClientError:
    told = (
        f"{function} is not authorized to perform: {need.action} on resource: {need.resource} "
        "because no statement of its role in the template allows it"
    )
    answer: Any = {
        "Error": {"Code": "AccessDeniedException", "Message": told},
        "ResponseMetadata": {"HTTPStatusCode": 403},
    }
    return ClientError(answer, operation)
