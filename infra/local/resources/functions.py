"""Functions with their layers, and the queues and streams that start them."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from infra.local.inventory import AsyncRules, Function, Invoker, QueueSource, StreamSource
from infra.local.realise import Resource, Site, realises
from infra.local.refusal import Refused
from infra.local.template import Address

OPT = "/opt/"
"""Where Lambda mounts layers."""


@realises(
    "AWS::Lambda::LayerVersion",
    "Content",
    {
        "CompatibleArchitectures": "packages come from this machine's own environment",
        "CompatibleRuntimes": "packages come from this machine's own environment",
        "Description": "nobody reads it here",
        "LayerName": "layers are known by their ARN here",
        "LicenseInfo": "nobody reads it here",
    },
)
def layer(site: Site, resource: Resource) -> Address:
    arn = site.arn("lambda", f"layer:{resource.logical_id}:1")
    site.inventory.layers[arn] = site.asset(resource, str(resource.need("Content")["S3Key"]))
    return Address(arn, {"LayerVersionArn": arn})


@realises(
    "AWS::Lambda::Function",
    "FunctionName Code Handler Runtime Role Timeout MemorySize Environment Layers DeadLetterConfig PackageType",
    {
        "Architectures": "handlers run on this machine's own processor",
        "Description": "nobody reads it here",
        "EphemeralStorage": "handlers use this machine's own disk",
        "LoggingConfig": "handlers log to this process",
        "RecursiveLoop": "loops are not detected here",
        "ReservedConcurrentExecutions": "handlers run one at a time here",
        "RuntimeManagementConfig": "handlers run on this process's Python",
        "Tags": "tags are not kept",
        "TracingConfig": "nothing is traced here",
    },
)
def function(site: Site, resource: Resource) -> Address:
    if not str(resource.need("Runtime")).startswith("python"):
        raise Refused(resource.where, f"Runtime {resource.get('Runtime')} does not run here, only Python")
    name = resource.name("FunctionName")
    arn = site.arn("lambda", f"function:{name}")
    layers = [_layer(site, resource, str(layer_arn)) for layer_arn in resource.get("Layers", [])]
    variables = resource.get("Environment", {}).get("Variables", {})
    site.inventory.functions[arn] = Function(
        name=name,
        arn=arn,
        folder=site.asset(resource, _key(resource)),
        handler=str(resource.need("Handler")),
        role_arn=str(resource.need("Role")),
        timeout=int(resource.get("Timeout", 3)),
        memory=int(resource.get("MemorySize", 128)),
        environment={key: _mounted(resource, key, str(value), layers) for key, value in variables.items()},
        dead_letter_arn=resource.get("DeadLetterConfig", {}).get("TargetArn"),
    )
    return Address(name, {"Arn": arn})


@realises(
    "AWS::Lambda::Version",
    "FunctionName",
    {"Description": "nobody reads it here", "CodeSha256": "the staged folder is the code"},
)
def version(site: Site, resource: Resource) -> Address:
    """The one version there is on this machine: what was staged."""
    arn = site.arn("lambda", f"function:{resource.need('FunctionName')}")
    if arn not in site.inventory.functions:
        raise Refused(resource.where, f"FunctionName {resource.need('FunctionName')} is no function here")
    return Address(f"{arn}:{ONLY_VERSION}", {"Version": ONLY_VERSION, "FunctionArn": f"{arn}:{ONLY_VERSION}"})


ONLY_VERSION = "1"


@realises("AWS::Lambda::Alias", "FunctionName FunctionVersion Name", {"Description": "nobody reads it here"})
def alias(site: Site, resource: Resource) -> Address:
    """Leads to the function: a share of the traffic for another version means nothing where there is one."""
    function_arn = site.arn("lambda", f"function:{resource.need('FunctionName')}")
    if function_arn not in site.inventory.functions:
        raise Refused(resource.where, f"FunctionName {resource.need('FunctionName')} is no function here")
    if resource.need("FunctionVersion") not in (ONLY_VERSION, "$LATEST"):
        raise Refused(
            resource.where, f"FunctionVersion {resource.get('FunctionVersion')} is not on this machine"
        )
    arn = f"{function_arn}:{resource.need('Name')}"
    site.inventory.aliases[arn] = function_arn
    return Address(arn, {"AliasArn": arn})


def _key(resource: Resource) -> str:
    code = resource.need("Code")
    if "S3Key" not in code:
        raise Refused(resource.where, "Code must be a staged folder (S3Key)")
    return str(code["S3Key"])


def _layer(site: Site, resource: Resource, arn: str) -> Path:
    if arn not in site.inventory.layers:
        raise Refused(
            resource.where, f"layer {arn} is not in this template; its content is not on this machine"
        )
    return site.inventory.layers[arn]


def _mounted(resource: Resource, key: str, value: str, layers: list[Path]) -> str:
    """A path under /opt as the staged folder of the layer that holds it."""
    if not value.startswith(OPT):
        return value
    for folder in reversed(layers):
        if (folder / value.removeprefix(OPT)).exists():
            return str(folder / value.removeprefix(OPT))
    raise Refused(resource.where, f"{key}={value}, but none of its layers holds {value.removeprefix(OPT)}")


@realises(
    "AWS::Lambda::EventSourceMapping",
    "EventSourceArn FunctionName BatchSize MaximumBatchingWindowInSeconds FunctionResponseTypes FilterCriteria "
    "StartingPosition BisectBatchOnFunctionError MaximumRetryAttempts MaximumRecordAgeInSeconds DestinationConfig Enabled",
    {
        "ScalingConfig": "handlers run one at a time here",
        "ParallelizationFactor": "handlers run one at a time here",
        "Tags": "tags are not kept",
    },
)
def event_source(site: Site, resource: Resource) -> Address:
    if resource.get("Enabled", True) is False:
        raise Refused(
            resource.where, "a mapping that is not enabled starts nothing; leave it out of the template"
        )
    source = str(resource.need("EventSourceArn"))
    name = str(resource.need("FunctionName"))
    invoked = name if name.startswith("arn:") else site.arn("lambda", f"function:{name}")
    function_arn = site.inventory.behind(invoked)
    if function_arn not in site.inventory.functions:
        raise Refused(resource.where, f"FunctionName {name} is no function of this template")
    known = {queue.arn for queue in site.inventory.queues.values()} | {
        table.stream_arn for table in site.inventory.tables.values()
    }
    if source not in known:
        raise Refused(resource.where, f"EventSourceArn {source} is no queue or stream of this template")
    shared: dict[str, Any] = {
        "function_arn": function_arn,
        "window": int(resource.get("MaximumBatchingWindowInSeconds", 0)),
        "reports_failures": "ReportBatchItemFailures" in resource.get("FunctionResponseTypes", []),
        "filters": _filters(resource),
    }
    mark = _uuid(resource)
    if ":sqs:" in source:
        _check_visibility(site, resource, source, function_arn)
        shared["batch_size"] = int(resource.get("BatchSize", 10))
        site.inventory.queue_sources.append(QueueSource(queue_arn=source, **shared))
    else:
        destination = resource.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        shared["batch_size"] = int(resource.get("BatchSize", 100))
        site.inventory.stream_sources.append(
            StreamSource(
                id=mark,
                stream_arn=source,
                from_start=resource.need("StartingPosition") == "TRIM_HORIZON",
                bisects=bool(resource.get("BisectBatchOnFunctionError", False)),
                retries=int(resource.get("MaximumRetryAttempts", -1)),
                max_age=int(resource.get("MaximumRecordAgeInSeconds", -1)),
                on_failure_arn=destination,
                **shared,
            )
        )
    return Address(mark, {"Id": mark})


def _check_visibility(site: Site, resource: Resource, queue_arn: str, function_arn: str) -> None:
    # "Queue visibility timeout: … seconds is less than Function timeout: … seconds", as Lambda refuses the mapping.
    hidden, allowed = (
        site.inventory.queues[queue_arn].visibility,
        site.inventory.functions[function_arn].timeout,
    )
    if hidden < allowed:
        raise Refused(
            resource.where,
            f"the queue hides a message for {hidden} s, less than the function's timeout of {allowed} s",
        )


def _filters(resource: Resource) -> tuple[Mapping[str, Any], ...]:
    from infra.local.drivers.patterns import check_pattern

    read = tuple(
        json.loads(entry["Pattern"]) for entry in resource.get("FilterCriteria", {}).get("Filters", [])
    )
    for pattern in read:
        check_pattern(pattern, f"{resource.where}.FilterCriteria")
    return read


def _uuid(resource: Resource) -> str:
    mark = sha256(resource.where.encode()).hexdigest()
    return f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:32]}"


@realises("AWS::Lambda::Permission", "Action FunctionName Principal SourceArn SourceAccount")
def permission(site: Site, resource: Resource) -> Address:
    name = str(resource.need("FunctionName"))
    arn = name if name.startswith("arn:") else site.arn("lambda", f"function:{name}")
    invoker = Invoker(str(resource.need("Principal")), str(resource.get("SourceArn", "")))
    site.inventory.invokers.setdefault(arn, []).append(invoker)
    return Address(resource.logical_id)


@realises(
    "AWS::Lambda::EventInvokeConfig",
    "FunctionName Qualifier MaximumEventAgeInSeconds MaximumRetryAttempts DestinationConfig",
)
def event_invoke_config(site: Site, resource: Resource) -> Address:
    name = str(resource.need("FunctionName"))
    arn = name if name.startswith("arn:") else site.arn("lambda", f"function:{name}")
    qualifier = str(resource.get("Qualifier", "$LATEST"))
    arn = arn if qualifier == "$LATEST" else f"{arn}:{qualifier}"
    if site.inventory.behind(arn) not in site.inventory.functions:
        raise Refused(resource.where, f"Qualifier {qualifier} is no alias of {name}")
    destinations = resource.only(resource.get("DestinationConfig", {}), "OnFailure", "DestinationConfig")
    site.inventory.async_rules[arn] = AsyncRules(
        retries=int(resource.get("MaximumRetryAttempts", 2)),
        max_age=int(resource.get("MaximumEventAgeInSeconds", 21_600)),
        on_failure_arn=destinations.get("OnFailure", {}).get("Destination"),
    )
    return Address(resource.logical_id)
