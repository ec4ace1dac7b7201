"""What `cdk synth` wrote is what runs here: the same templates and the same staged folders that a deployment would ship."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.refusal import Refused

Template = Mapping[str, Any]


@dataclass(frozen=True)
class Stack:
    """One stack's template. account and region are None when the app left them to the deployer."""

    name: str
    template: Template
    account: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Assembly:
    """Stacks in the order in which they can be built, and the staged files by the key they get in the assets bucket."""

    stacks: tuple[Stack, ...]
    assets: Mapping[str, Path] = field(default_factory=dict)


def read_assembly(folder: Path) -> Assembly:
    """Read a cloud assembly. Raises Refused when the folder holds no template or its stacks take from each other in a ring."""
    stacks: list[Stack] = []
    assets: dict[str, Path] = {}
    for part in _folders(folder):
        stacks.extend(_stacks(part))
        assets.update(_assets(part))
    if not stacks:
        raise Refused(str(folder), "no *.template.json here; synthesise the app first")
    return Assembly(tuple(_in_order(stacks)), assets)


def _folders(folder: Path) -> Iterator[Path]:
    """The assembly itself and, for an app with stages, the assemblies nested in it."""
    yield folder
    for nested in sorted(folder.glob("assembly-*")):
        yield from _folders(nested)


def _stacks(folder: Path) -> Iterator[Stack]:
    manifest = folder / "manifest.json"
    artifacts = json.loads(manifest.read_text())["artifacts"] if manifest.exists() else {}
    described = {
        artifact["properties"]["templateFile"]: (name, artifact)
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    for path in sorted(folder.glob("*.template.json")):
        name, artifact = described.get(path.name, (path.name.removesuffix(".template.json"), {}))
        account, region = _environment(artifact.get("environment", ""))
        name = artifact.get("properties", {}).get("stackName", name)
        yield Stack(name, json.loads(path.read_text()), account, region)


def _environment(written: str) -> tuple[str | None, str | None]:
    """`aws://account/region`; CDK writes `unknown-…` for what the deployer decides."""
    parts = [
        part if part and not part.startswith("unknown-") else None
        for part in written.removeprefix("aws://").split("/")
    ]
    return (parts[0], parts[1]) if len(parts) == 2 else (None, None)


def _assets(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.glob("*.assets.json")):
        for described in json.loads(path.read_text()).get("files", {}).values():
            for destination in described["destinations"].values():
                yield destination["objectKey"], folder / described["source"]["path"]


def _in_order(stacks: list[Stack]) -> Iterator[Stack]:
    """Those that others take from before those that take, otherwise as they came."""
    waiting = list(stacks)
    told: set[str] = set()
    while waiting:
        ready = next((stack for stack in waiting if set(_taken(stack.template)) <= told), None)
        if ready is None:
            missing = sorted(set(_taken(waiting[0].template)) - told)
            raise Refused(waiting[0].name, f"takes what no stack before it tells: {', '.join(missing)}")
        waiting.remove(ready)
        told.update(_told(ready))
        yield ready


def output_name(stack: str, output: str) -> str:
    """How an output that another stack asks for by name is known here, beside the names of exports."""
    return f"{stack}/{output}"


def _told(stack: Stack) -> Iterator[str]:
    for name, output in stack.template.get("Outputs", {}).items():
        yield output_name(stack.name, name)
        if "Export" in output:
            yield str(output["Export"]["Name"])


def _taken(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "Fn::ImportValue" in node:
            yield str(node["Fn::ImportValue"])
        if "Fn::GetStackOutput" in node:
            asked = node["Fn::GetStackOutput"]
            yield output_name(str(asked["StackName"]), str(asked["OutputName"]))
        for child in node.values():
            yield from _taken(child)
    elif isinstance(node, list):
        for child in node:
            yield from _taken(child)
