"""The address that stands in messages already sent: it stays the same whatever becomes of the functions behind it."""

from constructs import Construct

from infra.stack.domain import own_domain
from infra.stack.http import public_api
from infra.stack.life import Life
from infra.stack.logs import log_group
from infra.stack.settings import ClientSettings


class EdgeStack(Life):
    """The HTTP API, its log and its own domain. Routes and their limits go with the functions they lead to."""

    def __init__(self, scope: Construct, client: ClientSettings) -> None:
        super().__init__(scope, client, "edge")
        self.http = public_api(self, self.prefix)
        self.log = log_group(
            self, "PublicApiLog", f"/aws/apigateway/{self.prefix}", client.log_retention_days
        )
        self.public_url = client.public_url or self.http.api_endpoint
        target = own_domain(self, client)
        self.tell({"PublicUrl": self.public_url, **({"DomainTarget": target} if target else {})})
