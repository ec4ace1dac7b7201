"""Claim before send, as every process may take its next step: what `usecases/send.py` and its neighbours do, one line a move.

Three deliveries of two hints, a payment, an opt-out, an import, a sweep, receipts, crashes, lost answers and late writes, in
any order. Each group of moves names the code it stands for; README.md beside this file says what is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from infra.model.ledger import (
    CLAIMED,
    DELIVERED,
    FAILED,
    LEASE,
    MAX_TRIES,
    RELEASED,
    SEND_BY,
    SENT,
    UNKNOWN,
    Attempt,
    Record,
    moved,
    receipt,
    saved,
    settled,
)

ACCEPTED, REFUSED, IN_DOUBT = "accepted", "refused", "in doubt"


@dataclass(frozen=True)
class Rules:
    """The protocol; each field that differs from its default is one way to break it (broken.py)."""

    claims_first: bool = True
    claim_is_conditional: bool = True
    outcome_is_conditional: bool = True
    payment_is_conditional: bool = True
    import_is_conditional: bool = True
    timeout_is: str = "unknown"
    lease_ends_in: int = UNKNOWN
    looks_at_send_by: bool = True
    asks_whose_save: bool = True
    asks_whose_claim: bool = True
    rechecks_after_a_later_save: bool = True
    resumes_a_claim_it_finds: bool = False
    carrier_tries: int = 1
    try_grows: bool = True
    marks_the_step: bool = True
    waits_for_an_unknown: bool = True
    lookup_before_suppression: bool = True
    lookup_before_save: bool = True
    suppresses_first: bool = True
    bumps_whom_it_finds: bool = True
    payment_saves_first: bool = True
    opt_out_saves_first: bool = True
    sweep_settles: bool = True


@dataclass(frozen=True)
class Bounds:
    """How much may happen. The record is there from the start where there is no import."""

    deliveries: int = 3
    crashes: int = 1
    lost_answers: int = 1
    late_writes: int = 1
    ticks: int = 3
    pays: bool = True
    opts_out: bool = True
    imports: bool = True
    receipts: int = 1


class Worker(NamedTuple):
    """One run of `send`. claim: its claim's id. base: the record it decided on, or last saw."""

    claim: int
    pc: str
    base: Record
    at: int = 0
    number: int = 0
    last_round: bool = False
    outcome: str = ""


class Process(NamedTuple):
    """A payment, an opt-out or an import on its way. seen: whether the import read a suppression."""

    pc: str
    base: Record | None = None
    seen: bool = False


class Call(NamedTuple):
    """The carrier was called. truth: what really happened there."""

    number: int
    claim: int
    truth: str


class State(NamedTuple):
    clock: int
    record: Record | None
    suppressed: bool
    looked_up: bool
    waiting: int
    claims: int
    crashes: int
    lost: int
    late: int
    receipts: int
    workers: tuple[Worker, ...]
    payer: Process
    opter: Process
    importer: Process
    on_its_way: tuple[int, Record] | None
    calls: tuple[Call, ...]
    paid_answered: bool
    stop_answered: bool


Move = tuple[str, State, str]
"""(what happens, the state after it, the promise it breaks; empty: none)."""

REST = Process("")


def first(bounds: Bounds) -> State:
    """Before anything happened."""
    there = None if bounds.imports else Record()
    return State(
        clock=0,
        record=there,
        suppressed=False,
        looked_up=there is not None,
        waiting=bounds.deliveries,
        claims=0,
        crashes=bounds.crashes,
        lost=bounds.lost_answers,
        late=bounds.late_writes,
        receipts=bounds.receipts,
        workers=(),
        payer=Process("begin") if bounds.pays else REST,
        opter=Process("begin") if bounds.opts_out else REST,
        importer=Process("begin") if bounds.imports else REST,
        on_its_way=None,
        calls=(),
        paid_answered=False,
        stop_answered=False,
    )


def moves(state: State, rules: Rules, bounds: Bounds) -> Iterator[Move]:
    """Everything that may happen next."""
    if state.clock < bounds.ticks and _time_matters(state):
        yield "time passes", state._replace(clock=state.clock + 1), ""
    yield from _arrives(state)
    if state.waiting and len(state.workers) < 3:
        yield from _delivered(state, rules)
    for place, worker in enumerate(state.workers):
        yield from _works(state, place, worker, rules)
        if state.crashes:
            gone = _without(state, place)._replace(crashes=state.crashes - 1, waiting=state.waiting + 1)
            yield f"{_name(worker)} crashes; its message comes again", gone, ""
    yield from _pays(state, rules)
    yield from _opts_out(state, rules)
    yield from _imports(state, rules)
    yield from _sweeps(state, rules)
    yield from _reads_receipt(state)


def _time_matters(state: State) -> bool:
    """Where nothing was claimed or is about to be, a later tick is like an earlier one."""
    record = state.record
    open_ones = record is not None and any(one.status in (CLAIMED, UNKNOWN) for one in record.attempts)
    return open_ones or bool(state.workers) or state.on_its_way is not None


def _name(worker: Worker) -> str:
    return f"worker {worker.claim // 2}"


def _without(state: State, place: int) -> State:
    return state._replace(workers=state.workers[:place] + state.workers[place + 1 :])


def _with(state: State, place: int, worker: Worker) -> State:
    return state._replace(workers=(*state.workers[:place], worker, *state.workers[place + 1 :]))


def _wants(record: Record | None, rules: Rules) -> int:
    """`domain/decide.py`: the number of the try that is due; 0: none."""
    if record is None or not record.known or record.paid or record.closed:
        return 0
    if record.mark not in ("", "reopened"):
        return 0
    open_ones = (CLAIMED, UNKNOWN) if rules.waits_for_an_unknown else (CLAIMED,)
    if any(one.status in open_ones for one in record.attempts) or len(record.attempts) >= MAX_TRIES:
        return 0
    return len(record.attempts) + 1 if rules.try_grows else 1


# send: load, decide, claim


def _delivered(state: State, rules: Rules) -> Iterator[Move]:
    """A hint reaches a worker, which loads (consistent read) and decides."""
    taken = state._replace(waiting=state.waiting - 1, claims=state.claims + 2)
    worker = Worker(state.claims, "", state.record or Record(known=False))
    after = _decided(taken._replace(workers=(*taken.workers, worker)), len(state.workers), worker, rules)
    yield f"{_name(worker)} gets a hint, loads v{worker.base.version}, decides", after, ""


def _decided(state: State, place: int, worker: Worker, rules: Rules) -> State:
    now = settled(worker.base, state.clock)
    number = _wants(now, rules)
    if rules.resumes_a_claim_it_finds and any(one.status == CLAIMED for one in now.attempts):
        found = now.attempts[-1]
        return _with(state, place, worker._replace(pc="call", at=state.clock, number=found.number))
    if not number:
        return _without(state, place)
    pc = "put" if rules.claims_first else "call"
    return _with(state, place, worker._replace(pc=pc, base=now, at=state.clock, number=number))


def _works(state: State, place: int, worker: Worker, rules: Rules) -> Iterator[Move]:
    match worker.pc:
        case "put":
            yield from _puts(state, place, worker, rules)
        case "again":
            yield from _puts_again(state, place, worker, rules)
        case "call":
            yield from _calls(state, place, worker, rules)
        case "record":
            yield from _records(state, place, worker, rules)


def _claimed(worker: Worker) -> Record:
    attempt = Attempt(worker.number, worker.claim, worker.at)
    return saved(worker.base, worker.claim, attempts=(*worker.base.attempts, attempt))


def _may_put(state: State, base: Record, *, conditional: bool) -> bool:
    """`adapters/ledger.py`: the condition on the version that was loaded."""
    return not conditional or (state.record is not None and state.record.version == base.version)


def _standing(state: State) -> Record:
    """What a worker that has claimed finds again: nobody deletes a record."""
    return state.record or Record(known=False)


def _stored(state: State, worker: Worker, rules: Rules) -> tuple[State, str]:
    """The claim is in the ledger; the promises about claims are looked at here."""
    return state._replace(record=_claimed(worker)), _claimed_too_late(state)


def _claimed_too_late(state: State) -> str:
    if state.paid_answered:
        return "a contact was claimed after the payment's 2xx"
    return "a contact was claimed after the opt-out was answered" if state.stop_answered else ""


def _puts(state: State, place: int, worker: Worker, rules: Rules) -> Iterator[Move]:
    who, fits = _name(worker), _may_put(state, worker.base, conditional=rules.claim_is_conditional)
    again = _with(state, place, worker._replace(pc="again"))
    if fits:
        after, broken = _stored(state, worker, rules)
        mine = worker._replace(pc="call", base=_claimed(worker))
        yield f"{who} claims try {worker.number} as v{mine.base.version}", _with(after, place, mine), broken
        if state.lost:
            after, broken = _stored(again._replace(lost=state.lost - 1), worker, rules)
            yield f"{who} claims try {worker.number}, and the answer is lost", after, broken
    else:
        yield from _lost(state, place, worker, rules)
    if state.late and state.on_its_way is None:
        late = again._replace(late=state.late - 1, on_its_way=(worker.base.version, _claimed(worker)))
        yield f"{who}'s claim is held up in the network", late, ""


def _arrives(state: State) -> Iterator[Move]:
    """A request that everybody had given up on reaches the table after all."""
    if state.on_its_way is None:
        return
    version, record = state.on_its_way
    done = state._replace(on_its_way=None)
    if state.record is None or state.record.version != version:
        yield "the late claim arrives and fails its condition", done, ""
        return
    yield "the late claim arrives and is stored", done._replace(record=record), _claimed_too_late(state)


def _puts_again(state: State, place: int, worker: Worker, rules: Rules) -> Iterator[Move]:
    """The SDK repeats the write; where its own first one won, the condition fails and ALL_OLD tells whose save stands there. Or the
    answer stays lost, and a read finds another's save there, or none yet: then it is decided again (`_settle_ambiguous`).
    """
    there = _standing(state)
    if there.save != worker.claim:
        yield from _lost(state, place, worker, rules)
    if _may_put(state, worker.base, conditional=rules.claim_is_conditional):
        after, broken = _stored(state, worker, rules)
        mine = worker._replace(pc="call", base=_claimed(worker))
        yield f"{_name(worker)}'s repeated claim is stored", _with(after, place, mine), broken
        return
    if not rules.asks_whose_save or there.save == worker.claim:
        mine = worker._replace(pc="call", base=there)
        yield f"{_name(worker)} finds its own save: the claim is its own", _with(state, place, mine), ""


def _lost(state: State, place: int, worker: Worker, rules: Rules) -> Iterator[Move]:
    """Somebody saved first: is the claim ours under a later save, or do we decide again on what stands there?"""
    there, who = _standing(state), _name(worker)
    mine = there.by(worker.claim)
    if mine is None and not rules.asks_whose_claim:
        mine = next((one for one in there.attempts if one.number == worker.number), None)
    if mine is not None:
        stands = mine.status == CLAIMED and not there.paid and not there.closed
        if stands or not rules.rechecks_after_a_later_save:
            after = worker._replace(pc="call", base=there)
            yield f"{who} finds its claim under a later save, which allows it", _with(state, place, after), ""
        else:
            after = worker._replace(pc="record", base=there, outcome="superseded")
            yield (
                f"{who} finds its claim under a later save, which forbids it",
                _with(state, place, after),
                "",
            )
    elif worker.last_round:
        yield f"{who} lost the race twice and gives up", _without(state, place), ""
    else:
        again = worker._replace(base=there, claim=worker.claim + 1, last_round=True)
        yield f"{who} lost the race, decides on v{there.version}", _decided(state, place, again, rules), ""


# send: call the carrier, record what came of it


def _calls(state: State, place: int, worker: Worker, rules: Rules) -> Iterator[Move]:
    who = _name(worker)
    if rules.looks_at_send_by and state.clock > worker.at + SEND_BY:
        late = _with(state, place, worker._replace(pc="record", outcome="too late"))
        yield f"{who} is too late to call", late, ""
        return
    broken = _broken_by_call(state, worker)
    for truth, told in ((True, ACCEPTED), (False, REFUSED), (True, IN_DOUBT), (False, IN_DOUBT)):
        reached = "the message is out" if truth else "nothing left"
        call = Call(worker.number, worker.claim, "out" if truth else "nothing")
        after = state._replace(calls=(*state.calls, call))
        tries = 1
        if told == IN_DOUBT and rules.carrier_tries > 1:
            tries, after = 2, after._replace(calls=(*after.calls, call))
        said = f"{who} calls the carrier for try {worker.number}: {told}, {reached}"
        twice = "two carrier calls for one attempt" if tries > 1 else ""
        done = worker._replace(pc="record", outcome=told)
        yield said, _with(after, place, done), broken or twice


def _broken_by_call(state: State, worker: Worker) -> str:
    """The promises about calls."""
    standing = state.record.by(worker.claim) if state.record is not None else None
    if any(one.number == worker.number for one in state.calls):
        return "two carrier calls for one attempt"
    if any(one.truth == "out" for one in state.calls):
        return "the step was repeated: an earlier try had left"
    if standing is None:
        return "a carrier call without a claim in the ledger"
    if state.clock > worker.at + SEND_BY:
        return "a carrier call after its send_by"
    if worker.base.paid or worker.base.closed:
        return "a carrier call against what its worker had read"
    return ""


def _records(state: State, place: int, worker: Worker, rules: Rules) -> Iterator[Move]:
    """`usecases/send.py`: _record; whoever saved meanwhile, the outcome is added to what stands there (saving.change)."""
    there = _standing(state) if rules.outcome_is_conditional else worker.base
    status = {ACCEPTED: SENT, IN_DOUBT: UNKNOWN}.get(worker.outcome, RELEASED)
    if worker.outcome == IN_DOUBT and rules.timeout_is == "released":
        status = RELEASED
    attempts = moved(there, worker.claim, status)
    if not rules.try_grows:
        attempts = tuple(one for one in attempts if one.status != RELEASED)
    stands = there.by(worker.claim)
    may_mark = rules.marks_the_step and (stands is None or stands.status != FAILED)
    mark = "sent" if status == SENT and may_mark else there.mark
    record = saved(there, attempts=attempts, mark=mark)
    said = f"{_name(worker)} records {worker.outcome} as v{record.version}"
    yield said, _without(state, place)._replace(record=record), _released_wrongly(state, record)


def _released_wrongly(state: State, record: Record) -> str:
    out = {one.claim for one in state.calls if one.truth == "out"}
    if any(one.claim in out and one.status == RELEASED for one in record.attempts):
        return "a claim whose message is out was released"
    return ""


# the others


def _pays(state: State, rules: Rules) -> Iterator[Move]:
    """`usecases/receive_payment.py`: load, save, answer 2xx."""
    payer, there = state.payer, state.record
    match payer.pc:
        case "begin" if there is not None and there.known:
            if not rules.payment_saves_first:
                early = state._replace(payer=Process("save", there), paid_answered=True)
                yield "the gateway is answered 2xx before anything is saved", early, ""
            elif not rules.payment_is_conditional:
                yield "the payment loads", state._replace(payer=Process("save", there)), ""
            else:
                yield _paid(state, there)
        case "save":
            yield _paid(state, _standing(state) if rules.payment_is_conditional else payer.base)


def _paid(state: State, base: Record | None) -> Move:
    """Posted and answered at once: the earlier the answer, the more it forbids."""
    posted = saved(base, paid=True)
    done = state._replace(record=posted, payer=REST, paid_answered=True)
    return f"the payment is posted as v{posted.version} and answered 2xx", done, ""


def _opts_out(state: State, rules: Rules) -> Iterator[Move]:
    """`usecases/receive_message.py`: suppress the address, read its lookups, save whom they name, answer."""
    opter, there = state.opter, state.record
    answered = state._replace(opter=REST, stop_answered=True, suppressed=True)
    match opter.pc:
        case "begin" if rules.suppresses_first:
            begun = state._replace(suppressed=True, opter=Process("look"))
            yield "the opt-out suppresses the address", begun, ""
        case "begin" | "look":
            if not state.looked_up and not rules.suppresses_first:
                yield "the opt-out finds nobody in the lookups", state._replace(opter=Process("suppress")), ""
            elif not state.looked_up:
                yield "the opt-out finds nobody in the lookups and is answered", answered, ""
            elif not rules.opt_out_saves_first:
                early = state._replace(opter=Process("save"), stop_answered=True)
                yield "the opt-out is answered before anybody is saved", early, ""
            else:
                yield "the opt-out finds somebody in the lookups", state._replace(opter=Process("save")), ""
        case "suppress":
            yield "the opt-out suppresses the address and is answered", answered, ""
        case "save":
            on_record = there is not None and there.known
            if not on_record and not rules.bumps_whom_it_finds:
                yield "the opt-out finds no such point, saves nothing and is answered", answered, ""
            else:
                # Only a point that is on record can be closed; the save alone makes a racing one lose.
                closed = saved(there, closed=on_record)
                done = answered._replace(record=closed)
                yield f"the opt-out saves v{closed.version} and is answered", done, ""


def _imports(state: State, rules: Rules) -> Iterator[Move]:
    """`usecases/import_partition.py`: load, lookup, read suppression, save at the loaded version."""
    one, there = state.importer, state.record
    match one.pc:
        case "begin":
            yield "the import loads", state._replace(importer=Process("first", there)), ""
        case "first":
            if rules.lookup_before_suppression and rules.lookup_before_save:
                noted = state._replace(looked_up=True, importer=one._replace(pc="second"))
                yield "the import writes its lookup", noted, ""
            else:
                seen = state._replace(importer=one._replace(pc="second", seen=state.suppressed))
                yield "the import reads the suppression", seen, ""
        case "second":
            if not rules.lookup_before_save:
                yield "the import goes on", state._replace(importer=one._replace(pc="save")), ""
            elif rules.lookup_before_suppression:
                seen = state._replace(importer=one._replace(pc="save", seen=state.suppressed))
                yield "the import reads the suppression", seen, ""
            else:
                noted = state._replace(looked_up=True, importer=one._replace(pc="save"))
                yield "the import writes its lookup", noted, ""
        case "save":
            expected = one.base.version if one.base is not None else 0
            if not rules.import_is_conditional or (there.version if there else 0) == expected:
                closed = one.seen or (one.base is not None and one.base.closed)
                brought = saved(one.base, known=True, closed=closed)
                after = Process("late lookup") if not rules.lookup_before_save else REST
                yield (
                    f"the import saves v{brought.version}",
                    state._replace(record=brought, importer=after),
                    "",
                )
            else:
                again = state._replace(importer=Process("first", there))
                yield "the import lost the race and merges again", again, ""
        case "late lookup":
            yield "the import writes its lookup", state._replace(looked_up=True, importer=REST), ""


def _sweeps(state: State, rules: Rules) -> Iterator[Move]:
    """`usecases/sweep.py`: a lease that ended is written as unknown; after 72 hours the step is marked."""
    there = state.record
    if not rules.sweep_settles or there is None or (now := settled(there, state.clock)) == there:
        return
    if rules.lease_ends_in == RELEASED:
        ended = {one.claim for one in there.attempts if one.status == CLAIMED}
        attempts = tuple(
            one._replace(status=RELEASED) if one.claim in ended and one.status == UNKNOWN else one
            for one in now.attempts
        )
        now = now._replace(attempts=attempts)
    record = saved(now)
    done = state._replace(record=record)
    yield f"the sweep settles v{record.version}", done, _released_wrongly(state, record)


def _reads_receipt(state: State) -> Iterator[Move]:
    """`usecases/receive_receipt.py`: any time after the call, before our own record too, late, and more than once."""
    there = state.record
    if not state.receipts or there is None:
        return
    for call in {one for one in state.calls if one.truth == "out"}:
        for status, said in ((DELIVERED, "delivered"), (FAILED, "failed")):
            told = receipt(there, call.claim, status)
            after = state._replace(receipts=state.receipts - 1)
            if told != there:
                after = after._replace(record=saved(told))
            if status == FAILED:
                # It never reached the person, and the carrier says so: the step may be tried by another way.
                calls = (
                    one._replace(truth="failed") if one.claim == call.claim else one for one in state.calls
                )
                after = after._replace(calls=tuple(calls))
            yield f"a receipt says that try {call.number} was {said}", after, ""


def standing_broken(state: State) -> str:
    """The promises about what stands, in any state."""
    record = state.record
    if state.paid_answered and (record is None or not record.paid):
        return "a payment that was answered 2xx is not in the record"
    if state.stop_answered and record is not None and record.known and not record.closed:
        return "an opt-out that was answered is not in the record"
    if record is not None and len({(one.number, one.claim) for one in record.attempts}) != len(
        {one.number for one in record.attempts}
    ):
        return "one attempt was claimed twice"
    return ""


def is_over(state: State, rules: Rules) -> bool:
    """Everybody has done what they had to; what the network and the carriers may still bring, they need not."""
    busy = state.workers or state.waiting or any(one.pc for one in (state.payer, state.opter, state.importer))
    return not busy and not any(True for _ in _sweeps(state, rules))


def ended_broken(state: State) -> str:
    """The promises about the end."""
    record = state.record
    if record is None:
        return ""
    if any(one.status == CLAIMED and state.clock >= one.at + LEASE for one in record.attempts):
        return "a claim stands open for ever"
    out = {one.claim for one in state.calls if one.truth == "out"}
    told = {one.claim for one in record.attempts if one.status in (CLAIMED, SENT, DELIVERED, UNKNOWN)}
    return "" if out <= told else "a message that is out is not counted"
