"""The laws that bind one client's people: their countries' packs, the strict default for anybody else, and the client's own limits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from recobro.domain.channel import Kind
from recobro.domain.client import Client, Limits
from recobro.law.choose import CLIENT, relax, tighten
from recobro.law.conduct import Exempt
from recobro.law.contact import Calendar
from recobro.law.load import load_calendars, load_packs
from recobro.law.pack import Pack
from recobro.law.rule import Conf


def packs_of(client: Client, every: Mapping[str, Pack] | None = None) -> dict[str, Pack]:
    """By id. every: the law (as shipped). Raises InvalidInput where a limit or a relaxation cannot be meant."""
    wanted = {
        name: pack
        for name, pack in (load_packs() if every is None else every).items()
        if pack.fallback or name in client.countries or pack.parent in client.countries
    }
    limits = client.limits
    if limits.credit_back_definite_failures:
        wanted = {
            name: relax(pack, credit_back_definite_failures=True, counsel=limits.counsel)
            for name, pack in wanted.items()
        }
    own = own_limits(limits)
    return {**wanted, CLIENT: tighten(own).but(exempt=(ANSWERS,))} if own else wanted


ANSWERS = Exempt(
    id="client-answers",
    article="client file: its limits are of what we begin; who writes is answered",
    conf=Conf.POLICY,
    since=date(2000, 1, 1),
    kinds=frozenset(
        {
            Kind.REPLY_TO_INBOUND,
            Kind.INFO_REQUESTED,
            Kind.AGREEMENT_COPY,
            Kind.OPTOUT_CONFIRMATION,
            Kind.PAYMENT_RECEIPT,
        }
    ),
)
"""What no limit of the client's own holds back; the laws' do as they say themselves."""


def calendars_of(client: Client) -> dict[str, Calendar]:
    """The holidays of the client's countries and their subdivisions, with the days on which the house itself is closed."""
    found = {
        key: calendar for key, calendar in load_calendars().items() if key.split("-")[0] in client.countries
    }
    if not client.extra_holidays:
        return found
    return {
        key: replace(calendar, dates=calendar.dates | frozenset(client.extra_holidays))
        for key, calendar in found.items()
    }


def own_limits(limits: Limits) -> Mapping[str, Any]:
    """A client's limits in the words of a law pack; empty where it has none of its own."""
    own: dict[str, Any] = {}
    if limits.opens is not None or limits.closes is not None:
        opens = limits.opens.isoformat("minutes") if limits.opens is not None else "00:00"
        closes = limits.closes.isoformat("minutes") if limits.closes is not None else "24:00"
        hours = [opens, closes]
        own["windows"] = [{"mon_fri": hours, "sat": hours, "sun": hours}]
    caps = []
    if limits.max_per_day:
        caps.append({"id": "client-per-day", "at_most": limits.max_per_day, "calendar": "day"})
    if limits.max_per_week:
        caps.append({"id": "client-per-week", "at_most": limits.max_per_week, "rolling_days": 7})
    return {**own, "caps": caps} if caps else own
