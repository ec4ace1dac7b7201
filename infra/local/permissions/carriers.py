"""What handing a message to each carrier must be allowed: by which sender, under which configuration set."""

from collections.abc import Iterator
from email.utils import parseaddr

from infra.local.permissions.need import Namer, Need, Needs, Params


def email(params: Params, namer: Namer) -> Iterator[Need]:
    address = parseaddr(str(params.get("FromEmailAddress", "")))[1].lower()
    domain = address.rpartition("@")[2]
    # SES sends in the name of the most specific verified identity.
    identity = address if address in namer.identities else domain
    sender = {"ses:FromAddress": address, "ses:Recipients": [*_recipients(params)]}
    arn = str(params.get("FromEmailAddressIdentityArn") or namer.arn("ses", f"identity/{identity}"))
    yield Need("ses:SendEmail", arn, sender)
    if params.get("ConfigurationSetName"):
        yield Need(
            "ses:SendEmail", namer.arn("ses", f"configuration-set/{params['ConfigurationSetName']}"), sender
        )


def _recipients(params: Params) -> Iterator[str]:
    for addresses in params.get("Destination", {}).values():
        yield from (parseaddr(address)[1] for address in addresses)


def origination(action: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        yield Need(f"sms-voice:{action}", _origin(str(params.get("OriginationIdentity", "")), namer))
        if params.get("ConfigurationSetName"):
            name = str(params["ConfigurationSetName"])
            yield Need(
                f"sms-voice:{action}",
                name if name.startswith("arn:") else namer.arn("sms-voice", f"configuration-set/{name}"),
            )

    return found


def _origin(identity: str, namer: Namer) -> str:
    """The sender's ARN; where only its number or name is given, the part that only AWS knows is a `*`."""
    if identity.startswith("arn:"):
        return identity
    if identity.startswith("phone-"):
        return namer.arn("sms-voice", f"phone-number/{identity}")
    if identity.startswith("pool-"):
        return namer.arn("sms-voice", f"pool/{identity}")
    if identity.startswith("+") or not identity:
        return namer.arn("sms-voice", "phone-number/*" if identity else "*")
    return namer.arn("sms-voice", f"sender-id/{identity}" if "/" in identity else f"sender-id/{identity}/*")


def whatsapp(action: str) -> Needs:
    def found(params: Params, namer: Namer) -> Iterator[Need]:
        given = str(params.get("originationPhoneNumberId", ""))
        number = given.removeprefix("phone-number-id-")
        yield Need(
            f"social-messaging:{action}",
            given if given.startswith("arn:") else namer.arn("social-messaging", f"phone-number-id/{number}"),
        )

    return found


def push(params: Params, namer: Namer) -> Iterator[Need]:
    yield Need(
        "mobiletargeting:SendMessages",
        namer.arn("mobiletargeting", f"apps/{params.get('ApplicationId')}/messages"),
    )
