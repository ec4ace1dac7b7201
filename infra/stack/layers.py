"""The two layers under every function: third-party packages, and our own code with the client's folder."""

from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.packing.own import own_layer
from infra.packing.runtime import runtime_layer
from infra.stack.functions import RUNTIME


def shared_layers(scope: Construct, client_folder: Path, prefix: str) -> list[lambda_.LayerVersion]:
    """Built if need be; each becomes a new version only when what it holds has changed."""
    return [
        _layer(scope, "RuntimeLayer", runtime_layer(), f"{prefix}: third-party packages"),
        _layer(scope, "RecobroLayer", own_layer(client_folder), f"{prefix}: recobro and its client's folder"),
    ]


def _layer(scope: Construct, title: str, folder: Path, description: str) -> lambda_.LayerVersion:
    return lambda_.LayerVersion(
        scope,
        title,
        code=lambda_.Code.from_asset(str(folder)),
        compatible_runtimes=[RUNTIME],
        compatible_architectures=[lambda_.Architecture.ARM_64],
        description=description,
    )
