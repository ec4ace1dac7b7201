"""A function as every row gets it: arm64, Python 3.13, both layers, its own role, its own log with an end."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.stack.logs import count_failures, log_group
from infra.stack.names import titled
from infra.stack.rows import Row
from recobro.errors import InvalidInput

RUNTIME = lambda_.Runtime.PYTHON_3_13

LEFT_OUT = ["**/__pycache__", "**/*.pyc"]
"""Python writes these beside the source as it runs; with them an asset's hash would differ from machine to machine."""


def function(
    scope: Construct,
    row: Row,
    *,
    prefix: str,
    folder: Path,
    layers: Sequence[lambda_.LayerVersion],
    environment: Mapping[str, str],
    statements: Sequence[iam.PolicyStatement],
    log_days: int,
    has_traces: bool = False,
) -> lambda_.Function:
    """The row's function. Raises InvalidInput when its folder holds no handler."""
    if not (folder / "handler.py").is_file():
        raise InvalidInput(
            row.name, "has no handler", f"write functions/{row.name}/handler.py", "infra/app.py"
        )
    title = titled(row.name)
    name = f"{prefix}-{row.name}"
    log = log_group(scope, f"{title}Log", f"/aws/lambda/{name}", log_days)
    count_failures(scope, f"{title}Failures", log, prefix)
    role = iam.Role(
        scope,
        f"{title}Role",
        description=f"What {row.name} of {prefix} may do, and nothing else",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    )
    role.add_to_policy(_write_log(log))
    for statement in statements:
        role.add_to_policy(statement)
    return lambda_.Function(
        scope,
        title,
        function_name=name,
        runtime=RUNTIME,
        architecture=lambda_.Architecture.ARM_64,
        handler="handler.handler",
        code=lambda_.Code.from_asset(str(folder), exclude=LEFT_OUT),
        layers=list(layers),
        role=role,
        timeout=Duration.seconds(row.within.seconds),
        memory_size=row.within.memory_mb,
        ephemeral_storage_size=Size.mebibytes(row.within.disk_mb),
        environment=dict(environment),
        log_group=log,
        logging_format=lambda_.LoggingFormat.JSON,
        application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
        system_log_level_v2=lambda_.SystemLogLevel.WARN,
        tracing=lambda_.Tracing.ACTIVE if has_traces else lambda_.Tracing.DISABLED,
    )


def _write_log(log: logs.LogGroup) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log.log_group_arn]
    )
