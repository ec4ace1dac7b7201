"""What the creditor says of money that came to itself, by program or by file: one id is one payment, and never two different ones."""

import hashlib
import json
from datetime import timedelta

from recobro.codec import to_plain
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.said import Word
from recobro.errors import Conflict, InvalidInput
from recobro.house import House
from recobro.intake import api_shapes as shapes
from recobro.usecases.hear_payment import RESULTS, Told, hear_payment

AHEAD = timedelta(days=1)
"""By how much a day that is written without its hour, and a clock beside ours, may seem to go before it."""
SAME = frozenset({"paid", "pending"})
"""Words that say one thing of one payment; what goes back may go back in parts, each told by itself."""


def creditors_payment(
    house: House, made: shapes.PaymentMade, who: str, *, source: str, event: str = ""
) -> Told:
    """Heard by the same path as a gateway's word. source: "api" | "file"; both name the same payment by the same id.

    Said again alike, the answer is the first one. Raises InvalidInput, and Conflict where that id was said of another debt,
    currency, amount or instant: then nothing changes.
    """
    shapes.check_payment(made)
    at = shapes.utc("at", made.at)
    if at > house.now() + AHEAD:
        raise InvalidInput("at", "lies in the future", "when the money came")
    told = PaymentTold(
        gateway="api",
        intent=f"api#{made.id}",
        event=event,
        reference=made.reference,
        amount=Money(made.amount, made.currency),
        status=made.status,
        at=at,
    )
    before = house.payments.entry(told.intent)
    for word in before.words if before is not None else ():
        _agrees(word, told)
    raw = json.dumps(to_plain(made), sort_keys=True).encode()
    if before is None and told.status in SAME:
        _first(house, told, raw)
    done = hear_payment(house, told, raw, who, source=source)
    return Told(RESULTS.get(done.reason, done.result)) if done.result == "repeated" else done


def _first(house: House, told: PaymentTold, raw: bytes) -> None:
    """Of two that say different things in the same instant, before either is heard, one goes on. Raises Conflict."""
    mark = hashlib.sha256(f"{told.intent} {told.status}".encode()).hexdigest()[:40]
    try:
        house.api_answers.before(f"payment-{mark}", hashlib.sha256(raw).hexdigest(), house.now())
    except Conflict:
        raise Conflict(f"payment {told.intent.partition('#')[2]} was just told with other content") from None


def _agrees(word: Word, told: PaymentTold) -> None:
    """Raises Conflict with what differs."""
    known = word.told
    differs = [
        name
        for name, one, other in (
            ("reference", known.reference, told.reference),
            ("currency", known.amount.currency, told.amount.currency),
        )
        if one != other
    ]
    if known.status == told.status and told.status in SAME:
        differs += ["amount"] if known.amount != told.amount else []
        differs += ["at"] if known.at != told.at else []
    if differs:
        raise Conflict(
            f"payment {told.intent.partition('#')[2]} stands with another {' and '.join(dict.fromkeys(differs))}"
        )
