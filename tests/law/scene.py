"""The people and clocks that the law's tests speak of; all invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from recobro.domain.channel import Channel, Kind
from recobro.law.contact import Intended, PastContact, Rung
from recobro.law.load import load_calendars, load_packs

PACKS = load_packs()
CALENDARS = load_calendars()
MX, CO, STRICT = (PACKS["MX"],), (PACKS["CO"],), (PACKS["strict"],)
BOGOTA, MEXICO, TIJUANA = "America/Bogota", "America/Mexico_City", "America/Tijuana"
ALL_CHANNELS = frozenset(Channel)


def at(text: str, zone: str = BOGOTA) -> datetime:
    """ "2026-11-23 09:00" on the clock of a zone, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def colombian(**changes: Any) -> Intended:
    """A message that Colombian law has nothing against, but for its hour and history."""
    base = Intended(
        channel=Channel.SMS,
        kind=Kind.COLLECTION,
        creditor="acme",
        stage="past_due",
        acts_as="third_party",
        debts=("d1",),
        country="CO",
        provenance="debtor_authorised",
        authorised=ALL_CHANNELS,
    )
    return replace(base, **changes)


def mexican(**changes: Any) -> Intended:
    """A message that Mexican law has nothing against, but for its hour and history."""
    return colombian(**{"country": "MX", "zones": (MEXICO,), "provenance": "creditor", **changes})


def past(when: datetime, **changes: Any) -> PastContact:
    """A contact that was made and accepted."""
    base = PastContact(when, Channel.SMS, "acme", ("d1",), Rung.SENT)
    return replace(base, **changes)


def seconds(count: int) -> timedelta:
    """A span of seconds."""
    return timedelta(seconds=count)
