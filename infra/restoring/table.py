"""A new table with what the old one held at an instant, protected as the old one was. Every step may be taken again.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.Howitworks.html: settings of streams, time
to live, alarms, tags and point-in-time recovery are not restored and have to be set on the new table by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from recobro.errors import InvalidInput, Unavailable

WAIT = 15.0
"""Seconds between two looks at a restoration, which takes AWS twenty minutes to some hours."""

TRIES = 60
"""How often a setting of a table is asked for: a quarter of an hour."""

NOT_YET = ("ResourceInUseException", "LimitExceededException", "ContinuousBackupsUnavailableException")
"""What AWS refuses while it is still at work on the table, on too many tables of the account, or on its first backup."""


@dataclass(frozen=True)
class Window:
    """Back to which instants the table can be restored, aware UTC."""

    earliest: datetime
    latest: datetime


def restorable(client: Any, table: str) -> Window:
    """Raises InvalidInput when the table keeps no such backups."""
    told = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    kept = told.get("PointInTimeRecoveryDescription", {})
    if kept.get("PointInTimeRecoveryStatus") != "ENABLED":
        fix = "nothing can be restored from it; only the history's copy in the bucket is left"
        raise InvalidInput("--from", f"{table} has no point-in-time recovery", fix)
    earliest = kept.get("EarliestRestorableDateTime") or datetime.min.replace(tzinfo=UTC)
    latest = kept.get("LatestRestorableDateTime") or datetime.max.replace(tzinfo=UTC)
    return Window(earliest, latest)


def restored_name(table: str, instant: datetime) -> str:
    """One name for one instant, so that a command given twice finds what the first began."""
    return f"{table[:200]}-at-{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def restored_from(client: Any, table: str) -> list[str]:
    """Every table there is that was restored from this one, or from one that was."""
    begins = f"{table[:200]}-at-"
    pages = client.get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"] if name.startswith(begins)]


def restore(client: Any, source: str, target: str, instant: datetime) -> bool:
    """Begin, unless the target is there or on its way. Whether it was begun now."""
    if status(client, target):
        return False
    client.restore_table_to_point_in_time(
        SourceTableName=source, TargetTableName=target, RestoreDateTime=instant, UseLatestRestorableTime=False
    )
    return True


def status(client: Any, table: str) -> str:
    """ "" when there is none; "CREATING", "ACTIVE" …"""
    try:
        return str(client.describe_table(TableName=table)["Table"]["TableStatus"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return ""
        raise


def wait_for(client: Any, table: str, pause: Callable[[float], None], most: int = 1_000) -> None:
    """Until the table may be used. Raises Unavailable when that does not come."""
    for _ in range(most):
        if status(client, table) == "ACTIVE":
            return
        pause(WAIT)
    raise Unavailable(f"{table} is not there yet: give the command again later")


def protect(client: Any, table: str, pause: Callable[[float], None]) -> str:
    """Stream, expiry, backups and protection against deletion, where they are missing. The stream's ARN.

    A table takes one change at a time, and its first backup comes some time after it does. Raises Unavailable when that takes too long.
    """
    _insist(lambda: _streamed_and_locked(client, table), table, pause)
    wait_for(client, table, pause)
    _insist(lambda: _expiring(client, table), table, pause)
    _insist(lambda: _backed_up(client, table), table, pause)
    return str(client.describe_table(TableName=table)["Table"]["LatestStreamArn"])


def _streamed_and_locked(client: Any, table: str) -> None:
    described = client.describe_table(TableName=table)["Table"]
    missing: dict[str, Any] = {}
    if not described.get("StreamSpecification", {}).get("StreamEnabled"):
        missing["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    if not described.get("DeletionProtectionEnabled"):
        missing["DeletionProtectionEnabled"] = True
    if missing:
        client.update_table(TableName=table, **missing)


def _expiring(client: Any, table: str) -> None:
    expiry = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if expiry.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        client.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
        )


def _backed_up(client: Any, table: str) -> None:
    client.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def _insist(change: Callable[[], None], table: str, pause: Callable[[float], None]) -> None:
    """Until the change is taken. It looks anew at what is missing each time, since a refused one may have been taken after all."""
    code = ""
    for _ in range(TRIES):
        try:
            return change()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code not in NOT_YET:
                raise
        pause(WAIT)
    raise Unavailable(f"{table} cannot be protected yet ({code}): give the command again later")
