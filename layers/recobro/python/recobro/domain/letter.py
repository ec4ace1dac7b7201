"""Who has paid everything is owed a paper that says so: paz y salvo, finiquito, libre deuda. We ask, remind, and hand it over."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


class Progress(Protocol):
    """What a later fact says of a letter."""

    @property
    def status(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def media(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ReleaseLetter:
    """status: "requested" → "received" → "delivered". due_at: when the creditor must have given it.

    document: key of the file in the client's bucket; digest: its SHA-256, hex; kind: its content type.
    """

    debt: str
    requested_at: datetime
    due_at: datetime
    status: str = "requested"
    document: str = ""
    digest: str = ""
    kind: str = ""
    received_at: datetime | None = None
    delivered_at: datetime | None = None


def progressed(letter: ReleaseLetter, progress: Progress, at: datetime) -> ReleaseLetter:
    """The letter one step on; what is delivered stays delivered, and a better copy may still replace the first."""
    if progress.status == "delivered":
        return replace(letter, status="delivered", delivered_at=letter.delivered_at or at)
    return replace(
        letter,
        status="delivered" if letter.delivered_at else "received",
        document=progress.document,
        digest=progress.digest,
        kind=progress.media,
        received_at=at,
    )
