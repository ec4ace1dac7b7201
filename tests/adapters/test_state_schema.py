"""A release may change the shape of a record: both shapes are read and written side by side, and it goes back as it came."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recobro.adapters.ledger import DynamoLedger
from recobro.adapters.reshaping import Reshaping
from recobro.adapters.state_record import key, read_saved, read_state
from recobro.adapters.state_schema import SHAPE, Body, Migration, Shape
from recobro.domain.debtor import SCHEMA, Debtor
from recobro.domain.next_action import planned
from recobro.entry import asked, each_message
from recobro.errors import InvalidInput, InvariantBroken, Unavailable
from recobro.ports import Loaded
from recobro.usecases.migrate import migrate
from tests.adapters.test_ledger import OPENING, feed
from tests.emulated import aws, chance, make_table
from tests.house import Clock, house, settle_in
from tests.sample import AMINTA, debtor, playbook
from tests.sample import MONDAY_NOON_MX as NOW

OLD = SCHEMA - 1


def _renamed(debtor_of: Body, old: str, new: str) -> Body:
    body = copy.deepcopy(debtor_of)
    if old in body["debtor"]:
        body["debtor"][new] = body["debtor"].pop(old)
    return body


ONE_AGO = Migration(
    SCHEMA,
    there=lambda body: _renamed(body, "liabilities", "debts"),
    back=lambda body: _renamed(body, "debts", "liabilities"),
)
"""As if the release before had called debts otherwise."""

FIRST = Shape(written=OLD, migrations=(ONE_AGO,))
"""Reads both shapes and still writes the old."""
SECOND = Shape(migrations=(ONE_AGO,))
"""Writes the new one."""
BEFORE = Shape(newest=OLD, written=OLD)
"""Knows nothing of the new one."""


@pytest.fixture
def client() -> Iterator[Any]:
    with aws("memory") as factory:
        made = factory("dynamodb")
        make_table(made)
        yield made


def ledger(client: Any, shape: Shape) -> DynamoLedger:
    return DynamoLedger(
        client,
        "ledger",
        plan=lambda debtor, now: planned(debtor, playbook(), now),
        chance=chance(),
        shards=1,
        shape=shape,
    )


def stored(client: Any) -> Any:
    return client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]


def schema(client: Any) -> int:
    return int(stored(client)["schema"]["N"])


def test_two_releases_side_by_side_read_and_save_each_others_records(client: Any) -> None:
    first, second = ledger(client, FIRST), ledger(client, SECOND)
    saved = first.save(Loaded(Debtor(AMINTA)), OPENING, NOW)
    assert schema(client) == OLD

    read = second.load(AMINTA)
    assert read is not None
    assert read.debtor == saved.debtor
    after = second.save(read, [feed(1)], NOW)
    assert schema(client) == SCHEMA

    again = first.load(AMINTA)
    assert again is not None
    assert again.debtor == after.debtor
    first.save(again, [feed(2)], NOW)
    assert schema(client) == OLD


def test_the_history_is_read_from_either_shape(client: Any) -> None:
    ledger(client, FIRST).save(Loaded(Debtor(AMINTA)), OPENING, NOW)
    of_old = read_saved(stored(client), SECOND)
    Reshaping(client, "ledger", SECOND).reshape(AMINTA, SCHEMA)

    assert read_saved(stored(client), SECOND) == of_old
    assert len(of_old.facts) == len(OPENING)


def test_a_release_that_knows_nothing_of_a_shape_neither_reads_nor_saves_it(client: Any) -> None:
    ledger(client, SECOND).save(Loaded(Debtor(AMINTA)), OPENING, NOW)

    with pytest.raises(Unavailable, match="a newer release's"):
        read_state(stored(client), BEFORE)
    with pytest.raises(InvariantBroken, match="another release"):
        SECOND.read({}, OLD - 1)


def test_what_a_newer_release_wrote_is_left_to_it_and_nothing_is_set_aside_or_answered() -> None:
    """Two releases at once: this one's queue gives the message back, this one's gateway is told to come again."""
    with house(Clock()) as home:
        settle_in(home, debtor())
        at = key(debtor().id)
        newer = {":newer": {"N": str(SCHEMA + 1)}}
        table = home.client("dynamodb")
        table.update_item(
            TableName="ledger",
            Key=at,
            UpdateExpression="SET #schema = :newer",
            ExpressionAttributeNames={"#schema": "schema"},
            ExpressionAttributeValues=newer,
        )
        before = table.get_item(TableName="ledger", Key=at)["Item"]

        def work(_body: str, _at: datetime) -> dict[str, Any]:
            home.ledger.load(debtor().id)
            return {}

        record = {"messageId": "m-1", "body": "{}", "attributes": {}}
        left = each_message({"Records": [record]}, home, "send_sms", work)
        told, _ = asked(home, "payments", {}, lambda: (200, str(home.ledger.load(debtor().id))))

        assert left == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
        assert told == 503, "a gateway comes again, and meets the newer release"
        assert table.get_item(TableName="ledger", Key=at)["Item"] == before
        assert list(home.asides.list("send_sms")) == list(home.asides.list("payments")) == []


def test_records_are_brought_forward_and_back_and_are_what_they_were(client: Any) -> None:
    ledger(client, FIRST).save(Loaded(Debtor(AMINTA)), OPENING, NOW)
    before = stored(client)

    there = migrate(Reshaping(client, "ledger", SECOND), SCHEMA)
    assert (dict(there.before), there.moved, schema(client)) == ({OLD: 1}, 1, SCHEMA)
    back = migrate(Reshaping(client, "ledger", FIRST), OLD)

    assert (dict(back.before), back.moved) == ({SCHEMA: 1}, 1)
    assert stored(client) == before
    assert read_state(stored(client), SECOND).debtor.version == 1


def test_a_second_run_and_a_dry_run_change_nothing(client: Any) -> None:
    ledger(client, FIRST).save(Loaded(Debtor(AMINTA)), OPENING, NOW)
    records = Reshaping(client, "ledger", SECOND)

    assert migrate(records, SCHEMA, dry_run=True).moved == 0
    assert schema(client) == OLD
    assert migrate(records, SCHEMA).moved == 1
    assert migrate(records, SCHEMA).moved == 0


def test_nobody_goes_back_while_the_release_at_hand_writes_the_new_shape(client: Any) -> None:
    with pytest.raises(InvalidInput, match=r"first deploy the release") as refused:
        migrate(Reshaping(client, "ledger", SECOND), OLD)
    assert refused.value.field == "--to"
    with pytest.raises(InvalidInput, match=r"knows no other"):
        migrate(Reshaping(client, "ledger", SECOND), SCHEMA + 7)


def test_who_saves_during_a_migration_wins(client: Any) -> None:
    saved = ledger(client, FIRST).save(Loaded(Debtor(AMINTA)), OPENING, NOW)

    class Overtaken:
        """The client; somebody saves between the migration's read and its write."""

        def __init__(self) -> None:
            self.is_over = False

        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def put_item(self, **asked: Any) -> Any:
            if not self.is_over:
                self.is_over = True
                ledger(client, FIRST).save(saved, [feed(1)], NOW + timedelta(minutes=1))
            return client.put_item(**asked)

    assert Reshaping(Overtaken(), "ledger", SECOND).reshape(AMINTA, SCHEMA)

    there = read_state(stored(client), SECOND)
    assert (there.debtor.version, schema(client)) == (2, SCHEMA)
    assert there.debtor.feeds


@given(st.integers(min_value=1, max_value=4), st.data())
def test_any_chain_of_migrations_that_keep_their_law_comes_back_as_it_went(length: int, draw: Any) -> None:
    """Each puts a step's mark on; back takes it off."""

    def step(to: int) -> Migration:
        return Migration(
            to,
            there=lambda body: {**body, "marks": [*body.get("marks", []), to]},
            back=lambda body: {**body, "marks": body["marks"][:-1]},
        )

    chain = Shape(newest=9, written=9, migrations=tuple(step(9 - n) for n in range(length)))
    low = draw.draw(st.integers(min_value=chain.oldest, max_value=9))
    high = draw.draw(st.integers(min_value=low, max_value=9))
    body = {"marks": list(range(chain.oldest + 1, low + 1))}

    there = chain.moved(body, low, high)

    assert there["marks"] == list(range(chain.oldest + 1, high + 1))
    assert chain.moved(there, high, low) == body


def test_the_migrations_of_this_release_keep_their_law() -> None:
    """`there` after `back` is what it was, and they lead from number to number without a gap."""
    assert [one.to for one in sorted(SHAPE.migrations, key=lambda one: one.to)] == list(
        range(SHAPE.oldest + 1, SCHEMA + 1)
    )
    assert SHAPE.oldest <= SHAPE.written <= SHAPE.newest == SCHEMA
    with aws("memory") as factory:
        client = factory("dynamodb")
        make_table(client)
        ledger(client, SHAPE).save(
            Loaded(Debtor(AMINTA)), OPENING, NOW, debtor=replace(debtor(), version=0, head="")
        )
        whole = read_state(stored(client)).debtor
        for one in range(SHAPE.oldest, SCHEMA + 1):
            records = Reshaping(client, "ledger", replace(SHAPE, written=SHAPE.oldest))
            records.reshape(AMINTA, one)
            assert read_state(stored(client)).debtor == whole
