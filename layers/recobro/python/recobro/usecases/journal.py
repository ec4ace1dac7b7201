"""What a save recorded becomes history: facts and what was said, one item each, from the table's own stream."""

from collections.abc import Mapping, Sequence
from typing import Any

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import Saved
from recobro.house import House
from recobro.settings import queue_url

QUEUE = "client-notices"
"""Only where one of the client's own systems asks to be told."""


def journal(house: House, items: JournalItems, image: dict[str, Any]) -> Saved:
    """Write the history of one STATE image. Repeats harmlessly. Returns what it brought."""
    saved = items.write(image)
    heard = [one["fact"] for one in saved.facts if one["fact"]["kind"] == "payment_heard"]
    if heard:
        _note_payments(house, image, heard)
    if any(one["fact"]["kind"] == "pay_link_voided" for one in saved.facts):
        house.hand("links-to-withdraw", {"debtor": saved.debtor_id})
    if queue_url(QUEUE):
        from recobro.usecases.notify_client import hand_notices

        hand_notices(house, saved)
    return saved


def _note_payments(house: House, image: dict[str, Any], facts: Sequence[Mapping[str, Any]]) -> None:
    """The payment log keeps what the record learnt, since the record forgets; what proves nothing is asked at the gateway."""
    # Most saves bring no payment, and need no debtor made of them.
    from recobro.adapters.state_record import read_state
    from recobro.codec import from_plain
    from recobro.domain.payment import Heard

    debtor = read_state(image).debtor
    for fact in facts:
        heard = from_plain(Heard, fact["heard"])
        house.payments.note(debtor.id, heard, (one for one in debtor.payments if one.intent == heard.intent))
        if fact.get("asks"):
            house.hand("payment-questions", {"intent": heard.intent})
