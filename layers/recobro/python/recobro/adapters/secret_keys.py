"""The client's keys, read once per process from the one secret: hashes of addresses, signed links, gateways' secrets."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any


class SecretKeys:
    """JSON with `root` (made at deployment) and `gateways`: {"standard/main": ["whsec_new", "whsec_old"]}."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        values: Mapping[str, Any] = json.loads(
            self._client.get_secret_value(SecretId=self._arn)["SecretString"]
        )
        return values

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose; knowing one tells nothing of another (HMAC as key derivation, NIST SP 800-108)."""
        return hmac.new(str(self._values["root"]).encode(), purpose.encode(), hashlib.sha256).digest()

    def gateway(self, gateway: str, endpoint: str) -> Sequence[str]:
        """The live secrets of one endpoint, newest first; its own derived one where none was set."""
        listed = self._values.get("gateways", {}).get(f"{gateway}/{endpoint}", [])
        return [str(one) for one in listed]
