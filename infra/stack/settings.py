"""What of a client's file decides which resources exist: its hours, its channels, its gateways.

The file's own types (`recobro.domain.client`) refuse what is misspelt; here stands only what AWS or a schedule cannot take.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from recobro.codec import from_plain
from recobro.domain.client import ChannelSetup, Client, Throttle
from recobro.errors import InvalidInput

CHANNELS = ("sms", "email", "whatsapp", "voice", "push")
"""The channels that have a function, in the order in which the table lists them."""

LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)  # fmt: skip
"""The retention periods, in days, that CloudWatch Logs accepts."""

SHIFTS = ("canary10percent5minutes", "all_at_once")
"""How a release takes over from the one before it (infra/stack/release.py)."""

LEAST_AT_ONCE = 2
"""AWS's least `MaximumConcurrency`; a carrier that allows one message a second is paced by the sender itself."""

NOT_IN_A_SIGN_IN = ("aws", "amazon", "cognito")
"""https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html"""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,18}[a-z0-9]")
_TABLE = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
_CERTIFICATE = re.compile(r"arn:[\w-]+:acm:[\w-]+:\d{12}:certificate/[\w-]+")
_REGION = re.compile(r"[a-z]{2}-[a-z]+-\d")


@dataclass(frozen=True)
class ClientSettings:
    """A client's deployment, in the units of its file: whole hours in its own zone, minutes, days."""

    name: str
    region: str
    time_zone: str
    sweep_minutes: int
    opens: int
    closes: int
    channels: Mapping[str, ChannelSetup]
    gateways: tuple[str, ...]
    public_url: str
    log_retention_days: int
    signs_evidence: bool
    scope_table: str
    has_dashboard: bool
    alarm_email: str
    certificate: str
    ledger_table: str
    ledger_stream: str
    shift: str
    has_traces: bool
    has_api: bool
    has_console: bool
    agency: str
    language: str
    has_notices: bool
    second_reader: str
    throttle: Throttle
    folder: Path = field(compare=False)

    def sends(self, *names: str) -> bool:
        """Whether any of the named channels is switched on."""
        return any(name in self.channels for name in names)

    @property
    def sms_by_eum(self) -> bool:
        """SMS by End User Messaging; the other transport, SNS, has neither receipts nor replies to subscribe to."""
        return self.sends("sms") and self.channels["sms"].transport == "eum"

    def at_once(self, channel: str) -> int:
        """How many copies of a channel's sender may run together."""
        return self.channels[channel].at_once


def client_settings(path: Path) -> ClientSettings:
    """Read `client.toml`. Raises InvalidInput naming the file, the key and what to write instead."""
    where = f"{path.parent.name}/{path.name}"
    try:
        client = from_plain(Client, tomllib.loads(path.read_text(encoding="utf-8")), strict=True, where=where)
        return _deployment(client, path.parent)
    except FileNotFoundError:
        raise InvalidInput("client", "no such file", "write it, or name another client", where) from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("toml", str(error), "correct that line", where) from error
    except InvalidInput as error:
        error.where = error.where or where
        raise


def _deployment(client: Client, folder: Path) -> ClientSettings:
    if not _NAME.fullmatch(client.name):
        raise InvalidInput("name", f"is {client.name!r}", "2 to 20 lower-case letters, digits and dashes")
    if not _REGION.fullmatch(client.region):
        raise InvalidInput("region", f"is {client.region!r}", 'write an AWS Region such as "us-east-1"')
    if client.log_retention_days not in LOG_DAYS:
        raise InvalidInput(
            "log_retention_days", f"is {client.log_retention_days}", f"one of {', '.join(map(str, LOG_DAYS))}"
        )
    shared = client.agency.scope_table
    if shared and not _TABLE.fullmatch(shared):
        raise InvalidInput(
            "agency.scope_table",
            f"is {shared!r}",
            "3 to 255 letters, digits, dots, dashes or underscores: the same name in the file of every client",
        )
    if client.certificate and not _CERTIFICATE.fullmatch(client.certificate):
        raise InvalidInput(
            "certificate",
            f"is {client.certificate!r}",
            "the ARN of an ACM certificate in the client's Region: arn:aws:acm:…:certificate/…",
        )
    restored = client.operations
    if bool(restored.ledger_table) != bool(restored.ledger_stream):
        raise InvalidInput(
            "operations.ledger_stream",
            "and ledger_table go together",
            "write both as `recobro restore` printed them, or neither",
        )
    if client.operations.shift not in SHIFTS:
        raise InvalidInput(
            "operations.shift", f"is {client.operations.shift!r}", f"one of {', '.join(SHIFTS)}"
        )
    plan = client.schedule
    if plan.sweep_minutes < 1 or 60 % plan.sweep_minutes:
        raise InvalidInput(
            "schedule.sweep_minutes",
            f"{plan.sweep_minutes} does not divide an hour",
            "5, 10, 15, 20, 30 or 60",
        )
    opens, closes = _hour("opens", plan.opens), _hour("closes", plan.closes)
    if opens >= closes:
        raise InvalidInput("schedule.closes", "is not after schedule.opens", "swap them")
    return ClientSettings(
        name=client.name,
        region=client.region,
        time_zone=plan.time_zone,
        sweep_minutes=plan.sweep_minutes,
        opens=opens,
        closes=closes,
        channels={name: _ready(name, client.channels[name]) for name in CHANNELS if _enabled(client, name)},
        gateways=tuple(sorted(client.gateways)),
        public_url=client.public_url.rstrip("/"),
        log_retention_days=client.log_retention_days,
        signs_evidence=client.evidence.signing,
        scope_table=shared,
        has_dashboard=client.operations.dashboard,
        alarm_email=client.operations.alarm_email,
        certificate=client.certificate,
        ledger_table=client.operations.ledger_table,
        ledger_stream=client.operations.ledger_stream,
        shift=client.operations.shift,
        has_traces=client.operations.traces,
        has_api=client.api.enabled,
        has_console=_has_console(client),
        agency=client.agency.name,
        language=client.default_language,
        has_notices=bool(client.notify),
        second_reader=client.understanding.model,
        throttle=client.throttle,
        folder=folder,
    )


def _enabled(client: Client, name: str) -> bool:
    return name in client.channels and client.channels[name].enabled


def _has_console(client: Client) -> bool:
    """Whether there is one, if there can be: whoever has signed in is led back to an address, which has to be known before."""
    if not client.console.enabled:
        return False
    if not client.public_url.startswith("https://"):
        raise InvalidInput(
            "console.enabled",
            "and no https public_url to which people come back when they have signed in",
            "write public_url: your own name, or the PublicUrl that the first deployment printed",
        )
    taken = next((one for one in NOT_IN_A_SIGN_IN if one in client.name), "")
    if taken:
        raise InvalidInput(
            "name", f"holds {taken!r}", "Cognito takes no address to sign in at with that word"
        )
    return True


def _hour(key: str, value: time) -> int:
    if value.minute or value.second:
        raise InvalidInput(
            f"schedule.{key}", f"is {value:%H:%M}", "write a full hour; the law decides the minutes in it"
        )
    return value.hour


def _ready(name: str, setup: ChannelSetup) -> ChannelSetup:
    """The channel, if it names what its carrier needs; the permissions of its function are built from these."""
    if setup.transport not in ("eum", "sns") or (setup.transport == "sns" and name != "sms"):
        raise InvalidInput(
            f"channels.{name}.transport", f"is {setup.transport!r}", 'write "eum", or for sms "sns"'
        )
    if setup.at_once < LEAST_AT_ONCE:
        raise InvalidInput(
            f"channels.{name}.at_once", f"is {setup.at_once}", f"{LEAST_AT_ONCE} is the least AWS takes"
        )
    if setup.verified not in ("domain", "address"):
        raise InvalidInput(
            f"channels.{name}.verified",
            f"is {setup.verified!r}",
            'which identity SES verified: "domain" or "address"',
        )
    needs = {
        "sms": ("identity", "configuration_set") if setup.transport == "eum" else (),
        "email": ("identity", "configuration_set"),
        "whatsapp": ("identity",),
        "voice": ("identity", "configuration_set"),
        "push": ("application",),
    }[name]
    for need in needs:
        if not getattr(setup, need):
            raise InvalidInput(f"channels.{name}.{need}", "is missing", "write it, or set enabled = false")
    return setup
