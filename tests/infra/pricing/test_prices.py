"""A price without its page and its date is a rumour; a price that nobody wrote down is not zero."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from infra.pricing.book import FILE, CarrierPrice, Price, PriceBook, price_book
from infra.pricing.metered import Metered, added, read_back, since, written
from infra.pricing.usage import ITEMS, cost_of, usage_of
from recobro.errors import InvalidInput, InvariantBroken

REGIONS = ("us-east-1", "us-east-2", "us-west-2", "sa-east-1", "mx-central-1")


@pytest.fixture
def book() -> PriceBook:
    return price_book("us-east-1")


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_prices_the_same_things(region: str, book: PriceBook) -> None:
    assert set(price_book(region).prices) == set(book.prices)


@pytest.mark.parametrize("region", REGIONS)
def test_every_price_names_its_page_its_date_and_how_surely_it_is_known(region: str) -> None:
    found = price_book(region)
    rows: list[Price | CarrierPrice] = [*found.prices.values(), *found.carriers]
    for one in rows:
        assert one.page.startswith("https://")
        assert one.read_on <= date(2026, 11, 26)
        assert one.status in ("read", "secondary", "unverified")
        assert Decimal(one.usd) > 0
    for assumption in found.assumptions.values():
        assert assumption.why


def test_what_nobody_here_could_read_is_marked(book: PriceBook) -> None:
    marked = {one.item for one in price_book("sa-east-1").unsure()}
    assert {"dynamodb_write", "lambda_request", "sqs_request"} <= marked
    assert "dynamodb_write" not in {one.item for one in book.unsure()}


def test_an_unknown_region_has_no_price_and_says_which_have() -> None:
    with pytest.raises(InvalidInput, match="eu-north-1") as refused:
        price_book("eu-north-1")
    assert "sa-east-1" in refused.value.fix


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('page = "https://airbyte', 'page = "airbyte', "price[0].page"),
        ('status = "secondary"', 'status = "certain"', "price[0].status"),
        ('usd = "0.625"', 'usd = "-1"', "price[0].usd"),
        ('regions = ["sa-east-1", "mx-central-1"]', 'regions = ["us-east-1"]', "price"),
        ('usd = "0.625"', 'dollars = "0.625"', "price[0].dollars"),
    ],
)
def test_a_wrong_price_is_refused(tmp_path: Path, old: str, new: str, field: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "prices.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        price_book("us-east-1", path)
    assert refused.value.field == field


def test_requests_become_what_aws_charges_for(book: PriceBook) -> None:
    found = Metered(
        requests={
            ("send_sms", "dynamodb", "PutItem"): 20,
            ("send_sms", "pinpoint-sms-voice-v2", "SendTextMessage"): 10,
            ("platform", "sqs", "ReceiveMessage"): 3,
            ("platform", "sns", "Publish"): 2,
            ("import_partition", "s3", "PutObject"): 1,
            ("import_partition", "s3", "GetObject"): 4,
            ("import_partition", "s3", "DeleteObject"): 9,
            ("operator", "sqs", "SendMessage"): 1_000,
        },
        write_units={"send_sms": 40, "operator": 500},
        read_units={"send_sms": 12.5},
        invocations={"send_sms": 1},
        memory_mb={"send_sms": 1024},
    )
    usage = usage_of(found, book)
    assert usage["dynamodb_write"] == 40
    assert usage["dynamodb_read"] == Decimal("12.5")
    assert usage["sqs_request"] == 3 + 2, "a topic's delivery is a request to its queue"
    assert [usage[item] for item in ("sns_publish", "s3_write", "s3_read")] == [
        Decimal(2),
        Decimal(1),
        Decimal(4),
    ]
    seconds = sum(
        (
            book.assumed("seconds_invocation"),
            20 * book.assumed("seconds_request"),
            10 * book.assumed("seconds_carrier"),
            20 * book.assumed("seconds_decision"),
        )
    )
    assert usage["lambda_gb_second"] == seconds
    assert cost_of(usage, book)["dynamodb_write"] == Decimal("0.625") * 40 / 1_000_000


def test_a_service_that_nobody_priced_is_an_error_and_not_free(book: PriceBook) -> None:
    found = Metered(requests={("send_sms", "bedrock-runtime", "InvokeModel"): 1})
    with pytest.raises(InvariantBroken, match="bedrock-runtime"):
        usage_of(found, book)
    for item in ITEMS.values():
        assert book.price(item)
    with pytest.raises(InvalidInput, match="teleport"):
        cost_of({"teleport": Decimal(1)}, book)


def test_what_commands_count_one_after_another_is_added_and_kept() -> None:
    one = Metered({("a", "sqs", "SendMessage"): 2}, {"a": 3}, {"a": 1.5}, {"a": 1}, {"a": 512})
    both = added(one, one)
    assert both.requests == {("a", "sqs", "SendMessage"): 4}
    assert both.read_units == {"a": 3.0}
    assert read_back(written(both)) == both
    assert since(both, one).write_units == {"a": 3}
