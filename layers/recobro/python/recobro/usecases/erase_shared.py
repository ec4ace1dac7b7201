"""What was said at a telephone that several people have is kept with each of them: who is erased goes from the others' copies, too."""

from collections.abc import Mapping, Sequence

from recobro.adapters.erasures import Erasure
from recobro.adapters.file_versions import FileVersions
from recobro.domain.facts import MessageReceived
from recobro.domain.naming import Naming
from recobro.errors import Stale
from recobro.house import House
from recobro.ports import Content, Loaded, SavedByAnother
from recobro.usecases.saving import ROUNDS

NOT_THEIRS = frozenset({"doubt", "another"})
"""Of whom a message in a record may not be (MessageReceived.whose): what somebody said of themselves stays theirs."""


class Waits(Exception):
    """The journal has yet to bring words that name the person; once nobody knows them any more, nobody could tell which."""


def others_words_forgotten(
    house: House, erasure: Erasure, naming: Naming, *, has_journal: bool, has_history: bool
) -> int:
    """How many copies of words went from the records and folders of others at the person's addresses; that something was said, and
    its keyed hash, stay. Raises Waits.

    has_journal, has_history: as of `replay_erasures`.
    """
    found = {who for point in erasure.points for who in house.lookups.debtors(point)} - {erasure.debtor}
    others = [one for one in house.ledger.load_many(sorted(found)).values() if not one.debtor.is_erased]
    hers = _names_of_files(house, erasure.debtor)
    gone, is_under_way = 0, False
    for other in others:
        said = _said_of(house, other, naming)
        gone += _files_gone(house, other.debtor.id, naming, hers, said)
        arrived = said.keys() - (_under_way(house, other) if has_journal else frozenset())
        is_under_way = is_under_way or len(arrived) < len(said)
        gone += _unsaid(house, other, arrived, is_saved=has_history)
    if is_under_way:
        raise Waits
    return gone


def _said_of(house: House, other: Loaded, naming: Naming) -> dict[str, Content]:
    """Keyed hash → words in that record which may not be theirs and name the person."""
    facts = (one.fact for one in house.ledger.history(other.debtor.id))
    hashes = [one.content for one in facts if isinstance(one, MessageReceived) and one.whose in NOT_THEIRS]
    contents = ((one, house.ledger.content(other.debtor.id, one)) for one in dict.fromkeys(hashes))
    return {one: said for one, said in contents if said is not None and naming.is_in(_words(said))}


def _words(said: Content) -> str:
    return "\n".join(said.variables.values())


def _under_way(house: House, other: Loaded) -> frozenset[str]:
    """What travels in the record and is not in the history yet: the journal would still write it there."""
    recorded = (one.fact for one in house.ledger.recorded(other.debtor.id))
    known = {one.content for one in recorded if isinstance(one, MessageReceived)}
    return frozenset(other.contents.keys() - known)


def _unsaid(house: House, other: Loaded, hashes: frozenset[str] | set[str], *, is_saved: bool) -> int:
    """First from the record, so that no later save takes them along, then from the history."""
    for _ in range(ROUNDS):
        try:
            house.ledger.leave_unsaid(other, hashes, house.now(), is_saved=is_saved)
        except SavedByAnother as lost:
            if lost.current is None:
                break
            other = lost.current
        else:
            return sum(house.ledger.forget_content(other.debtor.id, one) for one in hashes)
    raise Stale(f"{other.debtor.id}: saved by others {ROUNDS} times")


def _names_of_files(house: House, debtor_id: str) -> frozenset[str]:
    """A message as it came has the same name with everybody with whom it is kept."""
    return frozenset(one.key.rpartition("/")[2] for one in _versions(house).beginning(f"heard/{debtor_id}/"))


def _files_gone(
    house: House, other: str, naming: Naming, hers: frozenset[str], said: Mapping[str, Content]
) -> int:
    """Messages as they came, of those words or kept with the person as well, in which the person is named."""
    idents = Naming(_idents(list(said.values())))
    versions, gone = _versions(house), set()
    for one in list(versions.beginning(f"heard/{other}/")):
        body = versions.read(one).decode("utf-8", "replace")
        if naming.is_in(body) and (one.key.rpartition("/")[2] in hers or idents.is_in(body)):
            versions.delete(one)
            gone.add(one.key)
    return len(gone)


def _idents(said: Sequence[Content]) -> list[str]:
    return [one.variables.get("id", "") for one in said]


def _versions(house: House) -> FileVersions:
    return FileVersions(house.client("s3"), house.settings.bucket)
