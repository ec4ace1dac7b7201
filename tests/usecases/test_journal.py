"""What was saved becomes history, once, whatever the stream repeats."""

import gzip
from datetime import timedelta

from recobro.adapters.journal_copy import JournalCopy
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain.chain import first_break
from recobro.house import House
from recobro.usecases.journal import journal
from tests.house import standing
from tests.sample import AMINTA


def brought(home: House) -> int:
    client = home.client("dynamodb")
    image = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    return len(journal(home, JournalItems(client, "ledger"), image).facts)


def items(home: House) -> list[str]:
    return [item["sk"]["S"] for item in home.table.query(f"DEBTOR#{AMINTA}", prefix="FACT#")]


def test_every_fact_of_a_save_has_an_item_of_its_own(known: House) -> None:
    assert brought(known) == len(items(known)) > 0
    assert first_break(known.ledger.history(AMINTA)) == ""


def test_a_record_that_the_stream_repeats_is_written_once(known: House) -> None:
    brought(known)
    before = items(known)
    brought(known)

    assert items(known) == before


def test_the_copy_outside_the_table_holds_the_same_facts_and_no_name(known: House) -> None:
    client = known.client("dynamodb")
    image = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    saved = journal(known, JournalItems(client, "ledger"), image)
    copy = JournalCopy(known.files)
    copy.write([saved])
    copy.write([saved])

    keys = list(known.files.keys("journal/"))
    assert len(keys) == 1, "a batch that comes again is the same object"
    kept = list(copy.since(known.now() - timedelta(days=1)))
    assert [one for _, one in kept] == known.ledger.history(AMINTA)
    assert {who for who, _ in kept} == {AMINTA}
    assert list(copy.since(known.now() + timedelta(seconds=1))) == []
    text = gzip.decompress(known.files.read(keys[0])).decode()
    for told in standing(known, AMINTA).personal.points.values():
        assert told not in text
