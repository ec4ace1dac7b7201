"""The client's bucket: portfolio files come in, work and results stand in folders of their own."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from recobro.adapters.table import in_our_words
from recobro.errors import NotFound


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as it was dropped. declared: what its metadata says of it ("feed", "as-of", "mapping" …). tag: its content's."""

    key: str
    size: int
    tag: str
    declared: Mapping[str, str]


class Withheld(NotFound):
    """Not there, or not ours to read: S3 does not say which to whoever may not list the bucket, as no function may."""


_WITHHOLDS = {"get_object": "AccessDenied", "head_object": "403"}
"""How S3 says so: a HEAD has no body in which to name the error (HeadObject and GetObject, "Permissions")."""


class Files:
    """One S3 bucket. Raises NotFound for a key that is not there; Withheld where we may not know."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    def about(self, key: str) -> Dropped:
        answer = self._call("head_object", Key=key)
        declared = {name.lower(): value for name, value in answer.get("Metadata", {}).items()}
        return Dropped(key, answer["ContentLength"], answer["ETag"].strip('"'), declared)

    def fetch(self, key: str, path: Path) -> None:
        """Stream an object into a file of this machine."""
        body = self._call("get_object", Key=key)["Body"]
        with path.open("wb") as out:
            for chunk in iter(lambda: body.read(1 << 20), b""):
                out.write(chunk)

    def read(self, key: str) -> bytes:
        body: bytes = self._call("get_object", Key=key)["Body"].read()
        return body

    def find(self, prefix: str) -> str | None:
        """The first key that begins so. Asks for the right to list, which operators have and functions do not."""
        found = self._call("list_objects_v2", Prefix=prefix, MaxKeys=1).get("Contents", [])
        return str(found[0]["Key"]) if found else None

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """Every key that begins so, in order. after: only those that sort behind it. For operators, as `find` is."""
        asked = {"Prefix": prefix, **({"StartAfter": after} if after else {})}
        while True:
            page = self._call("list_objects_v2", **asked)
            yield from (str(one["Key"]) for one in page.get("Contents", []))
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def write(self, key: str, body: bytes, kind: str = "application/octet-stream") -> None:
        self._call("put_object", Key=key, Body=body, ContentType=kind)

    def drop(self, key: str, body: bytes, declared: Mapping[str, str]) -> None:
        """A file as a person would drop it, with what it says of itself."""
        self._call("put_object", Key=key, Body=body, Metadata=dict(declared))

    def keep_proof(self, key: str, body: bytes) -> None:
        """What a stranger uploaded: encrypted at rest, and by its own headers only ever a download."""
        self._call(
            "put_object",
            Key=key,
            Body=body,
            ContentType="application/octet-stream",
            ContentDisposition="attachment",
            ServerSideEncryption="AES256",
        )

    def purge(self, key: str, *, but_latest: bool = False) -> None:
        """Delete every version of a file, or every one but the latest: in a versioned bucket a deletion only hides."""
        start: dict[str, str] = {}
        while True:
            page = self._call("list_object_versions", Prefix=key, **start)
            for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                if one["Key"] == key and not (but_latest and one.get("IsLatest")):
                    self._call("delete_object", Key=key, VersionId=one["VersionId"])
            if not page.get("IsTruncated"):
                return
            start = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def upload(self, key: str, path: Path) -> None:
        """Stream a file of this machine into an object."""
        with path.open("rb") as body:
            self._call("put_object", Key=key, Body=body, ContentLength=path.stat().st_size)

    def write_lines(self, key: str, lines: Iterable[Any]) -> None:
        """Gzipped JSON lines."""
        text = "".join(json.dumps(one, sort_keys=True, ensure_ascii=False) + "\n" for one in lines)
        self.write(key, gzip.compress(text.encode(), 6, mtime=0), "application/gzip")

    def read_lines(self, key: str) -> Iterator[Any]:
        for line in gzip.decompress(self.read(key)).decode().splitlines():
            yield json.loads(line)

    def _call(self, operation: str, **parameters: Any) -> Any:
        try:
            return in_our_words(getattr(self._client, operation), Bucket=self.bucket, **parameters)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in {"NoSuchKey", "404"}:
                raise NotFound(f"no file {parameters.get('Key')}") from error
            if code == _WITHHOLDS.get(operation):
                raise Withheld(f"no file {parameters.get('Key')}, or not ours to read") from error
            raise
