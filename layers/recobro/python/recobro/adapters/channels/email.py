"""E-mail carries what no other channel can: the whole account, on record, with a way out of it in one click.

Docs: docs.aws.amazon.com/ses/latest/dg (event-publishing-retrieving-sns-contents,
manage-sending-quotas-errors); one-click: RFC 8058.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import formataddr
from typing import Any

from recobro.adapters.channels.once import ask, concluded
from recobro.adapters.channels.outcomes import OPEN_CIRCUIT, PARK, RETRY, SUPPRESS, Outcomes
from recobro.adapters.channels.reading import IDS, from_iso, our_id, part, text
from recobro.domain.attempt import AttemptStatus
from recobro.domain.client import ChannelSetup
from recobro.ports import Outgoing, Receipt, Sent

OUTCOMES: Outcomes = {
    ("TooManyRequestsException", ""): RETRY,
    ("TooManyRequestsException", "DAILY_QUOTA"): OPEN_CIRCUIT,
    ("ThrottlingException", "DAILY_QUOTA"): OPEN_CIRCUIT,
    ("LimitExceededException", ""): OPEN_CIRCUIT,  # the day's quota: nothing leaves until it refills
    ("AccountSuspendedException", ""): OPEN_CIRCUIT,
    ("SendingPausedException", ""): OPEN_CIRCUIT,
    ("MailFromDomainNotVerifiedException", ""): OPEN_CIRCUIT,
    ("NotFoundException", ""): OPEN_CIRCUIT,  # our configuration set or identity
    ("MessageRejected", ""): PARK,
    ("BadRequestException", ""): PARK,
}

RECEIPTS: dict[str, tuple[str, str, str, str]] = {
    "Send": (AttemptStatus.SENT, "sent", "", "send"),
    "Delivery": (AttemptStatus.DELIVERED, "delivered", "", "delivery"),
    "DeliveryDelay": (AttemptStatus.SENT, "delayed", "", "deliveryDelay"),
    "Bounce": (AttemptStatus.FAILED, "soft_bounce", "", "bounce"),
    "Bounce:Permanent": (AttemptStatus.FAILED, "hard_bounce", SUPPRESS, "bounce"),
    "Complaint": ("complaint", "complaint", SUPPRESS, "complaint"),
    "Complaint:not-spam": (
        AttemptStatus.SENT,
        "not_spam",
        "",
        "complaint",
    ),  # a person took a mail out of the junk
    "Open": (
        AttemptStatus.DELIVERED,
        "open",
        "",
        "open",
    ),  # mail-privacy proxies open everything: no proof of reading
    "Click": (AttemptStatus.READ, "click", "", "click"),
    "Reject": (AttemptStatus.FAILED, "undelivered", "", "reject"),
    "Rendering Failure": (AttemptStatus.FAILED, "undelivered", "", "failure"),
    "Subscription": (AttemptStatus.SENT, "subscription", "", "subscription"),
}
"""Event type, or event:kind → (status, outcome, then, the event's own object)."""

ONE_CLICK = "List-Unsubscribe=One-Click"


def reason_of(response: Mapping[str, Any]) -> str:
    """SES tells its rate from its daily quota only in the message, by these documented words."""
    return "DAILY_QUOTA" if "daily message quota" in text(response, "Error", "Message").lower() else ""


class Email:
    """Sends by `sesv2`.`SendEmail`, one recipient a call."""

    def __init__(self, client: Any, setup: ChannelSetup) -> None:
        self._client = client
        self._setup = setup
        self._sender = _ascii_sender(setup.identity)

    def send(self, message: Outgoing) -> Sent:
        """Cost: the price of one message. The unsubscribe address must act on an unauthenticated POST."""
        body = {"Text": _utf8(message.body)}
        if message.html:
            body["Html"] = _utf8(message.html)
        simple: dict[str, Any] = {"Subject": _utf8(message.subject), "Body": body}
        if message.unsubscribe_url:
            simple["Headers"] = [
                {"Name": "List-Unsubscribe", "Value": f"<{message.unsubscribe_url}>"},
                {"Name": "List-Unsubscribe-Post", "Value": ONE_CLICK},
            ]
        request: dict[str, Any] = {
            "FromEmailAddress": formataddr((message.sender_name, self._sender)),
            "Destination": {"ToAddresses": [message.to]},
            "Content": {"Simple": simple},
            "EmailTags": [
                {"Name": name, "Value": message.context[name]} for name in IDS if name in message.context
            ],
        }
        if self._setup.configuration_set:
            request["ConfigurationSetName"] = self._setup.configuration_set
        answer = ask(self._client.send_email, request, OUTCOMES, reason_of)
        return concluded(answer, "MessageId", self._setup.price)


def parse_receipts(raw: Mapping[str, Any], received_at: datetime) -> list[Receipt]:
    """One event, or one feedback notification of an identity (same shape, without tags)."""
    event = text(raw, "eventType") or text(raw, "notificationType")
    kinds = {
        "Bounce": (text(raw, "bounce", "bounceType"), text(raw, "bounce", "bounceSubType")),
        "Complaint": (text(raw, "complaint", "complaintFeedbackType"),),
    }.get(event, ())
    detail = ":".join(filter(None, (event, *kinds)))
    unrecognised = ("unrecognised", event.lower(), "", "")
    known = RECEIPTS.get(":".join((event, *kinds[:1]))) or RECEIPTS.get(event, unrecognised)
    status, outcome, then, own = known
    mail = part(raw, "mail")
    tags = part(mail, "tags")
    return [
        Receipt(
            debtor_id=our_id(_first(tags, "debtor_id")),
            attempt_id=our_id(_first(tags, "attempt_id")),
            status=status,
            code=outcome,
            at=from_iso(text(raw, own, "timestamp") or text(mail, "timestamp"), received_at),
            channel="email",
            provider_id=text(mail, "messageId"),
            then=then,
            detail=detail,
        )
    ]


def _first(tags: Mapping[str, Any], name: str) -> str:
    values = tags.get(name)
    return text({"value": values[0]}, "value") if isinstance(values, list) and values else ""


def _utf8(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": "UTF-8"}


def _ascii_sender(identity: str) -> str:
    """SES takes a sender's name outside ASCII only as an encoded word (RFC 2047)."""
    if identity.isascii():
        return identity
    from email.utils import formataddr, parseaddr

    return formataddr(parseaddr(identity))
