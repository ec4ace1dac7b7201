"""Every look at a client's account, in the order in which one would mend what they find."""

from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from infra.doctor import account, console, deployment, email, policies, push, speech, whatsapp
from infra.doctor.finding import Asked, Check, Finding, unknown, wrong

CHECKS: tuple[tuple[str, Check], ...] = (
    ("account", account.check),
    ("carriers' policies", policies.check),
    ("deployment", deployment.check),
    ("gateways", deployment.check_gateways),
    ("notify", deployment.check_notify),
    ("duty", deployment.check_duty),
    ("address", deployment.check_address),
    ("console", console.check),
    ("e-mail", email.check),
    ("SMS and calls", speech.check),
    ("WhatsApp", whatsapp.check),
    ("push", push.check),
)

DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "ForbiddenException"}


def examine(asked: Asked) -> Iterator[Finding]:
    """All findings. One look that fails tells so and hides no other."""
    for name, check in CHECKS:
        try:
            yield from check(asked)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            told = f"{error.operation_name}: {code}"
            if code in DENIED:
                yield unknown(name, told, f"let the profile call {error.operation_name}, it only reads")
            else:
                yield wrong(name, f"{told} {error.response['Error'].get('Message', '')}".strip(), "see above")
        except BotoCoreError as error:
            region = asked.client.region
            yield unknown(name, str(error), f"check the network, and that {region} has this service")
