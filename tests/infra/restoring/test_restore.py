"""A table restored to this morning knows by noon what was said and paid since, and nobody is contacted twice because of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.cli import main
from infra.cli.place import Place
from infra.restoring import catching_up, table
from infra.restoring.catching_up import GAP, NO_ADDRESS, catch_up, hold, verified
from recobro.adapters.erasures import Erasure, Erasures
from recobro.adapters.given_up import GAVE_UP, record_of
from recobro.adapters.journal_copy import JournalCopy
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain import facts as f
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Personal
from recobro.domain.payment import Payment
from recobro.domain.playbook import Switches
from recobro.errors import InvalidInput, Unavailable
from recobro.house import House
from recobro.usecases.journal import journal
from recobro.usecases.saving import change
from recobro.usecases.send import send
from tests.house import Clock, PretendCarrier, attempts, house, settle_in, standing
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA, debt, debtor

MORNING = Clock().now
PAYER, LEAVER, NEWCOMER, IDLE = (f"d{number:023x}" for number in (7, 8, 9, 10))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    """A house with point-in-time recovery; moto restores what the table holds when it is asked."""
    with house(clock, backend="moto") as opened:
        opened.client("dynamodb").update_continuous_backups(
            TableName="ledger", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        yield opened


def journalled(home: House, *people: str) -> None:
    """What the stream does after each save."""
    client, copy = home.client("dynamodb"), JournalCopy(home.files)
    items = JournalItems(client, home.settings.table)
    for ident in people:
        image = client.get_item(TableName=home.settings.table, Key=key(ident))["Item"]
        copy.write([journal(home, items, image)])


def morning(home: House) -> None:
    """Four people, known and journalled."""
    for number, ident in enumerate((AMINTA, PAYER, LEAVER, IDLE)):
        due_on = date(2026, 6, 1) if ident == IDLE else date(2026, 3, 4)
        settle_in(home, replace(debtor(debt(f"A{number}", due_on=due_on)), id=ident))
        journalled(home, ident)


def pay(home: House, ident: str, debt_key: str) -> None:
    payment = Payment(f"standard#{ident}", debt_key, 150_000, "MXN", home.now())
    change(home, ident, lambda debtor, now: (f.PaymentPosted(payment),))
    journalled(home, ident)


def noon(home: House, clock: Clock) -> PretendCarrier:
    """One is reminded, one pays, one is erased, one comes new, and one stops an address."""
    clock.forward(hours=1)
    carrier = PretendCarrier()
    unjournalled = change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "noon"),))
    assert unjournalled.debtor.version
    journalled(home, AMINTA)
    send(home, carrier, "sms", AMINTA, home.now() + timedelta(minutes=15), Switches)
    # The claim and its outcome are two saves; the first's facts travel in the second's item, and come by the stream.
    for version in (standing(home, AMINTA).version - 1, standing(home, AMINTA).version):
        _stream(home, AMINTA, version)
    pay(home, PAYER, "muebles/A1")
    loaded = home.ledger.load(LEAVER)
    assert loaded is not None
    bare = replace(loaded.debtor, personal=Personal())
    home.ledger.save(loaded, (f.Erased("request-1"),), home.now(), debtor=bare)
    journalled(home, LEAVER)
    settle_in(home, replace(debtor(debt("N1")), id=NEWCOMER))
    journalled(home, NEWCOMER)
    change(home, IDLE, lambda debtor, now: (f.PointStateChanged("p1", PointState.SUPPRESSED, "opt_out"),))
    journalled(home, IDLE)
    clock.forward(minutes=5)
    return carrier


def _stream(home: House, ident: str, version: int) -> None:
    """The facts of one save, as its own image would have brought them."""
    from recobro.adapters.state_record import Saved

    loaded = home.ledger.load(ident)
    assert loaded is not None
    facts = tuple(one for one in loaded.pending if one["version"] == version)
    JournalCopy(home.files).write([Saved(ident, version, facts, ())])


@pytest.fixture
def new(home: House, clock: Clock) -> House:
    """The table as it was in the morning, after the noon that it does not know."""
    morning(home)
    instant = clock.now
    target = table.restored_name("ledger", instant)
    assert table.restore(home.client("dynamodb"), "ledger", target, instant)
    noon(home, clock)
    return home.on_table(target)


def caught_up(home: House, new: House, *, dry_run: bool = False) -> catching_up.CaughtUp:
    return catch_up(new, JournalCopy(home.files), MORNING, dry_run=dry_run)


def test_the_restored_table_does_not_know_of_the_noon(new: House) -> None:
    assert attempts(new, AMINTA) == []
    assert new.ledger.load(NEWCOMER) is None


def test_every_fact_since_then_is_back_in_its_place_with_its_hash(
    home: House, new: House, clock: Clock
) -> None:
    done = caught_up(home, new)

    assert done.broken == ()
    assert done.people == 5
    for ident in (AMINTA, PAYER, LEAVER, NEWCOMER, IDLE):
        before, after = standing(home, ident), standing(new, ident)
        assert (after.head, after.version) == (before.head, before.version)
        assert replace(after, personal=before.personal) == before
        assert [one.hash for one in new.ledger.history(ident)] == [
            one.hash for one in home.ledger.history(ident)
        ]
    assert list(verified(new)) == []


def test_who_was_contacted_or_paid_since_is_not_contacted_again(
    home: House, new: House, clock: Clock
) -> None:
    caught_up(home, new)
    carrier = PretendCarrier()
    for ident in (AMINTA, PAYER):
        outcome = send(new, carrier, "sms", ident, new.now() + timedelta(minutes=15), Switches)
        assert outcome.result == "refused"
    assert carrier.asked == []
    assert new.suppressions.reason("p1") == "opt_out"
    assert new.lookups.debtors(new.keys.debt("muebles/N1")) == [NEWCOMER]


def test_who_was_erased_since_is_erased_again_and_first(home: House, new: House, clock: Clock) -> None:
    done = caught_up(home, new)

    assert done.erased == 1
    assert standing(new, LEAVER).personal == Personal()
    assert standing(new, LEAVER).is_erased


def test_done_twice_it_does_nothing_and_a_dry_run_writes_nothing(
    home: House, new: House, clock: Clock
) -> None:
    dry = caught_up(home, new, dry_run=True)
    assert new.ledger.load(NEWCOMER) is None
    first = caught_up(home, new)
    assert (dry.people, dry.facts) == (first.people, first.facts)
    assert caught_up(home, new).facts == 0


def test_a_copy_with_a_hole_stops_that_person_and_nobody_else(home: House, new: House, clock: Clock) -> None:
    client = home.client("s3")
    lost = next(
        name
        for name in home.files.keys("journal/")
        if any(who == PAYER for who, _ in _lines(home, name)) and _lines(home, name)[0][1] > 1
    )
    client.delete_object(Bucket="files", Key=lost)
    change(home, PAYER, lambda debtor, now: (f.FeedRead("muebles", now.date(), "later"),))
    journalled(home, PAYER)

    done = caught_up(home, new)
    assert [(one.debtor, one.why.partition(" save")[0]) for one in done.broken] == [(PAYER, "facts before")]
    assert standing(new, AMINTA).head == standing(home, AMINTA).head
    held = hold(new, clock.now, done.broken, dry_run=False, old=home)
    assert held[GAP] == 1
    assert [task.reason for task in standing(new, PAYER).open_tasks()] == [GAP]


def _lines(home: House, name: str) -> list[tuple[str, int]]:
    import gzip

    told = [json.loads(line) for line in gzip.decompress(home.files.read(name)).splitlines()]
    return [(one["debtor"], one["recorded"]["version"]) for one in told]


def test_who_may_have_been_contacted_in_the_gap_waits_for_a_person(
    home: House, new: House, clock: Clock
) -> None:
    clock.forward(days=9)
    carrier = PretendCarrier()
    done = caught_up(home, new)
    assert hold(new, clock.now, done.broken, dry_run=True)[GAP] > 0
    assert [task for task in standing(new, AMINTA).open_tasks() if task.reason == GAP] == []

    held = hold(new, clock.now, done.broken, dry_run=False)
    again = hold(new, clock.now, done.broken, dry_run=False)
    assert held[GAP] > 0
    assert held[NO_ADDRESS] == 1, "the newcomer's addresses stand in no copy"
    assert again == {GAP: 0, NO_ADDRESS: 0}
    for ident in (AMINTA, NEWCOMER):
        assert (
            send(new, carrier, "sms", ident, new.now() + timedelta(minutes=15), Switches).result == "refused"
        )
    assert carrier.asked == []


def stopped_unheard(home: House, clock: Clock) -> House:
    """IDLE, who is due in months, stops an address at noon, and the journal gives up on that save. The restored table."""
    morning(home)
    target = table.restored_name("ledger", clock.now)
    table.restore(home.client("dynamodb"), "ledger", target, clock.now)
    clock.forward(hours=1)
    change(home, IDLE, lambda debtor, now: (f.PointStateChanged("p1", PointState.SUPPRESSED, "opt_out"),))
    return home.on_table(target)


def test_an_opt_out_that_the_journal_gave_up_on_is_brought_back(home: House, clock: Clock) -> None:
    new = stopped_unheard(home, clock)
    image = home.client("dynamodb").get_item(TableName="ledger", Key=key(IDLE))["Item"]
    body = {"payload": {"Records": [record_of(image, int(image["version"]["N"]))]}}
    home.files.write(f"{GAVE_UP}journal/shardId-0/2026/03/09/one", json.dumps(body).encode())
    done = caught_up(home, new)

    assert (done.facts, done.broken) == (1, ())
    assert new.suppressions.reason("p1") == "opt_out"
    assert standing(new, IDLE).head == standing(home, IDLE).head
    assert hold(new, MORNING, (), dry_run=False, old=home)[GAP] == 0


def test_who_lost_a_word_waits_for_a_person_even_if_nothing_is_due(home: House, clock: Clock) -> None:
    """No file holds what IDLE said; the old table can still be read, and says that it was something."""
    new = stopped_unheard(home, clock)
    done = caught_up(home, new)
    held = hold(new, MORNING, done.broken, dry_run=False, old=home)

    assert held[GAP] == 1
    assert [task.reason for task in standing(new, IDLE).open_tasks()] == [GAP]


def test_a_dry_run_holds_nobody_whom_the_copy_would_bring_back(home: House, new: House, clock: Clock) -> None:
    dry = caught_up(home, new, dry_run=True)
    would = hold(new, MORNING, dry.broken, dry_run=True, old=home, ends=dry.ends)
    done = caught_up(home, new)

    assert would[GAP] == hold(new, MORNING, done.broken, dry_run=False, old=home)[GAP] == 0


def test_a_second_run_holds_nobody_for_what_the_first_one_wrote(
    home: House, new: House, clock: Clock
) -> None:
    """Who waits for an address has one more fact than the old table knows, and has lost nothing."""
    done = caught_up(home, new)
    first = hold(new, MORNING, done.broken, dry_run=False, old=home)
    assert first == {GAP: 0, NO_ADDRESS: 1}
    assert hold(new, MORNING, (), dry_run=False, old=home) == {GAP: 0, NO_ADDRESS: 0}


def test_who_joined_a_debt_since_is_in_it_with_the_others(home: House, clock: Clock) -> None:
    """Whoever asks one of them reads the others: what one contests is not asked of the other."""
    settle_in(home, debtor())
    home.lookups.add(home.keys.debt("muebles/A1"), AMINTA)
    journalled(home, AMINTA)
    target = table.restored_name("ledger", clock.now)
    table.restore(home.client("dynamodb"), "ledger", target, clock.now)
    clock.forward(hours=1)
    settle_in(home, replace(debtor(), id=NEWCOMER))
    journalled(home, NEWCOMER)
    new = home.on_table(target)
    caught_up(home, new)

    assert new.obligors.people([new.keys.short_debt("muebles/A1")]) == {AMINTA, NEWCOMER}


def test_a_history_that_was_altered_is_found(home: House) -> None:
    morning(home)
    assert list(verified(home)) == []
    item = next(home.table.query(key(PAYER)["pk"]["S"], prefix="FACT#"))
    altered = {**item, "body": {"S": item["body"]["S"].replace("MX", "CO")}}
    home.client("dynamodb").put_item(TableName="ledger", Item=altered)
    change(home, PAYER, lambda debtor, now: ())
    assert [one.debtor for one in verified(home)] in ([PAYER], [])


@pytest.fixture
def recobro(home: House, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def here() -> AbstractContextManager[Place]:
        return nullcontext(Room(home))

    def run(*words: str) -> Said:
        code = main(words, here)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


def test_the_whole_drill_by_command(
    recobro: Callable[..., Said], home: House, new: House, clock: Clock
) -> None:
    to = (clock.now - timedelta(hours=1, minutes=5)).isoformat()
    dry = recobro("restore", "--to", to, "--dry-run", "--json").json
    assert dry["replayed"]["people"] == 5
    assert not home.switches.read().off

    # Somebody whose erasure stands in the register and in no copy.
    Erasures(home.files).note(Erasure(IDLE, "request-2", home.now()))
    said = recobro("restore", "--to", to, "--who", "ana")
    assert said.code == 0, said.err
    for word in ("ledger_table", "ledger_stream", "recobro resume --all", "erased again"):
        assert word in said.out
    assert standing(new, IDLE).is_erased
    assert set(new.switches.read().off) == {"all"}
    assert set(home.switches.read().off) == {"all"}
    told = recobro("restore", "--to", to, "--json").json
    assert told["replayed"]["facts"] == 0, "a second time there is nothing left to do"
    assert set(told["steps"]) >= {"verify every chain", "hold what nobody can know"}
    described = home.client("dynamodb").describe_table(TableName=told["target"])["Table"]
    assert described["DeletionProtectionEnabled"]
    assert described["LatestStreamArn"] == told["stream"]


def test_a_drill_pauses_the_new_table_and_leaves_the_house_at_work(
    recobro: Callable[..., Said], home: House, new: House, clock: Clock
) -> None:
    to = (clock.now - timedelta(hours=1, minutes=5)).isoformat()
    said = recobro("restore", "--to", to, "--keep-pause", "--who", "ana")

    assert said.code == 0, said.err
    assert not home.switches.read().off
    assert set(new.switches.read().off) == {"all"}


def test_a_drills_table_goes_once_its_lock_is_taken_off(home: House, restored: str) -> None:
    """The two commands of docs/operating.md."""
    client = home.client("dynamodb")
    table.protect(client, restored, lambda _: None)
    with pytest.raises(ClientError, match="DeletionProtectionEnabled"):
        client.delete_table(TableName=restored)
    client.update_table(TableName=restored, DeletionProtectionEnabled=False)
    client.delete_table(TableName=restored)

    assert table.status(client, restored) == ""


def test_a_table_without_backups_and_an_instant_to_come_are_refused(
    recobro: Callable[..., Said], home: House, clock: Clock
) -> None:
    assert "has not come yet" in recobro("restore", "--to", "2031-01-01T00:00").err
    client = home.client("dynamodb")
    client.update_continuous_backups(
        TableName="ledger", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )
    with pytest.raises(InvalidInput, match="no point-in-time recovery"):
        table.restorable(client, "ledger")


CHANGES = ("update_table", "update_time_to_live", "update_continuous_backups")


class OneThingAtATime:
    """The emulated table, which takes its time to change as DynamoDB's does, and refuses any other change until it has.

    looks: how often it is found at work after a change. late: calls that are refused at first, by the code that each is refused with.
    """

    def __init__(self, client: Any, looks: int = 2, late: dict[str, list[str]] | None = None) -> None:
        self._client, self._looks, self._late = client, looks, late or {}
        self._left = 0
        self.made: list[str] = []

    def pause(self, _seconds: float) -> None:
        self._left = max(0, self._left - 1)

    def describe_table(self, **asked: Any) -> Any:
        told = self._client.describe_table(**asked)
        told["Table"]["TableStatus"] = "UPDATING" if self._left else "ACTIVE"
        return told

    def __getattr__(self, operation: str) -> Any:
        if operation not in CHANGES:
            return getattr(self._client, operation)

        def change_it(**asked: Any) -> Any:
            refusals = self._late.get(operation, [])
            if self._left or refusals:
                code = "ResourceInUseException" if self._left else refusals.pop(0)
                raise ClientError({"Error": {"Code": code, "Message": "not now"}}, operation)
            self.made.append(operation)
            self._left = self._looks if operation == "update_table" else 0
            return getattr(self._client, operation)(**asked)

        return change_it


@pytest.fixture
def restored(home: House, clock: Clock) -> str:
    """A new table, without any of the settings that a restoration leaves out."""
    target = table.restored_name("ledger", clock.now)
    table.restore(home.client("dynamodb"), "ledger", target, clock.now)
    return target


def is_protected(client: Any, name: str) -> bool:
    """Stream, lock, expiry and backups."""
    described = client.describe_table(TableName=name)["Table"]
    expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    window = table.restorable(client, name)
    return bool(
        described["StreamSpecification"]["StreamEnabled"]
        and described["DeletionProtectionEnabled"]
        and (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "ttl")
        and window
    )


def test_a_new_table_is_protected_in_one_go_though_it_takes_one_change_at_a_time(
    home: House, restored: str
) -> None:
    slow = OneThingAtATime(home.client("dynamodb"))
    stream = table.protect(slow, restored, slow.pause)

    assert slow.made == list(CHANGES), "one change for the stream and the lock together"
    assert is_protected(slow, restored)
    assert stream == slow.describe_table(TableName=restored)["Table"]["LatestStreamArn"]


def test_a_table_that_is_protected_already_is_left_as_it_is(home: House, restored: str) -> None:
    slow = OneThingAtATime(home.client("dynamodb"))
    first = table.protect(slow, restored, slow.pause)
    slow.made.clear()

    assert table.protect(slow, restored, slow.pause) == first
    assert slow.made == ["update_continuous_backups"]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("update_table", "ResourceInUseException"),
        ("update_table", "LimitExceededException"),
        ("update_time_to_live", "ResourceInUseException"),
        ("update_time_to_live", "LimitExceededException"),
        ("update_continuous_backups", "ContinuousBackupsUnavailableException"),
    ],
)
def test_what_aws_cannot_do_yet_is_asked_for_again(
    home: House, restored: str, operation: str, code: str
) -> None:
    slow = OneThingAtATime(home.client("dynamodb"), late={operation: [code] * 3})
    table.protect(slow, restored, slow.pause)

    assert is_protected(slow, restored)


def test_a_table_that_never_gets_ready_says_to_come_again_later(home: House, restored: str) -> None:
    late = {"update_continuous_backups": ["ContinuousBackupsUnavailableException"] * 10_000}
    slow = OneThingAtATime(home.client("dynamodb"), late=late)
    with pytest.raises(
        Unavailable, match=r"ContinuousBackupsUnavailableException.*give the command again later"
    ):
        table.protect(slow, restored, slow.pause)


def test_a_refusal_that_waiting_does_not_mend_is_told_at_once(home: House, restored: str) -> None:
    slow = OneThingAtATime(home.client("dynamodb"), late={"update_table": ["AccessDeniedException"]})
    with pytest.raises(ClientError, match="AccessDeniedException"):
        table.protect(slow, restored, slow.pause)
