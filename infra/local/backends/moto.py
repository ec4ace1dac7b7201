"""The second opinion: moto, slower and written by other people, so that a bug of one emulator cannot pass for our success.

Its tables lose updates when two threads write at once, so that requests are answered one after the other.
"""

import importlib
import os
from threading import RLock
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from infra.local.backends.answer import answer, headers_of
from infra.local.backends.halves import half_of, pkcs8


class Moto:
    """One account in one region."""

    name = "moto"
    late = 0.001

    def __init__(self, account: str, region: str, seed: int | None) -> None:
        # Otherwise botocore addresses streams by a host named after the account, which moto does not know.
        os.environ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] = "disabled"
        # botocore no longer lists the regions of streams, without which moto takes the service to be nowhere.
        os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "true"
        self._account = account
        self._region = region
        self._lock = RLock()
        self._stubber = importlib.import_module("moto.core.botocore_stubber").BotocoreStubber()
        self._state: Any = importlib.import_module("moto.core.base_backend").BackendDict
        if seed is not None:
            importlib.import_module("moto.moto_api._internal").mock_random.seed(seed)
        self._state.reset()
        core = importlib.import_module("moto.core")
        importlib.import_module("moto.backends").get_backend("dynamodbstreams")[core.DEFAULT_ACCOUNT_ID][
            "us-east-1"
        ]

    def send(self, service: str, request: AWSPreparedRequest) -> AWSResponse:
        """The answer of the emulated service."""
        scope = f"{self._account}/20260101/{self._region}/{service}/aws4_request"
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        )
        request.headers["x-moto-account-id"] = self._account
        with self._lock:
            replied = self._stubber.process_request(request)
        if replied is None:
            raise RuntimeError(
                f"moto does not answer for {request.url} {headers_of(request).get('x-amz-target', '')}"
            )
        status, headers, body = replied
        return answer(
            request.url,
            status,
            {str(k): str(v) for k, v in headers.items()},
            body.encode() if isinstance(body, str) else body,
        )

    def private_half(self, key_id: str) -> bytes:
        """PKCS 8."""
        return pkcs8(self._signing_key(key_id).private_key)

    def take_private_half(self, key_id: str, half: bytes) -> None:
        """Sign with it from now on."""
        self._signing_key(key_id).private_key = half_of(half)

    def close(self) -> None:
        self._state.reset()

    def _signing_key(self, key_id: str) -> Any:
        held = importlib.import_module("moto.kms.models").kms_backends[self._account][self._region]
        return held.keys[key_id].private_key
