"""What carriers keep for us in AWS: senders and configuration sets. The outside world answers in their place."""

from infra.local.realise import Idle, Resource, Site, realises, stands_idle
from infra.local.template import Address

_OUTSIDE = "the carrier's own; on this machine the outside world answers in its place"


@realises(
    "AWS::SES::EmailIdentity",
    "EmailIdentity",
    {
        "ConfigurationSetAttributes": _OUTSIDE,
        "DkimAttributes": _OUTSIDE,
        "DkimSigningAttributes": _OUTSIDE,
        "FeedbackAttributes": _OUTSIDE,
        "MailFromAttributes": _OUTSIDE,
        "Tags": "tags are not kept",
    },
)
def email_identity(site: Site, resource: Resource) -> Idle:
    name = str(resource.need("EmailIdentity"))
    site.inventory.identities.add(name.lower())
    records = {
        f"DkimDNSToken{part}{number}": f"{number}.{name}"
        for part in ("Name", "Value")
        for number in (1, 2, 3)
    }
    return Idle(Address(name, records), _OUTSIDE)


def _configuration_set(site: Site, resource: Resource) -> Address:
    name = str(resource.get("ConfigurationSetName") or resource.get("Name") or resource.name("Name"))
    service = "sms-voice" if resource.type.startswith("AWS::SMSVOICE") else "ses"
    return Address(name, {"Arn": site.arn(service, f"configuration-set/{name}")})


stands_idle("AWS::SES::ConfigurationSet", _OUTSIDE, _configuration_set)
stands_idle("AWS::SES::ConfigurationSetEventDestination", _OUTSIDE)
stands_idle("AWS::SMSVOICE::ConfigurationSet", _OUTSIDE, _configuration_set)
for _kind, _resource in {
    "OptOutList": "opt-out-list",
    "PhoneNumber": "phone-number",
    "Pool": "pool",
    "ProtectConfiguration": "protect-configuration",
    "SenderId": "sender-id",
}.items():

    def _sender(site: Site, resource: Resource, kind: str = _resource) -> Address:
        return Address(resource.logical_id, {"Arn": site.arn("sms-voice", f"{kind}/{resource.logical_id}")})

    stands_idle(f"AWS::SMSVOICE::{_kind}", _OUTSIDE, _sender)
