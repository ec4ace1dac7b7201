"""An HTTP answer in the form in which boto3 takes it from the network."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse


class _Body(BytesIO):
    """The bytes of an answer, read as urllib3's responses are."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


def answer(url: str, status: int, headers: Mapping[str, str], body: bytes) -> AWSResponse:
    """A complete answer."""
    held: Any = dict(headers)
    return AWSResponse(url, status, held, _Body(body))


def body_of(request: AWSPreparedRequest) -> bytes:
    """The bytes of a request, whatever form the caller gave them."""
    body: Any = request.body
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body.read()) if hasattr(body, "read") else bytes(body)


def headers_of(request: AWSPreparedRequest) -> dict[str, str]:
    """The headers of a request as text, their names in lower case."""
    return {
        name.lower(): value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
