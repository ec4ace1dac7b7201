"""How the cost of a client reads: tables for people, plain figures for machines; amounts in USD, as text so that none is rounded."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from infra.cli.screen import Screen

if TYPE_CHECKING:  # only this command pays for it
    from infra.pricing.account import Account
    from infra.pricing.book import PriceBook
    from infra.pricing.estimate import Estimate
    from infra.pricing.idle import IdleBill
    from infra.pricing.usage import Usage


def show(account: "Account", usage: "Usage", book: "PriceBook", how: str, screen: Screen) -> None:
    """Services, carriers, and what a contact, a person, a promise and a thousand of each currency cost."""
    rows = [
        (item, f"{usage[item]:,.2f}", book.price(item).unit, usd(cost), book.price(item).status)
        for item, cost in account.services.items()
    ]
    screen.table(
        f"AWS, in {book.region}, at prices looked up from {book.oldest} on",
        ("item", "units", "unit", "USD", "price is"),
        rows,
        right=("units", "USD"),
    )
    carriers = [
        (channel, str(account.bought.contacts[channel]), usd(fee))
        for channel, fee in sorted(account.fees.items())
    ]
    screen.table("Carriers", ("channel", "contacts", "USD"), carriers, right=("contacts", "USD"))
    bought = account.bought
    each = [
        ("a contact", str(account.contacts), _shown(account.per(account.contacts))),
        ("a person", str(bought.debtors), _shown(account.per(bought.debtors))),
        ("a promise", str(bought.promises), _shown(account.per(bought.promises))),
        ("a promise kept", str(bought.kept), _shown(account.per(bought.kept))),
    ]
    screen.table("Everything, divided", ("by", "of them", "USD each"), each, right=("of them", "USD each"))
    money = [(currency, usd(cost)) for currency, cost in account.per_thousand_recovered().items()]
    screen.table("For a thousand that came back", ("currency", "USD"), money, right=("USD",))
    screen.say(
        f"US$ {usd(account.usd)} in all: {usd(account.service_usd)} AWS, {usd(account.fee_usd)} carriers "
        f"({bought.billed} of {account.contacts} contacts at the carrier's own word, the others as the client's file expects).",
        "bold",
    )
    screen.say(f"Counted: {how}. What stands by the month beside it: recobro cost idle.")


def show_idle(idle: "IdleBill", book: "PriceBook", screen: Screen) -> None:
    rows = [
        (line.what, str(line.count), f"{line.units:,.0f}", usd(line.usd), line.why) for line in idle.lines
    ]
    screen.table(
        f"A month in which nobody is contacted, in {book.region}, without free tiers",
        ("what", "how many", "units", "USD", "note"),
        rows,
        right=("how many", "units", "USD"),
    )
    screen.say(f"US$ {usd(idle.usd, 2)} a month.", "bold")
    for kind in idle.unpriced:
        screen.say(f"Nobody said whether {kind} costs while it idles.", "bold red")


def show_estimate(found: "Estimate", debtors: int, book: "PriceBook", screen: Screen) -> None:
    rows = [(item, book.price(item).unit, usd(cost, 2)) for item, cost in found.services.items()]
    screen.table(f"AWS, in {book.region}", ("item", "unit", "USD a month"), rows, right=("USD a month",))
    carriers = [(channel, usd(cost, 2)) for channel, cost in sorted(found.carriers.items())]
    screen.table(
        "Carriers, as the client's file expects", ("channel", "USD a month"), carriers, right=("USD a month",)
    )
    screen.say(
        f"{debtors:,} people, {found.contacts:,} contacts a month: US$ {usd(found.usd, 2)}; {usd(found.service_usd, 2)} AWS, "
        f"{usd(found.carrier_usd, 2)} carriers, {usd(found.idle.usd, 2)} by the month.",
        "bold",
    )
    for note in found.notes:
        screen.say(f"  {note}")


def figures(account: "Account", usage: "Usage", book: "PriceBook", how: str) -> dict[str, object]:
    bought = account.bought
    return {
        "region": book.region,
        "prices_from": book.oldest,
        "counted": how,
        "services_usd": _plain(account.services),
        "units": _plain(usage),
        "carriers_usd": _plain(account.fees),
        "usd": str(account.usd),
        "contacts": account.contacts,
        "contacts_billed_by_carrier": bought.billed,
        "debtors": bought.debtors,
        "promises": bought.promises,
        "promises_kept": bought.kept,
        "recovered_minor": bought.recovered,
        "usd_per_contact": _text(account.per(account.contacts)),
        "usd_per_debtor": _text(account.per(bought.debtors)),
        "usd_per_promise": _text(account.per(bought.promises)),
        "usd_per_1000_recovered": _plain(account.per_thousand_recovered()),
        "services_usd_per_1000_contacts": _text(
            account.service_usd * 1000 / account.contacts if account.contacts else None
        ),
    }


def idle_figures(idle: "IdleBill", book: "PriceBook") -> dict[str, object]:
    lines = [
        {"what": line.what, "count": line.count, "units": str(line.units), "usd": str(line.usd)}
        for line in idle.lines
    ]
    return {"region": book.region, "usd": str(idle.usd), "lines": lines, "unpriced": idle.unpriced}


def estimate_figures(found: "Estimate", book: "PriceBook") -> dict[str, object]:
    return {
        "region": book.region,
        "contacts": found.contacts,
        "usd": str(found.usd),
        "services_usd": _plain(found.services),
        "carriers_usd": _plain(found.carriers),
        "idle_usd": str(found.idle.usd),
        "notes": found.notes,
    }


def usd(value: Decimal, digits: int = 4) -> str:
    """Without its sign, which stands in the column."""
    return f"{value:,.{digits}f}"


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else usd(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _plain(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}


def show_prices(book: "PriceBook", screen: Screen) -> None:
    if screen.as_json:
        screen.answer(
            {"region": book.region, "prices": list(book.prices.values()), "carriers": book.carriers}
        )
        return
    rows = [
        (one.item, f"{one.usd} / {one.per:,}", one.unit, one.status, str(one.read_on), one.page)
        for one in book.prices.values()
    ]
    columns = ("item", "USD", "unit", "is", "on", "page")
    screen.table(f"Prices in {book.region}", columns, rows, right=("USD",))
    sent = [
        (one.channel, one.country, f"{one.usd} / {one.per:,}", one.status, str(one.read_on), one.page)
        for one in book.carriers
    ]
    screen.table("Carriers", ("channel", "country", "USD", "is", "on", "page"), sent, right=("USD",))
    assumed = [(one.name, one.value, one.why) for one in book.assumptions.values()]
    screen.table("What no meter counts", ("assumed", "value", "why"), assumed)
