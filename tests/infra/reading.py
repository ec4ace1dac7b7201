"""A synthesised template as the tests ask about it."""

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
    """One client's template, and the assembly folder that it stands in."""

    assembly: Path
    document: dict[str, Any]

    @classmethod
    def of(cls, assembly: Path) -> "Template":
        (path,) = assembly.glob("*.template.json")
        return cls(assembly, json.loads(path.read_text(encoding="utf-8")))

    @property
    def prefix(self) -> str:
        """What every name in this template begins with."""
        (path,) = self.assembly.glob("*.template.json")
        return path.name.removesuffix(".template.json")

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
