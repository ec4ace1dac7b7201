"""A request to a page as the use case reads it, and its answer as a browser gets it: bounded, and with nothing left to a default."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from recobro.errors import InvalidInput
from recobro.pages.html import NOTHING, POLICY, Html

LARGEST_FORM = 64 * 1024
LARGEST_UPLOAD = 4 * 1024 * 1024
"""Bytes. Lambda takes 6 MB with the body in Base64 (Lambda quotas, "Invocation payload")."""
TAKES_FILE = "paid"
"""The one page whose form may be large."""
MOST_FIELDS = 100
COOKIE = "__Host-recobro"
SPEAKS = "recobro-lang"


@dataclass(frozen=True)
class Upload:
    """A file as it came; its name is not kept."""

    body: bytes


@dataclass(frozen=True)
class Asked:
    """method: "GET" | "POST". page: the last part of the address, empty for the first. fields: of the form, each with all its values."""

    method: str
    token: str
    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    upload: Upload | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)
    speaks: str = ""

    def one(self, name: str) -> str:
        """The last value of a field; empty where the form has none."""
        values = self.fields.get(name, ())
        return values[-1].strip() if values else ""


@dataclass(frozen=True)
class Shown:
    """An answer. to: address to go on to (303), instead of html. session, language: cookies to set; None: leave as it is.

    download: (file name, content type, body). cookies: further ones, as `Set-Cookie` has them.
    """

    html: Html = NOTHING
    status: int = 200
    to: str = ""
    session: str | None = None
    language: str | None = None
    download: tuple[str, str, bytes] | None = None
    cookies: tuple[str, ...] = ()


def asked_of(event: Mapping[str, Any]) -> Asked:
    """HTTP API, payload format 2.0. Raises InvalidInput for a body that is too large or makes no sense.

    A link to unsubscribe says all by itself: whatever comes with it (RFC 8058 §3.2), a no is a no. So does a link to pay.
    """
    parameters = event.get("pathParameters") or {}
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    method = str(event["requestContext"]["http"]["method"])
    says_all = any(one in event["routeKey"] for one in ("/u/", "/g/"))
    is_read = method == "POST" and not says_all
    fields, upload = _form(event, headers.get("content-type", "")) if is_read else ({}, None)
    cookies = dict(one.strip().partition("=")[::2] for one in event.get("cookies") or ())
    return Asked(
        method=method,
        token=str(parameters.get("token", ""))[:200],
        page=str(parameters.get("page", ""))[:40],
        query=dict(event.get("queryStringParameters") or {}),
        fields=fields,
        upload=upload,
        cookies=cookies,
        speaks=headers.get("accept-language", "")[:100],
    )


def _form(event: Mapping[str, Any], kind: str) -> tuple[dict[str, tuple[str, ...]], Upload | None]:
    raw = event.get("body") or ""
    is_multipart = kind.lower().startswith("multipart/form-data")
    takes_file = is_multipart and (event.get("pathParameters") or {}).get("page") == TAKES_FILE
    most = LARGEST_UPLOAD + LARGEST_FORM if takes_file else LARGEST_FORM
    if len(raw) > most * 4 // 3 + 4:
        raise InvalidInput("body", "is too large", f"at most {most} bytes")
    try:
        body = base64.b64decode(raw) if event.get("isBase64Encoded") else raw.encode()
        if is_multipart:
            return _multipart(body, kind)
        pairs = parse_qsl(
            body.decode(errors="replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            encoding="utf-8",
        )
    except (ValueError, binascii.Error, RecursionError) as error:
        raise InvalidInput("body", "is no form", "send the page's own form") from error
    return _gathered(pairs), None


def _multipart(body: bytes, kind: str) -> tuple[dict[str, tuple[str, ...]], Upload | None]:
    """RFC 7578 by the standard library's MIME reader; at most one file counts, the first that is not empty."""
    from email.parser import BytesParser
    from email.policy import HTTP

    whole = BytesParser(policy=HTTP).parsebytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + body)
    if not whole.is_multipart():
        raise ValueError("no parts")
    pairs: list[tuple[str, str]] = []
    upload = None
    for part in list(whole.iter_parts())[:MOST_FIELDS]:
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if part.get_param("filename", None, header="content-disposition") is not None:
            upload = upload or (Upload(content) if content else None)
        else:
            pairs.append((name, content[:LARGEST_FORM].decode(errors="replace")))
    return _gathered(pairs), upload


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found


def answered(shown: Shown) -> dict[str, Any]:
    """The answer that no cache keeps, no frame shows and no other site learns of."""
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-security-policy": POLICY,
        "strict-transport-security": "max-age=31536000",
        "x-robots-tag": "noindex, nofollow",
        "cross-origin-opener-policy": "same-origin",
    }
    cookies = [*shown.cookies]
    if shown.session is not None:
        age = "" if shown.session else "; Max-Age=0"
        cookies.append(f"{COOKIE}={shown.session}; Path=/; Secure; HttpOnly; SameSite=Lax{age}")
    if shown.language is not None:
        cookies.append(f"{SPEAKS}={shown.language}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000")
    answer: dict[str, Any] = {
        "statusCode": shown.status,
        "headers": headers,
        "cookies": cookies,
        "body": str(shown.html),
    }
    if shown.to:
        answer |= {"statusCode": 303, "headers": {**headers, "location": shown.to}, "body": ""}
    if shown.download is not None:
        name, kind, body = shown.download
        headers |= {"content-type": kind, "content-disposition": f'attachment; filename="{name}"'}
        answer |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return answer
