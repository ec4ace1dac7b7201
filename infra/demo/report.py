"""One page to look at after a run: what was sent, what came of it, what was refused and why, and what it would cost."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from html import escape
from pathlib import Path

from infra.demo import prices
from infra.demo.charts import CHANNELS, bars, buckets, legend, lines, stacked_days
from infra.demo.result import DemoResult, Story

BUCKETS = ("not due", "1–30", "31–60", "61–90", "over 90")
SYMBOLS = {"MXN": "MXN", "COP": "COP", "USD": "USD"}


def write_report(result: DemoResult, path: Path) -> Path:
    """Write the page: one file, no scripts, nothing fetched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(result), encoding="utf-8")
    return path


def page(result: DemoResult) -> str:
    """The whole page as HTML."""
    style = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
    ends = result.start + timedelta(days=result.days - 1)
    sections = "".join(
        (
            _per_day(result),
            _money(result),
            _promises(result),
            _funnel(result),
            _ageing(result),
            _refusals(result),
            _story(result.story),
            _breaches(result),
            _costs(result),
        )
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>Recobro: {result.days} days of work</title><style>{style}</style></head><body><main><header>"
        f"<h1>{result.days} days, {result.debtors} debtors, {_number(result.contacts)} contacts</h1>"
        f"<p>From {result.start:%d %B %Y} to {ends:%d %B %Y} on a moving clock: the template that deploys, its real handlers, and an "
        f"invented world of carriers, gateways, agents and debtors in Mexico and Colombia. Seed {result.seed}. "
        f"<b>All figures are simulated.</b></p>{_seal(result)}</header>"
        f'{_tiles(result)}<div class="cards">{sections}</div>{_footer(result)}</main></body></html>'
    )


def money(minor: int, currency: str) -> str:
    """Whole units with thousands, and the currency's code: two currencies are never shown as one."""
    return f"{SYMBOLS.get(currency, currency)} {round(minor / 100):,}".replace(",", "\u2009")


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u2009")


def _seal(result: DemoResult) -> str:
    if result.breaches or result.duplicates:
        return f'<p class="seal bad">{result.breaches} breaches, {result.duplicates} duplicates</p>'
    return '<p class="seal good">0 breaches · 0 duplicates, judged by an independent audit</p>'


def _tiles(result: DemoResult) -> str:
    kept, broken = result.promises.get("kept", 0), result.promises.get("broken", 0)
    due = kept + broken
    shown = (
        (_number(result.contacts), "contacts made"),
        (_share(result.funnel.get("delivered", 0), result.funnel.get("sent", 0)), "of sent delivered"),
        (
            _share(result.funnel.get("answered", 0), result.funnel.get("delivered", 0)),
            "of delivered answered",
        ),
        (f"{result.rates.get('promise', 0)} %", "of who answered promised in writing"),
        (f"{_share(kept, due)}", f"of {due} due promises kept"),
        (_number(sum(result.refusals.values())), "recorded refusals"),
        (
            f"{result.dynamodb_requests_per_contact:.1f}",
            "DynamoDB requests per contact, idle sweeps included",
        ),
        (f"${result.cost_per_1000_contacts_usd:.2f}", "estimated per 1,000 contacts"),
        (f"{result.seconds:.0f} s", f"to run {result.days} days"),
    )
    tiles = (f"<div class=tile><b>{value}</b><span>{escape(what)}</span></div>" for value, what in shown)
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _per_day(result: DemoResult) -> str:
    days = {
        (result.start + timedelta(days=number)).isoformat(): result.by_day.get(
            (result.start + timedelta(days=number)).isoformat(), {}
        )
        for number in range(result.days)
    }
    marks = {result.banned_on: "WhatsApp account restricted"} if result.banned_on else {}
    note = "Nobody is contacted on Sundays and holidays. " + (
        "When WhatsApp is lost, the circuit opens and the plan moves to the other channels." if marks else ""
    )
    return _section(
        "Contacts per day", note, stacked_days(days, marks) + legend(list(result.by_channel)), wide=True
    )


def _money(result: DemoResult) -> str:
    blocks = []
    days = [(result.start + timedelta(days=number)).isoformat() for number in range(result.days)]
    for currency, total in sorted(result.recovered.items()):
        alone = result.recovered_without_contact.get(currency, 0)
        with_us = _running(result.recovered_by_day.get(currency, {}), days)
        without = _running(result.recovered_by_day.get(f"{currency} without", {}), days)
        more = (
            f"+{_share(total - alone, alone)}" if alone and total >= alone else _share(total - alone, alone)
        )
        blocks.append(
            f'<div class="money"><h3><b>{money(total, currency)}</b> <span>{money(alone, currency)} without contact · {more}</span></h3>'
            + lines(
                (("recovered", with_us, "var(--c1)"), ("without contact", without, "var(--before)")),
                days,
                120,
            )
            + "</div>"
        )
    note = (
        "Solid: what came in. Dashed: the same people and seed when nobody is contacted. "
        "The world's own rules set the difference: it is no promise of lift."
    )
    return _section("Recovered, by currency", note, "".join(blocks))


def _running(by_day: Mapping[str, int], days: Sequence[str]) -> list[float]:
    total, found = 0.0, []
    for day in days:
        total += by_day.get(day, 0)
        found.append(total)
    return found


def _funnel(result: DemoResult) -> str:
    first = result.funnel.get("sent", 0)
    rows = [
        (
            name,
            float(result.funnel.get(key, 0)),
            f"{_number(result.funnel.get(key, 0))} · {_share(result.funnel.get(key, 0), first)}",
            colour,
        )
        for key, name, colour in (
            ("sent", "Sent", "var(--c2)"),
            ("delivered", "Delivered", "var(--c6)"),
            ("read", "Read", "var(--c1)"),
            ("answered", "Answered", "var(--c3)"),
        )
    ]
    channels = [
        (CHANNELS[one][0], float(result.by_channel[one]), _number(result.by_channel[one]), CHANNELS[one][1])
        for one in CHANNELS
        if one in result.by_channel
    ]
    note = "Read is known for WhatsApp only; e-mail opens are not tracked, and a completed automated call proves no talk."
    return _section("From sent to answered", note, bars(rows) + "<p></p>" + bars(channels))


def _promises(result: DemoResult) -> str:
    made = result.promises.get("made", 0)
    rows = [
        ("Made", float(made), str(made), "var(--c2)"),
        ("Kept", float(result.promises.get("kept", 0)), str(result.promises.get("kept", 0)), "var(--c1)"),
        (
            "Broken",
            float(result.promises.get("broken", 0)),
            str(result.promises.get("broken", 0)),
            "var(--c3)",
        ),
    ]
    closed = dict(result.tasks.get("closed", {}))
    table = _table(
        ("Closed as", "Tasks"),
        [
            (name.replace("_", " "), _number(count))
            for name, count in sorted(closed.items(), key=lambda one: -one[1])[:7]
        ],
    )
    opened, done = _number(result.tasks.get("opened", 0)), _number(sum(closed.values()))
    note = f"{opened} tasks for people; three agents in office hours read, called and closed {done}."
    page, plans = result.page, result.plans
    note += (
        f" {_number(page.get('opened', 0))} people opened the page behind a message, {_number(page.get('identified', 0))} showed who they "
        f"are, {_number(page.get('promise', 0))} promised there; {_number(page.get('tapped', 0))} took a message's button that pays, and "
        f"{_number(page.get('paid_by_tap', 0))} paid by it. {_number(plans.get('agreed', 0))} plans begun: "
        f"{_number(plans.get('instalments_kept', 0))} dates kept so far, {_number(plans.get('instalments_missed', 0))} missed."
    )
    return _section("Promises and people's work", note, bars(rows, label=84) + table)


def _ageing(result: DemoResult) -> str:
    blocks = []
    for currency, before in sorted(result.dpd_before.items()):
        after = result.dpd_after.get(currency, {})
        shown = {name: money(after.get(name, 0), currency) for name in BUCKETS}
        blocks.append(f'<div class="money"><h3>{currency}</h3>{buckets(before, after, BUCKETS, shown)}</div>')
    note = "Grey: when the run began. Blue: at its end. Debts age while they wait, so buckets move right unless they are paid."
    return _section(
        "What is owed, by days past due", note, f'<div class="beside">{"".join(blocks)}</div>', wide=True
    )


def _refusals(result: DemoResult) -> str:
    rows = [
        (f"<code>{escape(rule)}</code>", escape(result.sources.get(rule, "")), _number(count))
        for rule, count in sorted(result.refusals.items(), key=lambda one: (-one[1], one[0]))[:18]
    ]
    body = "".join(
        f"<tr><td>{rule}</td><td>{source}</td><td class=n>{count}</td></tr>" for rule, source, count in rows
    )
    table = f"<table><tr><th>Rule<th>Where it stands<th class=n>Times</tr>{body}</table>"
    return _section(
        "Refused, and why",
        "Refusals that moved a plan, stopped a claim, or made a better channel wait.",
        table,
        wide=True,
    )


def _breaches(result: DemoResult) -> str:
    if not result.breaches_by_rule:
        checked = (
            "hours · Sundays and holidays · one a day · three a week · Colombia's one channel a week · "
            "authorised channels · after an opt-out · after a payment · disputes · wrong persons · forged payments"
        )
        body = f'<p class="good"><b>No breach and no duplicate.</b></p><p class="quiet">{checked}</p>'
    else:
        rows = [(rule, _number(count)) for rule, count in result.breaches_by_rule.items()]
        body = _table(("Rule", "Breaches"), rows) + "".join(
            f"<p><code>{escape(one)}</code></p>" for one in result.breach_details
        )
    note = (
        "Judged from what carriers and telephones received and what really happened, by code that knows nothing of the law engine; "
        f"and {_number(result.judged_by_law)} contacts of the record by a separate program, from the published law alone."
    )
    return _section("Independent audit", note, body)


def _story(story: Story | None) -> str:
    if story is None:
        return ""
    items = "".join(
        f'<li class="{escape(one.who.lower())}"><time>{escape(one.at)}</time><b>{escape(one.who)}</b>: {escape(one.what)}'
        + (f'<blockquote lang="es">{escape(one.said)}</blockquote>' if one.said else "")
        + "</li>"
        for one in story.moments
    )
    return _section(f"One person: {story.name}", story.about, f'<ol class="story">{items}</ol>')


def _costs(result: DemoResult) -> str:
    rows = [(name, f"${value:.4f}") for name, value in result.cost_split_usd.items()]
    most = sorted(result.requests.items(), key=lambda one: -one[1])[:14]
    cost = _table(("Estimated for the whole run", "USD"), rows)
    asked = _table(
        ("AWS requests by function and service", "Requests"), [(name, _number(count)) for name, count in most]
    )
    note = f"${result.cost_per_1000_contacts_usd:.2f} per thousand contacts, carriers included. {prices.told_by()}"
    return _section("What it would cost at AWS", note, cost + "<p></p>" + asked)


def _footer(result: DemoResult) -> str:
    aside = ", ".join(f"{count} {source}" for source, count in sorted(result.set_aside.items())) or "none"
    return (
        "<footer><p>Simulated: people, names, numbers, carriers and payments are invented. Shares follow the trade's "
        "figures: 30 % without e-mail, 12 % wrong numbers, 5–15 % of messages answered, 4–8 % right party per dial, about "
        "half of the promises kept. No lift is claimed beyond this simulation.</p>"
        f"<p>Set aside for review: {escape(aside)}. Payments quarantined: {result.quarantined}. Ledger "
        f"<code>{result.ledger_hash}</code>: the same seed gives the same ledger, "
        f"byte for byte. Backend: {escape(result.backend)}.</p></footer>"
    )


def _table(heads: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    body = "".join(f"<tr><td>{escape(name)}</td><td class=n>{value}</td></tr>" for name, value in rows)
    return f"<table><tr><th>{escape(heads[0])}<th class=n>{escape(heads[1])}</tr>{body}</table>"


def _section(title: str, note: str, body: str, *, wide: bool = False) -> str:
    kind = ' class="wide"' if wide else ""
    return f"<section{kind}><h2>{escape(title)}</h2><p>{escape(note)}</p>{body}</section>"
