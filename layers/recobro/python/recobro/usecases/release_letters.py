"""Who paid everything waits for the creditor's paper that says so: asked for, brought in, and handed over; nobody has to ask twice."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, LetterProgressed, TaskClosed
from recobro.domain.letter import ReleaseLetter
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.hear_payment import whom_it_means
from recobro.usecases.saving import change

KINDS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\x89PNG": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
}
"""First bytes → content type and ending: what a debtor can open on any telephone."""
LARGEST = 5 * 1024 * 1024


@dataclass(frozen=True)
class Waiting:
    """A letter that was asked for and is not handed over yet. is_overdue: the creditor is late; is_owed: owed again since."""

    debtor: str
    letter: ReleaseLetter
    is_overdue: bool
    is_owed: bool


def waiting(debtor: Debtor, now: datetime) -> Iterator[Waiting]:
    """The letters of one person that are still under way."""
    for one in debtor.letters:
        if one.status != "delivered":
            yield Waiting(
                debtor.id,
                one,
                one.status == "requested" and one.due_at < now,
                not _is_settled(debtor, one.debt),
            )


def receive_letter(house: House, reference: str, document: bytes, who: str) -> list[str]:
    """The creditor's letter is here: kept, and shown to everybody in the debt. Returns their ids.

    Raises InvalidInput for a file that is no letter, NotFound where none was asked for.
    """
    kind, ending = _kind(document)
    key, people = _people(house, reference)
    digest = hashlib.sha256(document).hexdigest()
    place = f"letters/{house.keys.short_debt(key)}/{digest[:16]}.{ending}"
    for loaded in people.values():
        _settled(loaded.debtor, key)
    # The file first: a record never names what is not there.
    house.files.write(place, document, kind)

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        _settled(debtor, key)
        known = _letter(debtor, key)
        if known is None or known.digest == digest:
            return ()
        done = tuple(TaskClosed(one.id, "done") for one in debtor.open_tasks() if one.step == f"letter:{key}")
        return (LetterProgressed(key, "received", place, digest, kind, who), *done)

    for one in people:
        change(house, one, decide)
    return sorted(people)


def deliver_letter(house: House, debtor_id: str, key: str, by: str) -> bool:
    """It reached the person: they opened it on their page, or somebody handed it over. False: it had before.

    Raises InvalidInput while the creditor's letter is not here, or where the debt is owed again.
    """
    learnt: list[bool] = []

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        letter = _letter(debtor, key)
        if letter is None:
            raise NotFound(f"no letter was asked for {key}")
        _settled(debtor, key)
        if not letter.document:
            raise InvalidInput(
                "letter", f"of {key} has not come from the creditor", "recobro letters received"
            )
        learnt.append(letter.status != "delivered")
        return (LetterProgressed(key, "delivered", by=by),) if learnt[-1] else ()

    change(house, debtor_id, decide)
    return learnt[-1]


def read_letter(house: House, debtor: Debtor, key: str) -> tuple[bytes, str]:
    """(the document, its content type), as the creditor gave it. Raises NotFound while there is none or the debt is owed again."""
    letter = _letter(debtor, key)
    if letter is None or not letter.document or not _is_settled(debtor, key):
        raise NotFound("no letter")
    body = house.files.read(letter.document)
    if hashlib.sha256(body).hexdigest() != letter.digest:
        raise NotFound("not the letter that was received")
    return body, letter.kind


def _people(house: House, reference: str) -> tuple[str, dict[str, Loaded]]:
    key, people = whom_it_means(house, reference)
    asked = {one: loaded for one, loaded in people.items() if _letter(loaded.debtor, key) is not None}
    if not asked:
        raise NotFound(
            f"no letter was asked for {reference}: it is, when a payment or a kept plan settles it"
        )
    return key, asked


def _letter(debtor: Debtor, key: str) -> ReleaseLetter | None:
    return next((one for one in debtor.letters if one.debt == key), None)


def _is_settled(debtor: Debtor, key: str) -> bool:
    debt = debtor.debt(key)
    return debt is None or debt.status is DebtStatus.PAID


def _settled(debtor: Debtor, key: str) -> None:
    """A payment that was taken back since makes the paper untrue."""
    if not _is_settled(debtor, key):
        raise InvalidInput("letter", f"{key} is owed again since it was asked for", "ask the creditor first")


def _kind(document: bytes) -> tuple[str, str]:
    if not 0 < len(document) <= LARGEST:
        raise InvalidInput("document", f"has {len(document)} bytes", f"1 to {LARGEST}")
    found = next((kind for start, kind in KINDS.items() if document.startswith(start)), None)
    if found is None:
        raise InvalidInput("document", "is no PDF, PNG or JPEG", "ask the creditor for one of these")
    return found
