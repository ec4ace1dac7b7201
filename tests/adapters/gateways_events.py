"""The sample events of the payment gateways, and the client that they come to: the demonstration's, with every gateway switched on."""

import base64
import json
import re
import shutil
from pathlib import Path
from typing import Any

from infra.repository import CLIENTS
from tests.adapters.gateways_spoken import SPOKEN, Spoken


def event_of(spoken: Spoken) -> dict[str, Any]:
    """What API Gateway hands the function (HTTP API, payload format 2.0). Forms come as base64."""
    webhook = spoken.genuine()
    path, is_form = f"/hooks/{spoken.gateway}/main", not webhook.body.startswith(b"{")
    body = base64.b64encode(webhook.body) if is_form else webhook.body
    return {
        "version": "2.0",
        "routeKey": "POST /hooks/{gateway}/{endpoint}",
        "rawPath": path,
        "rawQueryString": webhook.query,
        "headers": {"host": "pagos.example.com", **webhook.headers},
        "requestContext": {
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "sample",
            },
            "requestId": "sample",
            "routeKey": "POST /hooks/{gateway}/{endpoint}",
            "stage": "$default",
        },
        "pathParameters": {"gateway": spoken.gateway, "endpoint": "main"},
        "body": body.decode(),
        "isBase64Encoded": is_form,
    }


def secrets() -> dict[str, Any]:
    """`gateways` of the root secret, as an operator writes it."""
    return {
        f"{one.gateway}/main": {"secrets": list(one.secrets[:2]), "api_key": one.api_key} for one in SPOKEN
    }


def with_every_gateway(folder: Path) -> Path:
    """The demonstration client's folder with a section for each gateway, open to programs, with a system that is told."""
    shutil.copytree(CLIENTS / "demo", folder)
    settings = folder / "client.toml"
    text = re.sub(r"(?ms)^\[gateways\..*?(?=^\[|\Z)", "", settings.read_text("utf-8"))
    for one in SPOKEN:
        text += f'\n[gateways.{one.gateway}]\nendpoint = "main"\npayee = "creditor"\nmerchant = {json.dumps(one.merchant)}\n'
        text += f"options = {{ {', '.join(f'{name} = {json.dumps(value)}' for name, value in one.options.items())} }}\n"
    text += '\n[[notify]]\nname = "core"\nurl = "https://core.example.com/recobro"\n'
    settings.write_text(text, "utf-8")
    return folder
