"""What the template declares, once its references are resolved: the facts that the event sources and the guard work from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.permissions.policy import Policy, Statement


@dataclass(frozen=True)
class Queue:
    """Times in seconds. `dead_letter_arn` is where a message goes after `max_receives` receives."""

    name: str
    url: str
    arn: str
    visibility: int = 30
    delay: int = 0
    retention: int = 345_600
    dead_letter_arn: str | None = None
    max_receives: int = 0


@dataclass(frozen=True)
class Table:
    """`key` holds the names of the partition key and, if there is one, the sort key."""

    name: str
    arn: str
    key: tuple[str, ...]
    stream_arn: str | None = None
    ttl_attribute: str | None = None


@dataclass(frozen=True)
class Topic:
    name: str
    arn: str


@dataclass(frozen=True)
class Subscription:
    """A queue that hears a topic. `raw`: the message alone, without SNS's envelope."""

    arn: str
    topic_arn: str
    queue_arn: str
    raw: bool
    filter_policy: Mapping[str, Any] | None = None
    filters_body: bool = False


@dataclass(frozen=True)
class Bucket:
    """`announces`: tells EventBridge of each object created in it."""

    name: str
    arn: str
    announces: bool


@dataclass(frozen=True)
class Function:
    """A Lambda function: `folder` holds its staged code, `timeout` is in seconds, `layers` are staged folders."""

    name: str
    arn: str
    folder: Path
    handler: str
    role_arn: str
    timeout: int = 3
    memory: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    dead_letter_arn: str | None = None

    @property
    def short_name(self) -> str:
        """`send_sms` of `recobro-acme-send_sms`."""
        return self.name.rpartition("-")[2]


@dataclass(frozen=True)
class QueueSource:
    """A queue that starts a function. `window` in seconds."""

    queue_arn: str
    function_arn: str
    batch_size: int = 10
    window: int = 0
    reports_failures: bool = False
    filters: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class StreamSource:
    """A table's stream that starts a function. retries, max_age (seconds): -1 means until the record expires."""

    id: str
    stream_arn: str
    function_arn: str
    from_start: bool = True
    batch_size: int = 100
    window: int = 0
    bisects: bool = False
    reports_failures: bool = False
    retries: int = -1
    max_age: int = -1
    on_failure_arn: str | None = None
    filters: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class AsyncRules:
    """What Lambda does with an asynchronous event that fails. max_age in seconds."""

    retries: int = 2
    max_age: int = 21_600
    on_failure_arn: str | None = None


@dataclass(frozen=True)
class Schedule:
    """One EventBridge Scheduler schedule. start and end are ISO instants or empty."""

    name: str
    arn: str
    expression: str
    time_zone: str
    target_arn: str
    role_arn: str
    input: str | None = None
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class RuleTarget:
    arn: str
    input: str | None = None
    input_path: str | None = None


@dataclass(frozen=True)
class Rule:
    """An EventBridge rule on the account's default bus."""

    name: str
    arn: str
    pattern: Mapping[str, Any]
    targets: tuple[RuleTarget, ...]


@dataclass(frozen=True)
class Route:
    """`key` is e.g. `POST /hooks/{gateway}` or `$default`. invoked: the function or the alias that is called."""

    key: str
    function_arn: str
    invoked: str


@dataclass(frozen=True)
class Invoker:
    """Who a function's own policy lets invoke it; `source` is a pattern of ARNs, empty for any."""

    principal: str
    source: str = ""


@dataclass(frozen=True)
class Application:
    """What may send people to a pool's sign-in. callbacks, logouts: the addresses to which it may have them led back."""

    id: str
    callbacks: tuple[str, ...]
    logouts: tuple[str, ...]
    scopes: tuple[str, ...]
    token_seconds: int
    renewal_seconds: int
    revokes: bool


@dataclass
class UserPool:
    """People who may sign in. url: of its pages. groups: in the order in which the template lists them."""

    id: str
    arn: str
    issuer: str
    url: str = ""
    groups: list[str] = field(default_factory=list)
    applications: dict[str, Application] = field(default_factory=dict)


@dataclass
class Inventory:
    """Everything realised, by ARN unless said otherwise. Filled while the template is built, read-only after."""

    queues: dict[str, Queue] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    """ARN of the function by that of its alias."""
    layers: dict[str, Path] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    subscriptions: list[Subscription] = field(default_factory=list)
    queue_sources: list[QueueSource] = field(default_factory=list)
    stream_sources: list[StreamSource] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    async_rules: dict[str, AsyncRules] = field(default_factory=dict)
    invokers: dict[str, list[Invoker]] = field(default_factory=dict)
    apis: dict[str, list[Route]] = field(default_factory=dict)
    """Routes by API id."""
    stages: dict[str, list[str]] = field(default_factory=dict)
    """Stage names by API id."""
    integrations: dict[str, str] = field(default_factory=dict)
    """ARN of the function or its alias by integration id."""
    secrets: dict[str, str] = field(default_factory=dict)
    """ARN by name."""
    pools: dict[str, UserPool] = field(default_factory=dict)
    """User pools by id."""
    identities: set[str] = field(default_factory=set)
    """Verified sender addresses and domains."""
    signing_keys: dict[str, str] = field(default_factory=dict)
    """Ids of the KMS keys that sign, by their place in the template and what they are: another kind of key is another key."""
    keys: dict[str, str] = field(default_factory=dict)
    """ARN of the customer's key by ARN of the resource it encrypts."""
    role_statements: dict[str, list[Statement]] = field(default_factory=dict)
    """Statements by role ARN."""
    resource_statements: dict[str, list[Statement]] = field(default_factory=dict)
    """Statements of a resource's own policy, by the resource's ARN."""

    def queue_at(self, url: str) -> Queue | None:
        """The queue of a URL, whatever host the URL names."""
        name = url.rsplit("/", 1)[-1]
        return next((queue for queue in self.queues.values() if queue.name == name), None)

    def table_named(self, name: str) -> Table | None:
        return next((table for table in self.tables.values() if name in (table.name, table.arn)), None)

    def function(self, name: str) -> Function:
        """A function by ARN, name or short name. Raises LookupError naming those there are."""
        if name in self.functions:
            return self.functions[name]
        found = [one for one in self.functions.values() if name in (one.name, one.short_name)]
        if len(found) != 1:
            known = ", ".join(sorted(one.short_name for one in self.functions.values()))
            raise LookupError(f"no one function is called {name}; there are {known}")
        return found[0]

    def behind(self, arn: str) -> str:
        """The function that an ARN leads to: itself, or the one whose alias it names."""
        return self.aliases.get(arn, arn)

    def role_policy(self, role_arn: str) -> Policy:
        return Policy(tuple(self.role_statements.get(role_arn, ())))

    def resource_policy(self, arn: str) -> Policy:
        return Policy(tuple(self.resource_statements.get(arn, ())))
