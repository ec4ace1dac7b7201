"""How things are named in the template and in AWS: `recobro-<client>-<name>`, so that an operator finds them unaided."""

import re

LIVES = ("data", "messaging", "edge", "watch", "compute")
"""A client's stacks by how long what they hold lives, in the order in which they are deployed: none refers to a later one."""


def prefix_of(client: str) -> str:
    """What everything of a client is called by."""
    return f"recobro-{client}"


def stack_of(prefix: str, life: str) -> str:
    """One of a client's stacks. Every stack's name ends with its life, so no client's is another's, whatever both are called."""
    return f"{prefix}-{life}"


def titled(name: str) -> str:
    """`send-sms` or `send_sms` as a CloudFormation logical name: `SendSms`."""
    return "".join(part.capitalize() for part in re.split(r"[^a-zA-Z0-9]+", name))
