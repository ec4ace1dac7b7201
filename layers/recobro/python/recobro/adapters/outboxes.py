"""The queues in front of the channels' Lambdas: they carry ids only, and are a hint; the ledger is the truth."""

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from recobro.adapters.table import in_our_words

LONGEST_DELAY = 900
"""Seconds: SQS's own limit, and as long as a sweep's interval may be."""


class Outboxes:
    """channel → queue URL."""

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = urls

    @property
    def channels(self) -> frozenset[str]:
        """Those that have a queue here."""
        return frozenset(self._urls)

    def enqueue(self, channel: str, messages: Iterable[Mapping[str, str]], rate: int, wait: int = 0) -> int:
        """Hand over ids, ten to a request, to come out again at `rate` a second (SQS hides them so long, 15 minutes at most).

        wait: seconds until the first of them. Returns how many were accepted; the rest comes round with the next sweep.
        """
        waiting = enumerate(messages)
        accepted = 0
        while batch := list(islice(waiting, 10)):
            entries = [
                {
                    "Id": str(place),
                    "MessageBody": json.dumps(one, sort_keys=True),
                    "DelaySeconds": min(LONGEST_DELAY, wait + place // rate),
                }
                for place, one in batch
            ]
            answer = in_our_words(
                self._client.send_message_batch, QueueUrl=self._urls[channel], Entries=entries
            )
            accepted += len(answer.get("Successful", []))
        return accepted
