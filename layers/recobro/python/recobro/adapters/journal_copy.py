"""The history once more, outside the table: what a restored table is brought up to date from before anything is claimed on it.

Facts hold no personal content, so the copy may outlive an erasure; what was said, and to which address, is not in it.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from recobro.adapters.files import Files
from recobro.adapters.state_record import Saved, recorded_from_plain
from recobro.domain.chain import Recorded, canonical

PREFIX = "journal/"


class JournalCopy:
    """One object for each batch of the stream, `journal/<day>/<last instant>-<hash>.jsonl.gz`: a batch that comes again is the same."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def write(self, saves: Iterable[Saved]) -> None:
        """The facts of a batch. Raises Unavailable: the batch has to come again."""
        told = [(saved.debtor_id, fact) for saved in saves for fact in saved.facts]
        lines = [{"debtor": debtor, "recorded": fact} for debtor, fact in told]
        if not lines:
            return
        text = "".join(f"{canonical(line)}\n" for line in lines).encode()
        last = max(str(fact["at"]) for _, fact in told)
        mark = hashlib.sha256(text).hexdigest()[:16]
        self._files.write(f"{PREFIX}{last[:10]}/{last}-{mark}.jsonl.gz", gzip.compress(text, mtime=0))

    def since(self, instant: datetime) -> Iterator[tuple[str, Recorded]]:
        """(debtor id, fact) of every batch that ended at `instant` or later; some facts are older, some come twice."""
        day = instant.date() - timedelta(days=1)
        for key in self._files.keys(PREFIX, after=f"{PREFIX}{day:%Y-%m-%d}"):
            ended = datetime.fromisoformat(key.rpartition("/")[2].rpartition("-")[0])
            if ended < instant:
                continue
            for line in gzip.decompress(self._files.read(key)).splitlines():
                told: Mapping[str, Any] = json.loads(line)
                yield told["debtor"], recorded_from_plain(told["recorded"])
