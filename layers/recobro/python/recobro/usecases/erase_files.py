"""What the bucket holds of one person goes, every version of it; what the same files hold of others stays where it is read."""

import gzip
import json
from collections.abc import Callable, Mapping

from recobro.adapters.erasures import Erasure
from recobro.adapters.file_versions import FileVersions
from recobro.adapters.given_up import GAVE_UP, given_up
from recobro.domain.facts import LetterProgressed
from recobro.domain.naming import Naming
from recobro.house import House
from recobro.usecases.saves_given_up import facts_kept, of_this_ledger

OWN = ("proofs/", "heard/")
"""Folders with a folder for each person."""

LETTERS = "letters/"
"""A folder for each debt that was paid, with the creditor's paper that says so: name and number of who had owed it."""

FADING = ("inbox/", "results/")
"""Files that name many people, as the creditor sent them: they go by their own lifetimes (infra/stack/bucket.py)."""

WORK = "work/"
"""Pieces of imports: a file that an import may still read is never taken away, even if nothing is left in it."""


def own_files_gone(house: House, debtor_id: str) -> int:
    """What the person sent us: papers that prove a payment, and messages as they came."""
    versions = _versions(house)
    found = [one for folder in OWN for one in versions.beginning(f"{folder}{debtor_id}/")]
    for one in found:
        versions.delete(one)
    return len({one.key for one in found})


def letters_gone(house: House, erasure: Erasure) -> int:
    """The creditor's papers on the person's debts, also on those that the record forgot since; one that the record of somebody else in
    the debt names is theirs as well, and stays until they go.
    """
    facts = (one.fact for one in house.ledger.history(erasure.debtor))
    known = (house.keys.short_debt(one.debt) for one in facts if isinstance(one, LetterProgressed))
    folders = dict.fromkeys((*erasure.shared, *known))
    people = {who for one in erasure.debts for who in house.lookups.debtors(one)} | house.obligors.people(
        folders
    )
    others = house.ledger.load_many(sorted(people - {erasure.debtor})).values()
    theirs = {letter.document for one in others for letter in one.debtor.letters}
    versions = _versions(house)
    found = [one for short in folders for one in versions.beginning(f"{LETTERS}{short}/")]
    gone = [one for one in found if one.key not in theirs]
    for one in gone:
        versions.delete(one)
    return len({one.key for one in gone})


def rows_forgotten(house: House, debtor_id: str, naming: Naming) -> int:
    """Pieces of imports: the lines of this person, and of nobody else."""
    return _forgotten(house, WORK, lambda key, body: _left(key, body, debtor_id, naming))


def images_forgotten(house: House, debtor_id: str) -> int:
    """What the journal could not write: the images of this person, and of nobody else. What they recorded goes on in the history
    without what was said, so that the chain still holds.
    """
    saves = [one for _, several in given_up(house.files) for one in several if one.debtor == debtor_id]
    for one in of_this_ledger(house, saves).get(debtor_id, ()):
        facts_kept(house, one)
    return _forgotten(house, GAVE_UP, lambda _key, body: _images_left(body, debtor_id))


Left = Callable[[str, bytes], bytes]
"""(key, body of a file) → what is left of it without somebody; the very same bytes where it does not hold them."""


def _forgotten(house: House, prefix: str, left_of: Left) -> int:
    changed: set[str] = set()
    for key in list(house.files.keys(prefix)):
        body = house.files.read(key)
        left = left_of(key, body)
        if left == body:
            continue
        if left or prefix == WORK:
            house.files.write(key, left)
        else:
            house.files.purge(key)
        changed.add(key)
    return len(changed | _older_gone(house, prefix, left_of))


def _older_gone(house: House, prefix: str, left_of: Left) -> set[str]:
    """What was overwritten or deleted, and holds the person yet: also where an earlier erasure died before it came to that."""
    versions, gone = _versions(house), set()
    for one in list(versions.beginning(prefix)):
        if one.is_latest:
            continue
        body = versions.read(one)
        if left_of(one.key, body) != body:
            versions.delete(one)
            gone.add(one.key)
    return gone


def _versions(house: House) -> FileVersions:
    return FileVersions(house.client("s3"), house.settings.bucket)


def _left(key: str, body: bytes, debtor_id: str, naming: Naming) -> bytes:
    """A piece of an import without the person."""
    plain = gzip.decompress(body) if key.endswith(".gz") else body
    name = key.rpartition("/")[2]
    if name.startswith(("part-", "missing-")):
        left = _rows_left(plain, debtor_id)
    elif name.startswith("rejects-"):
        left = _rejects_left(plain, naming)
    else:
        left = plain
    if left == plain:
        return body
    return gzip.compress(left, 6, mtime=0) if key.endswith(".gz") else left


def _rows_left(body: bytes, debtor_id: str) -> bytes:
    """By whose row it is: a relative's stays, whatever phone they share. A full file recalls the debts whose rows are gone."""
    lines = body.decode("utf-8").split("\n")
    return "\n".join(line for line in lines if debtor_id not in line or _owner(line) != debtor_id).encode()


def _owner(line: str) -> str:
    """Of a row that was taken, or of a debt that a full file no longer names: [debtor, debt]."""
    row: Mapping[str, str] | list[str] = json.loads(line)
    return row[0] if isinstance(row, list) else row["debtor"]


def _rejects_left(body: bytes, naming: Naming) -> bytes:
    """A rejected row has no debtor yet: its number, field and code stay, so that the creditor's count still holds."""
    lines = body.decode("utf-8").split("\n")
    return "\n".join(_unnamed(line, naming) if naming.is_in(line) else line for line in lines).encode()


def _unnamed(line: str, naming: Naming) -> str:
    told: dict[str, object] = json.loads(line)
    left = {
        name: "(erased)" if isinstance(one, str) and naming.is_in(one) else one for name, one in told.items()
    }
    return json.dumps(left, sort_keys=True, ensure_ascii=False)


def _images_left(body: bytes, debtor_id: str) -> bytes:
    """The images of a failed batch, without those of the person: `DEBTOR#<id>`, whatever they hold inside. Empty: none is left."""
    record = json.loads(body)
    payload = record.get("payload") or {"Records": []}
    plain: Mapping[str, list[object]] = json.loads(payload) if isinstance(payload, str) else payload
    left = [one for one in plain["Records"] if debtor_id not in json.dumps(one)]
    if len(left) == len(plain["Records"]):
        return body
    return json.dumps({**record, "payload": {"Records": left}}).encode() if left else b""
