"""From one release to the next and back: which shapes the records have, and all of them brought to one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from recobro.adapters.reshaping import Reshaping
from recobro.errors import InvalidInput


@dataclass
class Migrated:
    """before: schema → records that had it. moved: how many were rewritten."""

    to: int
    before: Counter[int] = field(default_factory=Counter)
    moved: int = 0


def migrate(
    records: Reshaping, to: int, *, dry_run: bool = False, seen: Callable[[int], None] = lambda count: None
) -> Migrated:
    """Bring every record to schema `to`; run again after a break, it goes on. Raises InvalidInput for an unreachable schema.

    Going forward this only saves work for later saves. Going back, first deploy the release that writes `to`.
    """
    shape = records.shape
    if not shape.oldest <= to <= shape.newest:
        raise InvalidInput(
            "--to", f"is {to}", f"{shape.oldest} to {shape.newest}: this release knows no other"
        )
    if to < shape.written and not dry_run:
        raise InvalidInput(
            "--to",
            f"is {to}, and the release at hand writes {shape.written}",
            f"first deploy the release that reads {shape.written} and writes {to}",
        )
    done = Migrated(to)
    for count, (debtor_id, schema) in enumerate(records.records(), 1):
        done.before[schema] += 1
        if schema != to and not dry_run:
            done.moved += records.reshape(debtor_id, to)
        seen(count)
    return done
