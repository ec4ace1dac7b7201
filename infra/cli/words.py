"""Instants, amounts and rules as an operator reads them: local time, money with its currency, one line a refusal."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from recobro.domain.money import Money, exponent
from recobro.domain.refusal import Refusal


def local(instant: datetime | None, zone: str, *, none: str = "") -> str:
    """`instant` on the clock of `zone`, to the minute."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M") if instant is not None else none


def amount(money: Money) -> str:
    """1,500.00 MXN."""
    digits = exponent(money.currency)
    whole, rest = divmod(abs(money.minor), 10**digits)
    sign = "-" if money.minor < 0 else ""
    return f"{sign}{whole:,}{f'.{rest:0{digits}d}' if digits else ''} {money.currency}"


def dollars(micro: int) -> str:
    """Micro-USD as US$, to the hundredth of a cent."""
    return f"US$ {micro // 1_000_000:,}.{micro % 1_000_000 // 100:04d}"


def instant_given(text: str, zone: str) -> datetime:
    """What an operator wrote after `--at`: ISO 8601; without a zone it is the client's local time. Raises ValueError."""
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo is not None else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def refusal_row(refusal: Refusal, zone: str) -> tuple[str, str, str, str, str]:
    """(rule, source, until, detail, change)."""
    until = local(refusal.until, zone, none="not by waiting")
    return refusal.rule, refusal.source, until, refusal.detail, refusal.change


REFUSAL_COLUMNS = ("rule", "source", "until (local)", "detail", "what would change it")
