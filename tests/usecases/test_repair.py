"""Damage is planted, found by the dry run, mended by the run, and the second run finds nothing and changes nothing."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recobro.adapters.given_up import GAVE_UP, record_of
from recobro.adapters.journal_copy import JournalCopy
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import fact_key, key
from recobro.adapters.stream import records_of
from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus
from recobro.domain.chain import first_break, first_gap
from recobro.domain.contact_point import PointState
from recobro.domain.pay_link import PayLink
from recobro.domain.playbook import Switches
from recobro.house import House
from recobro.usecases.journal import journal
from recobro.usecases.repair import Found, repairs
from recobro.usecases.saving import change
from recobro.usecases.send import send
from recobro.usecases.sweep import sweep
from tests.house import Clock, PretendCarrier, attempts, house, settle_in, standing
from tests.sample import AMINTA, debtor


class Died(BaseException):
    """The process is gone."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        settle_in(opened, debtor())
        opened.lookups.add(opened.keys.debt("muebles/A1"), AMINTA)
        yield opened


def mended(home: House, what: str) -> list[Found]:
    """What a dry run finds, which the run then mends and the second run no longer finds; nothing else is changed."""
    before = everything(home)
    planned = found_in(home, what, dry_run=True)
    assert everything(home) == before, "a dry run writes nothing"
    assert not any(one.is_mended for one in planned)
    done = found_in(home, what)
    assert [(one.debtor, one.what) for one in done] == [(one.debtor, one.what) for one in planned]
    after = everything(home)
    assert not [one for one in found_in(home, what) if one.is_mended]
    assert everything(home) == after, "the second run changes nothing"
    return done


def found_in(home: House, what: str, *, dry_run: bool = False) -> list[Found]:
    def by_the_journal(record: Mapping[str, Any]) -> str:
        items = JournalItems(home.client("dynamodb"), "ledger")
        saves = [journal(home, items, image) for _, image in records_of({"Records": [dict(record)]})]
        JournalCopy(home.files).write(saves)
        return ""

    return list(repairs(by_the_journal)[what](home, dry_run=dry_run))


def everything(home: House) -> list[str]:
    items = home.client("dynamodb").scan(TableName="ledger")["Items"]
    return sorted(repr(sorted(one.items(), key=str)) for one in items)


def state(home: House) -> dict[str, Any]:
    item: dict[str, Any] = home.client("dynamodb").get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    return item


def put(home: House, item: dict[str, Any]) -> None:
    home.client("dynamodb").put_item(TableName="ledger", Item=item)


def claimed_and_died(home: House) -> None:
    """The process dies between claim and outcome, as it calls the carrier."""

    def die() -> None:
        raise Died

    with pytest.raises(Died):
        send(
            home,
            PretendCarrier(before=die),
            "sms",
            AMINTA,
            home.now() + timedelta(minutes=9),
            Switches,
        )
    assert attempts(home, AMINTA) == [("sms", "claimed")]


@pytest.mark.parametrize("what", repairs(lambda record: ""))
def test_where_nothing_is_wrong_nothing_is_done(home: House, what: str) -> None:
    journalled(home)
    before = everything(home)
    assert found_in(home, what) == []
    assert everything(home) == before


def test_a_claim_whose_process_died_becomes_unknown_and_is_never_sent_again(
    home: House, clock: Clock
) -> None:
    claimed_and_died(home)
    clock.forward(seconds=61)
    (found,) = mended(home, "unknowns")

    assert "unknown" in found.what
    assert attempts(home, AMINTA) == [("sms", "unknown")]
    again = send(home, PretendCarrier(), "sms", AMINTA, clock.now + timedelta(minutes=9), Switches)
    assert again.result == "refused"


def test_a_claim_whose_lease_still_runs_is_left_alone(home: House, clock: Clock) -> None:
    claimed_and_died(home)
    clock.forward(seconds=30)

    assert mended(home, "unknowns") == []


def test_after_three_days_the_step_of_an_unknown_is_marked(home: House, clock: Clock) -> None:
    claimed_and_died(home)
    clock.forward(days=3, minutes=1)
    found = mended(home, "unknowns")

    assert any("step" in one.what for one in found)
    assert standing(home, AMINTA).attempts[0].status is AttemptStatus.UNKNOWN


def journalled(home: House) -> None:
    """Everything that has been saved so far reaches the history, as by the stream."""
    items = JournalItems(home.client("dynamodb"), "ledger")
    journal(home, items, state(home))
    loaded = home.ledger.load(AMINTA)
    assert loaded is not None
    items.restore(AMINTA, loaded.pending, loaded.contents)


def test_facts_that_only_travel_in_the_record_are_written_to_the_history(home: House) -> None:
    assert home.ledger.recorded(AMINTA) == []
    found = mended(home, "history")

    assert len(found) == len(home.ledger.history(AMINTA))
    assert first_break(home.ledger.recorded(AMINTA)) == ""


def test_what_the_journal_gave_up_on_is_taken_from_its_bucket(home: House) -> None:
    """Lambda puts the images there; the record has long stopped carrying those facts."""
    journalled(home)
    images = []
    for _ in range(3):
        change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
        images.append(state(home))
    lost = images[1]
    for image in (images[0], images[2]):
        journal(home, JournalItems(home.client("dynamodb"), "ledger"), image)
    forget_pending(home)
    (told,) = found_in(home, "history")
    assert not told.is_mended
    assert "does not follow" in told.what
    assert told.why == "nothing that is left holds it"

    give_up(home, lost)
    (found,) = mended(home, "history")
    assert found.is_mended
    assert list(home.files.keys(GAVE_UP)) == [], "what was taken after all waits no longer"
    assert first_break(home.ledger.recorded(AMINTA)) == ""
    assert home.ledger.recorded(AMINTA)[-1].hash == standing(home, AMINTA).head


@pytest.mark.parametrize("place", [0, -1])
def test_a_first_or_last_fact_that_nothing_holds_any_more_is_told(home: House, place: int) -> None:
    journalled(home)
    forget_pending(home)
    one = home.ledger.recorded(AMINTA)[place]
    home.client("dynamodb").delete_item(TableName="ledger", Key=fact_key(AMINTA, one.version, one.number))
    (found,) = found_in(home, "history")

    assert (found.is_mended, found.why) == (False, "nothing that is left holds it")
    assert "missing" in found.what
    assert replayed_break(home) == found.what


def replayed_break(home: House) -> str:
    return first_gap(home.ledger.history(AMINTA), standing(home, AMINTA).head)


def test_a_save_between_the_look_at_a_record_and_at_its_history_is_no_loss(home: House) -> None:
    journalled(home)

    def saved_meanwhile(count: int) -> None:
        change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
        journalled(home)

    history = repairs(lambda record: "")["history"]

    assert list(history(home, dry_run=True, seen=saved_meanwhile)) == []


def test_what_a_table_before_this_one_gave_up_on_takes_the_place_of_nothing(
    home: House, clock: Clock
) -> None:
    """A restored ledger goes on with other saves of the same numbers: an opt-out among them stays in the history."""
    journalled(home)
    backup = state(home)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    lost = state(home)
    put(home, backup)
    clock.forward(minutes=5)
    change(home, AMINTA, lambda debtor, now: (f.ChannelStopped("sms", "person"),))
    journalled(home)
    change(home, AMINTA, lambda debtor, now: (f.ChannelStopped("email", "person"),))
    journalled(home)
    forget_pending(home)
    give_up(home, lost)
    before = home.ledger.recorded(AMINTA)
    for _ in range(2):
        (found,) = found_in(home, "history")
        assert not found.is_mended
        assert "a restore left it behind" in found.why

    assert home.ledger.recorded(AMINTA) == before
    assert first_break(before) == ""
    assert list(home.files.keys(GAVE_UP)), "what nobody took is not thrown away"


def test_what_the_journal_gave_up_on_waits_while_later_facts_are_still_to_come(home: House) -> None:
    journalled(home)
    images = []
    for _ in range(2):
        change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
        images.append(state(home))
    forget_pending(home)
    give_up(home, images[0])
    given, gap = found_in(home, "history")
    assert "has still to catch up" in given.why
    assert "does not" in gap.what or "missing" in gap.what

    journal(home, JournalItems(home.client("dynamodb"), "ledger"), images[1])
    (found,) = mended(home, "history")
    assert found.is_mended
    assert first_break(home.ledger.recorded(AMINTA)) == ""


def test_an_image_that_nobody_can_read_stops_nobody_elses_repair(home: House) -> None:
    """It may be what the journal stumbled over; its own person is told of, all others are mended."""
    journalled(home)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    newer = {**state(home), "pk": {"S": "DEBTOR#somebody"}, "schema": {"N": "99"}}
    give_up(home, newer, "a")
    give_up(home, state(home), "b")
    first, second = found_in(home, "history", dry_run=True)
    assert (first.debtor, second.debtor) == ("somebody", AMINTA)

    refuses = repairs(lambda record: "it is a newer release's" if "somebody" in str(record) else "")
    first, second, *_ = refuses["history"](home, dry_run=False)
    assert (first.is_mended, first.why) == (False, "it is a newer release's")
    assert second.is_mended
    assert [key.rpartition("/")[2] for key in home.files.keys(GAVE_UP)] == ["a"]


def forget_pending(home: House) -> None:
    """The record as it is once all its facts are taken to be in the history."""
    from recobro.domain.chain import canonical

    item = state(home)
    body = json.loads(zlib.decompress(bytes(item["body"]["B"])))
    body["pending"] = []
    put(home, {**item, "body": {"B": zlib.compress(canonical(body).encode(), 9)}})


def give_up(home: House, image: dict[str, Any], name: str = "one") -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html#services-dynamodb-errors-destination"""
    told = {"payload": {"Records": [record_of(image, int(image["version"]["N"]))]}}
    body = json.dumps({"requestContext": {"condition": "RetryAttemptsExhausted"}, **told})
    home.files.write(f"{GAVE_UP}journal/shardId-0/2026/03/09/{name}", body.encode())


def test_a_restore_finds_what_the_journal_gave_up_on(home: House) -> None:
    """It replays the copy, which lacked it as the history did."""
    journalled(home)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    give_up(home, state(home))
    forget_pending(home)
    mended(home, "history")

    told = list(JournalCopy(home.files).since(home.now() - timedelta(days=1)))
    assert [who for who, _ in told] == [AMINTA]
    assert told[0][1].hash == standing(home, AMINTA).head


def test_facts_that_only_travelled_in_the_record_are_in_the_copy_too(home: House) -> None:
    mended(home, "history")

    told = [one.hash for _, one in JournalCopy(home.files).since(home.now() - timedelta(days=1))]
    assert told == [one.hash for one in home.ledger.history(AMINTA)]


def test_a_void_link_to_pay_that_the_journal_gave_up_on_is_withdrawn(
    home: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else hands it over: the gateway's page would take money for what is owed no more."""
    sqs = home.client("sqs")
    url = sqs.create_queue(QueueName="links")["QueueUrl"]
    monkeypatch.setenv("QUEUE_LINKS_TO_WITHDRAW", url)
    link = PayLink(
        1, "muebles", "MXN", "muebles/A1", 150_000, "standard", "main", "pl_1", "https://pay.example/1", clock.now,
        clock.now + timedelta(days=3),
    )  # fmt: skip
    change(home, AMINTA, lambda debtor, now: (f.PayLinkMade(link),))
    journalled(home)
    change(home, AMINTA, lambda debtor, now: (f.PayLinkVoided(1, "paid"),))
    give_up(home, state(home))
    mended(home, "history")

    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ())) == 1


def test_what_the_journal_fails_on_again_stays_and_says_why(home: House) -> None:
    journalled(home)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    give_up(home, state(home))
    for _ in range(2):
        (found, *_) = repairs(lambda record: "it is poison")["history"](home, dry_run=False)
        assert (found.is_mended, found.why) == (False, "it is poison")
    assert len(list(home.files.keys(GAVE_UP))) == 1


@pytest.mark.parametrize("what", repairs(lambda record: ""))
@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ({"body": {"B": b"poison"}}, "decompressing"),
        ({"body": {"B": zlib.compress(b"{}")}}, "debtor"),
        ({"schema": {"N": "99"}}, "99"),
    ],
)
def test_a_record_that_nobody_can_read_stops_nobody_elses_repair(
    home: House, clock: Clock, what: str, damage: dict[str, Any], why: str
) -> None:
    """It is told of each time; the others are mended once."""
    claimed_and_died(home)
    clock.forward(seconds=61)
    home.lookups.remove("p1", AMINTA)
    item = {name: value for name, value in state(home).items() if name not in {"due_shard", "due_at"}}
    put(home, item)
    unread = "d" + "0" * 23
    put(home, {**item, "pk": {"S": f"DEBTOR#{unread}"}, **damage})
    first, *_ = [one for one in mended(home, what) if one.debtor == unread]

    assert (first.what, first.is_mended) == ("its record cannot be read", False)
    assert why in first.why
    assert {one.debtor for one in found_in(home, what)} == {unread}


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ({"body": {"S": "{"}}, "JSONDecodeError"),
        ({"body": {"S": '{"kind": "never_heard_of"}'}}, "KeyError: 'version'"),
    ],
)
def test_a_fact_that_nobody_can_read_stops_nobody_elses_repair_and_is_not_written_over(
    home: House, damage: dict[str, Any], why: str
) -> None:
    other = "d" + "0" * 23
    settle_in(home, replace(debtor(), id=other))
    damaged = {**fact_key(other, 1, 0), **damage}
    put(home, damaged)
    found = mended(home, "history")

    assert [(one.what, one.is_mended) for one in found if one.debtor == other] == [
        ("its history cannot be read", False)
    ]
    said = next(one.why for one in found if one.debtor == other)
    assert said.startswith(f"FACT#0000000001#0000 of DEBTOR#{other} cannot be read: {why}")
    assert sum(one.is_mended for one in found if one.debtor == AMINTA) == len(home.ledger.history(AMINTA))
    read = home.client("dynamodb").get_item(TableName="ledger", Key=fact_key(other, 1, 0))["Item"]
    assert read == damaged
    assert {one.debtor for one in found_in(home, "history")} == {other}


def test_a_fact_under_way_that_nobody_can_read_stops_nobody_elses_repair(home: House) -> None:
    other = "d" + "0" * 23
    item = state(home)
    body = json.loads(zlib.decompress(item["body"]["B"]))
    body["debtor"]["id"], body["pending"][0]["fact"]["kind"] = other, "never_heard_of"
    put(
        home,
        {**item, "pk": {"S": f"DEBTOR#{other}"}, "body": {"B": zlib.compress(json.dumps(body).encode())}},
    )
    found = mended(home, "history")

    (unread,) = [one for one in found if one.debtor == other]
    assert (unread.what, unread.is_mended) == ("its history cannot be read", False)
    assert f"in STATE of DEBTOR#{other} cannot be read: InvariantBroken: fact of unknown kind" in unread.why
    assert any(one.is_mended for one in found if one.debtor == AMINTA)


def test_what_the_journal_gave_up_on_waits_for_a_record_that_nobody_can_read(home: House) -> None:
    journalled(home)
    image = state(home)
    unread = {**image, "pk": {"S": "DEBTOR#d" + "0" * 23}}
    put(home, {**unread, "body": {"B": b"poison"}})
    give_up(home, unread, "a")
    give_up(home, image, "b")
    mended(home, "history")

    assert [key.rpartition("/")[2] for key in home.files.keys(GAVE_UP)] == ["a"]
    waits, unreadable = found_in(home, "history")
    assert (waits.debtor, waits.is_mended) == (unreadable.debtor, False)
    assert "cannot be read" in waits.why


def test_an_image_that_nobody_can_read_keeps_nobody_elses_history(home: House) -> None:
    journalled(home)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    image = state(home)
    give_up(home, image | {"body": {"B": b"poison"}}, "one")
    give_up(home, image, "two")
    forget_pending(home)

    assert [one.what for one in found_in(home, "history", dry_run=True)] == [
        f"save {standing(home, AMINTA).version}: the journal gave up on it"
    ] * 2


@pytest.mark.parametrize(
    "damage",
    [
        {"due_shard": {"S": "overdue#77"}},
        {"due_shard": {"S": "pre_due#00"}},
        {"due_at": {"S": "~"}},
        {"due_at": {"S": "2031-01-01T00:00:00Z"}},
        {"due_shard": None, "due_at": None},
    ],
)
def test_somebody_whom_no_sweep_would_find_is_found_again(
    home: House, damage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = home.client("sqs").create_queue(QueueName="send-sms")["QueueUrl"]
    monkeypatch.setenv("QUEUE_SEND_SMS", url)
    for lane in ("pre_due", "overdue"):
        sweep(home, lane)
    item = {**state(home), **damage}
    put(home, {name: value for name, value in item.items() if value is not None})
    assert sum(sweep(home, "overdue").handed.values()) == 0
    mended(home, "index")

    assert sum(sweep(home, "overdue").handed.values()) == 1


def test_lookups_and_opt_outs_are_written_again_from_the_record(home: House) -> None:
    opted_out = f.PointStateChanged("p2", PointState.SUPPRESSED, "opt_out")
    change(home, AMINTA, lambda debtor, now: (opted_out,))
    table = home.client("dynamodb")
    for pk in ("LOOKUP#p1", f"LOOKUP#{home.keys.debt('muebles/A1')}"):
        table.delete_item(TableName="ledger", Key={"pk": {"S": pk}, "sk": {"S": f"DEBTOR#{AMINTA}"}})
    assert home.lookups.debtors("p1") == []
    found = mended(home, "lookups")

    assert len(found) == 3
    assert home.lookups.debtors("p1") == [AMINTA]
    assert home.lookups.debtors(home.keys.debt("muebles/A1")) == [AMINTA]
    assert home.suppressions.reason("p2") == "opt_out"


def test_who_is_in_a_debt_together_is_written_again(home: House) -> None:
    """A payment reads this item to leave all of them in peace at once."""
    settle_in(home, replace(debtor(), id="d" + "0" * 22 + "2"))
    home.lookups.add(home.keys.debt("muebles/A1"), "d" + "0" * 22 + "2")
    short = home.keys.short_debt("muebles/A1")
    assert home.obligors.people([short]) == frozenset()
    found = mended(home, "lookups")

    assert any("would leave others who owe it chased" in one.what for one in found)
    assert home.obligors.people([short]) == {AMINTA, "d" + "0" * 22 + "2"}


def test_who_is_due_is_no_finding_at_any_fraction_of_a_second(home: House, clock: Clock) -> None:
    clock.forward(minutes=5, milliseconds=300)

    assert found_in(home, "index", dry_run=True) == []
