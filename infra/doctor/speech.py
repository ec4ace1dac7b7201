"""End User Messaging: out of its sandbox, money to spend, a sender that is active, answers and opt-outs that reach us."""

from collections.abc import Iterator
from typing import Any

from infra.doctor.finding import Asked, Finding, note, ok, wrong
from recobro.domain.client import ChannelSetup

LIMITS = {"sms": "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", "voice": "VOICE_MESSAGE_MONTHLY_SPEND_LIMIT"}
USUAL_LIMIT = 1
"""US dollars a month with which every account begins."""


def check(asked: Asked) -> Iterator[Finding]:
    spoken = {name: asked.client.channels[name] for name in ("sms", "voice") if asked.client.sends(name)}
    spoken = {name: setup for name, setup in spoken.items() if setup.transport == "eum"}
    if not spoken:
        return
    sms = asked.clients("pinpoint-sms-voice-v2")
    attributes = sms.describe_account_attributes()["AccountAttributes"]
    tier = next((one["Value"] for one in attributes if one["Name"] == "ACCOUNT_TIER"), "SANDBOX")
    if tier == "PRODUCTION":
        yield ok("SMS and calls", "in production")
    else:
        yield wrong(
            "SMS and calls",
            "in the sandbox: they reach verified numbers only",
            "open a case in Service Quotas: End User Messaging, production access; say what is sent and who agreed",
        )
    limits = {one["Name"]: one["EnforcedLimit"] for one in sms.describe_spend_limits()["SpendLimits"]}
    budget = asked.playbook.client.limits.monthly_spend_usd
    for name in spoken:
        limit = limits.get(LIMITS[name], USUAL_LIMIT)
        if limit <= USUAL_LIMIT or (budget and limit < budget):
            fix = "raise it in Service Quotas, then in End User Messaging; below it messages simply fail"
            yield note(
                f"{name} a month", f"USD {limit}, and client.toml allows {budget or 'any amount'}", fix
            )
        else:
            yield ok(f"{name} a month", f"USD {limit}")
    for name, setup in spoken.items():
        yield from _sender(name, setup, sms, asked)


def _sender(name: str, setup: ChannelSetup, sms: Any, asked: Asked) -> Iterator[Finding]:
    found = _found(setup.identity, sms)
    what = f"{name} sender {setup.identity}"
    if found is None:
        yield wrong(what, "AWS does not know it in this Region", "correct channels.*.identity, or the Region")
        return
    registered = found.get("Registered", True)
    if found.get("Status", "ACTIVE") != "ACTIVE" or not registered:
        yield wrong(what, "not active yet", "finish its registration in End User Messaging; it takes weeks")
    else:
        yield ok(what, "active")
    if found.get("MessageType", "TRANSACTIONAL") != "TRANSACTIONAL":
        yield note(what, "promotional", "reminders are transactional: move to a transactional number or pool")
    if "OptOutListName" not in found:
        return
    if found.get("SelfManagedOptOutsEnabled"):
        yield ok(f"{name} opt-outs", "ours: STOP reaches us as words do")
    else:
        told = f"AWS answers STOP itself and keeps it in the list {found['OptOutListName']}"
        fix = "nothing to do where that list is this client's alone; one list for two clients stops both"
        yield (
            note(f"{name} opt-outs", told, fix)
            if found["OptOutListName"] == "Default"
            else ok(f"{name} opt-outs", told)
        )
    topic = asked.outputs.get("SmsInboundTopic")
    if name == "sms" and setup.two_way and topic and found.get("TwoWayChannelArn") != topic:
        yield wrong(
            "sms answers", "do not reach this client's topic", f"python -m infra.connect {asked.client.name}"
        )


def _found(identity: str, sms: Any) -> dict[str, Any] | None:
    """The number, pool or sender id as AWS describes it."""
    try:
        if identity.startswith("pool-"):
            listed = sms.describe_pools(PoolIds=[identity])["Pools"]
        elif identity.startswith("phone-"):
            listed = sms.describe_phone_numbers(PhoneNumberIds=[identity])["PhoneNumbers"]
        else:
            sender, _, country = identity.partition("/")
            asked = [{"SenderId": sender, "IsoCountryCode": country}]
            listed = sms.describe_sender_ids(SenderIds=asked)["SenderIds"]
    except sms.exceptions.ResourceNotFoundException:
        return None
    return next(iter(listed), None)
