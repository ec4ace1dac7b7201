"""A gateway's API is reached once per question: encrypted, bounded in time and size, with no second try that could pay twice."""

from collections.abc import Mapping

import urllib3

from recobro.errors import InvariantBroken, Unavailable
from recobro.ports import HttpReply

MAX_REPLY = 2 * 1024 * 1024
"""Bytes. A page of a hundred events is a few hundred kilobytes."""


class Https:
    """`Http` on urllib3, which botocore brings along. connect, read: seconds. schemes: ("https",), outside of tests."""

    def __init__(self, *, connect: float = 3, read: float = 8, schemes: tuple[str, ...] = ("https",)) -> None:
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=connect, read=read), retries=False, maxsize=2
        )
        self._schemes = schemes

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, idempotency: str = ""
    ) -> HttpReply:
        """idempotency: sent as `Idempotency-Key`. Redirections are answers. Raises Unavailable: 5xx, 429, time-out, too long."""
        if url.partition("://")[0] not in self._schemes:
            raise InvariantBroken("a gateway is only asked over https")
        sent = dict(headers) | ({"idempotency-key": idempotency} if idempotency else {})
        try:
            reply = self._pool.request(
                method, url, headers=sent, body=body or None, redirect=False, preload_content=False
            )
            try:
                answer = reply.read(MAX_REPLY + 1, decode_content=True)
            finally:
                reply.close()
        except urllib3.exceptions.HTTPError as error:
            # The error's own words hold the address, and the address an id.
            raise Unavailable(f"the gateway did not answer ({type(error).__name__})") from None
        if reply.status >= 500 or reply.status == 429:
            raise Unavailable(f"the gateway answered {reply.status}")
        if len(answer) > MAX_REPLY:
            raise Unavailable("the gateway's answer has no end")
        return HttpReply(reply.status, answer)
