"""The public address: payment gateways call it, and debtors open the link or unsubscribe at it.

Each route has a limit of its own, so that a storm on a page leaves gateways heard. API Gateway takes a limit only for a route that is there
already ("Unable to find Route by key"), so the stage stands with the routes and waits for them.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
https://github.com/aws/serverless-application-model/issues/2479
"""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.stack.names import titled
from infra.stack.rows import OnRoutes, Row
from infra.stack.settings import ClientSettings
from recobro.domain.client import Rate, Throttle
from recobro.errors import InvalidInput

KINDS = {
    "/hooks/": "webhooks",
    "/p/": "pages",
    "/g/": "pages",
    "/u/": "one_click",
    "/v1/": "api",
    "/console": "console",
}
"""How a path begins → what its limit is called in the client's file."""

ACCOUNT = Rate(2_500, 1_250)
"""What API Gateway lets all APIs of an account take in a Region where it lets them take least; 10,000 and 5,000 in others.

https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""

LOGGED = {
    "request": "$context.requestId",
    "at": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "error": "$context.integrationErrorMessage",
}
"""What is logged of a request. Not its path: a token in it opens a person's page."""


def public_api(scope: Construct, prefix: str) -> api.HttpApi:
    """An HTTP API that costs nothing while nobody calls: the address, before anything answers at it."""
    return api.HttpApi(scope, "PublicApi", api_name=prefix, create_default_stage=False)


def route(scope: Construct, http: api.HttpApi, row: Row, live: lambda_.Alias) -> list[api.HttpRoute]:
    """The row's routes, in payload format 2.0. Who calls proves it by a signature or a token, which the function checks.

    They stand with the function that they lead to: it may come and go without the address.
    """
    if not isinstance(row.starts, OnRoutes):
        raise TypeError(f"{row.name} has no route")
    target = integrations.HttpLambdaIntegration(titled(row.name), live)
    made = []
    for each in row.starts.routes:
        method, path = each.split()
        key = api.HttpRouteKey.with_(path, api.HttpMethod(method))
        name = f"{titled(method)}{titled(path)}Route"
        made.append(api.HttpRoute(scope, name, http_api=http, route_key=key, integration=target))
    return made


def stage(
    scope: Construct,
    http: api.HttpApi,
    routes: Sequence[api.HttpRoute],
    rows: Sequence[Row],
    client: ClientSettings,
    log: logs.LogGroup,
) -> None:
    """The address answers, at its own domain too, each route within its limit, with a log of routes and results."""
    made = api.CfnStage(
        scope,
        "PublicApiStage",
        api_id=http.api_id,
        stage_name="$default",
        auto_deploy=True,
        default_route_settings=api.CfnStage.RouteSettingsProperty(
            throttling_rate_limit=client.throttle.api.a_second,
            throttling_burst_limit=client.throttle.api.at_once,
        ),
        route_settings={key: _setting(rate) for key, rate in limits(rows, client.throttle).items()},
        access_log_settings=api.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=json.dumps(LOGGED)
        ),
    )
    made.node.add_dependency(*routes)
    if client.certificate:
        name = urlsplit(client.public_url).hostname or ""
        mapping = api.CfnApiMapping(
            scope, "DomainMapping", api_id=http.api_id, domain_name=name, stage=made.stage_name
        )
        mapping.add_dependency(made)


def limits(rows: Sequence[Row], throttle: Throttle) -> dict[str, Rate]:
    """Route key → its limit. Raises InvalidInput where all together pass what an account may take: one could starve the others."""
    keys = [key for row in rows if isinstance(row.starts, OnRoutes) for key in row.starts.routes]
    found = {key: _limit(key, throttle) for key in keys}
    for name in ("a_second", "at_once"):
        wanted, most = sum(getattr(rate, name) for rate in found.values()), getattr(ACCOUNT, name)
        if wanted > most:
            raise InvalidInput(
                f"throttle.*.{name}",
                f"comes to {wanted} over the {len(found)} routes, and an account may take {most}",
                "less: each route of a kind has the kind's limit",
            )
    return found


def _limit(key: str, throttle: Throttle) -> Rate:
    path = key.partition(" ")[2]
    (kind,) = (kind for begins, kind in KINDS.items() if path.startswith(begins))
    rate: Rate = getattr(throttle, kind)
    return rate


def _setting(rate: Rate) -> dict[str, int]:
    return {"ThrottlingRateLimit": rate.a_second, "ThrottlingBurstLimit": rate.at_once}
