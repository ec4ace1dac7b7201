"""A client's files are written to this machine, each with what it was known by: none that lies in no copy may be removed.

The list of them stands beside the copy in S3's own order, so that it is compared line by line, whatever a bucket holds:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html (keys come in the order of their UTF-8 bytes).
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.private_file import for_its_owner
from recobro.errors import InvalidInput

LIST = "files.jsonl.gz"
FOLDER = "files"

Seen = Callable[[], None]
"""Called for each file that has been looked at."""


@dataclass(frozen=True)
class Copied:
    """One file as it was taken. tag: S3's word for its content then. digest: SHA-256 of what was written here."""

    key: str
    size: int
    tag: str
    digest: str


def copy_files(s3: Any, bucket: str, folder: Path, seen: Seen) -> tuple[int, str]:
    """Every current file, under `files/`, and the list of them. Returns how many, and the list's SHA-256."""
    count, digest = 0, hashlib.sha256()
    with for_its_owner(folder / LIST, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8") as out:
        for key, _, _ in _listed(s3, bucket):
            copied = _copied(s3, bucket, key, folder / FOLDER)
            if copied is not None:
                line = json.dumps(vars(copied)) + "\n"
                out.write(line)
                digest.update(line.encode())
                count += 1
                seen()
    return count, digest.hexdigest()


def is_list_whole(folder: Path, count: int, digest: str) -> bool:
    """Whether the list is the one that was written. What cannot be read at all raises as it comes."""
    found, lines = hashlib.sha256(), 0
    with gzip.open(folder / LIST, "rt", encoding="utf-8") as listed:
        for line in listed:
            found.update(line.encode())
            lines += 1
    return (lines, found.hexdigest()) == (count, digest)


def differing_here(folder: Path, seen: Seen) -> Iterator[str]:
    """Paths in `folder` of files that are gone from the copy, or are not what was taken."""
    for one in _copies(folder):
        path = folder / FOLDER / one.key
        if not one.key.endswith("/") and not (path.is_file() and _digest(path) == one.digest):
            yield f"{FOLDER}/{one.key}"
        seen()


def in_no_copy(s3: Any, bucket: str, folder: Path, seen: Seen) -> Iterator[str]:
    """Keys of what came into the bucket, or changed there, since it was taken. What is gone from it meanwhile is no matter."""
    copies = Copies(folder)
    for key, size, tag in _listed(s3, bucket):
        if not copies.has(key, size, tag):
            yield key
        seen()


class Copies:
    """The list, for whoever asks in S3's order."""

    def __init__(self, folder: Path) -> None:
        self._left = _copies(folder)
        self._next = next(self._left, None)

    def has(self, key: str, size: int, tag: str) -> bool:
        """Whether that file was taken as it stands."""
        while self._next is not None and self._next.key.encode() < key.encode():
            self._next = next(self._left, None)
        one = self._next
        return one is not None and (one.key, one.size, one.tag) == (key, size, tag.strip('"'))


def _copies(folder: Path) -> Iterator[Copied]:
    with gzip.open(folder / LIST, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield Copied(**json.loads(line))


def _listed(s3: Any, bucket: str) -> Iterator[tuple[str, int, str]]:
    """(key, size, tag) of every current file; nothing where the bucket is gone."""
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            yield from ((one["Key"], one["Size"], one["ETag"]) for one in page.get("Contents", []))
    except s3.exceptions.NoSuchBucket:
        return


def _copied(s3: Any, bucket: str, key: str, folder: Path) -> Copied | None:
    """None: it ran out, or was deleted, since it was listed."""
    target = folder / key
    if not target.resolve().is_relative_to(folder.resolve()):
        raise InvalidInput(
            "bucket", f"holds {key!r}, which leads out of the folder", "move that file yourself"
        )
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
    except s3.exceptions.NoSuchKey:
        return None
    try:
        size, digest = _written(answer["Body"], target, is_folder=key.endswith("/"))
    except (FileExistsError, IsADirectoryError, NotADirectoryError):
        raise InvalidInput(
            "bucket", f"holds {key!r}, which can be no file beside the others here", "move that file yourself"
        ) from None
    return Copied(key, size, answer["ETag"].strip('"'), digest)


def _written(body: Any, target: Path, *, is_folder: bool) -> tuple[int, str]:
    """(size, SHA-256). S3's console writes an empty file "inbox/" for a folder: only one that is not empty is a file."""
    size, digest = 0, hashlib.sha256()
    chunks = iter(lambda: body.read(1 << 20), b"")
    if is_folder:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        if next(chunks, b""):
            raise IsADirectoryError
        return size, digest.hexdigest()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with for_its_owner(target, "wb") as out:
        for chunk in chunks:
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()
