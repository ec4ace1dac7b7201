"""What a gateway only hinted at is asked at its API before anybody is credited: a signature that leaves the money out proves none."""

from dataclasses import replace

from recobro.adapters.gateways import gateway_named
from recobro.adapters.payment_log import Entry
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.said import Word, unanswered
from recobro.errors import InvalidInput, InvariantBroken, NotFound
from recobro.house import House
from recobro.usecases.hear_payment import Told, hear_payment

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
    hints = unanswered(entry.words)
    if not hints:
        return Told("repeated")
    hint = max(hints, key=lambda one: (one.told.at, one.digest)).told
    try:
        answer, merchant = _answer(house, entry, hint)
    except (InvalidInput, InvariantBroken, NotFound) as error:
        reason = f"not confirmed: {error}"
        house.payments.quarantine(entry, reason)
        return Told("quarantined", reason)
    covers = tuple(one.digest for one in hints)
    return hear_payment(house, answer, b"", entry.endpoint, source="asked", merchant=merchant, answers=covers)


def _answer(house: House, entry: Entry, hint: PaymentTold) -> tuple[PaymentTold, str]:
    """(the gateway's word, the merchant it has to name)."""
    gateway = gateway_named(hint.gateway)
    ask = getattr(gateway, "ask", None)
    if ask is None:
        raise InvariantBroken(f"{gateway.name} has no API that could be asked")
    place = house.endpoint(gateway.name, entry.endpoint)
    try:
        told: PaymentTold = ask(hint, place, house.http, house.now())
    except NotFound:
        return _denied(hint, house), ""
    if told.intent != hint.intent:
        raise InvalidInput("answer", "speaks of another payment", "ask the gateway's support")
    return told, place.merchant


def _denied(hint: PaymentTold, house: House) -> PaymentTold:
    """The gateway knows of no such payment: peace that rested on the hint ends, and nothing is credited."""
    nothing = Money(0, hint.amount.currency)
    return replace(hint, amount=nothing, status="failed", at=house.now(), is_certain=True, ask="", event="")


def open_questions(entry: Entry) -> list[Word]:
    """The hints of one payment that its gateway has not answered yet."""
    return [] if entry.status in CLOSED else unanswered(entry.words)
