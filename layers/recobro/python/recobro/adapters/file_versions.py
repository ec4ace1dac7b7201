"""A versioned bucket keeps what was overwritten or deleted: who is erased must be found there, too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from recobro.adapters.table import in_our_words


@dataclass(frozen=True, slots=True)
class Version:
    """is_latest: what everybody reads; nothing of a file that was deleted is."""

    key: str
    ident: str
    is_latest: bool


class FileVersions:
    """Every version of the bucket's files. For operators: it asks for rights that functions do not have."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def beginning(self, prefix: str) -> Iterator[Version]:
        """Those of every key that begins so, page by page."""
        start: dict[str, str] = {}
        while True:
            page = self._call("list_object_versions", Prefix=prefix, **start)
            for one in page.get("Versions", ()):
                yield Version(one["Key"], one["VersionId"], bool(one["IsLatest"]))
            if not page.get("IsTruncated"):
                return
            start = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def read(self, one: Version) -> bytes:
        body: bytes = self._call("get_object", Key=one.key, VersionId=one.ident)["Body"].read()
        return body

    def delete(self, one: Version) -> None:
        self._call("delete_object", Key=one.key, VersionId=one.ident)

    def _call(self, operation: str, **parameters: Any) -> Any:
        return in_our_words(getattr(self._client, operation), Bucket=self._bucket, **parameters)
