"""What a row's grants become in IAM: one narrow statement each, on named resources, for that function's role alone."""

from collections.abc import Iterable

from aws_cdk import ArnFormat, Stack
from aws_cdk.aws_iam import Effect, PolicyStatement

from infra.stack.access import Grant
from infra.stack.parts import Parts
from recobro.domain.client import ChannelSetup, scope_secret
from recobro.errors import InvalidInput


def statements(grants: Iterable[Grant], parts: Parts) -> list[PolicyStatement]:
    """The statements of a function's own policy, in the order of the row."""
    return [statement for grant in grants for statement in _statements(grant, parts)]


def environment(grants: Iterable[Grant], parts: Parts) -> dict[str, str]:
    """The names that the function needs in order to use what it was granted, and no others."""
    names: dict[str, str] = {}
    for grant in grants:
        match grant.kind:
            case "table" | "index":
                names["TABLE_NAME"] = parts.table.table_name
            case "files":
                names["BUCKET_NAME"] = parts.bucket.bucket_name
            case "secret":
                names["SECRET_ARN"] = parts.secret.secret_arn
            case "queue" | "queue_if_any" | "channels":
                for name in _queues_of(grant, parts):
                    names[_queue_variable(name)] = parts.queues[name].queue_url
            case "links":
                names["PUBLIC_URL"] = parts.public_url
            case "people" if parts.people is not None:
                names |= parts.people.environment()
    return names


def _queues_of(grant: Grant, parts: Parts) -> tuple[str, ...]:
    if grant.kind == "channels":
        return tuple(parts.channel_queues)
    return () if grant.kind == "queue_if_any" and grant.on not in parts.queues else (grant.on,)


def _queue_variable(queue: str) -> str:
    return "QUEUE_" + queue.upper().replace("-", "_")


def _statements(grant: Grant, parts: Parts) -> list[PolicyStatement]:
    match grant.kind:
        case "table":
            return [_allow(grant.actions, parts.table.table_arn)]
        case "index":
            return [_allow(grant.actions, f"{parts.table.table_arn}/index/{grant.on}")]
        case "files":
            return [_allow(grant.actions, f"{parts.files_arn}/{grant.on}*")]
        case "queue" | "queue_if_any" | "channels":
            arns = [parts.queues[name].queue_arn for name in _queues_of(grant, parts)]
            return [_allow(grant.actions, *arns)] if arns else []
        case "secret":
            return [_allow(grant.actions, parts.secret.secret_arn)]
        case "carrier":
            return [_carrier(grant.on, parts.client.channels[grant.on], Stack.of(parts.table))]
        case "links" | "people":
            return []
        case "agency":
            named = parts.client.scope_table
            return list(_agency(named, Stack.of(parts.table))) if named else []
        case "second_reader":
            model = parts.client.second_reader
            return [_second_reader(model, Stack.of(parts.table))] if model else []


def _agency(scope_table: str, stack: Stack) -> Iterable[PolicyStatement]:
    """It holds nothing but scopes, and the agency's stack is another one: both are named, neither imported."""
    table = stack.format_arn(service="dynamodb", resource="table", resource_name=scope_table)
    yield _allow(("dynamodb:GetItem", "dynamodb:UpdateItem"), table)
    key = stack.format_arn(
        service="secretsmanager",
        resource="secret",
        resource_name=f"{scope_secret(scope_table)}-??????",  # AWS ends a secret's ARN with six characters
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    yield _allow(("secretsmanager:GetSecretValue",), key)


PROFILES = ("us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.", "global.")
"""How the ids of Bedrock's cross-Region inference profiles begin."""


def behind_profile(model: str) -> str:
    """The model that a cross-Region inference profile asks; empty for a model of one Region."""
    return next((model.removeprefix(one) for one in PROFILES if model.startswith(one)), "")


def _second_reader(model: str, stack: Stack) -> PolicyStatement:
    """Converse asks for InvokeModel (Service Authorization Reference). A profile asks for itself and for the model behind it, in
    whichever Region it takes the words to.
    """
    behind = behind_profile(model)
    if not behind:
        arn = f"arn:{stack.partition}:bedrock:{stack.region}::foundation-model/{model}"
        return _allow(("bedrock:InvokeModel",), arn)
    profile = stack.format_arn(service="bedrock", resource="inference-profile", resource_name=model)
    arn = f"arn:{stack.partition}:bedrock:*::foundation-model/{behind}"
    return _allow(("bedrock:InvokeModel",), arn, profile)


def _carrier(name: str, setup: ChannelSetup, stack: Stack) -> PolicyStatement:
    def arn(service: str, resource: str) -> str:
        return stack.format_arn(service=service, resource=resource)

    reports_to = f"configuration-set/{setup.configuration_set}"
    match name:
        case "sms" if setup.transport == "sns":
            # A message to a phone number has no ARN; leaving every topic out is as narrow as SNS lets it be.
            return PolicyStatement(actions=["sns:Publish"], not_resources=["arn:*:sns:*:*:*"])
        case "sms":
            identity = arn("sms-voice", _origination(name, setup.identity))
            return _allow(("sms-voice:SendTextMessage",), identity, arn("sms-voice", reports_to))
        case "voice":
            identity = arn("sms-voice", _origination(name, setup.identity))
            return _allow(("sms-voice:SendVoiceMessage",), identity, arn("sms-voice", reports_to))
        case "email":
            identity = arn("ses", f"identity/{verified_identity(setup)}")
            return _allow(("ses:SendEmail",), identity, arn("ses", reports_to))
        case "whatsapp":
            number = setup.identity.removeprefix("phone-number-id-")
            resource = arn("social-messaging", f"phone-number-id/{number}")
            return _allow(("social-messaging:SendWhatsAppMessage",), resource)
        case _:
            resource = arn("mobiletargeting", f"apps/{setup.application}/messages")
            return _allow(("mobiletargeting:SendMessages",), resource)


def verified_identity(setup: ChannelSetup) -> str:
    """The identity whose permission SES asks for when it sends in the address's name: the one that was verified."""
    bare = setup.identity.rpartition("<")[2].rstrip("> ")
    return bare if setup.verified == "address" else bare.rpartition("@")[2]


def _origination(channel: str, identity: str) -> str:
    """The resource part of the ARN of a number, a pool or a sender id, from the id that AWS gives to each."""
    if identity.startswith("phone-"):
        return f"phone-number/{identity}"
    if identity.startswith("pool-"):
        return f"pool/{identity}"
    if identity.count("/") == 1:
        return f"sender-id/{identity}"
    raise InvalidInput(
        f"channels.{channel}.identity",
        f"{identity!r} is no id of a number, a pool or a sender",
        'write "phone-…" or "pool-…" as AWS shows it, or "SENDER/MX"',
        "client.toml",
    )


def _allow(actions: Iterable[str], *resources: str) -> PolicyStatement:
    return PolicyStatement(effect=Effect.ALLOW, actions=list(actions), resources=list(resources))
