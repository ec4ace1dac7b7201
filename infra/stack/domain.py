"""An address of the agency's own for links and webhooks: the name and the certificate are given, the rest is made here."""

from urllib.parse import urlsplit

from aws_cdk import aws_apigatewayv2 as api
from constructs import Construct

from infra.stack.settings import ClientSettings


def own_domain(scope: Construct, client: ClientSettings) -> str:
    """The name to which the domain's DNS record must lead; empty where the client's file gives no certificate.

    What answers at it is mapped with the stage (infra/stack/http.py).
    """
    if not client.certificate:
        return ""
    domain = api.CfnDomainName(
        scope,
        "Domain",
        domain_name=urlsplit(client.public_url).hostname or "",
        domain_name_configurations=[
            api.CfnDomainName.DomainNameConfigurationProperty(
                certificate_arn=client.certificate, endpoint_type="REGIONAL", security_policy="TLS_1_2"
            )
        ],
    )
    return domain.attr_regional_domain_name
