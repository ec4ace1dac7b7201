"""What was counted while the house worked: requests by who made them, the ledger's units, how often functions ran."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from infra.local.system import LocalSystem

Name = TypeVar("Name")
Key = tuple[str, str, str]
"""(who, service, operation), as `infra.local.meter` counts."""

CARRIERS = frozenset({"pinpoint-sms-voice-v2", "socialmessaging", "pinpoint", "sesv2"})
"""Their requests are paid by the message."""

NOT_OURS = frozenset({"operator"})
"""Whom the bill of the house does not count: a person at a keyboard, the tests."""


@dataclass(frozen=True)
class Metered:
    """requests, write_units, read_units: by who. invocations: by function. memory_mb: what each function is given."""

    requests: Mapping[Key, int] = field(default_factory=dict)
    write_units: Mapping[str, int] = field(default_factory=dict)
    read_units: Mapping[str, float] = field(default_factory=dict)
    invocations: Mapping[str, int] = field(default_factory=dict)
    memory_mb: Mapping[str, int] = field(default_factory=dict)


def metered(system: "LocalSystem") -> Metered:
    """What the system counted so far."""
    meter = system.meter
    return Metered(
        requests=dict(meter.requests),
        write_units=dict(meter.write_units),
        read_units=dict(meter.read_units),
        invocations=dict(system.invocations),
        memory_mb={one.short_name: one.memory for one in system.inventory.functions.values()},
    )


def since(now: Metered, before: Metered) -> Metered:
    """What came between."""
    return Metered(
        requests=_less(now.requests, before.requests),
        write_units=_less(now.write_units, before.write_units),
        read_units={who: units - before.read_units.get(who, 0.0) for who, units in now.read_units.items()},
        invocations=_less(now.invocations, before.invocations),
        memory_mb=now.memory_mb,
    )


def added(one: Metered, other: Metered) -> Metered:
    """Both together: what several commands counted on one state."""
    return Metered(
        requests=Counter(one.requests) + Counter(other.requests),
        write_units=Counter(one.write_units) + Counter(other.write_units),
        read_units={
            who: one.read_units.get(who, 0.0) + other.read_units.get(who, 0.0)
            for who in {**one.read_units, **other.read_units}
        },
        invocations=Counter(one.invocations) + Counter(other.invocations),
        memory_mb={**one.memory_mb, **other.memory_mb},
    )


def written(one: Metered) -> dict[str, Any]:
    """As JSON, to be kept beside a local state."""
    return {
        "requests": {" ".join(key): count for key, count in sorted(one.requests.items())},
        "write_units": dict(one.write_units),
        "read_units": dict(one.read_units),
        "invocations": dict(one.invocations),
        "memory_mb": dict(one.memory_mb),
    }


def read_back(told: Mapping[str, Any]) -> Metered:
    """What `written` wrote."""
    requests = {}
    for key, count in told["requests"].items():
        who, service, operation = key.split(" ")
        requests[who, service, operation] = int(count)
    return Metered(requests, told["write_units"], told["read_units"], told["invocations"], told["memory_mb"])


COUNTED = "counted.json"


def keep_counting(folder: Path, more: Metered) -> None:
    """Add what one command counted to what stands beside the state, so that a bill covers all of them."""
    whole = added(counted_in(folder), more)
    partial = folder / f"{COUNTED}.partial"
    partial.write_text(json.dumps(written(whole), sort_keys=True), encoding="utf-8")
    partial.replace(folder / COUNTED)


def counted_in(folder: Path) -> Metered:
    """What earlier commands counted on the state in `folder`."""
    path = folder / COUNTED
    return read_back(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else Metered()


def _less(now: Mapping[Name, int], before: Mapping[Name, int]) -> dict[Name, int]:
    return {key: count - before.get(key, 0) for key, count in now.items() if count != before.get(key, 0)}
