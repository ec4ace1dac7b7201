"""The public address: routes of an HTTP API and the functions behind them."""

from infra.local.inventory import Route
from infra.local.realise import Resource, Site, realises, stands_idle
from infra.local.refusal import Refused
from infra.local.template import Address

_NOT_READ = "nobody reads it here"


@realises(
    "AWS::ApiGatewayV2::Api",
    "Name ProtocolType",
    {
        "Description": _NOT_READ,
        "Tags": "tags are not kept",
        "DisableExecuteApiEndpoint": "there is no other address here",
    },
)
def api(site: Site, resource: Resource) -> Address:
    if resource.get("ProtocolType", "HTTP") != "HTTP":
        raise Refused(
            resource.where, f"ProtocolType {resource.get('ProtocolType')} is not modelled here, only HTTP"
        )
    api_id = "".join(char for char in resource.logical_id.lower() if char.isalnum())[-10:]
    site.inventory.apis[api_id] = []
    return Address(api_id, {"ApiEndpoint": site.public_url, "ApiId": api_id})


@realises(
    "AWS::ApiGatewayV2::Stage",
    "ApiId StageName",
    {
        "AutoDeploy": "routes are deployed at once",
        "AccessLogSettings": "no access log is written here",
        "DefaultRouteSettings": "nothing here is throttled",
        "RouteSettings": "nothing here is throttled",
        "Description": _NOT_READ,
        "Tags": "tags are not kept",
    },
)
def stage(site: Site, resource: Resource) -> Address:
    name = str(resource.need("StageName"))
    site.inventory.stages.setdefault(str(resource.need("ApiId")), []).append(name)
    return Address(name)


@realises(
    "AWS::ApiGatewayV2::Integration",
    "ApiId IntegrationType IntegrationUri PayloadFormatVersion",
    {
        "TimeoutInMillis": "handlers are not cut off here",
        "IntegrationMethod": "a function has one",
        "Description": _NOT_READ,
    },
)
def integration(site: Site, resource: Resource) -> Address:
    if (resource.need("IntegrationType"), resource.get("PayloadFormatVersion")) != ("AWS_PROXY", "2.0"):
        raise Refused(resource.where, "only AWS_PROXY with PayloadFormatVersion 2.0 is modelled here")
    # API Gateway also takes the older form, in which the function's ARN stands between /functions/ and /invocations.
    uri = str(resource.need("IntegrationUri"))
    arn = uri.partition("/functions/")[2].removesuffix("/invocations") or uri
    if site.inventory.behind(arn) not in site.inventory.functions:
        raise Refused(resource.where, f"IntegrationUri {uri} is no function of this template")
    site.inventory.integrations[resource.logical_id] = arn
    return Address(resource.logical_id)


@realises("AWS::ApiGatewayV2::Route", "ApiId RouteKey Target AuthorizationType", {"OperationName": _NOT_READ})
def route(site: Site, resource: Resource) -> Address:
    if resource.get("AuthorizationType", "NONE") != "NONE":
        raise Refused(
            resource.where, f"AuthorizationType {resource.get('AuthorizationType')} is not modelled here"
        )
    target = site.inventory.integrations[str(resource.need("Target")).removeprefix("integrations/")]
    route_of = Route(str(resource.need("RouteKey")), site.inventory.behind(target), target)
    site.inventory.apis[str(resource.need("ApiId"))].append(route_of)
    return Address(resource.logical_id)


def _domain(_site: Site, resource: Resource) -> Address:
    name = str(resource.get("DomainName", resource.logical_id))
    return Address(name, {"RegionalDomainName": name, "RegionalHostedZoneId": "Z0LOCAL"})


stands_idle("AWS::ApiGatewayV2::DomainName", "requests come to this machine's own address", _domain)
stands_idle("AWS::ApiGatewayV2::ApiMapping", "requests come to this machine's own address")
stands_idle("AWS::CertificateManager::Certificate", "this machine speaks plain HTTP to itself")
