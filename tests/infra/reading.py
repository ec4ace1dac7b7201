"""A client's synthesised templates as the tests ask about them."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.repository import ROOT

Properties = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """What one client deploys, and the assembly folder that it stands in."""

    assembly: Path
    document: dict[str, Any]

    @classmethod
    def of(cls, assembly: Path) -> "Template":
        """All stacks of the client as one, what one takes from another as if it stood beside it."""
        stacks = stacks_of(assembly)
        outputs = {
            (name, key): output["Value"]
            for name, one in stacks.items()
            for key, output in one.get("Outputs", {}).items()
        }
        told = [together(one, outputs) for one in stacks.values()]
        resources = [item for one in told for item in one["Resources"].items()]
        assert len(dict(resources)) == len(resources), "one logical id in two stacks"
        return cls(
            assembly,
            {
                "Resources": dict(resources),
                "Outputs": {key: value for one in told for key, value in one.get("Outputs", {}).items()},
            },
        )

    @property
    def prefix(self) -> str:
        """What every name in this template begins with."""
        (path,) = self.assembly.glob("*-compute.template.json")
        return path.name.removesuffix("-compute.template.json")

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        return self.document["Resources"]  # type: ignore[no-any-return]

    def types(self) -> set[str]:
        return {resource["Type"] for resource in self.resources.values()}

    def all(self, kind: str) -> dict[str, Properties]:
        """Logical id → properties, of every resource of the type."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def one(self, kind: str) -> Properties:
        (only,) = self.all(kind).values()
        return only

    def functions(self) -> dict[str, Properties]:
        """The row's name → the function's properties."""
        return {
            one["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]: one
            for one in self.all("AWS::Lambda::Function").values()
        }

    def queues(self) -> dict[str, tuple[str, Properties]]:
        """The queue's name without the client's prefix → logical id and properties."""
        return {
            one["QueueName"].removeprefix(f"{self.prefix}-"): (logical, one)
            for logical, one in self.all("AWS::SQS::Queue").items()
        }

    def statements(self, function: str) -> list[dict[str, Any]]:
        """The statements of the function's own role."""
        role = target(self.functions()[function]["Role"])
        return [
            statement
            for policy in self.all("AWS::IAM::Policy").values()
            if role in [target(each) for each in policy["Roles"]]
            for statement in policy["PolicyDocument"]["Statement"]
        ]


def stacks_of(assembly: Path) -> dict[str, dict[str, Any]]:
    """Stack's name → template, of a client's own stacks."""
    paths = sorted(assembly.glob("recobro-*.template.json"))
    return {path.name.removesuffix(".template.json"): json.loads(path.read_text("utf-8")) for path in paths}


def together(node: Any, outputs: Mapping[tuple[str, str], Any]) -> Any:
    if isinstance(node, list):
        return [together(one, outputs) for one in node]
    if not isinstance(node, Mapping):
        return node
    if "Fn::GetStackOutput" in node:
        asked = node["Fn::GetStackOutput"]
        return together(outputs[asked["StackName"], asked["OutputName"]], outputs)
    return {key: together(one, outputs) for key, one in node.items()}


def target(reference: Any) -> str:
    """The logical id that a Ref or Fn::GetAtt names."""
    name = reference.get("Ref") or reference["Fn::GetAtt"][0]
    return str(name)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def written(value: Any) -> str:
    """A resource with its references as names, so that an ARN can be read: `<Files.Arn>/inbox/*`."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return f"<{value['Ref'].removeprefix('AWS::')}>"
    if "Fn::GetAtt" in value:
        return f"<{'.'.join(value['Fn::GetAtt'])}>"
    separator, parts = value["Fn::Join"]
    return str(separator).join(written(part) for part in parts)


def every_statement(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Role policies only: what our functions and the scheduler may do."""
    for name, policy in template.all("AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            yield name, statement


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A tool of the project's own environment, run to its end; what it said stands in `stdout` and `stderr`."""
    surroundings = dict(env) if env is not None else dict(os.environ)
    return subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
