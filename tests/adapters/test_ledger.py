"""One debtor, one version: whoever loses decides again, a lost answer is settled, and nothing unknown is dropped."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.ledger import DynamoLedger
from recobro.adapters.state_record import key
from recobro.domain import facts as f
from recobro.domain.chain import first_break
from recobro.domain.debtor import Debtor, Profile
from recobro.domain.fold import fold
from recobro.domain.next_action import FAR, Planned, planned
from recobro.errors import Stale, Unavailable
from recobro.ports import Content, Loaded, Overtaken, SavedByAnother
from tests.emulated import BACKENDS, aws, chance, make_table
from tests.sample import AMINTA, debt, playbook
from tests.sample import MONDAY_NOON_MX as NOW

OPENING = (f.DebtorOpened(Profile(country="MX"), "digest"), f.DebtRecorded(debt()))


@pytest.fixture(params=BACKENDS)
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    with aws(request.param) as factory:
        made = factory("dynamodb", retries={"total_max_attempts": 1})
        make_table(made)
        yield made


def ledger(client: Any, seed: int = 7) -> DynamoLedger:
    return DynamoLedger(
        client,
        "ledger",
        plan=lambda debtor, now: planned(debtor, playbook(), now),
        chance=chance(seed),
        shards=2,
    )


def opened(client: Any) -> Loaded:
    return ledger(client).save(Loaded(Debtor(AMINTA)), OPENING, NOW)


def feed(day: int) -> f.FeedRead:
    return f.FeedRead("muebles", date(2026, 3, 1) + timedelta(days=day), f"file {day}")


def test_what_is_saved_is_what_is_loaded(client: Any) -> None:
    saved = opened(client)
    loaded = ledger(client).load(AMINTA)

    assert loaded is not None
    assert (loaded.debtor, loaded.lane, loaded.next_action) == (saved.debtor, saved.lane, saved.next_action)


def test_nobody_is_nobody(client: Any) -> None:
    assert ledger(client).load(AMINTA) is None
    assert ledger(client).load_many([AMINTA]) == {}


def test_who_saves_on_an_older_version_is_told_what_stands_there_now(client: Any) -> None:
    before = opened(client)
    ledger(client).save(before, [feed(1)], NOW)

    with pytest.raises(SavedByAnother) as lost:
        ledger(client, seed=8).save(before, [feed(2)], NOW)

    assert lost.value.current is not None
    assert lost.value.current.debtor.version == 2


def test_two_who_open_the_same_debtor_at_once_are_one(client: Any) -> None:
    opened(client)

    with pytest.raises(Stale):
        ledger(client, seed=8).save(Loaded(Debtor(AMINTA)), OPENING, NOW)


def test_a_save_whose_answer_was_lost_is_known_to_have_won(client: Any) -> None:
    before = opened(client)
    lose_answers(client, "PutItem", times=1)

    saved = ledger(client, seed=8).save(before, [feed(1)], NOW)

    there = ledger(client).load(AMINTA)
    assert there is not None
    assert (there.save_id, there.debtor.version) == (saved.save_id, 2)


def test_a_repeated_write_that_fails_its_own_condition_is_known_to_have_won(client: Any) -> None:
    before = opened(client)
    repeat_writes(client)

    assert ledger(client, seed=8).save(before, [feed(1)], NOW).debtor.version == 2


def test_of_many_who_save_at_once_exactly_one_wins(client: Any) -> None:
    before = opened(client)
    won: list[int] = []

    def save(seed: int) -> None:
        try:
            ledger(client, seed).save(before, [feed(seed)], NOW)
            won.append(seed)
        except Stale:
            return

    workers = [threading.Thread(target=save, args=(seed,)) for seed in range(100, 120)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(won) == 1


def test_what_grew_too_old_on_the_way_to_its_write_is_not_written(client: Any) -> None:
    before = opened(client)
    with pytest.raises(Overtaken):
        ledger(client, seed=8).save(before, [feed(1)], NOW, still=lambda: False)

    there = ledger(client, seed=9).load(before.debtor.id)
    assert there is not None
    assert there.debtor.version == before.debtor.version


def test_what_a_newer_release_added_survives_a_save(client: Any) -> None:
    before = opened(client)
    client.update_item(
        TableName="ledger",
        Key=key(AMINTA),
        UpdateExpression="SET mood = :calm",
        ExpressionAttributeValues={":calm": {"S": "calm"}},
    )
    loaded = ledger(client).load(AMINTA)
    assert loaded is not None

    ledger(client).save(loaded, [feed(1)], NOW)

    item = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    assert item["mood"] == {"S": "calm"}
    assert before.debtor.version == 1


def test_a_record_of_a_newer_schema_is_never_touched(client: Any) -> None:
    opened(client)
    client.update_item(
        TableName="ledger",
        Key=key(AMINTA),
        UpdateExpression="SET #schema = :newer",
        ExpressionAttributeNames={"#schema": "schema"},
        ExpressionAttributeValues={":newer": {"N": "99"}},
    )

    with pytest.raises(Unavailable):
        ledger(client).load(AMINTA)


def test_a_clock_that_runs_behind_never_saves_into_the_past(client: Any) -> None:
    before = opened(client)
    after = ledger(client).save(before, [feed(1)], NOW - timedelta(minutes=5))

    assert after.saved_at == NOW


def test_facts_travel_in_the_record_until_the_history_holds_them(client: Any) -> None:
    loaded = opened(client)
    JournalItems(client, "ledger").write(client.get_item(TableName="ledger", Key=key(AMINTA))["Item"])
    for day in range(40):
        loaded = ledger(client, seed=day).save(loaded, [feed(day)], NOW + timedelta(minutes=day))
        JournalItems(client, "ledger").write(client.get_item(TableName="ledger", Key=key(AMINTA))["Item"])

    assert len(loaded.pending) <= 18
    history = ledger(client).history(AMINTA)
    assert [one.version for one in history] == [1, 1, *range(2, 42)]
    assert first_break(history) == ""


def test_without_a_journal_nothing_is_forgotten(client: Any) -> None:
    loaded = opened(client)
    for day in range(30):
        loaded = ledger(client, seed=day).save(loaded, [feed(day)], NOW)

    assert len(loaded.pending) == 32
    assert first_break(ledger(client).history(AMINTA)) == ""


def test_the_record_is_the_fold_of_its_history(client: Any) -> None:
    loaded = opened(client)
    for day in range(5):
        loaded = ledger(client, seed=day).save(loaded, [feed(day)], NOW)

    refolded = fold(Debtor(AMINTA), ledger(client).history(AMINTA))
    assert replace(loaded.debtor, version=0, head="") == refolded


def test_what_was_said_is_found_by_its_hash_before_and_after_the_journal_ran(client: Any) -> None:
    content = Content("early.es", "hash", "sms", {"amount": "$ 100.00"}, "digest")
    before = opened(client)
    ledger(client).save(before, [feed(1)], NOW, contents=[content])

    found = ledger(client).content(AMINTA, "digest")
    JournalItems(client, "ledger").write(client.get_item(TableName="ledger", Key=key(AMINTA))["Item"])

    assert found is not None
    assert found.variables == {"amount": "$ 100.00"}
    assert ledger(client).content(AMINTA, "digest") == found


def test_everybody_stands_in_the_index_even_with_nothing_planned(client: Any) -> None:
    book = DynamoLedger(
        client, "ledger", plan=lambda d, n: Planned("overdue", FAR), chance=chance(), shards=2
    )
    book.save(Loaded(Debtor(AMINTA)), OPENING, NOW)

    item = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    assert (item["due_shard"]["S"][:8], item["due_at"]["S"]) == ("overdue#", "~")


def lose_answers(client: Any, operation: str, times: int) -> None:
    """The write arrives; its answer does not."""
    left = [times]

    def lose(**_: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise ReadTimeoutError(endpoint_url="sample")

    client.meta.events.register(f"after-call.dynamodb.{operation}", lose)


def repeat_writes(client: Any) -> None:
    """The SDK's own retry: every PutItem is sent a second time, and the second answer is the one that counts."""
    inner = client.put_item
    client.put_item = lambda **asked: (inner(**asked), inner(**asked))[1]
