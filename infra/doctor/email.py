"""SES: out of its sandbox, the sender's identity verified and signed for, receipts on their way to us."""

from collections.abc import Iterator
from typing import Any

from infra.doctor.finding import Asked, Finding, note, ok, wrong
from infra.stack.permissions import verified_identity


def check(asked: Asked) -> Iterator[Finding]:
    if not asked.client.sends("email"):
        return
    ses, setup = asked.clients("sesv2"), asked.client.channels["email"]
    yield from _account(ses.get_account(), setup.rate)
    identity = verified_identity(setup)
    try:
        found = ses.get_email_identity(EmailIdentity=identity)
    except ses.exceptions.NotFoundException:
        yield wrong(
            f"identity {identity}",
            "SES does not know it",
            f"aws sesv2 create-email-identity --email-identity {identity}",
        )
    else:
        yield from _identity(identity, found)
    try:
        events = ses.get_configuration_set_event_destinations(ConfigurationSetName=setup.configuration_set)
    except ses.exceptions.NotFoundException:
        yield wrong(
            "e-mail receipts", f"no configuration set {setup.configuration_set}", "deploy: the stack makes it"
        )
    else:
        topic = asked.outputs.get("EmailEventsTopic", "")
        heard = [
            one.get("SnsDestination", {}).get("TopicArn")
            for one in events["EventDestinations"]
            if one["Enabled"]
        ]
        if topic in heard:
            yield ok("e-mail receipts", "reach this client's topic")
        else:
            yield wrong(
                "e-mail receipts", "lead elsewhere: bounces and complaints would not be heard", "deploy again"
            )


def _account(told: dict[str, Any], rate: int) -> Iterator[Finding]:
    if not told.get("ProductionAccessEnabled"):
        review = told.get("Details", {}).get("ReviewDetails", {}).get("Status", "")
        state = f"in the sandbox{f', asked for: {review.lower()}' if review else ''}: it writes to verified addresses only"
        yield wrong(
            "SES",
            state,
            "request production access in the SES console; say plainly that these are payment notices",
        )
    elif not told.get("SendingEnabled") or told.get("EnforcementStatus") == "SHUTDOWN":
        yield wrong("SES", "AWS has paused sending", "answer AWS's case about bounces or complaints")
    elif told.get("EnforcementStatus") == "PROBATION":
        yield note("SES", "under review", "lower bounces and complaints; answer AWS's case")
    else:
        yield ok("SES", "in production")
    quota = told.get("SendQuota", {})
    granted = quota.get("MaxSendRate", 0)
    if granted < rate:
        fix = f"set channels.email.rate = {int(granted)}, or ask for more in Service Quotas"
        yield wrong("e-mails a second", f"{granted:g} granted, {rate} in client.toml", fix)
    else:
        yield ok("e-mails a second", f"{granted:g} granted, {quota.get('Max24HourSend', 0):g} a day")
    listed = set(told.get("SuppressionAttributes", {}).get("SuppressedReasons", []))
    if {"BOUNCE", "COMPLAINT"} - listed:
        fix = "aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT"
        yield note("SES's own suppression list", f"keeps {', '.join(sorted(listed)) or 'nothing'}", fix)
    else:
        yield ok("SES's own suppression list", "keeps bounces and complaints")


def _identity(identity: str, found: dict[str, Any]) -> Iterator[Finding]:
    dkim = found.get("DkimAttributes", {})
    if not found.get("VerifiedForSendingStatus"):
        yield wrong(
            f"identity {identity}",
            "not verified",
            "publish its DKIM records, or confirm the mail AWS sent to it",
        )
    else:
        yield ok(f"identity {identity}", "verified")
    if dkim.get("SigningEnabled") and dkim.get("Status") == "SUCCESS":
        yield ok("DKIM", "signs")
    else:
        names = ", ".join(f"{token}._domainkey.{identity}" for token in dkim.get("Tokens", []))
        fix = (
            f"publish the CNAME records {names}"
            if names
            else "turn on Easy DKIM and publish its CNAME records"
        )
        yield wrong("DKIM", dkim.get("Status", "off").lower().replace("_", " "), fix)
    origin = found.get("MailFromAttributes", {})
    if origin.get("MailFromDomainStatus") == "SUCCESS":
        yield ok("MAIL FROM", origin["MailFromDomain"])
    else:
        fix = f"aws sesv2 put-email-identity-mail-from-attributes --email-identity {identity} --mail-from-domain …"
        yield note("MAIL FROM", "AWS's own domain: SPF does not align with yours", fix)
