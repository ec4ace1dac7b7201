"""The history of every debtor, one item a fact: written from the table's stream, so that no send waits for it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from recobro.adapters.lookups import sent_items
from recobro.adapters.state_record import Saved, content_key, fact_key, read_saved
from recobro.adapters.table import in_our_words
from recobro.codec import to_plain
from recobro.domain.chain import canonical
from recobro.ports import Content


class JournalItems:
    """Writes what a save brought. Every write repeats harmlessly: same key, same content."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def write(self, image: dict[str, Any]) -> Saved:
        """The facts and contents that the save in `image` (a STATE item as the stream brings it) recorded."""
        saved = read_saved(image)
        self.restore(saved.debtor_id, saved.facts, {one.digest: one for one in saved.contents})
        return saved

    def restore(
        self, debtor_id: str, facts: Sequence[Mapping[str, Any]], contents: Mapping[str, Content]
    ) -> None:
        """The same of whatever still travels in a record, from any save."""
        items = [
            {**fact_key(debtor_id, one["version"], one["number"]), "body": {"S": canonical(one)}}
            for one in facts
        ]
        items += [
            {**content_key(debtor_id, digest), "body": {"S": json.dumps(to_plain(one), sort_keys=True)}}
            for digest, one in contents.items()
        ]
        items += {one["pk"]["S"]: one for one in sent_items(debtor_id, facts)}.values()
        # Contents go first: a fact that names a content never stands in the history without it.
        items.sort(key=lambda item: item["sk"]["S"])
        for start in range(0, len(items), 25):
            self._write_batch(items[start : start + 25])

    def _write_batch(self, items: list[dict[str, Any]]) -> None:
        left: dict[str, Any] = {self._table: [{"PutRequest": {"Item": item}} for item in items]}
        while left:
            answer = in_our_words(self._client.batch_write_item, RequestItems=left)
            left = answer.get("UnprocessedItems") or {}
