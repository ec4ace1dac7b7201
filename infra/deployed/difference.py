"""What a deployment would change: every resource that comes, goes or changes, and above all who may do more than before."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from infra.deployed.data import DATA, Template
from infra.deployed.session import deployed_template
from infra.stack.names import stack_of
from recobro.errors import NotFound

IMAGES = {("AWS::Lambda::Function", "Code"), ("AWS::Lambda::LayerVersion", "Content")}
"""Where an asset's hash stands: what changed in it is code, which the version history tells better."""


@dataclass(frozen=True)
class Change:
    """how: "added" | "removed" | "changed". paths: the properties that differ. is_grave: data, or a right that is new.

    life: the stack in which it happens.
    """

    how: str
    kind: str
    name: str
    paths: tuple[str, ...] = ()
    is_grave: bool = False
    life: str = ""


def all_differences(cloudformation: Any, prefix: str, wanted: Mapping[str, Template]) -> list[Change]:
    """Over all stacks of a client. wanted: template by life. Raises NotFound where none of them stands."""
    standing: dict[str, Template] = {}
    for life in wanted:
        try:
            standing[life] = deployed_template(cloudformation, stack_of(prefix, life))
        except NotFound:
            continue
    if not standing:
        raise NotFound(f"no stack {prefix}-...: everything would be new")
    found = [
        replace(one, life=life)
        for life, template in wanted.items()
        for one in differences(standing.get(life, {}), template)
    ]
    return sorted(found, key=lambda one: not one.is_grave)


def differences(deployed: Template, wanted: Template) -> list[Change]:
    """From what runs to what was synthesised, by type and name."""
    there, here = deployed.get("Resources", {}), wanted["Resources"]
    found = [*_gone(there, here), *_new(there, here), *_changed(there, here)]
    return sorted(found, key=lambda one: (not one.is_grave, one.kind, one.name))


def _gone(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Change]:
    for name in there.keys() - here.keys():
        yield Change("removed", there[name]["Type"], name, is_grave=there[name]["Type"] in DATA)


def _new(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Change]:
    for name in here.keys() - there.keys():
        yield Change("added", here[name]["Type"], name, is_grave=_grants(here[name]) != set())


def _changed(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Change]:
    for name in here.keys() & there.keys():
        before, after = there[name], here[name]
        paths = tuple(_paths(_told(before), _told(after)))
        if paths:
            more = _grants(after) - _grants(before)
            yield Change("changed", after["Type"], name, paths, is_grave=after["Type"] in DATA or bool(more))


def _told(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in resource.items() if key != "Metadata"}


def _paths(before: Any, after: Any, at: str = "") -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _paths(before.get(key), after.get(key), f"{at}.{key}" if at else str(key))
    elif before != after:
        yield at.removeprefix("Properties.")


def _grants(resource: Mapping[str, Any]) -> set[str]:
    """What a policy allows, one text per statement."""
    if resource["Type"] != "AWS::IAM::Policy":
        return set()
    statements = resource["Properties"]["PolicyDocument"]["Statement"]
    return {json.dumps(one, sort_keys=True) for one in statements if one.get("Effect") == "Allow"}
