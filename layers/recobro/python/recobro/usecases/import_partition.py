"""Each person in a creditor's file is saved once: what changed, and nothing else; then what the file left out is recalled."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial, reduce
from typing import Any

from recobro.codec import from_plain, to_plain
from recobro.domain.allocation import OPEN
from recobro.domain.contact_point import ContactPoint
from recobro.domain.contactability import contactability
from recobro.domain.debt import DebtStatus, Role
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    DebtRecorded,
    DebtStatusChanged,
    Fact,
    FeedRead,
    PointRecorded,
    ProfileChanged,
)
from recobro.domain.fold import apply
from recobro.errors import InvalidInput, NotFound, Stale
from recobro.house import House
from recobro.intake.merge import Merged, merge, missing
from recobro.intake.notices import LANES
from recobro.intake.outcome import AcceptedRow, RejectedRow
from recobro.intake.rejects_file import RejectsFile
from recobro.ports import Loaded, SavedByAnother
from recobro.usecases.hear_payment import Waiting, waiting_for
from recobro.usecases.import_portfolio import part_key, partition_of, rows_of, send_pieces
from recobro.usecases.saving import change
from recobro.usecases.shared_holds import brought_along, lifted_among, placed_meanwhile
from recobro.usecases.shared_points import with_others
from recobro.usecases.shared_room import move_in

DROP_NEEDS_CONFIRMATION = 5
"""Per cent of a creditor's active debts missing from a full file above which a person confirms first (PRACTICE: Feeds)."""


def import_partition(house: House, piece: dict[str, Any]) -> dict[str, Any]:
    """One piece of an import: "save" a partition, count what is "missing" from a shard, or "recall" it."""
    about = house.imports.about(piece["import"])
    if about is None:
        raise NotFound(f"no import {piece['import']}")
    match piece["step"]:
        case "save":
            done = _save_part(house, about, piece["part"])
        case "missing":
            done = _missing(house, about, piece["lane"], piece["shard"])
        case "recall":
            done = _recall(house, about, piece["lane"], piece["shard"])
        case other:
            raise InvalidInput("step", f"is {other!r}", "save, missing or recall")
    _go_on(house, about, piece["step"])
    return done


def _save_part(house: House, about: dict[str, Any], part: int) -> dict[str, Any]:
    body = house.files.read(part_key(about["import"], part)).decode()
    grouped = rows_of(iter(body.splitlines()))
    result: dict[str, Any] = {"debtors": len(grouped), "saved": 0, "unchanged": 0, "rows": 0}
    reach: Counter[str] = Counter()
    rejected: list[RejectedRow] = []
    handed_back = _named_by(_rejects(house, about["import"], ("reading",)))
    ids = list(grouped)
    for start in range(0, len(ids), 100):
        loaded = house.ledger.load_many(ids[start : start + 100])
        for debtor_id in ids[start : start + 100]:
            rows = grouped[debtor_id]
            saved, refused = _save_debtor(house, about, debtor_id, rows, loaded.get(debtor_id), handed_back)
            rejected += refused
            result["saved" if saved is not None else "unchanged"] += 1
            result["rows"] += len(rows) - len({one.row_number for one in refused if one.scope == "row"})
            standing = saved or loaded.get(debtor_id)
            if standing is not None:
                found = contactability(standing.debtor, house.playbook, house.now())
                reach.update(f"{channel} {answer}" for channel, answer in found.items())
    house.files.write_lines(
        f"work/{about['import']}/rejects-{part:04d}.jsonl.gz", [to_plain(one) for one in rejected]
    )
    result |= {"reach": dict(sorted(reach.items())), "rejected": dict(Counter(one.code for one in rejected))}
    house.imports.finish(about["import"], f"PART#{part:04d}", result)
    return result


def _save_debtor(
    house: House,
    about: dict[str, Any],
    debtor_id: str,
    rows: list[AcceptedRow],
    loaded: Loaded | None,
    handed_back: frozenset[str],
) -> tuple[Loaded | None, tuple[RejectedRow, ...]]:
    """The debtor as saved, None when nothing changed; and the rows that contradict what we know."""
    told: set[tuple[str, str]] = set()
    for _ in range(5):
        before = loaded or Loaded(Debtor(debtor_id))
        principals, erased = _whose(house, before.debtor, rows)
        merged_with = partial(
            merge,
            loaded.debtor if loaded is not None else None,
            rows,
            now=house.now(),
            import_id=about["import"],
            feed_as_of=date.fromisoformat(about["as_of"]),
            client=house.playbook.client,
            keys=house.keys,
            principals=principals,
            erased=erased,
            handed_back=handed_back,
        )
        merged = merged_with()
        if not merged.facts:
            _look_again(house, about, before)
            return None, merged.rejects
        for fact in merged.facts:
            if isinstance(fact, ProfileChanged):
                move_in(house, replace(merged.debtor, profile=fact.profile), house.now())
        _note_lookups(house, before.debtor, merged.debtor, merged.facts)
        # Only now: who objects after this read finds the lookup, and moves the version that this save rests on.
        suppressed = _suppressed(house, before.debtor, rows)
        shared = with_others(house, merged.debtor, _new_points(before.debtor, merged.facts), told)
        if suppressed or shared:
            merged = merged_with(suppressed=suppressed, shared=shared)
        waiting = _said_before(house, before.debtor, merged)
        facts = (*merged.facts, *_told_with_them(house, merged, waiting))
        try:
            saved = house.ledger.save(before, facts, house.now(), debtor=merged.debtor)
        except SavedByAnother as lost:
            loaded = lost.current
            continue
        together = [key for key, one in waiting.items() if one.people]
        return _with_the_others(house, saved, together), merged.rejects
    raise Stale(debtor_id)


def _whose(house: House, known: Debtor, rows: list[AcceptedRow]) -> tuple[dict[str, str], frozenset[str]]:
    """Of debts that are new to this person: debt → who is its principal already, looked up, and verified in the record; and those
    whose principal was erased and that nobody owes any more.
    """
    found: dict[str, str] = {}
    erased: set[str] = set()
    for key in dict.fromkeys(row.debt_key for row in rows if known.debt(row.debt_key) is None):
        people, is_ended = house.lookups.people_and_end(house.keys.debt(key))
        others = house.ledger.load_many([one for one in people if one != known.id])
        roles = {other.debtor.id: debt.role for other in others.values() if (debt := other.debtor.debt(key))}
        for one, role in roles.items():
            if role is Role.PRINCIPAL:
                found[key] = one
        if is_ended and not roles:
            erased.add(key)
    return found, frozenset(erased)


def _suppressed(house: House, known: Debtor, rows: list[AcceptedRow]) -> dict[str, str]:
    """Addresses new to this person that somebody asked us not to use: read consistently, before the save that adds them."""
    before = {point.id for point in known.points}
    new = dict.fromkeys(house.keys.point(given.value) for row in rows for given in row.points)
    reasons = {point: house.suppressions.reason(point) for point in new if point not in before}
    return {point: reason for point, reason in reasons.items() if reason}


def _said_before(house: House, known: Debtor, merged: Merged) -> dict[str, Waiting]:
    """Debt that comes to this person, or back to them → what is known of its payments, and of who else is in it; read after their
    lookups were added.
    """
    brought = [key for fact in merged.facts if (key := _comes(known, fact))]
    if not brought:
        return {}
    debtor = _with_the_rows(house, merged)
    found = {key: waiting_for(house, debtor, key) for key in brought}
    for key, one in found.items():
        if one.people:
            # Together, so that whoever asks one of them, or is paid by one, finds all of them in one read (adapters/obligors.py).
            house.obligors.add(house.keys.short_debt(key), {debtor.id, *one.people})
    return found


def _comes(known: Debtor, fact: Fact) -> str:
    """The debt that a fact brings to somebody who was not asked for it before: one that is new, or open again; empty: none."""
    match fact:
        case DebtRecorded(debt=debt):
            key, status = debt.key, debt.status
        case DebtStatusChanged(debt=key, status=status):
            pass
        case _:
            return ""
    before = known.debt(key)
    return key if before is None or (status in OPEN and before.status not in OPEN) else ""


def _told_with_them(house: House, merged: Merged, waiting: Mapping[str, Waiting]) -> tuple[Fact, ...]:
    """Payments of the debts that come to a person, and the peace that others in them have asked for."""
    paid = [fact for one in waiting.values() for fact in one.facts]
    others = {other.id: other for one in waiting.values() for other in one.others}
    if not others:
        return tuple(paid)
    now = house.now()
    debtor = reduce(lambda one, fact: apply(one, fact, now), paid, _with_the_rows(house, merged))
    return (*paid, *brought_along(debtor, list(others.values()), list(waiting), now))


def _with_the_rows(house: House, merged: Merged) -> Debtor:
    now = house.now()
    return reduce(lambda person, fact: apply(person, fact, now), merged.facts, merged.debtor)


def _with_the_others(house: House, saved: Loaded, shared: Iterable[str]) -> Loaded:
    """Who heard of a payment or a dispute while this was being saved did not find this person; who hears from now on does."""
    for key in shared:
        saved = change(house, saved.debtor.id, partial(_heard_meanwhile, house, key), saved)
    return saved


def _heard_meanwhile(house: House, key: str, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    one = waiting_for(house, debtor, key)
    placed = (*placed_meanwhile(house, debtor, now), *lifted_among(debtor, one.others))
    told = reduce(lambda person, fact: apply(person, fact, now), (*placed, *one.facts), debtor)
    return (*placed, *one.facts, *brought_along(told, one.others, (key,), now))


def _look_again(house: House, about: dict[str, Any], known: Loaded) -> None:
    """A piece that is worked again may have died between a save and the look that follows it."""
    _with_the_others(house, known, [one.key for one in known.debtor.debts if one.seen_in == about["import"]])


def _note_lookups(house: House, known: Debtor, named: Debtor, facts: tuple[Fact, ...]) -> None:
    """A lookup is written before the save that needs it."""
    for point in _new_points(known, facts):
        house.lookups.add(point.id, named.id)
    for fact in facts:
        if isinstance(fact, DebtRecorded) and known.debt(fact.debt.key) is None:
            house.lookups.add(house.keys.debt(fact.debt.key), named.id, house.now())


def _new_points(known: Debtor, facts: tuple[Fact, ...]) -> list[ContactPoint]:
    points = {point.id for point in known.points}
    return [fact.point for fact in facts if isinstance(fact, PointRecorded) and fact.point.id not in points]


def _missing(house: House, about: dict[str, Any], lane: str, shard: int) -> dict[str, Any]:
    """Count, and keep, the debts in our hands that a full file no longer names, by the file's own rows."""
    active, gone_of, left_out = Counter[str](), Counter[str](), []
    rows, (handed_back, _) = _RowsAgain(house, about), _handed_back(house, about)
    ids = [one.debtor_id for one in house.due.everyone(lane, shard)]
    for loaded in _loaded(house, sorted(ids, key=rows.partition)):
        debtor = loaded.debtor
        for creditor in about["creditors"]:
            held = sum(one.creditor == creditor and one.status in _COLLECTED for one in debtor.debts)
            if held:
                active[creditor] += held
                gone = [
                    one for one in missing(debtor, rows.of(debtor.id), creditor) if one.key not in handed_back
                ]
                gone_of[creditor] += len(gone)
                left_out += [[debtor.id, one.key] for one in gone]
    house.files.write_lines(f"work/{about['import']}/missing-{lane}-{shard:02d}.jsonl.gz", left_out)
    result = {"active": dict(active), "missing": dict(gone_of)}
    house.imports.finish(about["import"], f"MISSING#{lane}#{shard:02d}", result)
    return result


def _handed_back(house: House, about: dict[str, Any]) -> tuple[frozenset[str], int]:
    """The debts that rows name of which nothing was taken: they are in the file, and how many such rows name none."""
    rows = list(_rejects(house, about["import"], _kinds(about)))
    return _named_by(rows), sum(not one.about for one in rows if one.scope == "row")


def _named_by(rejects: Iterable[RejectedRow]) -> frozenset[str]:
    return frozenset(one.about for one in rejects if one.scope == "row" and one.about)


_COLLECTED = {DebtStatus.ACTIVE, DebtStatus.DISPUTED}


class _RowsAgain:
    """A file's rows by debtor, one partition at a time: ask for debtors in the order of `partition`."""

    def __init__(self, house: House, about: dict[str, Any]) -> None:
        self._house = house
        self._about = about
        self._held = -1
        self._rows: dict[str, list[AcceptedRow]] = {}

    def partition(self, debtor_id: str) -> int:
        return partition_of(debtor_id, self._about["partitions"])

    def of(self, debtor_id: str) -> list[AcceptedRow]:
        part = self.partition(debtor_id)
        if part not in self._about["parts"]:
            return []
        if part != self._held:
            body = self._house.files.read(part_key(self._about["import"], part)).decode()
            self._held, self._rows = part, rows_of(iter(body.splitlines()))
        return self._rows.get(debtor_id, [])


def _recall(house: House, about: dict[str, Any], lane: str, shard: int) -> dict[str, Any]:
    """What the full file left out is recalled, and stops at once."""
    recalled, as_of = 0, date.fromisoformat(about["as_of"])
    newer = {one for one in about["creditors"] if house.imports.newer_full(one, as_of, about["import"])}
    for debtor_id, key in house.files.read_lines(
        f"work/{about['import']}/missing-{lane}-{shard:02d}.jsonl.gz"
    ):
        if key.partition("/")[0] not in newer:
            change(house, debtor_id, partial(_recalled, key, about["import"], as_of))
            recalled += 1
    result = {"recalled": recalled}
    house.imports.finish(about["import"], f"RECALL#{lane}#{shard:02d}", result)
    return result


def _recalled(key: str, import_id: str, as_of: date, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    """With the day of the file, so that one of an earlier day does not bring the debt back; where other debts of that creditor stay,
    their own rows say whether that day is theirs.
    """
    debt = debtor.debt(key)
    if debt is None or debt.status not in _COLLECTED:
        return ()
    stays = any(
        one.creditor == debt.creditor and one.status in _COLLECTED and one is not debt for one in debtor.debts
    )
    known = debtor.feeds.get(debt.creditor)
    is_last = not stays and (known is None or as_of > known)
    read = (FeedRead(debt.creditor, as_of, import_id),) if is_last else ()
    return (DebtStatusChanged(key, DebtStatus.RECALLED, "missing from a full file"), *read)


def _loaded(house: House, ids: list[str]) -> Iterator[Loaded]:
    """The debtors of those ids, in that order, a hundred to a read."""
    for start in range(0, len(ids), 100):
        found = house.ledger.load_many(ids[start : start + 100])
        yield from (found[one] for one in ids[start : start + 100] if one in found)


def _go_on(house: House, about: dict[str, Any], step: str) -> None:
    """When the last piece of a step is in, the next step begins; told twice, it begins twice and changes nothing more."""
    import_id = about["import"]
    if step == "save":
        results = list(house.imports.finished(import_id, "PART#"))
        if len(results) == len(about["parts"]):
            about |= _summed(results)
            _write_rejects(house, about)
            _begin(house, about, "missing" if about["feed"] == "full" else "done")
    elif step == "missing":
        found = list(house.imports.finished(import_id, "MISSING#"))
        if len(found) == about["pieces"]:
            gone, active = _added(found, "missing"), _added(found, "active")
            about |= {"missing": gone.total(), "active": active.total()}
            drops = any(gone[one] * 100 > active[one] * DROP_NEEDS_CONFIRMATION for one in gone)
            # A row that nobody can read may be of any debt: whether what is missing is in it, a person sees.
            drops = drops or (gone.total() > 0 and _handed_back(house, about)[1] > 0)
            _begin(house, about, "to_confirm" if drops and not about.get("confirmed_by") else "recall")
    elif len(done := list(house.imports.finished(import_id, "RECALL#"))) == about["pieces"]:
        about["recalled"] = sum(one["recalled"] for one in done)
        _begin(house, about, "done")


def _added(found: Iterable[Mapping[str, Any]], what: str) -> Counter[str]:
    """By creditor, over all pieces. A piece that an older release counted told one number for all creditors."""
    added: Counter[str] = Counter()
    for one in found:
        added.update(one[what] if isinstance(one[what], Mapping) else {"": one[what]})
    return added


def _pieces(house: House) -> list[tuple[str, int]]:
    """Every lane and shard in which somebody may stand: those of before, too, until a sweep has planned everybody anew."""
    standing = {lane: house.plan_item.standing(lane).shards for lane in LANES}
    return [(lane, shard) for lane in LANES for shard in range(max(house.due.shards, standing[lane]))]


def _begin(house: House, about: dict[str, Any], state: str) -> None:
    about["state"] = state
    pieces = _pieces(house) if state in {"missing", "recall"} else []
    if pieces:
        about["pieces"] = len(pieces)
    house.imports.note(about["import"], about)
    if pieces:
        send_pieces(
            house,
            [
                {"import": about["import"], "step": state, "lane": lane, "shard": shard}
                for lane, shard in pieces
            ],
        )


def confirm(house: House, import_id: str, who: str) -> dict[str, Any]:
    """A person says that the drop is real: the recall goes on. Raises NotFound, InvalidInput."""
    about = house.imports.about(import_id)
    if about is None:
        raise NotFound(f"no import {import_id}")
    if about["state"] != "to_confirm":
        raise InvalidInput(
            "import", f"is {about['state']}", "only one that waits for confirmation can be confirmed"
        )
    as_of = date.fromisoformat(about["as_of"])
    newer = [house.imports.newer_full(one, as_of, import_id) for one in about["creditors"]]
    if newer and all(newer):
        fix = "nothing is to be done: the newer one has said what is missing"
        raise InvalidInput("import", f"is older than {newer[0]}, which was read since", fix)
    about["confirmed_by"] = who
    _begin(house, about, "recall")
    return about


def _summed(results: list[dict[str, Any]]) -> dict[str, Any]:
    reach: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for one in results:
        reach.update(one["reach"])
        rejected.update(one["rejected"])
    return {
        "debtors": sum(one["debtors"] for one in results),
        "saved": sum(one["saved"] for one in results),
        "unchanged": sum(one["unchanged"] for one in results),
        "accepted": sum(one["rows"] for one in results),
        "conflicts": dict(rejected),
        "reach": dict(sorted(reach.items())),
    }


def _kinds(about: dict[str, Any]) -> tuple[str, ...]:
    """What was handed back as the file was read, and as each of its pieces was saved."""
    return ("reading", *(f"{part:04d}" for part in about["parts"]))


def _rejects(house: House, import_id: str, kinds: Iterable[str]) -> Iterator[RejectedRow]:
    for name in kinds:
        for row in house.files.read_lines(f"work/{import_id}/rejects-{name}.jsonl.gz"):
            yield from_plain(RejectedRow, row)


def _write_rejects(house: House, about: dict[str, Any]) -> None:
    """One file with every row and cell that was handed back: number, field, reason, fix."""
    import_id = about["import"]
    out = io.StringIO()
    rejects = RejectsFile(out)
    for row in _rejects(house, import_id, _kinds(about)):
        rejects.add(row)
    key = f"results/{import_id}.rejects.csv"
    house.files.write(key, out.getvalue().encode(), "text/csv; charset=utf-8")
    about["rejects_file"] = key
