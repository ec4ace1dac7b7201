"""The operator's own way into the client's account."""

import argparse
import json
from typing import Any

from recobro.errors import NotFound


def session_of(arguments: argparse.Namespace, region: str) -> Any:
    """By the profile that was named, in the client's Region unless another was."""
    import boto3

    return boto3.Session(profile_name=arguments.profile, region_name=arguments.region or region)


def deployed_template(cloudformation: Any, stack: str) -> dict[str, Any]:
    """As it was sent at the last deployment. Raises NotFound before the first."""
    try:
        body: Any = cloudformation.get_template(StackName=stack, TemplateStage="Original")["TemplateBody"]
    except cloudformation.exceptions.ClientError as error:
        raise NotFound(f"no stack {stack}: everything would be new") from error
    template: dict[str, Any] = json.loads(body) if isinstance(body, str) else dict(body)
    return template
