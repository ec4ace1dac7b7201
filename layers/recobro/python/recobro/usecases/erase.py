"""A person asks to be forgotten: what names them goes, what proves how they were treated stays, and no later file brings them back.

The order survives a crash at any point, as each step can be done again: the register first, then the suppressions, then what
is found by the person's own data, then the tombstone, then what is found by hashes alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from recobro.adapters.erasures import Erasure, Erasures
from recobro.adapters.lookups import sent_as
from recobro.codec import write_instant
from recobro.domain.chain import Recorded
from recobro.domain.debt import Role
from recobro.domain.debtor import Debtor
from recobro.domain.facts import AttemptProgressed, Erased, PaymentHeard, PaymentPosted
from recobro.domain.rights import Rights
from recobro.errors import InvalidInput, NotFound, Stale
from recobro.house import House
from recobro.ports import Loaded, SavedByAnother
from recobro.usecases.erase_files import images_forgotten, letters_gone, own_files_gone, rows_forgotten
from recobro.usecases.erase_payments import bodies_forgotten, unknown_money_forgotten
from recobro.usecases.erase_shared import Waits, others_words_forgotten
from recobro.usecases.rights import rights
from recobro.usecases.saving import ROUNDS
from recobro.usecases.unnamed import naming_of, refuse_what_names


@dataclass
class Erasing:
    """gone: what was taken away, by kind. is_done: False: the journal has not caught up; ask again and it goes on."""

    debtor: str
    gone: dict[str, int] = field(default_factory=dict)
    is_done: bool = False

    def count(self, what: str, how_many: int = 1) -> None:
        if how_many:
            self.gone[what] = self.gone.get(what, 0) + how_many


@dataclass(frozen=True)
class ComeBack:
    """Somebody whom the register names and this table does not know as erased. at: when they were. is_here: it names them again."""

    debtor: str
    at: datetime
    request: str
    is_here: bool


def erase(house: House, debtor_id: str, request: str, *, agreed_by: str = "") -> Erasing:
    """Erase one person; again: what an earlier call left goes too. request: the letter or form that asks for it, and not whose it is.

    agreed_by: whose word ends what our own caution still keeps; what a law keeps nobody's word ends. Raises NotFound, and
    InvalidInput where something has to be kept yet.
    """
    if not request.strip():
        raise InvalidInput("--request", "is missing", "name the letter, message or form that asks for it")
    register = Erasures(house.files)

    def may_go(loaded: Loaded | None) -> None:
        begun = register.entry(debtor_id)
        if begun is None or (loaded is not None and not loaded.debtor.is_erased):
            # Also where an erasure was begun and died: what is owed, or has to be kept, may have come since.
            for option, text in (("--request", request), ("--agreed-by", agreed_by)):
                refuse_what_names(loaded.debtor if loaded is not None else Debtor(debtor_id), option, text)
            _may_go(rights(house, debtor_id), agreed_by or (begun.agreed_by if begun is not None else ""))

    return _erased(house, register, debtor_id, request.strip(), agreed_by, may_go=may_go)


def replay_erasures(house: House, *, has_journal: bool = True, has_history: bool = True) -> Iterator[Erasing]:
    """Before anything is claimed from a restored table: everybody in the register is erased again, whoever came back with it.

    has_journal: False: no stream writes words into that table yet. has_history: False: the facts since the backup are still to
    be replayed, the tombstone's own among them, so that what names the person goes now and the tombstone comes with them.
    """
    register = Erasures(house.files)
    for entry in register.all():
        yield _erased(
            house,
            register,
            entry.debtor,
            entry.request,
            entry.agreed_by,
            has_journal=has_journal,
            has_history=has_history,
        )


def come_back(house: House) -> Iterator[ComeBack]:
    """Whom `replay_erasures` would erase, as the table stands: nothing is written. In the register's order."""
    entries = Erasures(house.files).all()
    while several := list(islice(entries, 100)):
        here = house.ledger.load_many([one.debtor for one in several])
        for one in several:
            loaded = here.get(one.debtor)
            if loaded is None or not loaded.debtor.is_erased:
                yield ComeBack(one.debtor, one.at, one.request, is_here=loaded is not None)


def _may_go(found: Rights, agreed_by: str) -> None:
    if found.open_debts:
        fix = "the creditor closes or recalls them first; `recobro rights DEBTOR --object` binds at once"
        raise InvalidInput("DEBTOR", f"owes {', '.join(found.open_debts)}", fix)
    kept = [one for one in found.blocked if one.is_law or not agreed_by]
    if kept:
        last = max(kept, key=lambda one: (one.until is not None, one.until))
        until = f"until {last.until}" if last.until is not None else "for now"
        fix = "`recobro rights DEBTOR --object` binds at once; erase after that day"
        if not any(one.is_law for one in kept):
            fix = "name the creditor's word that ends our own caution: --agreed-by"
        raise InvalidInput("DEBTOR", f"{last.what} is kept {until} by {last.source} [{last.rule}]", fix)


def _erased(
    house: House,
    register: Erasures,
    debtor_id: str,
    request: str,
    agreed_by: str,
    *,
    may_go: Callable[[Loaded | None], None] = lambda loaded: None,
    has_journal: bool = True,
    has_history: bool = True,
) -> Erasing:
    done = Erasing(debtor_id)
    asked = Erasure(debtor_id, request, house.now(), agreed_by=agreed_by)
    for _ in range(ROUNDS):
        loaded = house.ledger.load(debtor_id)
        may_go(loaded)
        try:
            entry = _names_gone(
                house, register, loaded, asked, done, has_journal=has_journal, has_history=has_history
            )
        except Waits:
            return done
        if not has_history or _is_tombstone(house, debtor_id, loaded, entry.request, done):
            break
    else:
        raise Stale(f"{debtor_id}: saved by others {ROUNDS} times")
    done.is_done = has_history and (not has_journal or _is_journalled(house, debtor_id))
    if done.is_done:
        # What came before the tombstone is written by now or was given up: nothing puts another image there.
        done.count("files", images_forgotten(house, debtor_id))
    for hashed in (*entry.points, *entry.debts, *_sent(house, debtor_id)):
        done.count("lookups", house.lookups.remove(hashed, debtor_id))
    done.count("lookups", house.lookups.forget_aliases(debtor_id))
    for short in entry.shared:
        house.obligors.remove(short, debtor_id)
    if done.is_done or not has_journal:
        done.count("words that were said", house.ledger.forget_contents(debtor_id))
    return done


def _names_gone(
    house: House,
    register: Erasures,
    loaded: Loaded | None,
    asked: Erasure,
    done: Erasing,
    *,
    has_journal: bool,
    has_history: bool,
) -> Erasure:
    """What is found by the person's own data goes, as their record stands. Returns the register's entry, which leads to the rest.

    Raises Waits.
    """
    debtor = loaded.debtor if loaded is not None else Debtor(asked.debtor)
    entry = register.note(_entry(house, debtor, asked))
    for point in entry.points:
        if not _is_anothers(house, point, debtor.id) and not house.suppressions.reason(point):
            house.suppressions.add(point, "erased", write_instant(house.now()))
            done.count("addresses suppressed")
    for hashed in entry.own:
        house.lookups.bring_nobody(hashed, house.now())
    naming = naming_of(debtor)
    if not debtor.is_erased:
        done.count("inputs set aside", house.asides.forget(naming.is_in))
        done.count("files", rows_forgotten(house, debtor.id, naming))
        done.count("raw payments", unknown_money_forgotten(house, entry, naming.is_in))
        others = others_words_forgotten(
            house, entry, naming, has_journal=has_journal, has_history=has_history
        )
        done.count("others' copies of words", others)
    done.count("files", own_files_gone(house, debtor.id))
    done.count("files", letters_gone(house, entry))
    done.count("raw payments", bodies_forgotten(house, entry, naming.is_in))
    return entry


def _entry(house: House, debtor: Debtor, asked: Erasure) -> Erasure:
    """asked: who asks for it, and nothing yet of what leads to them."""
    return replace(
        asked,
        points=tuple(one.id for one in debtor.points),
        debts=tuple(house.keys.debt(one.key) for one in debtor.debts),
        shared=tuple(house.keys.short_debt(one.key) for one in debtor.debts),
        own=tuple(house.keys.debt(one.key) for one in debtor.debts if one.role is Role.PRINCIPAL),
        intents=_intents(house.ledger.history(debtor.id)),
    )


def _intents(history: Sequence[Recorded]) -> tuple[str, ...]:
    found = [
        one.fact.payment.intent if isinstance(one.fact, PaymentPosted) else one.fact.heard.intent
        for one in history
        if isinstance(one.fact, PaymentPosted | PaymentHeard)
    ]
    return tuple(dict.fromkeys(found))


def _sent(house: House, debtor_id: str) -> list[str]:
    """Under what carriers' ids the person is found; those that a late stream still writes are gone after their time."""
    facts = (one.fact for one in house.ledger.history(debtor_id))
    ids = (one.provider_id for one in facts if isinstance(one, AttemptProgressed) and one.provider_id)
    return [sent_as(one) for one in dict.fromkeys(ids)]


def _is_anothers(house: House, point: str, debtor_id: str) -> bool:
    """A phone in a family stays the others' phone: what binds then is the person's own id."""
    others = [one for one in house.lookups.debtors(point) if one != debtor_id]
    return any(one.debtor.point(point) is not None for one in house.ledger.load_many(others).values())


def _is_tombstone(house: House, debtor_id: str, loaded: Loaded | None, request: str, done: Erasing) -> bool:
    """What stays of the record: its version, the head of its chain, and that nothing is ever sent. False: somebody saved it since
    it was read, and may have brought what names the person anew.
    """
    if loaded is not None and loaded.debtor.is_erased:
        return True
    before = replace(loaded, contents={}) if loaded is not None else Loaded(Debtor(debtor_id))
    try:
        house.ledger.save(before, (Erased(request),), house.now())
    except SavedByAnother:
        return False
    done.count("records")
    return True


def _is_journalled(house: House, debtor_id: str) -> bool:
    """The stream brings one person's saves in order: once it brought the tombstone, nothing older writes words any more."""
    return any(isinstance(one.fact, Erased) for one in house.ledger.recorded(debtor_id))


def erasure_of(house: House, debtor_id: str) -> Erasure:
    """The register's entry. Raises NotFound."""
    entry = Erasures(house.files).entry(debtor_id)
    if entry is None:
        raise NotFound(f"{debtor_id} was not erased")
    return entry
