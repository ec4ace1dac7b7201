"""How things are named in the template and in AWS: `recobro-<client>-<name>`, so that an operator finds them unaided."""

import re


def titled(name: str) -> str:
    """`send-sms` or `send_sms` as a CloudFormation logical name: `SendSms`."""
    return "".join(part.capitalize() for part in re.split(r"[^a-zA-Z0-9]+", name))
