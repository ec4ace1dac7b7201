"""A client that sleeps costs what its alarms, its secret and its queues cost, and the owner sees each of them."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from infra.pricing.book import PriceBook, price_book
from infra.pricing.idle import idle_bill
from infra.synth import synthesise
from tests.infra.reading import Template
from tests.infra.variants import variant


@pytest.fixture(scope="module")
def two_channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = variant(tmp_path_factory.mktemp("clients") / "two-channels", off=("whatsapp", "voice", "push"))
    return synthesise(str(folder))


@pytest.fixture(scope="module")
def book() -> PriceBook:
    return price_book("us-east-1")


def test_two_channels_and_one_gateway_cost_at_most_five_dollars_a_month_while_nobody_is_contacted(
    two_channels: Path, book: PriceBook
) -> None:
    bill = idle_bill(two_channels, book)
    assert bill.unpriced == ()
    assert Decimal(2) < bill.usd <= Decimal(5)
    by_item = {line.item: line for line in bill.lines}
    assert by_item["secret"].count == 1
    assert "kms_key" not in by_item or by_item["kms_key"].count == 1


def test_every_line_is_something_that_stands_in_the_template(demo: Template, book: PriceBook) -> None:
    bill = idle_bill(demo.assembly, book)
    counts = {line.item: line.count for line in bill.lines}
    assert counts["alarm"] == len(demo.all("AWS::CloudWatch::Alarm"))
    assert counts["schedule"] == len(demo.all("AWS::Scheduler::Schedule"))
    sources = demo.all("AWS::Lambda::EventSourceMapping").values()
    assert counts["sqs_request"] == sum("StartingPosition" not in one for one in sources)
    assert bill.unpriced == ()
    assert bill.usd == sum(line.usd for line in bill.lines)


def test_every_schedule_is_counted_as_often_as_its_expression_says(demo: Template, book: PriceBook) -> None:
    sweeps = next(line for line in idle_bill(demo.assembly, book).lines if line.item == "schedule")
    assert round(sweeps.units) == round((2 * 52 + 1 + 24) * Decimal(730) / 24)


def test_traces_have_a_line_where_the_file_asks_for_them_and_none_elsewhere(
    sms_by_sns: Template, demo: Template, book: PriceBook
) -> None:
    (line,) = (one for one in idle_bill(sms_by_sns.assembly, book).lines if one.item == "trace")
    assert line.count == len(sms_by_sns.all("AWS::Lambda::Function"))
    assert line.usd == line.units * Decimal("0.000005")
    assert Decimal("0.01") < line.usd < Decimal("0.03")
    assert not [one for one in idle_bill(demo.assembly, book).lines if one.item == "trace"]


def test_a_resource_that_nobody_priced_is_named(tmp_path: Path, book: PriceBook) -> None:
    template = {"Resources": {"Wall": {"Type": "AWS::WAFv2::WebACL"}, "Key": {"Type": "AWS::KMS::Key"}}}
    (tmp_path / "a.template.json").write_text(json.dumps(template), encoding="utf-8")
    bill = idle_bill(tmp_path, book)
    assert bill.unpriced == ("AWS::WAFv2::WebACL",)
    assert bill.usd == Decimal(1)
