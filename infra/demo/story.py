"""One person's weeks, told from both sides: what was sent and said, what the agent wrote down, what was paid."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from infra.demo.book import Arrival, Book
from infra.demo.charts import CHANNELS
from infra.demo.people import Person
from infra.demo.report import money
from infra.demo.result import Moment, Story
from infra.demo.table_dump import Item, facts

BRANDS = {"fabula": "Muebles Fábula", "quimera": "Móvil Quimera", "utopia": "Suministros Utopía"}
LONGEST = 520
"""Characters of a message that are shown."""

_LINK = re.compile(r"(https?://[^/\s]+/[a-z]/)[A-Za-z0-9_=.-]+")

Line = tuple[datetime, Moment]


Templates = Mapping[str, tuple[str, tuple[str, ...]]]
"""WhatsApp template → its approved words and the names of its parameters, as Meta holds them."""


def story_of(book: Book, items: Sequence[Item], who: Mapping[str, str], templates: Templates) -> Story | None:
    """The person with the most to tell; None when nobody was contacted."""
    told = {person.document: _lines(person, book, items, who, templates) for person in _candidates(book, who)}
    best = max(told, key=lambda document: (_interest(told[document]), document), default=None)
    if best is None:
        return None
    person = book.portfolio.by_document()[best]
    debt = person.obligations[0]
    days = (book.portfolio.start - debt.due_on).days
    when = f"{days} days past due" if days > 0 else f"due in {-days} days"
    about = f"{person.city}. Owed {money(debt.amount, debt.currency)} to {BRANDS[debt.creditor]}, {when} when the run began."
    return Story(
        person.name, about, tuple(moment for _, moment in sorted(told[best], key=lambda one: one[0]))
    )


def _candidates(book: Book, who: Mapping[str, str]) -> Iterable[Person]:
    counts: dict[str, int] = {}
    for one in book.arrivals:
        if one.taken:
            counts[who.get(one.debtor, "")] = counts.get(who.get(one.debtor, ""), 0) + 1
    people = book.portfolio.by_document()
    return [
        people[name]
        for name, count in sorted(counts.items())
        if name in people and count <= 8 and not people[name].is_company
    ]


def _interest(lines: Sequence[Line]) -> int:
    """Several channels, an answer, a promise and a payment make a story."""
    kinds = {moment.who for _, moment in lines}
    channels = {moment.what.split(":")[0] for _, moment in lines if moment.who == "Recobro"}
    promises = any("promise" in moment.what for _, moment in lines)
    return 10 * len(kinds) + 5 * promises + 3 * len(channels) + min(6, len(lines))


def _lines(
    person: Person, book: Book, items: Sequence[Item], who: Mapping[str, str], templates: Templates
) -> list[Line]:
    zone = ZoneInfo(person.zone)
    debtor = next((one for one, document in who.items() if document == person.document), "")
    lines = [_arrival(one, zone, templates) for one in book.arrivals if one.debtor == debtor and one.taken]
    lines += [
        (at, Moment(_at(at, zone), "Persona", f"answers by {CHANNELS[channel][0]}", words))
        for at, channel, address, words in book.words
        if address in person.addresses()
    ]
    for one in book.payments:
        if one.person == person.document:
            way = "through the gateway" if one.way == "gateway" else "directly to the creditor"
            lines.append(
                (one.at, Moment(_at(one.at, zone), "Pago", f"{money(one.amount, one.currency)} {way}"))
            )
    return lines + _promises(debtor, items, zone)


def _arrival(one: Arrival, zone: ZoneInfo, templates: Templates) -> Line:
    name = CHANNELS[one.channel][0]
    if one.by != "recobro":
        return one.at, Moment(_at(one.at, zone), "Agente", f"{one.by} calls: {one.outcome.replace('_', ' ')}")
    became = "read" if one.read_at else "delivered" if one.delivered_at else "not delivered"
    text = shown(one, templates)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
    return one.at, Moment(_at(one.at, zone), "Recobro", f"{name}: {became}", text)


def shown(one: Arrival, templates: Templates) -> str:
    """A message as the person saw it: a template's words filled in, and links without their long signed end."""
    name, *values = one.text.split("\n")
    text = one.text
    if one.channel == "whatsapp" and name in templates:
        body, parameters = templates[name]
        text = body
        for parameter, value in zip(parameters, values, strict=False):
            text = text.replace(f"{{{parameter}}}", value)
    return _LINK.sub(r"\1…", text).strip()


def _promises(debtor: str, items: Sequence[Item], zone: ZoneInfo) -> list[Line]:
    mine = [item for item in items if item["pk"] == f"DEBTOR#{debtor}"]
    lines = []
    for _, recorded in facts(mine):
        fact, at = recorded["fact"], datetime.fromisoformat(recorded["at"])
        if fact["kind"] == "promise_made":
            promise = fact["promise"]
            what = (
                f"notes a promise of {money(promise['amount'], promise['currency'])} for {promise['due_on']}"
            )
            lines.append((at, Moment(_at(at, zone), "Agente", what)))
        if fact["kind"] == "promise_judged":
            lines.append((at, Moment(_at(at, zone), "Recobro", f"the promise is {fact['status']}")))
    return lines


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b, %H:%M}"
