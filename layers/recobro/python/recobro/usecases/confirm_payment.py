"""What a gateway only hinted at is asked at its API before anybody is credited: a signature that leaves the money out proves none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from recobro.adapters.gateways import gateway_named
from recobro.adapters.payment_log import Entry
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.said import UNCONFIRMED_WAITS, Word, unanswered
from recobro.errors import InvalidInput, InvariantBroken, NotFound, Unavailable
from recobro.house import House
from recobro.usecases.hear_payment import Told, catch_up, with_word

CLOSED = frozenset({"rejected", "sent_back"})
MOVES = frozenset({"paid", "refunded"})


class Lagging(Unavailable):
    """A gateway's own API does not know yet what the gateway has told us: it is asked again."""


def confirm_payment(house: House, intent: str) -> Told:
    """Ask what became of one payment, and hear the answer by the one path. Repeats harmlessly.

    Raises NotFound where nobody ever told us of it, and Unavailable while the gateway does not answer, or lags behind its own word: then
    it is asked again. An answer that makes no sense, a key that is refused, or a lag of a day leaves the payment in quarantine with that
    reason.
    """
    entry = house.payments.entry(intent)
    if entry is None:
        raise NotFound("no such payment")
    if entry.status in CLOSED:
        return Told("closed", entry.status)
    hints, known = unanswered(entry.words), len(entry.words)
    if not hints:
        return Told("repeated")
    answers, merchant, reason = _answers(house, entry, hints)
    behind: list[PaymentTold] = []
    for question, answer in answers:
        if _knows_enough(entry, question, answer):
            entry = _with_answer(house, entry, answer or [_denied(question[-1].told, house)], question)
        else:
            behind.append(question[-1].told)
    told = catch_up(house, entry, merchant) if len(entry.words) > known else Told("quarantined")
    if any(house.now() - _heard_at(house, entry, hint) >= UNCONFIRMED_WAITS for hint in behind):
        reason = (
            "not confirmed: we were told that money moved, and a day later the gateway's API knows of none"
        )
    if reason:
        house.payments.quarantine(entry, reason)
        return Told("quarantined", reason)
    if behind:
        raise Lagging("the gateway's API knows less than the gateway has told")
    return told


def _answers(
    house: House, entry: Entry, hints: Sequence[Word]
) -> tuple[list[tuple[list[Word], Sequence[PaymentTold]]], str, str]:
    """(each question with its answer, the merchant that they have to name, why a question has none that could be used)."""
    found: list[tuple[list[Word], Sequence[PaymentTold]]] = []
    merchant, reason = "", ""
    for question in _questions(hints):
        try:
            answer, named = _answer(house, entry, question[-1].told)
        except (InvalidInput, InvariantBroken, NotFound) as error:
            reason = f"not confirmed: {error}"
        else:
            merchant = merchant or named
            found.append((question, answer))
    # What is known first: beside it, a word that its gateway denies waits for nobody.
    return sorted(found, key=lambda one: not _knows_enough(entry, *one)), merchant, reason


def _knows_enough(entry: Entry, question: Sequence[Word], answer: Sequence[PaymentTold]) -> bool:
    """Whether such an answer may close the question. Where we were told that money moved, an API that says "pending", or that there is no
    such payment, may be a moment behind.
    """
    moved = {one.told.status for one in question} & MOVES
    known = {one.told.status for one in entry.words if one.told.is_certain}
    return moved <= known or any(one.status != "pending" for one in answer)


def _heard_at(house: House, entry: Entry, hint: PaymentTold) -> datetime:
    """When we heard the hint: its own instant may be unsigned, so none is believed from before the payment was known or to come."""
    return hint.at if entry.at <= hint.at <= house.now() else entry.at


def _questions(hints: Sequence[Word]) -> list[list[Word]]:
    """The hints by what their gateway has to be asked for, each kind oldest first: an answer speaks of what it was asked for alone.

    A capture's hint says nothing of its refund's, and who denies a forged word has not denied the genuine one beside it.
    """
    found: dict[str, list[Word]] = {}
    for one in sorted(hints, key=lambda one: (one.told.at, one.digest)):
        found.setdefault(one.told.ask, []).append(one)
    return list(found.values())


def _with_answer(
    house: House, entry: Entry, answer: Sequence[PaymentTold], question: Sequence[Word]
) -> Entry:
    """The payment once the whole answer is in the log. Only the last word covers the hints: who dies before it asks again."""
    *first, last = answer
    for one in first:
        with_word(house, one, b"", entry.endpoint, source="asked")
    covers = tuple(one.digest for one in question)
    return with_word(house, last, b"", entry.endpoint, source="asked", answers=covers)


def _answer(house: House, entry: Entry, hint: PaymentTold) -> tuple[Sequence[PaymentTold], str]:
    """(the gateway's words, none where it knows of no such payment; the merchant they have to name)."""
    gateway = gateway_named(hint.gateway)
    ask = getattr(gateway, "ask", None)
    if ask is None:
        raise InvariantBroken(f"{gateway.name} has no API that could be asked")
    place = house.endpoint(gateway.name, entry.endpoint)
    try:
        told: Sequence[PaymentTold] = ask(hint, place, house.http, house.now())
    except NotFound:
        return (), ""
    if not told or any(one.intent != hint.intent for one in told):
        raise InvalidInput("answer", "speaks of another payment", "ask the gateway's support")
    return told, place.merchant


def _denied(hint: PaymentTold, house: House) -> PaymentTold:
    """The gateway knows of no such payment: peace that rested on the hint ends, and nothing is credited. Whose it was to be, and in
    which currency, the hint alone says, so the denial vouches for neither.
    """
    return replace(
        hint,
        reference="",
        amount=Money(0, ""),
        status="failed",
        at=house.now(),
        is_certain=True,
        ask="",
        event="",
    )


def open_questions(entry: Entry) -> list[Word]:
    """The hints of one payment that its gateway has not answered yet."""
    return [] if entry.status in CLOSED else unanswered(entry.words)
