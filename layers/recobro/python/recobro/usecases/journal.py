"""What a save recorded becomes history: facts and what was said, one item each, from the table's own stream."""

from typing import Any

from recobro.adapters.journal_items import JournalItems, posted_intents
from recobro.house import House


def journal(house: House, items: JournalItems, image: dict[str, Any]) -> int:
    """Write the history of one STATE image. Repeats harmlessly. Returns how many facts it brought."""
    saved = items.write(image)
    for intent in posted_intents(saved):
        house.payments.settle(intent, "posted")
    return len(saved.facts)
