"""The stop button: what an operator pauses binds at the next claim, and who did it and why stays on record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from recobro.codec import write_instant
from recobro.domain.client import Client
from recobro.errors import InvalidInput
from recobro.house import House

CHANNELS: Mapping[str, tuple[str, ...]] = {
    "sms": ("sms",),
    "email": ("email",),
    "whatsapp": ("whatsapp",),
    "voice": ("voice_auto", "voice"),
    "push": ("push",),
    "calls": ("voice",),
}
"""What operators name → the channels it stops: voice is every call, calls only those that people make."""


def scopes(
    client: Client,
    *,
    everything: bool = False,
    creditors: Sequence[str] = (),
    channels: Sequence[str] = (),
    countries: Sequence[str] = (),
) -> list[str]:
    """The switches that these words mean. Raises InvalidInput for what the client does not have, which would stop nothing."""
    brands = [brand.id for brand in client.brands]
    for field, given, known in (
        ("--creditor", creditors, brands),
        ("--channel", channels, list(CHANNELS)),
        ("--country", countries, list(client.countries)),
    ):
        for one in given:
            if one not in known:
                raise InvalidInput(field, f"is {one!r}", f"one of: {', '.join(known)}")
    meant = ["all"] if everything else []
    meant += [f"creditor:{one}" for one in creditors]
    meant += [f"channel:{one}" for name in channels for one in CHANNELS[name]]
    meant += [f"country:{one}" for one in countries]
    return meant


def pause(house: House, wanted: Sequence[str], who: str, why: str) -> None:
    """Stop every contact in these scopes, from the next batch on."""
    now = house.now()
    for scope in wanted:
        _record(house, "pause", scope, who, why, now)
        house.switches.off(scope, who, why, now)


def resume(house: House, wanted: Sequence[str], who: str, why: str) -> list[str]:
    """Let contacts in these scopes go on. Returns those that were paused or whose circuit was open."""
    now = house.now()
    closed = house.switches.read().off
    lifted = [scope for scope in wanted if scope in closed]
    for scope in lifted:
        house.switches.on(scope)
        _record(house, "resume", scope, who, why, now)
    return lifted


def paused(house: House) -> dict[str, dict[str, str]]:
    """scope → {"who", "why", "at"}, for all that is stopped now, circuits included."""
    return {scope: json.loads(note) for scope, note in sorted(house.switches.read().off.items())}


def record(house: House) -> Iterator[dict[str, str]]:
    """Every pause and resume that an operator made, oldest first."""
    for item in house.table.query("SWITCHES", prefix="LOG#"):
        yield json.loads(item["body"]["S"])


def _record(house: House, what: str, scope: str, who: str, why: str, now: datetime) -> None:
    body = {"at": write_instant(now), "what": what, "scope": scope, "who": who, "why": why}
    place = f"LOG#{now:%Y-%m-%dT%H:%M:%S.%f}#{what}#{scope}"
    house.table.put("SWITCHES", place, {"body": {"S": json.dumps(body, sort_keys=True)}})
