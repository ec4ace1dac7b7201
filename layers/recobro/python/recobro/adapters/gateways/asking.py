"""How a gateway's own API is asked: what it answers is the truth, and a refusal of our key is not taken for "no such payment"."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from recobro.adapters.gateways.reading import loaded
from recobro.errors import InvalidInput, InvariantBroken, NotFound, Unavailable
from recobro.ports import Endpoint, Http, HttpReply, LinkWanted

JSON = {"content-type": "application/json", "accept": "application/json"}
PAGES = 100
"""At most so many pages of a list in one go; the next run goes on where the days overlap."""


def get(http: Http, url: str, headers: Mapping[str, str]) -> Mapping[str, Any]:
    return read(http("GET", url, headers))


def send(
    http: Http, method: str, url: str, headers: Mapping[str, str], body: Any, *, idempotency: str = ""
) -> Mapping[str, Any]:
    """With a JSON body. Decimals are written as they are."""
    raw = json.dumps(body, ensure_ascii=False, default=str, separators=(",", ":")).encode()
    return read(http(method, url, {**JSON, **headers}, raw, idempotency=idempotency))


def read(reply: HttpReply) -> Mapping[str, Any]:
    """The JSON object answered. Raises NotFound, InvariantBroken (our key), Unavailable, InvalidInput (our question)."""
    if reply.status == 404:
        raise NotFound("the gateway knows no such thing")
    if reply.status in {401, 403}:
        raise InvariantBroken(f"the gateway refuses our API key ({reply.status})")
    if reply.status >= 500 or reply.status == 429:
        raise Unavailable(f"the gateway answered {reply.status}")
    if not 200 <= reply.status < 300:
        raise InvalidInput("question", f"was answered {reply.status}", "see the gateway's documentation")
    return loaded(reply.body) if reply.body.strip() else {}


def key_of(endpoint: Endpoint) -> str:
    """Raises InvariantBroken when no API key is set: then nothing can be asked or made."""
    if not endpoint.api_key:
        raise InvariantBroken(f"endpoint {endpoint.name} has no api_key: put one beside its secrets")
    return endpoint.api_key


def option(endpoint: Endpoint, name: str) -> str:
    """Raises InvariantBroken when the client's file does not say it."""
    if not endpoint.options.get(name):
        raise InvariantBroken(f"endpoint {endpoint.name} lacks options.{name} in client.toml")
    return endpoint.options[name]


def is_test(endpoint: Endpoint) -> bool:
    """For gateways whose word does not say which: `environment = "test"` in the endpoint's options."""
    return endpoint.options.get("environment", "live") == "test"


def basic(user: str, password: str = "") -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def safe(ident: str) -> str:
    """An id as one segment of an address, whatever it holds."""
    if ident in {"", ".", ".."}:
        raise NotFound("no such id")
    return quote(ident, safe="")


def once(wanted: LinkWanted) -> str:
    """The same for the same reference, amount and expiry: a link that is wanted twice is made once."""
    what = (
        f"{wanted.reference} {wanted.amount.minor} {wanted.amount.currency} {wanted.expires_at.isoformat()}"
    )
    return hashlib.sha256(what.encode()).hexdigest()[:32]
