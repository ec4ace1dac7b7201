"""What may happen next between a payment and the messages on their way, and what becomes of it: one move is one call's effect.

Every call that touches a record, the payment's own item or the carrier is a move of its own; the others (rates, budgets, switches)
touch nothing that a payment touches and take effect as they are made. Between any two moves time may pass.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from infra.local.backends.dynamodb.store import Refused
from infra.races import watching
from infra.races.calls import faults_of, is_move, key_of
from infra.races.running import Body, Ended, Request
from infra.races.scene import INTENT, Scene
from infra.races.watching import BrokenPromise, Called, Claim, Reader
from infra.simulation.cloud import CARRIERS, TABLE, URL, client_error, site_of

TICK = 16.0
"""Seconds in which nothing happens: past the `send_by` of whatever was claimed before."""

PAYER, WORKER = "payment", "worker"
AGAIN = 10
"""Between the number of a process and of the one that repeats it."""

Place = tuple[str, str]


class Stands(Protocol):
    """A process where it stopped (running.py)."""

    @property
    def stands(self) -> Request | Ended: ...

    def after(self, key: Hashable, answer: Any, clock: float) -> Any: ...


Begin = Callable[[Hashable, Body, float], Stands]


@dataclass(frozen=True)
class Bounds:
    """How much may happen. faults: crashes, lost answers, writes that arrive late, carriers' doubts; ticks: of TICK seconds.

    again: processes that come after one that died or failed, as queues and gateways repeat.
    """

    faults: int = 1
    ticks: int = 2
    again: int = 1


class Process(NamedTuple):
    """kind, number: which; debtor: to whom a worker's message goes; at: None: it has not begun."""

    kind: str
    number: int
    debtor: str = ""
    at: Any = None
    claim: Claim | None = None


class Late(NamedTuple):
    """A write that its process gave up on. by: the process's number."""

    request: Request
    by: int


class State(NamedTuple):
    """processes: those not at their end; late: writes that everybody gave up on and that arrive yet; ticks: passed; faults, again:
    left; answered: the gateway has its 2xx; is_raced: a worker was at work then; is_troubled: something went wrong.
    """

    processes: tuple[Process, ...]
    late: tuple[Late, ...]
    calls: tuple[Called, ...]
    ticks: int
    faults: int
    again: int
    answered: bool = False
    is_raced: bool = False
    is_troubled: bool = False


class Move(NamedTuple):
    """place: whose; -1: nobody's."""

    label: str
    place: int
    kind: str


class Orders:
    """The table, and what moves make of it. Moves change the table in place; `undo` takes them back."""

    def __init__(self, scene: Scene, begin: Begin, bounds: Bounds, *, every: bool = False) -> None:
        """every: each call is a move of its own, whatever it touches."""
        self._scene = scene
        self._begin = begin
        self._bounds = bounds
        self._every = every
        self._table = scene.store.table(TABLE)
        self._reader = Reader()
        self._same: dict[str, Any] = {}
        self._at_first: dict[Place, Any] = {}
        self._differs: dict[Place, int] = {}
        self._undo: list[tuple[Place, Any]] = []

    def first(self) -> State:
        workers = tuple(Process(WORKER, at, one) for at, one in enumerate(self._scene.texted, 1))
        return State((Process(PAYER, 1), *workers), (), (), 0, self._bounds.faults, self._bounds.again)

    def key(self, state: State) -> Hashable:
        """Equal for states after which the same may happen."""
        processes = tuple((one.kind, one.number, id(one.at), one.claim) for one in state.processes)
        late = tuple((id(one.request), one.by) for one in state.late)
        return (processes, late, *state[2:], frozenset(self._differs.items()))

    def moves(self, state: State) -> Iterator[Move]:
        """Everything that may happen next; nothing: it is over."""
        if not state.processes and not state.late:
            return
        if state.ticks < self._bounds.ticks:
            yield Move(f"{TICK:.0f} seconds pass", -1, "tick")
        for at in range(len(state.late)):
            yield Move("a write arrives late", at, "late")
        for place, one in enumerate(state.processes):
            name = f"{one.kind} {one.number}"
            if one.at is None:
                yield Move(f"{name} begins", place, "begins")
                continue
            told = site_of(one.at.stands.operation, one.at.stands.params)
            yield Move(f"{name}: {told}", place, "")
            for kind in faults_of(one.at.stands) if state.faults else ():
                yield Move(f"{name}: {told}: {kind}", place, kind)

    def mark(self) -> int:
        return len(self._undo)

    def undo(self, mark: int = 0) -> None:
        """Back to where the table stood then."""
        while len(self._undo) > mark:
            place, item = self._undo.pop()
            self._table.write(place, item)
            self._note(place, item)

    def after(self, state: State, move: Move) -> State:
        """Let it happen. Raises BrokenPromise."""
        if move.kind == "tick":
            return state._replace(ticks=state.ticks + 1)
        if move.kind == "late":
            return self._arrived(state, state.late[move.place])
        one = state.processes[move.place]
        if move.kind == "begins":
            handler = self._scene.payer(one.number) if one.kind == PAYER else None
            handler = handler or self._scene.worker(one.number, one.debtor)
            begun = self._begin((one.kind, one.number), handler, self._now(state))
            return self._settled(state, move.place, one._replace(at=begun))
        if move.kind:
            state = state._replace(faults=state.faults - 1, is_troubled=True)
        if one.at.stands.operation in CARRIERS:
            return self._carried(state, move, one)
        return self._called(state, move, one)

    def ended(self, state: State) -> None:
        """All have done what they had to. Raises BrokenPromise."""
        people = () if state.is_troubled else self._scene.people
        if any(one.status == "claimed" for person in people for one in self._claims(person).values()):
            raise BrokenPromise(watching.OPEN)

    def _called(self, state: State, move: Move, one: Process) -> State:
        """A call to our own table takes effect, or what befalls it."""
        request: Request = one.at.stands
        if move.kind == "dies before":
            return self._died(state, move.place)
        if move.kind == "never arrives":
            return self._told(state, move.place, one, ConnectTimeoutError(endpoint_url=URL))
        if move.kind == "arrives late":
            state = state._replace(late=(*state.late, Late(request, one.number)))
            return self._told(state, move.place, one, ReadTimeoutError(endpoint_url=URL))
        answer, claim = self._effect(request, state)
        one = one._replace(claim=claim or one.claim)
        if move.kind == "dies after":
            return self._died(state, move.place)
        if move.kind == "answer lost":
            answer = ReadTimeoutError(endpoint_url=URL)
        elif move.kind == "sent again":
            answer, _ = self._effect(request, state)
        return self._told(state, move.place, one, answer)

    def _arrived(self, state: State, late: Late) -> State:
        """What it claims is its process's own, if that still asks what became of it."""
        _, claim = self._effect(late.request, state)
        processes = tuple(
            one._replace(claim=claim) if claim and one.kind == WORKER and one.number == late.by else one
            for one in state.processes
        )
        return state._replace(processes=processes, late=tuple(one for one in state.late if one is not late))

    def _carried(self, state: State, move: Move, one: Process) -> State:
        """The carrier's counter: the call left before; now the message is taken or not, and the answer comes or not."""
        taken = move.kind in {"", "taken and silent", "dies after"}
        mine = next(
            at for at, call in enumerate(state.calls) if one.claim and call.attempt == one.claim.attempt
        )
        last = state.calls[mine]._replace(taken=taken)
        state = state._replace(calls=(*state.calls[:mine], last, *state.calls[mine + 1 :]))
        if move.kind in {"dies before", "dies after"}:
            return self._died(state, move.place)
        answers: Mapping[str, Any] = {
            "": {"MessageId": f"m-{last.attempt}"},
            "refused": client_error(one.at.stands.operation, "ThrottlingException", "Rate exceeded"),
        }
        return self._told(state, move.place, one, answers.get(move.kind, ReadTimeoutError(endpoint_url=URL)))

    def _told(self, state: State, place: int, one: Process, answer: Any) -> State:
        at = one.at.after(key_of(answer), answer, self._now(state))
        return self._settled(state, place, one._replace(at=at))

    def _settled(self, state: State, place: int, one: Process) -> State:
        """Up to the process's next move, or its end."""
        while isinstance(one.at.stands, Request) and not (self._every or is_move(one.at.stands)):
            answer, _ = self._effect(one.at.stands, state)
            one = one._replace(at=one.at.after(key_of(answer), answer, self._now(state)))
        if isinstance(one.at.stands, Ended):
            return self._ended(state, place, one, one.at.stands)
        if one.at.stands.operation in CARRIERS:
            standing = self._claims(one.debtor)
            mine = watching.leaves(one.claim, standing, state.calls, self._now(state))
            state = state._replace(calls=(*state.calls, Called(mine.attempt, mine.step, taken=False)))
        return state._replace(processes=(*state.processes[:place], one, *state.processes[place + 1 :]))

    def _ended(self, state: State, place: int, one: Process, ended: Ended) -> State:
        if ended.error is not None and not state.is_troubled:
            raise ended.error
        failed = ended.error is not None or (
            ended.value["statusCode"] >= 300 if one.kind == PAYER else bool(ended.value["batchItemFailures"])
        )
        if failed:
            return self._died(state, place)
        left = state.processes[:place] + state.processes[place + 1 :]
        if one.kind == WORKER:
            return state._replace(processes=left)
        for person in self._scene.people:
            if not self._reader.holds(self._table.get(record_of(person)), INTENT):
                raise BrokenPromise(watching.LOST)
        is_raced = any(other.at is not None for other in left)
        return state._replace(processes=left, answered=True, is_raced=is_raced)

    def _died(self, state: State, place: int) -> State:
        """A gateway tells again, a queue hands out again: at once, which is the earliest."""
        gone = state.processes[place]
        left = state.processes[:place] + state.processes[place + 1 :]
        if not state.again:
            return state._replace(processes=left)
        again = Process(gone.kind, gone.number + AGAIN, gone.debtor)
        return state._replace(processes=(*left, again), again=state.again - 1)

    def _now(self, state: State) -> float:
        return self._scene.began + state.ticks * TICK

    def _claims(self, person: str) -> Mapping[str, Claim]:
        return self._reader.claims(self._table.get(record_of(person)))

    def _effect(self, request: Request, state: State) -> tuple[Any, Claim | None]:
        """(the answer, or the error that it is; what was claimed by it). Raises BrokenPromise."""
        mark = len(self._undo)
        self._table.on_write = self._wrote
        try:
            answer: Any = self._scene.store.call(request.operation, request.params)
        except Refused as refused:
            answer = client_error(request.operation, refused.code, refused.message, **refused.members)
        finally:
            self._table.on_write = None
        claim = None
        for place, before in self._undo[mark:]:
            if place[1] == "STATE":
                claims = self._reader.claims
                after = claims(self._table.get(place))
                claim = watching.saved(claims(before), after, answered=state.answered) or claim
        return answer, claim

    def _wrote(self, before: Any, after: Any) -> None:
        one = after or before
        place = (one["pk"]["S"], one["sk"]["S"])
        self._at_first.setdefault(place, before)
        self._undo.append((place, before))
        if after is not None:
            # Equal items are one object from here on: whoever compares, compares objects.
            after = self._same.setdefault(repr(after), after)
            self._table.items[place[0]][place[1]] = after
        self._note(place, after)

    def _note(self, place: Place, item: Any) -> None:
        if item is self._at_first[place]:
            self._differs.pop(place, None)
        else:
            self._differs[place] = id(item)


def record_of(person: str) -> Place:
    return f"DEBTOR#{person}", "STATE"
