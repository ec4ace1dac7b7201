"""What was saved becomes history, once, whatever the stream repeats."""

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain.chain import first_break
from recobro.house import House
from recobro.usecases.journal import journal
from tests.sample import AMINTA


def brought(home: House) -> int:
    client = home.client("dynamodb")
    image = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    return journal(home, JournalItems(client, "ledger"), image)


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
