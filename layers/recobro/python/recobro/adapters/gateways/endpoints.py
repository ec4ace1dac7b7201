"""Which of the client's endpoints a webhook came to: what its file says of it, and the keys that are live now."""

from datetime import datetime

from recobro.adapters.secret_keys import SecretKeys
from recobro.domain.client import Client
from recobro.errors import InvariantBroken, NotFound
from recobro.ports import Endpoint


def endpoint_of(client: Client, secrets: SecretKeys, gateway: str, name: str, now: datetime) -> Endpoint:
    """Raises NotFound for an endpoint that the client's file does not name; InvariantBroken when it has no secret: then
    nothing is believed (fail closed), and the webhook's 500 is counted for the alarm on answers that failed."""
    setup = client.gateways.get(gateway)
    if setup is None or setup.endpoint != name:
        raise NotFound("no such endpoint")
    keys = secrets.gateway(gateway, name, now)
    if not keys.secrets:
        raise InvariantBroken(
            f"no secret is set for {gateway}/{name}: put one under gateways in the root secret"
        )
    return Endpoint(name, keys.secrets, keys.api_key, setup.merchant, setup.options)
