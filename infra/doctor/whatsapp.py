"""WhatsApp: the number linked and well thought of, what people answer on its way to us, every template approved by Meta."""

from collections.abc import Iterator
from typing import Any

from infra.doctor.finding import Asked, Finding, note, ok, wrong

PAGES = 50
"""More templates than Meta lets an account have."""


def check(asked: Asked) -> Iterator[Finding]:
    if not asked.client.sends("whatsapp"):
        return
    social, number = asked.clients("socialmessaging"), asked.client.channels["whatsapp"].identity
    try:
        told = social.get_linked_whatsapp_business_account_phone_number(id=number)
    except social.exceptions.ResourceNotFoundException:
        fix = "link the account in End User Messaging, Social, and write its phone-number-id-…"
        yield wrong("WhatsApp number", f"{number} is not linked to this account", fix)
        return
    quality = told["phoneNumber"].get("qualityRating", "")
    if quality in ("GREEN", "UNKNOWN", ""):
        yield ok("WhatsApp number", f"linked, quality {quality.lower() or 'unknown'}")
    else:
        yield note(
            "WhatsApp number", f"quality {quality.lower()}", "write less and more kindly: people block it"
        )
    account = told["linkedWhatsAppBusinessAccountId"]
    yield from _receipts(social.get_linked_whatsapp_business_account(id=account)["account"], asked)
    yield from _templates(_listed(social, account), asked)


def _receipts(account: dict[str, Any], asked: Asked) -> Iterator[Finding]:
    if account.get("registrationStatus") != "COMPLETE":
        yield wrong(
            "WhatsApp account", "its registration is not complete", "finish it in the console and at Meta"
        )
    topic = asked.outputs.get("WhatsappEventsTopic", "")
    heard = [one.get("eventDestinationArn") for one in account.get("eventDestinations", [])]
    if topic in heard:
        yield ok("WhatsApp answers", "reach this client's topic")
    else:
        fix = f"python -m infra.connect {asked.client.name}"
        yield wrong("WhatsApp answers", "do not reach this client's topic", fix)


def _templates(listed: dict[tuple[str, str], str], asked: Asked) -> Iterator[Finding]:
    """Those that the client's messages name, in the language in which they are written."""
    wanted = {
        (name, template.language.replace("-", "_"))
        for template in asked.playbook.templates.values()
        for part in template.parts.values()
        for name in (part.template, part.pay_template)
        if name
    }
    states: dict[str, list[str]] = {}
    for name, language in sorted(wanted):
        state = listed.get((name, language)) or listed.get((name, language.split("_")[0])) or "MISSING"
        states.setdefault(state.upper(), []).append(f"{name} ({language})")
    if approved := states.pop("APPROVED", []):
        yield ok("WhatsApp templates", f"{len(approved)} approved")
    for state, names in sorted(states.items()):
        fix = (
            "create them as the messages folder has them"
            if state == "MISSING"
            else "see Meta's reason and submit again"
        )
        yield wrong(f"WhatsApp templates {state.lower()}", ", ".join(names), fix)


def _listed(social: Any, account: str) -> dict[tuple[str, str], str]:
    """(name, language) → state."""
    found: dict[tuple[str, str], str] = {}
    more: dict[str, str] = {}
    for _ in range(PAGES):
        page = social.list_whatsapp_message_templates(id=account, **more)
        found |= {
            (one["templateName"], one["templateLanguage"]): one["templateStatus"] for one in page["templates"]
        }
        if "nextToken" not in page:
            break
        more = {"nextToken": page["nextToken"]}
    return found
