"""SMS by plain SNS publish: the transport with least to set up, for a client that can live without receipts.

It takes no context, no configuration set and no time to live: nothing comes back through our queues, and how
late a carrier delivers cannot be bounded. Choose it (`transport = "sns"`) only where the legal window is wide.
Docs: docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html.
"""

from typing import Any

from recobro.adapters.channels.end_user_messaging import usd
from recobro.adapters.channels.once import ask, concluded
from recobro.adapters.channels.outcomes import OPEN_CIRCUIT, PARK, RETRY, UNKNOWN, Outcomes
from recobro.domain.client import ChannelSetup
from recobro.domain.gsm7 import parts, transliterate
from recobro.ports import Outgoing, Sent

OUTCOMES: Outcomes = {
    ("InvalidParameter", ""): PARK,
    ("ParameterValueInvalid", ""): PARK,
    ("ValidationException", ""): PARK,
    ("AuthorizationError", ""): OPEN_CIRCUIT,
    ("InvalidSecurity", ""): OPEN_CIRCUIT,
    ("InternalError", ""): UNKNOWN,
    # Said of topics, endpoints and their keys, never of phone numbers: if one comes, a person should see it.
    ("NotFound", ""): PARK,
    ("EndpointDisabled", ""): PARK,
    ("PlatformApplicationDisabled", ""): PARK,
    ("KMSAccessDenied", ""): PARK,
    ("KMSDisabled", ""): PARK,
    ("KMSInvalidState", ""): PARK,
    ("KMSNotFound", ""): PARK,
    ("KMSOptInRequired", ""): PARK,
    ("KMSThrottling", ""): RETRY,
}


class SnsSms:
    """Sends by `sns`.`Publish` to a phone number."""

    def __init__(self, client: Any, setup: ChannelSetup) -> None:
        self._client = client
        self._setup = setup

    def send(self, message: Outgoing) -> Sent:
        """Cost: parts × the price of one. SNS takes its price ceiling for the whole message."""
        body = transliterate(message.body)
        count = parts(body)
        attributes = {"AWS.SNS.SMS.SMSType": _string("Transactional")}
        if self._setup.identity.startswith("+"):
            attributes["AWS.MM.SMS.OriginationNumber"] = _string(self._setup.identity)
        elif self._setup.identity:
            attributes["AWS.SNS.SMS.SenderID"] = _string(self._setup.identity)
        if message.max_price:
            attributes["AWS.SNS.SMS.MaxPrice"] = {
                "DataType": "Number",
                "StringValue": usd(message.max_price * count),
            }
        request = {"PhoneNumber": message.to, "Message": body, "MessageAttributes": attributes}
        answer = ask(self._client.publish, request, OUTCOMES)
        return concluded(answer, "MessageId", count * self._setup.price)


def _string(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}
