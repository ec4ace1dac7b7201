"""A push costs next to nothing and shows on a locked screen: a neutral nudge, sent to the device's own token.

Tokens only: Pinpoint's endpoints ended on 2026-10-30 and answer ForbiddenException to newer accounts. There
are no receipts: what the device's service said of the token stands in the answer itself.
Docs: docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-messages.html.
"""

from typing import Any

from recobro.adapters.channels.once import ask, concluded
from recobro.adapters.channels.outcomes import (
    OPEN_CIRCUIT,
    PARK,
    RETRY,
    SUPPRESS,
    UNKNOWN,
    Outcomes,
)
from recobro.adapters.channels.reading import part, text
from recobro.domain.client import ChannelSetup
from recobro.ports import Outgoing, Sent

OUTCOMES: Outcomes = {
    ("TooManyRequestsException", ""): RETRY,
    ("InternalServerErrorException", ""): UNKNOWN,
    ("ForbiddenException", ""): OPEN_CIRCUIT,
    ("NotFoundException", ""): OPEN_CIRCUIT,  # our application
    ("MethodNotAllowedException", ""): OPEN_CIRCUIT,
    ("BadRequestException", ""): PARK,
    ("PayloadTooLargeException", ""): PARK,
}

DELIVERIES: dict[tuple[str, str], str] = {
    ("SUCCESSFUL", ""): "",
    ("THROTTLED", ""): RETRY,
    ("TEMPORARY_FAILURE", ""): RETRY,  # Pinpoint does not try again by itself
    ("PERMANENT_FAILURE", ""): SUPPRESS,
    ("PERMANENT_FAILURE", "401"): OPEN_CIRCUIT,  # Google or Apple refuse our key: no fault of the token
    ("PERMANENT_FAILURE", "403"): PARK,  # our key or this token belongs to another app
    ("PERMANENT_FAILURE", "413"): PARK,  # the message is too long
    ("OPT_OUT", ""): SUPPRESS,
    ("DUPLICATE", ""): PARK,  # cannot be: one token a call
    ("UNKNOWN_FAILURE", ""): UNKNOWN,
}
"""(DeliveryStatus, the device service's StatusCode) → then."""

KINDS = {
    "gcm": "GCM",
    "apns": "APNS",
    "apns_sandbox": "APNS_SANDBOX",
    "adm": "ADM",
    "baidu": "BAIDU",
}
"""A device's address may name its service ("apns:<token>"); a bare token is Google's."""

MESSAGES = {"GCM": "GCMMessage", "APNS": "APNSMessage", "APNS_SANDBOX": "APNSMessage"}
"""The services whose message takes a time to live."""


class Push:
    """Sends by `pinpoint`.`SendMessages`, one token a call. `setup.application`: id of an existing application."""

    def __init__(self, client: Any, setup: ChannelSetup) -> None:
        self._client = client
        self._setup = setup

    def send(self, message: Outgoing) -> Sent:
        """Cost: the price of one message. `new_address` when the device's token changed."""
        kind, token = _device(message.to)
        words: dict[str, Any] = {"Title": message.subject, "Body": message.body, "Action": "OPEN_APP"}
        if kind in MESSAGES:
            configuration = {MESSAGES[kind]: {**words, "TimeToLive": max(0, message.expires_in)}}
        else:
            configuration = {"DefaultPushNotificationMessage": words}
        request = {
            "ApplicationId": self._setup.application,
            "MessageRequest": {
                "Addresses": {token: {"ChannelType": kind}},
                "MessageConfiguration": configuration,
                "TraceId": message.context.get("attempt_id", ""),
            },
        }
        answer = ask(self._client.send_messages, request, OUTCOMES)
        if isinstance(answer, Sent):
            return concluded(answer, "", self._setup.price)
        return self._told(part(answer, "MessageResponse", "Result", token), message.to, token)

    def _told(self, result: Any, address: str, token: str) -> Sent:
        delivery, code = text(result, "DeliveryStatus"), text(result, "StatusCode")
        then = DELIVERIES.get((delivery, code), DELIVERIES.get((delivery, ""), UNKNOWN))
        updated = text(result, "UpdatedToken")
        moved = f"{address.removesuffix(token)}{updated}" if updated not in {"", token} else ""
        provider_id = text(result, "MessageId")
        if not then:
            return Sent("accepted", provider_id=provider_id, cost=self._setup.price, new_address=moved)
        told = f"{delivery or 'NO_RESULT'}:{code}"
        if then == UNKNOWN:
            return Sent("unknown", provider_id=provider_id, code=told, cost=self._setup.price)
        return Sent("refused", provider_id=provider_id, code=told, then=then, new_address=moved)


def _device(address: str) -> tuple[str, str]:
    """Channel type and token. Google's tokens hold a colon themselves: only a known service's name counts."""
    name, colon, token = address.partition(":")
    if colon and name in KINDS:
        return KINDS[name], token
    return "GCM", address
