"""Builds every resource of the template on this machine, or says by name why one stands idle or is refused: none is skipped."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from infra.local.assembly import Assembly, Stack, output_name
from infra.local.inventory import Inventory
from infra.local.refusal import Refused
from infra.local.template import Address, Resolver


@dataclass(frozen=True)
class Resource:
    """One resource of a stack, its properties resolved."""

    stack: str
    logical_id: str
    type: str
    properties: Mapping[str, Any]

    @property
    def where(self) -> str:
        return f"{self.stack}.{self.logical_id} ({self.type})"

    def get(self, name: str, default: Any = None) -> Any:
        return self.properties.get(name, default)

    def need(self, name: str) -> Any:
        """A property that CloudFormation requires."""
        if name not in self.properties:
            raise Refused(self.where, f"{name} is missing")
        return self.properties[name]

    def only(self, value: Mapping[str, Any], names: str, inside: str) -> Mapping[str, Any]:
        """The nested value, if it holds nothing but the names (between spaces) that are modelled here."""
        unknown = sorted(set(value) - set(names.split()))
        if unknown:
            raise Refused(self.where, f"{inside}.{unknown[0]} is not modelled here")
        return value

    def name(self, property_name: str, longest: int = 64) -> str:
        """The physical name: the given one, else one made of stack and logical id, the same on every start."""
        given = self.get(property_name)
        if given:
            return str(given)
        mark = sha256(f"{self.stack}/{self.logical_id}".encode()).hexdigest()[:10]
        return f"{self.stack}-{self.logical_id}"[: longest - 11] + f"-{mark}"


@dataclass
class Site:
    """Where resources are built: the account and region they get, the services of this machine, the staged files."""

    account: str
    region: str
    service: Callable[[str], Any]
    assets: Mapping[str, Path]
    public_url: str
    random: Random
    partition: str = "aws"
    url_suffix: str = "amazonaws.com"
    inventory: Inventory = field(default_factory=Inventory)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def asset(self, resource: Resource, key: str) -> Path:
        """The staged folder that the template names by its key in the assets bucket."""
        folder = self.assets.get(key)
        if folder is None or not folder.is_dir():
            raise Refused(resource.where, f"asset {key} is no folder of this assembly")
        return folder


@dataclass(frozen=True)
class Idle:
    """A resource that has an address but does nothing here, and why."""

    address: Address
    reason: str


Build = Callable[[Site, Resource], Address | Idle]


@dataclass(frozen=True)
class Kind:
    """How one type of resource is built: the properties it reads, and those without effect here, each with its reason."""

    build: Build
    reads: frozenset[str]
    idle: Mapping[str, str]
    any_property: bool = False


KINDS: dict[str, Kind] = {}
"""Every type of resource that this machine knows."""


def realises(type_name: str, reads: str, idle: Mapping[str, str] | None = None) -> Callable[[Build], Build]:
    """Registers how a type is built. A property that is neither read nor idle is refused."""

    def register(build: Build) -> Build:
        KINDS[type_name] = Kind(build, frozenset(reads.split()), idle or {})
        return build

    return register


def stands_idle(
    type_name: str, reason: str, address: Callable[[Site, Resource], Address] | None = None
) -> None:
    """Registers a type that has no effect on this machine."""

    def build(site: Site, resource: Resource) -> Idle:
        return Idle(address(site, resource) if address else Address(resource.logical_id), reason)

    KINDS[type_name] = Kind(build, frozenset(), {}, any_property=True)


@dataclass(frozen=True)
class Fate:
    """What became of one resource. fate: "realised" or "idle". idle_properties: those without effect here, with reasons."""

    stack: str
    logical_id: str
    type: str
    name: str
    fate: str
    reason: str = ""
    idle_properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """The fate of every resource, and the stacks' outputs by name, as `cdk deploy` prints them."""

    fates: tuple[Fate, ...]
    outputs: Mapping[str, str]


def realise(assembly: Assembly, site: Site) -> Built:
    """Build all stacks. Raises Refused naming stack, resource and property before anything was started."""
    import infra.local.resources  # noqa: F401 - fills KINDS

    exports: dict[str, str] = {}
    outputs: dict[str, str] = {}
    fates: list[Fate] = []
    for stack in assembly.stacks:
        built: dict[str, Address] = {}
        resolver = Resolver(stack, _pseudo(site, stack), exports, built)
        wanted = (logical_id for logical_id in _in_order(stack) if _wanted(resolver, logical_id))
        fates.extend(_build(site, resolver, logical_id, built) for logical_id in wanted)
        for name, output in stack.template.get("Outputs", {}).items():
            where = f"{stack.name}.Outputs.{name}"
            outputs[name] = str(resolver.value(output["Value"], where))
            exports[output_name(stack.name, name)] = outputs[name]
            if "Export" in output:
                exports[str(resolver.value(output["Export"]["Name"], where))] = outputs[name]
    return Built(tuple(fates), outputs)


def _wanted(resolver: Resolver, logical_id: str) -> bool:
    condition = resolver.stack.template["Resources"][logical_id].get("Condition")
    return condition is None or resolver.holds(condition, f"{resolver.stack.name}.{logical_id}.Condition")


def _build(site: Site, resolver: Resolver, logical_id: str, built: dict[str, Address]) -> Fate:
    raw = resolver.stack.template["Resources"][logical_id]
    where = f"{resolver.stack.name}.{logical_id}"
    kind = KINDS.get(raw["Type"])
    if kind is None:
        raise Refused(f"{where} ({raw['Type']})", "this type of resource is not realised here")
    properties = resolver.value(raw.get("Properties", {}), where)
    resource = Resource(resolver.stack.name, logical_id, raw["Type"], properties)
    unknown = sorted(set(properties) - kind.reads - set(kind.idle))
    if unknown and not kind.any_property:
        raise Refused(resource.where, f"property {unknown[0]} is not modelled here")
    outcome = kind.build(site, resource)
    address, reason = (outcome.address, outcome.reason) if isinstance(outcome, Idle) else (outcome, "")
    built[logical_id] = address
    return Fate(
        resource.stack,
        logical_id,
        resource.type,
        address.ref,
        "idle" if reason else "realised",
        reason,
        {name: why for name, why in kind.idle.items() if name in properties},
    )


def _in_order(stack: Stack) -> list[str]:
    """Resources after those they refer to, otherwise as the template lists them."""
    resources: Mapping[str, Any] = stack.template.get("Resources", {})
    conditions = stack.template.get("Conditions", {})
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for logical_id, raw in resources.items():
        depends = raw.get("DependsOn", [])
        named = [depends] if isinstance(depends, str) else list(depends)
        named += [name for name in _references(raw.get("Properties", {})) if name not in conditions]
        sorter.add(logical_id, *(name for name in named if name in resources and name != logical_id))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise Refused(
            stack.name, f"resources refer to each other in a ring: {' -> '.join(error.args[1])}"
        ) from error


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _references(child)
    elif isinstance(node, Mapping):
        for key, child in node.items():
            if key == "Ref":
                yield str(child)
            elif key == "Fn::GetAtt":
                yield child.split(".")[0] if isinstance(child, str) else str(child[0])
            elif key == "Fn::Sub":
                text = child if isinstance(child, str) else child[0]
                yield from (name.split(".")[0] for name in _SUBSTITUTED.findall(text))
            yield from _references(child)


_SUBSTITUTED = re.compile(r"\$\{([^!}][^}]*)\}")


def _pseudo(site: Site, stack: Stack) -> dict[str, str]:
    return {
        "AWS::AccountId": site.account,
        "AWS::Region": site.region,
        "AWS::Partition": site.partition,
        "AWS::URLSuffix": site.url_suffix,
        "AWS::StackName": stack.name,
        "AWS::StackId": site.arn("cloudformation", f"stack/{stack.name}/local"),
    }
