"""The public address: payment gateways call it, and debtors open the link or unsubscribe at it."""

import json

from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.stack.logs import log_group
from infra.stack.names import titled
from infra.stack.rows import OnRoutes, Row

REQUESTS_A_SECOND = 50
BURST = 100

LOGGED = {
    "request": "$context.requestId",
    "at": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "error": "$context.integrationErrorMessage",
}
"""What is logged of a request. Not its path: a token in it opens a person's page."""


def public_api(scope: Construct, prefix: str, log_days: int) -> api.HttpApi:
    """An HTTP API that costs nothing while nobody calls, throttled, with a log of routes and results."""
    http = api.HttpApi(scope, "PublicApi", api_name=prefix, create_default_stage=False)
    log = log_group(scope, "PublicApiLog", f"/aws/apigateway/{prefix}", log_days)
    api.CfnStage(
        scope,
        "PublicApiStage",
        api_id=http.api_id,
        stage_name="$default",
        auto_deploy=True,
        default_route_settings=api.CfnStage.RouteSettingsProperty(
            throttling_rate_limit=REQUESTS_A_SECOND, throttling_burst_limit=BURST
        ),
        access_log_settings=api.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=json.dumps(LOGGED)
        ),
    )
    return http


def route(scope: Construct, http: api.HttpApi, row: Row, live: lambda_.Alias) -> None:
    """The row's routes, in payload format 2.0. Who calls proves it by a signature or a token, which the function checks.

    They stand with the function that they lead to: it may come and go without the address.
    """
    if not isinstance(row.starts, OnRoutes):
        raise TypeError(f"{row.name} has no route")
    target = integrations.HttpLambdaIntegration(titled(row.name), live)
    for each in row.starts.routes:
        method, path = each.split()
        key = api.HttpRouteKey.with_(path, api.HttpMethod(method))
        api.HttpRoute(
            scope, f"{titled(method)}{titled(path)}Route", http_api=http, route_key=key, integration=target
        )
