"""What the journal gave up on is somebody's history yet, unless it is the history of a table that a restore left behind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from recobro.adapters.given_up import GivenUp
from recobro.adapters.journal_copy import JournalCopy
from recobro.adapters.journal_items import JournalItems
from recobro.domain.chain import chained
from recobro.house import House


def of_this_ledger(house: House, saves: Iterable[GivenUp]) -> dict[str, list[GivenUp]]:
    """debtor → those of their saves that their chain is made of here, and those that nobody can read, of which the journal says why.

    A ledger that was restored goes on with other saves of the same numbers: what the table before it gave up on is not its history.
    """
    theirs: dict[str, list[GivenUp]] = defaultdict(list)
    for one in saves:
        theirs[one.debtor].append(one)
    return {debtor_id: _chained(house, debtor_id, several) for debtor_id, several in theirs.items()}


def _chained(house: House, debtor_id: str, saves: Sequence[GivenUp]) -> list[GivenUp]:
    loaded = house.ledger.load(debtor_id)
    links = {one.hash: one.before for one in house.ledger.history(debtor_id)}
    for save in saves:
        links |= save.links
    whole = chained(loaded.debtor.head, links) if loaded is not None else frozenset()
    return [one for one in saves if one.saved is None or one.links.keys() <= whole]


def facts_kept(house: House, save: GivenUp) -> None:
    """The facts of a save, in the history and in its copy, without what was said; of one that nobody can read there are none."""
    if save.saved is None:
        return
    bare = replace(save.saved, contents=())
    JournalItems(house.client("dynamodb"), house.settings.table).restore(save.debtor, bare.facts, {})
    JournalCopy(house.files).write([bare])
