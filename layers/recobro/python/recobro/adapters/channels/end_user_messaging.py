"""SMS and automated calls go through one AWS service: they share its refusals, terms and receipts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recobro.adapters.channels.outcomes import (
    BLOCK_CHANNEL,
    NEXT_CHANNEL,
    OPEN_CIRCUIT,
    OPTED_OUT,
    PARK,
    RETRY,
    SUPPRESS,
    UNKNOWN,
)
from recobro.adapters.channels.reading import IDS, from_epoch, micro_usd, our_id, part, text
from recobro.domain.client import ChannelSetup
from recobro.ports import Outgoing, Receipt

SHORTEST_LIFE, LONGEST_LIFE = 5, 259_200
"""Seconds that `TimeToLive` may hold (service model)."""

REFUSALS: dict[tuple[str, str], str] = {
    ("ThrottlingException", ""): RETRY,
    ("InternalServerException", ""): UNKNOWN,
    ("ServiceQuotaExceededException", ""): PARK,
    ("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"): OPEN_CIRCUIT,
    ("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE"): OPEN_CIRCUIT,
    ("ServiceQuotaExceededException", "DAILY_DESTINATION_CALL_LIMIT"): NEXT_CHANNEL,  # 5 calls in 24 h
    ("AccessDeniedException", ""): OPEN_CIRCUIT,
    ("AccessDeniedException", "INSUFFICIENT_ACCOUNT_REPUTATION"): OPEN_CIRCUIT,
    ("AccessDeniedException", "ACCOUNT_DISABLED"): OPEN_CIRCUIT,
    (
        "ResourceNotFoundException",
        "",
    ): OPEN_CIRCUIT,  # our number, pool or configuration set: every message needs it
    ("ValidationException", ""): PARK,
    ("ValidationException", "INVALID_DESTINATION"): SUPPRESS,  # ours: see `reason_of`
    ("ValidationException", "CHANNEL_NOT_ENABLED"): NEXT_CHANNEL,
    ("ValidationException", "COUNTRY_CODE_MISMATCH"): NEXT_CHANNEL,
    ("ValidationException", "COUNTRY_NOT_ENABLED"): NEXT_CHANNEL,
    ("ValidationException", "DESTINATION_COUNTRY_BLOCKED"): NEXT_CHANNEL,
    ("ValidationException", "INTERNATIONAL_SENDING_NOT_SUPPORTED"): NEXT_CHANNEL,
    ("ValidationException", "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY"): NEXT_CHANNEL,
    ("ValidationException", "MAXIMUM_SIZE_EXCEEDED"): NEXT_CHANNEL,
    ("ValidationException", "PRICE_OVER_THRESHOLD"): NEXT_CHANNEL,
    ("ValidationException", "RESOURCE_NOT_ACCESSIBLE"): OPEN_CIRCUIT,
    ("ValidationException", "SENDER_ID_NOT_REGISTERED"): NEXT_CHANNEL,
    ("ValidationException", "SENDER_ID_NOT_SUPPORTED"): NEXT_CHANNEL,
    ("ValidationException", "SENDER_ID_REQUIRES_REGISTRATION"): NEXT_CHANNEL,
    ("ValidationException", "VOICE_CAPABILITY_NOT_AVAILABLE"): NEXT_CHANNEL,
    ("ConflictException", ""): PARK,
    ("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT"): OPTED_OUT,
    (
        "ConflictException",
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
    ): OPEN_CIRCUIT,  # the account is in the sandbox
    ("ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"): NEXT_CHANNEL,
    ("ConflictException", "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"): BLOCK_CHANNEL,
    ("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND"): NEXT_CHANNEL,  # none for that country
    ("ConflictException", "KEYWORD_MISMATCH"): OPEN_CIRCUIT,
    ("ConflictException", "MESSAGE_TYPE_MISMATCH"): OPEN_CIRCUIT,
    ("ConflictException", "NUMBER_CAPABILITIES_MISMATCH"): OPEN_CIRCUIT,
    ("ConflictException", "RESOURCE_NOT_ACTIVE"): OPEN_CIRCUIT,
}
"""(error code, Reason) of `SendTextMessage` and `SendVoiceMessage`. Reasons that the model lists for other
operations of the service (registrations, pools, keywords …) fall to their code's default."""

_BAD_FIELD = frozenset({"CANNOT_PARSE", "FIELD_VALIDATION_FAILED", "INVALID_PARAMETER"})


def reason_of(response: Mapping[str, Any]) -> str:
    """The modelled reason; INVALID_DESTINATION when the field that failed is the number we sent to."""
    reason = text(response, "Reason")
    fields = response.get("Fields")
    if reason in _BAD_FIELD and isinstance(fields, list):
        names = {text(one, "Name").lower() for one in fields}
        if names == {"destinationphonenumber"}:
            return "INVALID_DESTINATION"
    return reason


def terms(message: Outgoing, setup: ChannelSetup) -> dict[str, Any]:
    """What every message says besides its words: to whom, until when, and what receipts shall echo."""
    said: dict[str, Any] = {
        "DestinationPhoneNumber": message.to,
        "TimeToLive": max(SHORTEST_LIFE, min(message.expires_in, LONGEST_LIFE)),
        "Context": {name: message.context[name] for name in IDS if name in message.context},
    }
    if setup.identity:
        said["OriginationIdentity"] = setup.identity
    if setup.configuration_set:
        said["ConfigurationSetName"] = setup.configuration_set
    return said


def usd(micro: int) -> str:
    """Micro-dollars as the service writes a price ceiling: at most 99.99999, rounded up, never below ours."""
    units = min(-(-micro // 10), 9_999_999)
    return f"{units // 100_000}.{units % 100_000:05d}"


def receipt(
    raw: Mapping[str, Any],
    received_at: datetime,
    *,
    channel: str,
    prefix: str,
    receipts: Mapping[str, tuple[str, str, str]],
) -> Receipt:
    """One event by its channel's table: event → (status, outcome, then); otherwise "unrecognised"."""
    event = text(raw, "eventType")
    otherwise = ("unrecognised", event.removeprefix(prefix).lower(), "")
    status, outcome, then = receipts.get(event, otherwise)
    context = part(raw, "context")
    return Receipt(
        debtor_id=our_id(text(context, "debtor_id")),
        attempt_id=our_id(text(context, "attempt_id")),
        status=status,
        code=outcome,
        at=from_epoch(text(raw, "eventTimestamp"), received_at, per_second=1000),
        channel=channel,
        provider_id=text(raw, "messageId"),
        then=then,
        cost=micro_usd(text(raw, "totalMessagePrice"), text(raw, "totalCarrierFee")),
        detail=event,
    )
