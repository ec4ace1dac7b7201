"""The one path by which money becomes known: webhook, question, list, file or hand; told once or ten times, it counts once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from recobro.adapters.obligors import key_of
from recobro.adapters.payment_log import Entry
from recobro.counts import UNMATCHED
from recobro.domain.allocation import OPEN, TAKEN_OVER
from recobro.domain.debt import Debt, DebtStatus, Role
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact
from recobro.domain.fold import apply
from recobro.domain.hear import heard_facts, heard_of, noted_facts, now_heard, quarantine_facts
from recobro.domain.payment import Heard
from recobro.domain.payment_told import PaymentTold
from recobro.domain.reference import read_reference
from recobro.domain.said import Said, said
from recobro.domain.spread import Part, heard_for, only
from recobro.errors import NotFound, Unavailable
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.money_shares import Share, others_told, payer_among, rule_of
from recobro.usecases.saving import change

LARGEST = 10**15
"""Minor units; more than that is no payment but a mistake."""

CLOSED = frozenset(DebtStatus) - OPEN - {DebtStatus.PAID}
"""Debts that somebody took out of our hands: their money is the creditor's to place."""


@dataclass(frozen=True, slots=True)
class Told:
    """result: "posted" | "held" | "reversed" | "repeated" | "quarantined" | "closed" | "ignored" | "released", or "asks": nobody
    could be left in peace on a word that proves nothing, so its gateway has to be asked at once."""

    result: str
    reason: str = ""


_MOVES_NOTHING = frozenset({"pending", "failed", "expired", "unrecognised"})


class Unfit(Exception):
    """The money is real and cannot be posted; a person decides."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def hear_payment(
    house: House,
    told: PaymentTold,
    raw: bytes,
    endpoint: str,
    *,
    source: str = "webhook",
    merchant: str = "",
    answers: tuple[str, ...] = (),
) -> Told:
    """Keep the word, then let every obligor's record catch up with all that is said of the money.

    Three requests where our own reference names the debtor, four otherwise; two more for each further obligor.
    """
    return catch_up(house, with_word(house, told, raw, endpoint, source=source, answers=answers), merchant)


def with_word(
    house: House, told: PaymentTold, raw: bytes, endpoint: str, *, source: str, answers: tuple[str, ...] = ()
) -> Entry:
    """The payment as the log has it once that word is kept in it. Nobody's record knows of it yet."""
    now = house.now()
    day = now.astimezone(ZoneInfo(house.playbook.client.schedule.time_zone)).date()
    return house.payments.hear(told, raw, endpoint=endpoint, source=source, day=day, now=now, answers=answers)


def catch_up(house: House, entry: Entry, merchant: str = "") -> Told:
    """Bring the ledgers to what the log says of one payment. Repeats harmlessly."""
    if entry.status in {"rejected", "sent_back"}:
        return Told("closed", entry.status)
    money = said(entry.words)
    if money.status in _MOVES_NOTHING - {"pending"} and money.words == 1:
        return Told("ignored", money.status)
    key = ""
    people: dict[str, Loaded] = {}
    try:
        _check(money, merchant, has_person=bool(entry.assigned))
        key, people = _people_or_wait(house, entry.assigned or money.reference, entry.intent)
        _fits(house, money, [one.debtor for one in people.values()], key, is_placed=bool(entry.assigned))
    except Unfit as unfit:
        if money.status == "unconfirmed":
            return Told("asks", unfit.reason)
        return _set_aside(house, entry, money, key, people, unfit.reason)
    return _save_all(house, entry, money, key, people)


def would_hear(house: House, entry: Entry) -> dict[str, tuple[Fact, ...]]:
    """What `catch_up` would write in whose record, and nothing is written. Raises Unfit with the reason why it would not."""
    money = said(entry.words)
    _check(money, "", has_person=bool(entry.assigned))
    key, people = _people(house, entry.assigned or money.reference)
    _fits(house, money, [one.debtor for one in people.values()], key, is_placed=bool(entry.assigned))
    now, rule = house.now(), rule_of(house, entry, money)
    debtors = {one: loaded.debtor for one, loaded in people.items()}
    payer = payer_among(debtors.values(), entry, money, key)
    facts = heard_facts(payer, key, money, house.playbook, now, entry.base(payer.id, key), rule=rule)
    found = {payer.id: facts}
    after = reduce(lambda one, fact: apply(one, fact, now), facts, payer)
    for share in others_told(house, after, entry, money, key, list(people)):
        debtor = debtors.get(share.debtor_id) or _load(house, share.debtor_id)
        if debtor is not None and debtor.debt(share.key) is not None:
            base = entry.base(debtor.id, share.key)
            more = heard_facts(debtor, share.key, share.money, house.playbook, now, base)
            debtors[debtor.id] = reduce(lambda one, fact: apply(one, fact, now), more, debtor)
            found[debtor.id] = (*found.get(debtor.id, ()), *more)
    return found


def _load(house: House, debtor_id: str) -> Debtor | None:
    loaded = house.ledger.load(debtor_id)
    return loaded.debtor if loaded is not None else None


def whom_it_means(house: House, reference: str) -> tuple[str, dict[str, Loaded]]:
    """(debt key, every obligor's record); nobody where the reference means nobody."""
    try:
        return _people(house, reference)
    except Unfit:
        return "", {}


def whoever_waits(house: House, reference: str) -> list[str]:
    """Ids of everybody whose record may wait for that money: a bare reference may be each brand's."""
    if read_reference(reference) is not None:
        return list(whom_it_means(house, reference)[1])
    ids = (one for key in _keys(house, reference) for one in house.lookups.debtors(house.keys.debt(key)))
    return list(dict.fromkeys(ids))


def hashes_of(house: House, reference: str) -> frozenset[str]:
    """The keyed hashes by which the debts that a reference may mean are looked up; of one of ours, the short form that it has."""
    ours = read_reference(reference)
    if ours is None:
        return frozenset(house.keys.debt(key) for key in _keys(house, reference))
    named = ours[1]
    return frozenset({house.keys.debt(named) if "/" in named else named})


def _check(money: Said, merchant: str, *, has_person: bool) -> None:
    """What makes money unfit whoever it is for."""
    if not money.is_live:
        raise Unfit("a test payment")
    if merchant and set(money.merchants) != {merchant}:
        raise Unfit("paid to another merchant than ours")
    if not 0 <= money.captured < LARGEST:
        raise Unfit("an impossible amount")
    if not money.reference and not has_person:
        raise Unfit("no reference")


def _fits(house: House, money: Said, people: Sequence[Debtor], key: str, *, is_placed: bool) -> None:
    """What makes it unfit for that debt. is_placed: a person said that it is for it."""
    debts = [one for person in people if (one := person.debt(key)) is not None]
    if not debts:
        raise Unfit("unknown reference")
    currencies = set(money.currencies) - {debts[0].currency}
    if currencies and (money.captured or money.returned):
        raise Unfit(f"in {', '.join(sorted(currencies))}, and the debt is in {debts[0].currency}")
    is_known = any(one.intent == money.intent and one.captured for person in people for one in person.heard)
    if all(one.status in CLOSED for one in debts) and money.captured and not is_known:
        raise Unfit(f"the debt is {debts[0].status.value}")
    days = (_counted_by(house, money, person, key) for person in people)
    counted = max((day for day in days if day is not None), default=None)
    if counted is not None and not is_known and not is_placed:
        raise Unfit(f"paid before the balance of {counted}, which may have counted it")


def _counted_by(house: House, money: Said, person: Debtor, key: str) -> date | None:
    """The day of this person's balance that may know of the money already: one of a later day than it was paid on."""
    debt = person.debt(key)
    if money.paid_at is None or debt is None or debt.status not in OPEN:
        return None
    balance = max(debt.calculated_on, person.feeds.get(debt.creditor, debt.calculated_on))
    paid_on = money.paid_at.astimezone(ZoneInfo(house.playbook.client.schedule.time_zone)).date()
    return balance if paid_on < balance else None


def _people(house: House, reference: str) -> tuple[str, dict[str, Loaded]]:
    """(debt key, every obligor's record) that a reference means; the one whom it names comes first."""
    ours = read_reference(reference)
    if ours is not None:
        return _named(house, *ours)
    for key in _keys(house, reference):
        ids = house.lookups.debtors(house.keys.debt(key))
        found = house.ledger.load_many(ids) if ids else {}
        people = {one: loaded for one, loaded in found.items() if loaded.debtor.debt(key) is not None}
        if people:
            return key, people
    raise Unfit("unknown reference")


def _people_or_wait(house: House, reference: str, intent: str) -> tuple[str, dict[str, Loaded]]:
    """The same; where nobody has the debt, its payment is noted for whoever brings it, and looked for once more.

    An import adds its lookup, reads what was noted, and saves; we note, then read the lookups: one of the two sees the other.
    Raises Unavailable while an import is between its lookup and its save: the gateway tells us again.
    """
    try:
        return _people(house, reference)
    except Unfit:
        if read_reference(reference) is not None:
            raise
        hashes = [house.keys.debt(key) for key in _keys(house, reference)]
        for hashed in hashes:
            house.lookups.add_payment(hashed, intent, house.now())
        if any(house.lookups.is_being_brought(hashed, house.now()) for hashed in hashes):
            try:
                return _people(house, reference)
            except Unfit:
                raise Unavailable("the debt is being brought in") from None
        raise


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a debt's newcomer has to be told. people: ids of who else may be in the debt; others: who of them is known."""

    facts: tuple[Fact, ...]
    people: tuple[str, ...]
    others: tuple[Debtor, ...] = ()


def waiting_for(house: House, debtor: Debtor, key: str) -> Waiting:
    """A debt comes to `debtor`, who is in no ledger yet or was in no debt of that name: what is known of its payments.

    One that nobody's record has holds the debt: a person says what it is worth, since the file that brings the debt may have counted
    it already. One that the record of somebody else in the debt has is this person's too.
    """
    people, intents = house.lookups.people_and_payments(house.keys.debt(key))
    found: list[Fact] = []
    for intent in intents:
        entry = house.payments.entry(intent)
        if entry is not None and entry.status == "quarantined":
            found += quarantine_facts(
                debtor, key, said(entry.words), entry.reason, house.playbook, house.now()
            )
    others = [one for one in people if one != debtor.id]
    known = tuple(one.debtor for one in house.ledger.load_many(others).values()) if others else ()
    for other in known:
        told = reduce(lambda one, fact: apply(one, fact, house.now()), found, debtor)
        found += _heard_by_another(house, told, other, key)
    return Waiting(tuple(found), tuple(others), known)


LATELY = timedelta(days=30)
"""Older money that a record does not know of, it has forgotten."""


def heard_by_others(
    house: House, debtor: Debtor, others: Sequence[Debtor], keys: Sequence[str], now: datetime
) -> tuple[Fact, ...]:
    """Money that came lately for those debts, as the others in them know of it and this record does not: who joins a debt while it is
    paid may be saved by an import that dies before it looks again.
    """
    found: list[Fact] = []
    for other in others:
        for key in keys:
            told = reduce(lambda one, fact: apply(one, fact, now), found, debtor)
            found += _heard_by_another(house, told, other, key, now - LATELY)
    return tuple(found)


def _heard_by_another(
    house: House, debtor: Debtor, other: Debtor, key: str, since: datetime | None = None
) -> tuple[Fact, ...]:
    """What `other` knows of the money for a debt of both; no more than noted where the file had counted it."""
    mine, theirs, now = debtor.debt(key), other.debt(key), house.now()
    if mine is None or theirs is None or theirs.status in TAKEN_OVER:
        return ()
    untold = [
        heard for heard in heard_for(other, key) if _is_news(debtor, heard) and not _is_older(heard, since)
    ]
    more = mine.outstanding.minor - theirs.outstanding.minor
    is_counted = more <= 0
    # A balance that is higher by exactly that money has not counted it, whatever day it bears.
    is_dated = more != sum(heard.captured - heard.returned for heard in untold)
    entries = house.payments.entries([heard.intent for heard in untold])
    found: list[Fact] = []
    for heard in untold:
        entry = entries.get(heard.intent)
        facts = noted_facts(debtor, heard)
        known = heard_of(debtor, heard.intent, key)
        is_known = known is not None and known.captured > 0
        counted = is_counted or (is_dated and entry is not None and _is_before(house, heard, entry, mine))
        if entry is not None and (is_known or not counted):
            # As much as `other` knows and no more: what came since is told to both.
            part = only(said(entry.words), Part(heard.captured, heard.returned))
            part = replace(part, words=heard.words, status=heard.status)
            base = entry.base(debtor.id, key)
            facts = heard_facts(debtor, key, part, house.playbook, now, base, knows_all=more == 0)
        debtor = reduce(lambda one, fact: apply(one, fact, now), facts, debtor)
        found += facts
    return tuple(found)


def _is_news(debtor: Debtor, heard: Heard) -> bool:
    """What a person took back has no words, and stays taken back; of what a record posted here by a payment for another debt of its own,
    that payment's word tells it.
    """
    known = heard_of(debtor, heard.intent, heard.debt)
    if known is None:
        return all((one.intent, one.debt) != (heard.intent, heard.debt) for one in debtor.payments)
    return 0 < known.words < heard.words


def _is_before(house: House, heard: Heard, entry: Entry, mine: Debt) -> bool:
    """Whether it was paid before the day of the balance, which has counted it as it has for the others in the debt."""
    at = said(entry.words).paid_at or heard.at
    zone = ZoneInfo(house.playbook.client.schedule.time_zone)
    return at is not None and at.astimezone(zone).date() < mine.calculated_on


def _is_older(heard: Heard, since: datetime | None) -> bool:
    return since is not None and (heard.at is None or heard.at < since)


def _keys(house: House, reference: str) -> list[str]:
    """A bare reference may be any brand's; one with a brand before it is that brand's."""
    brands = [brand.id for brand in house.playbook.client.brands]
    if reference.partition("/")[0] in brands:
        return [reference]
    return [f"{brand}/{reference}" for brand in brands]


def _named(house: House, debtor_id: str, named: str) -> tuple[str, dict[str, Loaded]]:
    """Our own reference: the debtor, and who else is in the debt, in one request."""
    short = house.keys.short_debt(named) if "/" in named else named
    found, item = house.ledger.load_beside([debtor_id], *key_of(short))
    loaded = found.get(debtor_id)
    debts = loaded.debtor.debts if loaded is not None else ()
    debt = next((one for one in debts if house.keys.short_debt(one.key) == short), None)
    if loaded is None or debt is None:
        raise Unfit("unknown reference")
    noted = set(item["people"]["SS"]) if item is not None else set()
    return debt.key, {debtor_id: loaded, **_others(house, debtor_id, debt, noted)}


def _others(house: House, debtor_id: str, debt: Debt, noted: set[str]) -> dict[str, Loaded]:
    """Everybody else in the debt. A co-debtor's debt always has somebody else in it, noted or not."""
    others = noted - {debtor_id}
    if debt.role is not Role.PRINCIPAL and not others:
        others = set(house.lookups.debtors(house.keys.debt(debt.key))) - {debtor_id}
    found = house.ledger.load_many(sorted(others)) if others else {}
    return {one: loaded for one, loaded in found.items() if loaded.debtor.debt(debt.key) is not None}


def _save_all(house: House, entry: Entry, money: Said, key: str, people: Mapping[str, Loaded]) -> Told:
    """The payer first: their record says which debts the money pays, and everybody else in those is told."""
    payer = payer_among((one.debtor for one in people.values()), entry, money, key)
    saved = _save(house, entry, Share(payer.id, key, money), people[payer.id], rule_of(house, entry, money))
    learnt = [saved.has_learnt]
    for share in others_told(house, saved.debtor or payer, entry, money, key, list(people)):
        loaded = people[share.debtor_id] if share.key == key else None
        learnt.append(_save(house, entry, share, loaded, payer=saved.debtor).has_learnt)
    if not any(learnt):
        return Told("repeated", money.status)
    return Told(RESULTS.get(money.status, "released"))


RESULTS = {
    "paid": "posted",
    "reversed": "reversed",
    "returned": "reversed",
    "pending": "held",
    "unconfirmed": "held",
}


@dataclass(frozen=True, slots=True)
class _Saved:
    """A record as it stands, None where nobody is there any more, and whether it learnt anything."""

    debtor: Debtor | None
    has_learnt: bool


def _save(
    house: House,
    entry: Entry,
    share: Share,
    loaded: Loaded | None,
    rule: str = "named",
    payer: Debtor | None = None,
) -> _Saved:
    """payer: as they stand now, where it is another's record that is told."""
    learnt = False

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        nonlocal learnt
        base = entry.base(debtor.id, share.key)
        is_in_it = debtor.debt(share.key) is not None
        facts: tuple[Fact, ...] = ()
        if is_in_it and payer is not None and _has_counted(house, entry, share, debtor, payer):
            facts = noted_facts(debtor, now_heard(debtor, share.key, share.money, now))
        elif is_in_it:
            facts = heard_facts(debtor, share.key, share.money, house.playbook, now, base, rule=rule)
        learnt = bool(facts)
        return facts

    try:
        saved = change(house, share.debtor_id, decide, loaded)
    except NotFound:
        return _Saved(None, has_learnt=False)
    return _Saved(saved.debtor, learnt)


def _has_counted(house: House, entry: Entry, share: Share, debtor: Debtor, payer: Debtor) -> bool:
    """Whether this person's balance came after the money and knows of it: it is no higher than that of who paid, from whom it is off.

    Who died between the two records, or was never told, would have it taken off once more.
    """
    mine, theirs = debtor.debt(share.key), payer.debt(share.key)
    known = heard_of(debtor, share.money.intent, share.key) or _base_heard(entry, debtor, share.key)
    if mine is None or theirs is None or entry.assigned or not share.money.captured:
        return False
    if known is not None and (known.captured or known.words >= share.money.words):
        return False
    is_later = _counted_by(house, share.money, debtor, share.key) is not None
    return is_later and mine.outstanding.minor <= theirs.outstanding.minor


def _base_heard(entry: Entry, debtor: Debtor, key: str) -> Heard | None:
    base = entry.base(debtor.id, key)
    return base.heard if base is not None else None


def _set_aside(
    house: House, entry: Entry, money: Said, key: str, people: Mapping[str, Loaded], reason: str
) -> Told:
    """Quarantined with its reason; where we know whose it is, a person's task keeps everybody else silent about the debt."""
    if money.status in _MOVES_NOTHING:
        if entry.status == "quarantined":
            house.payments.release(entry, money.status)
        return Told("ignored", reason)
    for debtor_id, loaded in people.items():
        change(
            house,
            debtor_id,
            lambda debtor, now: quarantine_facts(debtor, key, money, reason, house.playbook, now),
            loaded,
        )
    if (entry.status, entry.reason) != ("quarantined", reason):
        house.payments.quarantine(entry, reason)
        house.counts[UNMATCHED] += 1
    return Told("quarantined", reason)
