"""What the stack has built and people have to finish: secrets of gateways and systems, somebody on duty, an address of one's own."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from infra.doctor.finding import Asked, Finding, note, ok, unknown, wrong
from infra.stack.names import prefix_of
from recobro.adapters.gateways.standard import signature
from recobro.ports import Forged

NOT_YET = "not deployed"
TELLS = {"data": "TableName", "edge": "PublicUrl", "watch": "AlarmsTopic", "compute": "Release"}
"""A stack by what it tells once it stands."""


def check(asked: Asked) -> Iterator[Finding]:
    name = asked.client.name
    fix = f"AWS_PROFILE=... make deploy CLIENT={name}"
    missing = [f"{prefix_of(name)}-{life}" for life, told in TELLS.items() if told not in asked.outputs]
    if not asked.outputs:
        yield wrong("deployment", NOT_YET, fix)
    elif missing:
        yield wrong("deployment", f"broke off: {', '.join(missing)} tell nothing", fix)
    else:
        yield ok("deployment", f"{prefix_of(name)}, table {asked.outputs['TableName']}")


def check_gateways(asked: Asked) -> Iterator[Finding]:
    """Whether each gateway has a webhook secret; the secrets themselves are shown to nobody."""
    gateways = asked.playbook.client.gateways
    if not gateways:
        yield note(
            "gateways", "none: nobody tells us of payments", "add [gateways.…], or import payments daily"
        )
        return
    if "SecretArn" not in asked.outputs:
        yield unknown("gateways", NOT_YET, "deploy first, then set their secrets")
        return
    told = asked.clients("secretsmanager").get_secret_value(SecretId=asked.outputs["SecretArn"])
    held = json.loads(told["SecretString"]).get("gateways", {})
    for name, gateway in sorted(gateways.items()):
        place = f"{name}/{gateway.endpoint}"
        there = held.get(place, [])
        secrets = [one for one in (there if isinstance(there, list) else there.get("secrets", [])) if one]
        if secrets:
            yield ok(f"gateway {place}", f"{len(secrets)} live secret{'s' if len(secrets) > 1 else ''}")
        else:
            fix = f'put {{"gateways": {{"{place}": ["…"]}}}} beside root in {asked.outputs["SecretArn"]}'
            yield wrong(f"gateway {place}", "no secret: every payment it tells of is refused", fix)


def check_notify(asked: Asked) -> Iterator[Finding]:
    """Whether we can sign what each of the client's own systems is told; its secret is shown to nobody."""
    places = asked.playbook.client.notify
    if not places:
        return
    if "SecretArn" not in asked.outputs:
        yield unknown("notify", NOT_YET, "deploy first, then set their secrets")
        return
    told = asked.clients("secretsmanager").get_secret_value(SecretId=asked.outputs["SecretArn"])
    held = json.loads(told["SecretString"]).get("notify", {})
    for one in places:
        what, secrets = f"notify {one.name}", [each for each in held.get(one.name, []) if each]
        fix = f'put {{"notify": {{"{one.name}": ["whsec_…"]}}}} beside root in {asked.outputs["SecretArn"]}'
        if not secrets:
            yield wrong(what, "no secret: its notices end among the dead letters", fix)
        elif not all(_signs(each) for each in secrets):
            yield wrong(what, "a secret that is none: nothing can be signed with it", fix)
        else:
            yield ok(what, f"{len(secrets)} live secret{'s' if len(secrets) > 1 else ''}")


def _signs(secret: object) -> bool:
    try:
        return isinstance(secret, str) and bool(signature(b"", "n", 0, secret))
    except Forged:
        return False


def check_duty(asked: Asked) -> Iterator[Finding]:
    """Whether an alarm reaches anybody."""
    topic = asked.outputs.get("AlarmsTopic")
    if topic is None:
        yield unknown("alarms", NOT_YET, "deploy first")
        return
    found = asked.clients("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    heard = [one for one in found if one["SubscriptionArn"].startswith("arn:")]
    fix = f"aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint YOU, and confirm the mail"
    if heard:
        yield ok("alarms", f"heard by {len(heard)}")
    elif found:
        yield wrong("alarms", "somebody is subscribed and has not confirmed", fix)
    else:
        yield wrong("alarms", "ring where nobody hears them", fix)


def check_address(asked: Asked) -> Iterator[Finding]:
    """Whether the address in our messages is one that API Gateway answers at."""
    host = urlsplit(asked.client.public_url).hostname or ""
    if not host:
        yield note("address", "links lead to AWS's own address", "set public_url to an address of yours")
        return
    try:
        found = asked.clients("apigatewayv2").get_domain_name(DomainName=host)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        fix = "set certificate in client.toml and deploy, or let your own proxy lead to the API"
        yield wrong(f"address {host}", "API Gateway does not answer at it", fix)
        return
    setup = found["DomainNameConfigurations"][0]
    status, target = setup.get("DomainNameStatus", ""), setup.get("ApiGatewayDomainName", "")
    if status == "AVAILABLE":
        yield ok(f"address {host}", f"its DNS name must lead to {target}")
    else:
        yield wrong(
            f"address {host}", status.lower(), setup.get("DomainNameStatusMessage") or "wait and ask again"
        )
