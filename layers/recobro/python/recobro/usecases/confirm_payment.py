"""What a gateway only hinted at is asked at its API before anybody is credited: a signature that leaves the money out proves none."""

from collections.abc import Sequence
from dataclasses import replace

from recobro.adapters.gateways import gateway_named
from recobro.adapters.payment_log import Entry
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.said import Word, unanswered
from recobro.errors import InvalidInput, InvariantBroken, NotFound
from recobro.house import House
from recobro.usecases.hear_payment import Told, catch_up, with_word

CLOSED = frozenset({"rejected", "sent_back"})


def confirm_payment(house: House, intent: str) -> Told:
    """Ask what became of one payment, and hear the answer by the one path. Repeats harmlessly.

    Raises NotFound where nobody ever told us of it, and Unavailable while the gateway does not answer: then it is asked
    again. An answer that makes no sense, or a key that is refused, leaves the payment in quarantine with that reason.
    """
    entry = house.payments.entry(intent)
    if entry is None:
        raise NotFound("no such payment")
    if entry.status in CLOSED:
        return Told("closed", entry.status)
    hints, known = unanswered(entry.words), len(entry.words)
    if not hints:
        return Told("repeated")
    merchant, reason = "", ""
    for question in _questions(hints):
        try:
            answer, named = _answer(house, entry, question[-1].told)
        except (InvalidInput, InvariantBroken, NotFound) as error:
            reason = f"not confirmed: {error}"
            continue
        merchant = merchant or named
        entry = _with_answer(house, entry, answer, question)
    told = catch_up(house, entry, merchant) if len(entry.words) > known else Told("quarantined")
    if not reason:
        return told
    house.payments.quarantine(entry, reason)
    return Told("quarantined", reason)


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
    """(the gateway's words, the merchant they have to name)."""
    gateway = gateway_named(hint.gateway)
    ask = getattr(gateway, "ask", None)
    if ask is None:
        raise InvariantBroken(f"{gateway.name} has no API that could be asked")
    place = house.endpoint(gateway.name, entry.endpoint)
    try:
        told: Sequence[PaymentTold] = ask(hint, place, house.http, house.now())
    except NotFound:
        return [_denied(hint, house)], ""
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
