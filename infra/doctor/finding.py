"""One thing that was looked at, how it stands, and what to do where it does not stand well."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.stack.settings import ClientSettings
from recobro.domain.playbook import Playbook


@dataclass(frozen=True)
class Finding:
    """state: "ok" | "note" (works, and should be known) | "wrong" | "unknown" (could not be looked at). fix: empty for "ok"."""

    what: str
    state: str
    told: str
    fix: str = ""


@dataclass(frozen=True)
class Asked:
    """Whom we examine. clients: a boto3 client by its service's name. outputs: of the deployed stack; empty: not deployed."""

    client: ClientSettings
    playbook: Playbook
    clients: Callable[[str], Any]
    outputs: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Asked], Iterator[Finding]]


def ok(what: str, told: str) -> Finding:
    return Finding(what, "ok", told)


def note(what: str, told: str, fix: str) -> Finding:
    return Finding(what, "note", told, fix)


def wrong(what: str, told: str, fix: str) -> Finding:
    return Finding(what, "wrong", told, fix)


def unknown(what: str, told: str, fix: str) -> Finding:
    return Finding(what, "unknown", told, fix)
