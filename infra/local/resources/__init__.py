"""Every type of resource that this machine knows, one file for each family; importing this package registers them all."""

from infra.local.resources import (
    buckets,
    carriers,
    functions,
    http,
    keys,
    people,
    queues,
    roles,
    schedules,
    secrets,
    tables,
    topics,
    watching,
)

__all__ = [
    "buckets",
    "carriers",
    "functions",
    "http",
    "keys",
    "people",
    "queues",
    "roles",
    "schedules",
    "secrets",
    "tables",
    "topics",
    "watching",
]
