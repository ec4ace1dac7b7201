"""What we tell a client's own systems goes to the address in its file and nowhere else: encrypted, followed nowhere, never inward.

An address is looked up once, every answer must be public, and the connection is made to one of those very answers: a name that
points inside, or that changes between the look and the call, reaches nobody (OWASP, Server-Side Request Forgery).
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import urllib3

from recobro.errors import InvalidInput, InvariantBroken, Unavailable
from recobro.ports import HttpReply

MAX_REPLY = 64 * 1024
"""Bytes read of an answer: nobody looks at more than its status."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Iterable[str]]


def resolved(host: str, port: int) -> list[str]:
    """Every address of that name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether it is an address of the Internet at large, in whatever clothes: IPv6 that only wraps another is not."""
    one = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(one, ipaddress.IPv6Address) and (
        one.ipv4_mapped is not None or one.sixtofour is not None or one.teredo is not None or one in NAT64
    ):
        return False
    return one.is_global and not one.is_multicast


class Outward:
    """`Http` for addresses that a client's file names. connect, read: seconds. pool: makes the connections, for tests."""

    def __init__(
        self,
        *,
        connect: float = 3,
        read: float = 10,
        resolve: Resolve = resolved,
        pool: Callable[..., Any] = urllib3.HTTPSConnectionPool,
    ) -> None:
        self._timeout = urllib3.Timeout(connect=connect, read=read)
        self._resolve = resolve
        self._pool = pool

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, idempotency: str = ""
    ) -> HttpReply:
        """Redirections are answers. Raises Unavailable: no answer; InvariantBroken: the address is not one that may be called."""
        where = urlsplit(url)
        host, port = where.hostname or "", where.port or 443
        if where.scheme != "https" or not host:
            raise InvariantBroken("the client's systems are only told over https")
        address = self._public(host, port)
        # The certificate is that of the name, whatever address it was found at.
        pool = self._pool(
            address, port, timeout=self._timeout, retries=False, server_hostname=host, assert_hostname=host
        )
        target = f"{where.path or '/'}{'?' + where.query if where.query else ''}"
        sent = {**headers, "host": host if port == 443 else f"{host}:{port}"}
        try:
            reply = pool.request(
                method, target, headers=sent, body=body, redirect=False, preload_content=False
            )
            try:
                answer = reply.read(MAX_REPLY, decode_content=False)
            finally:
                reply.close()
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(f"{host} did not answer ({type(error).__name__})") from None
        finally:
            pool.close()
        return HttpReply(reply.status, answer)

    def _public(self, host: str, port: int) -> str:
        try:
            found = list(self._resolve(host, port))
        except OSError:
            raise Unavailable(f"{host} has no address now") from None
        if not found or not all(is_public(one) for one in found):
            raise InvariantBroken(f"{host} has an address that is not public: nothing is sent there")
        return found[0]


def check_url(field: str, url: str) -> None:
    """What can be said of an address without looking it up. Raises InvalidInput."""
    try:
        where = urlsplit(url)
        host, _ = where.hostname or "", where.port
    except ValueError:
        raise InvalidInput(field, "is no address", "https://systems.example.com/recobro") from None
    if where.scheme != "https" or not host or "." not in host:
        raise InvalidInput(
            field, "is no https address of a public name", "https://systems.example.com/recobro"
        )
    if where.username or where.password or where.fragment:
        raise InvalidInput(field, "holds a user, a password or a fragment", "the signature says who calls")
    literal = host.strip("[]")
    try:
        inside = not is_public(literal)
    except ValueError:
        inside = False
    if inside:
        raise InvalidInput(field, "points to an address that is not public", "a name of the Internet")
