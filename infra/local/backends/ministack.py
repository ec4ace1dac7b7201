"""The fast implementation: ministack, called in this process through its own entry, without a socket or a second process.

Its background work (event sources, schedules, expiry) runs on the wall clock and is never started: ours follows the movable one.
"""

import asyncio
import importlib
import logging
import uuid
from collections.abc import Callable, Coroutine, Mapping
from functools import lru_cache
from random import Random
from threading import RLock
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from infra.local.backends.answer import answer, body_of, headers_of
from infra.local.backends.halves import half_of, pkcs8

_SIGNING_NAMES = {"dynamodb-streams": "dynamodb", "secrets-manager": "secretsmanager"}

_DIRECT = {"dynamodb": "dynamodb", "dynamodb-streams": "dynamodb_streams", "sqs": "sqs"}
"""The services on the hot path, asked through their own `handle_request`: a third less time than through the web entry."""

_Reply = tuple[int, dict[str, str], bytes]
_Runner = Callable[[Coroutine[Any, Any, Any]], Any]


class Ministack:
    """One account in one region."""

    name = "ministack"
    late = 0.0

    def __init__(self, account: str, region: str, seed: int | None) -> None:
        self._account = account
        self._region = region
        self._lock = RLock()
        self._uuid4 = None if seed is None else _repeatable(Random(seed))
        self._app, self._direct, self._address = _loaded()
        self._forget()

    def send(self, service: str, request: AWSPreparedRequest) -> AWSResponse:
        """The answer of the emulated service."""
        headers = headers_of(request)
        # Nothing is signed here; account and region are read from where a signature would name them.
        scope = f"{self._account}/20260101/{self._region}/{_SIGNING_NAMES.get(service, service)}/aws4_request"
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        url = urlsplit(request.url)
        headers.setdefault("host", url.netloc)
        with self._lock:
            # Message ids and receipt handles come from `uuid4`, so that is where a seeded run gets its own.
            original = uuid.uuid4
            uuid.uuid4 = self._uuid4 or original
            try:
                status, out, body = self._asked(service, request.method, url, headers, body_of(request))
            finally:
                uuid.uuid4 = original
        return answer(request.url, status, out, body)

    def private_half(self, key_id: str) -> bytes:
        """PKCS 8."""
        return pkcs8(self._signing_key(key_id)["_private_key"])

    def take_private_half(self, key_id: str, half: bytes) -> None:
        """Sign with it from now on, and show its public half."""
        made = half_of(half)
        importlib.import_module("ministack.services.kms")._set_asymmetric_material(
            self._signing_key(key_id), made
        )

    def close(self) -> None:
        self._forget()

    def _signing_key(self, key_id: str) -> Any:
        self._address(self._account, self._region)
        return importlib.import_module("ministack.services.kms")._keys[key_id]

    def _asked(
        self, service: str, method: str, url: SplitResult, headers: Mapping[str, str], body: bytes
    ) -> _Reply:
        if service not in self._direct:
            return self._through_app(method, url.path, url.query, headers, body)
        self._address(self._account, self._region)
        reply: _Reply = _finish(self._direct[service](method, url.path, headers, body, {}))
        return reply

    def _forget(self) -> None:
        # A reset works on a thread of its own, so it is the one request that needs an event loop.
        status, _, body = self._through_app(
            "POST", "/_ministack/reset", "", {"host": "localhost"}, b"", asyncio.run
        )
        if status != 200:
            raise RuntimeError(f"ministack did not reset: {status} {body!r}")

    def _through_app(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        run: _Runner | None = None,
    ) -> _Reply:
        start: dict[str, Any] = {}
        chunks: list[bytes] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        scope = {
            "type": "http",
            "method": method,
            "scheme": "https",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 0),
        }
        (run or _finish)(self._app(scope, receive, send))
        return (
            start["status"],
            {name.decode(): value.decode("latin-1") for name, value in start["headers"]},
            b"".join(chunks),
        )


def _repeatable(chance: Random) -> Callable[[], uuid.UUID]:
    return lambda: uuid.UUID(int=chance.getrandbits(128), version=4)


def _finish(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a handler that never waits; an event loop would cost more than its work."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("ministack waited inside a request; ask without WaitTimeSeconds")


_Handler = Callable[..., Coroutine[Any, Any, Any]]


def _loaded() -> tuple[_Handler, dict[str, _Handler], Callable[[str, str], None]]:
    """Its web entry, its handlers of the hot path, and how they are told account and region."""
    # On import it configures the root logger; with a handler there already it leaves it alone.
    quiet = logging.NullHandler()
    logging.getLogger().addHandler(quiet)
    try:
        app = importlib.import_module("ministack.app").app
        context = importlib.import_module("ministack.core.responses")
        direct = {
            name: importlib.import_module(f"ministack.services.{module}").handle_request
            for name, module in _DIRECT.items()
        }
    finally:
        logging.getLogger().removeHandler(quiet)

    _remember_expressions(importlib.import_module("ministack.services.dynamodb"))

    def address(account: str, region: str) -> None:
        context.set_request_account_id(account)
        context.set_request_region(region)

    return app, direct, address


def _remember_expressions(dynamodb: Any) -> None:
    """It reads the text of a condition anew for every item that it looks at; read once, a query takes a third of the time.

    Both functions depend on the text alone, and nothing changes what they return.
    """
    for name in ("_tokenize", "_condition_syntax_error"):
        read = getattr(dynamodb, name)
        if not hasattr(read, "cache_info"):
            setattr(dynamodb, name, lru_cache(maxsize=1024)(read))
