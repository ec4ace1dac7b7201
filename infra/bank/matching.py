"""Which debt each line of a statement is for, as far as the portfolio tells; posted by the one path, once, when a person says so."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from recobro.codec import to_plain
from recobro.domain.bank_line import BankLine, Owed, Paid, Proposal, excused, names_reference, proposal
from recobro.domain.debtor import Debtor
from recobro.domain.payment import Payment
from recobro.domain.payment_told import PaymentTold
from recobro.domain.said import said
from recobro.house import House
from recobro.usecases.hear_payment import Told, hear_payment
from recobro.usecases.rehearse import everyone

GATEWAY = "bank"
"""How the payment log names money that came by no gateway: `bank#<id of the line>`."""
NOON = time(12)
"""A statement names the day and no hour."""


def propose(
    house: House, lines: Sequence[BankLine], seen: Callable[[int], None] = lambda people: None
) -> list[Proposal]:
    """One proposal a line. seen: told how many people were looked at."""
    wanted = {(line.amount.minor, line.amount.currency) for line in lines}
    texts = [line.text for line in lines]
    owed = list(_portfolio(house, seen))
    by_amount: dict[tuple[int, str], list[Owed]] = defaultdict(list)
    by_name: dict[str, list[Owed]] = defaultdict(list)
    named: dict[str, list[Owed]] = defaultdict(list)
    for one in owed:
        amount = (one.outstanding.minor, one.outstanding.currency)
        if amount in wanted:
            by_amount[amount].append(one)
        for word in set(one.name.upper().split()):
            by_name[word].append(one)
    for text in dict.fromkeys(texts):
        named[text] = [one for one in owed if names_reference(text, one.ref)] or _by_lookup(house, text)
    found = [_proposal(house, line, named, by_amount, by_name) for line in lines]
    return [_unless_posted(house, one) for one in excused(found, _paid(house, found))]


def _proposal(
    house: House,
    line: BankLine,
    named: dict[str, list[Owed]],
    by_amount: dict[tuple[int, str], list[Owed]],
    by_name: dict[str, list[Owed]],
) -> Proposal:
    known = house.payments.entry(f"{GATEWAY}#{line.id}")
    if known is not None:
        return Proposal(
            line,
            "known",
            known.assigned or known.words[0].told.reference,
            why=(f"posted from a statement: {known.status}",),
            is_posted=True,
        )
    people = [one for word in set(line.payer.upper().split()) for one in by_name.get(word, ())]
    amounts = by_amount.get((line.amount.minor, line.amount.currency), [])
    return proposal(
        line, {(one.debtor, one.key): one for one in [*named[line.text], *amounts, *people]}.values()
    )


def _unless_posted(house: House, one: Proposal) -> Proposal:
    """A line that was told apart from others since may have been posted when it was not: a person looks."""
    former = f"{GATEWAY}#{one.line.former}"
    if one.surety == "known" or not one.line.former or house.payments.entry(former) is None:
        return one
    return replace(one, surety="known", why=(*one.why, f"perhaps posted as {former}"))


def _paid(house: House, proposals: Sequence[Proposal]) -> dict[str, list[Paid]]:
    """debt key → what was told of for the debts that lines name, save what lines of this very statement brought.

    The record knows when it learnt of a payment, which may be weeks later; the payment log knows when it was made.
    """
    whose = {one.debt: one.debtor for one in proposals if one.debtor and "reference" in one.why}
    own = {f"{GATEWAY}#{one.line.id}" for one in proposals}
    people = house.ledger.load_many(sorted(set(whose.values())))
    told = [
        one
        for key, debtor_id in whose.items()
        if debtor_id in people
        for one in _told(people[debtor_id].debtor, key)
        if one.intent not in own
    ]
    entries = house.payments.entries([one.intent for one in told])
    zone = ZoneInfo(house.playbook.client.schedule.time_zone)
    paid: dict[str, list[Paid]] = defaultdict(list)
    for one in told:
        entry = entries.get(one.intent)
        money = said(entry.words) if entry is not None else None
        at = money.paid_at if money is not None and money.paid_at is not None else one.at
        # A line is of all that came, also where other debts were paid of it too.
        whole = {money.captured} - set(one.parts) if money is not None and one.is_named else set()
        if at is not None:
            on = at.astimezone(zone).date()
            paid[one.debt] += [Paid(one.intent, minor, on) for minor in (*one.parts, *whole)]
    return paid


@dataclass(frozen=True, slots=True)
class _Told:
    """One payment in a record. parts: what the debt got of it, minor units; at: when the record learnt of it; is_named: it was for
    that debt."""

    debt: str
    intent: str
    parts: tuple[int, ...]
    at: datetime | None
    is_named: bool


def _told(debtor: Debtor, key: str) -> Iterator[_Told]:
    named = {one.intent: one for one in debtor.heard if one.debt == key and one.captured}
    posted: dict[str, list[Payment]] = defaultdict(list)
    for one in debtor.payments:
        if one.debt == key:
            posted[one.intent].append(one)
    for intent, payments in posted.items():
        parts = tuple(one.amount for one in payments)
        yield _Told(key, intent, parts, payments[0].told_at, is_named=intent in named)
    for intent, heard in named.items():
        if intent not in posted:
            yield _Told(key, intent, (heard.captured,), heard.at, is_named=True)


def _portfolio(house: House, seen: Callable[[int], None]) -> Iterator[Owed]:
    for number, loaded in enumerate(everyone(house), 1):
        seen(number)
        yield from _owed(loaded.debtor)


def _owed(debtor: Debtor) -> Iterator[Owed]:
    for debt in debtor.debts:
        yield Owed(debtor.id, debt.key, debt.ref, debtor.personal.name, debt.outstanding)


def _by_lookup(house: House, text: str) -> list[Owed]:
    """Debts of people who owe nothing any more: they are in no sweep, and a reference still finds them."""
    words = {one.strip(".,;:()") for one in text.split() if len(one) >= 4}
    brands = [brand.id for brand in house.playbook.client.brands]
    ids = {
        found
        for word in sorted(words)
        for brand in brands
        for found in house.lookups.debtors(house.keys.debt(f"{brand}/{word}"))
    }
    loaded = house.ledger.load_many(sorted(ids)) if ids else {}
    return [one for each in loaded.values() for one in _owed(each.debtor) if names_reference(text, one.ref)]


def post(house: House, proposals: Iterable[Proposal], who: str) -> list[tuple[Proposal, Told]]:
    """Each line for the debt that it proposes; one that proposes none waits in quarantine. The same line counts once."""
    return [(one, _post(house, one, who)) for one in proposals]


def _post(house: House, one: Proposal, who: str) -> Told:
    line = one.line
    zone = ZoneInfo(house.playbook.client.schedule.time_zone)
    told = PaymentTold(
        gateway=GATEWAY,
        intent=f"{GATEWAY}#{line.id}",
        event=who,
        reference=one.debt,
        amount=line.amount,
        status="paid",
        at=datetime.combine(line.booked_on, NOON, zone).astimezone(UTC),
        method="transfer",
    )
    raw = json.dumps(to_plain(line), sort_keys=True, ensure_ascii=False).encode()
    return hear_payment(house, told, raw, "statement", source="file")
