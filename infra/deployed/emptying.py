"""A bucket is emptied behind its copy: what came at the last moment stops it, and what was overwritten is never current again."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from infra.deployed.files_taken import Copies
from infra.deployed.taking import Changed
from recobro.errors import Unavailable

Seen = Callable[[int], None]
"""Told how many versions are gone."""


def emptied(s3: Any, bucket: str, folder: Path, seen: Seen) -> int:
    """Remove every version, what was overwritten or deleted first. Returns how many; raises Changed naming what is in no copy."""
    gone = 0
    for are_latest in (False, True):
        # Until a look at all of it finds none: who lists by where the last page ended may be told of too little, once that is gone.
        while went := _removed(s3, bucket, folder, partial(_further, seen, gone), are_latest=are_latest):
            gone += went
    return gone


def _further(seen: Seen, before: int, more: int) -> None:
    seen(before + more)


def _removed(s3: Any, bucket: str, folder: Path, seen: Seen, *, are_latest: bool) -> int:
    gone, copies = 0, Copies(folder)
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions, markers = page.get("Versions", []), page.get("DeleteMarkers", [])
        for one in versions if are_latest else ():
            _check_copied(one, copies, bucket, folder)
        going = [one for one in (*versions, *markers) if are_latest or not one["IsLatest"]]
        objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in going]
        if objects:
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
            if failed := answer.get("Errors"):
                problem = f"{len(failed)} versions of files in {bucket} stay: {failed[0].get('Code')} for {failed[0].get('Key')}"
                raise Unavailable(problem)
            gone += len(objects)
            seen(gone)
    return gone


def _check_copied(one: Mapping[str, Any], copies: Copies, bucket: str, folder: Path) -> None:
    """What came at the last moment is seen before its page goes."""
    if one["IsLatest"] and not copies.has(one["Key"], one["Size"], one["ETag"]):
        problem = f"{one['Key']} came into bucket {bucket} just now and is not in {folder}"
        raise Changed("--export", problem, "run it again: what came is exported first")
