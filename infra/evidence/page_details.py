"""A fact's own fields as a person reads them: amounts with their currency, instants on the person's clock, names in words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from infra.evidence.page_codes import code_name
from infra.evidence.page_words import field_name
from recobro.domain.money import exponent

AMOUNTS = {
    *(
        "principal",
        "interest",
        "fees",
        "taxes",
        "amount",
        "paid",
        "owed",
        "outstanding",
        "credit",
        "returned",
        "captured",
        "discount",
        "unapplied",
    ),
}
"""Fields in minor units of the currency that the same fact has, or the debt, promise or plan it names."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def details(fact: Mapping[str, Any], zone: str, language: str, currencies: Mapping[str, str]) -> str:
    """The fact's fields, none left out that says something. currencies: see `currencies_of`."""
    named = (one for about in ("debt", "promise", "plan") for one in _values(fact, about))
    known = (currencies[one] for one in named if one in currencies)
    currency = next(_values(fact, "currency"), "") or next(known, "")
    # What a gateway said of a payment is another word than what stands of a debt or a message.
    as_said = {"status": "heard"} if fact.get("kind") == "payment_heard" else {}
    shown = (
        f"{escape(field_name(name, language))} "
        f"<b>{escape(_value(as_said.get(name, name), value, zone, currency, language))}</b>"
        for name, value in _flat({name: value for name, value in fact.items() if name != "kind"})
        if value not in ("", None, [], {})
    )
    return "; ".join(shown)


def currencies_of(facts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Key of a debt, id of a promise or a plan → its currency, as the facts that brought them tell."""
    found: dict[str, str] = {}
    for fact in facts:
        for told in _within(fact):
            currency = told.get("currency") or told.get("offer", {}).get("currency", "")
            if currency and "ref" in told:
                found[f"{told['creditor']}/{told['ref']}"] = currency
            elif currency and "id" in told:
                found[told["id"]] = currency
    return found


def money(minor: int, currency: str) -> str:
    """Minor units with their currency, as bookkeepers write them."""
    digits = exponent(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole:,}{f'.{rest:0{digits}d}' if digits else ''} {currency}"


def local(instant: str, zone: str) -> str:
    """An instant on the person's own clock."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _value(name: str, value: Any, zone: str, currency: str, language: str) -> str:
    if isinstance(value, list):
        return " | ".join(_value(name, one, zone, currency, language) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{field_name(key, language)} {_value(key, one, zone, currency, language)}"
            for key, one in value.items()
        )
    if name in AMOUNTS and isinstance(value, int) and currency:
        return money(value, currency)
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return local(value, zone)
    return code_name(name, str(value), language)


def _flat(fact: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fact.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value)
        else:
            yield name, value


def _within(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield told
    for one in told.values():
        if isinstance(one, Mapping):
            yield from _within(one)


def _values(fact: Mapping[str, Any], wanted: str) -> Iterator[str]:
    return (str(value) for name, value in _flat(fact) if name == wanted)
