"""What `recobro cost estimate` and `recobro scale` reckon with is what the house is metered to use, within a tenth."""

from decimal import Decimal

import pytest

from infra.pricing.book import price_book
from infra.pricing.estimate import measured_profile
from infra.pricing.usage import Usage, cost_of, usage_of
from tests.benchmarks.bench_cost import Measured, measured

PEOPLE = 100
FEW = Decimal("0.1")
"""Units a person below which a figure is a share of something done once a batch or a file."""
WITHIN = Decimal("0.1")


@pytest.fixture(scope="module")
def found() -> Measured:
    return measured(PEOPLE)


def each(usage: Usage) -> Usage:
    return {item: units / PEOPLE for item, units in usage.items()}


def test_a_thousand_contacts_cost_at_most_four_cents_without_carriers(found: Measured) -> None:
    """3 debts, 10 attempts in the record, two receipts; planning, journal, queues, functions and logs included."""
    book = price_book("us-east-1")
    usd = sum(cost_of(each(usage_of(found.contacting, book)), book).values()) * 1000
    assert Decimal("0.01") < usd <= Decimal("0.04")


@pytest.mark.parametrize("part", ["contact", "person_imported"])
def test_the_file_of_measures_holds(found: Measured, part: str) -> None:
    book, profile = price_book("us-east-1"), measured_profile()
    told = profile.per_contact if part == "contact" else profile.per_person_imported
    counted = each(usage_of(found.contacting if part == "contact" else found.importing, book))
    for item in ("dynamodb_write", "dynamodb_read", "sqs_request", "sns_publish", "lambda_request"):
        was, now = told.get(item, Decimal(0)), counted.get(item, Decimal(0))
        # 100 people share a batch's costs that 300 shared when the file was written: what is counted may be more, by the batch.
        assert abs(now - was) <= was * WITHIN + FEW, (item, now, was)
    assert set(counted) <= set(told)


def test_the_table_grows_by_what_the_file_says(found: Measured) -> None:
    profile = measured_profile()
    for held, told in (
        (found.bytes_imported, profile.stored_per_person),
        (found.bytes_of_contacts, profile.stored_per_contact),
    ):
        assert abs(Decimal(held) / PEOPLE - told) <= told * WITHIN


def test_the_requests_that_the_scale_model_reckons_with_are_those_that_were_made(found: Measured) -> None:
    def asked(name: str) -> Decimal:
        made = (
            count
            for (who, service, _), count in found.contacting.requests.items()
            if service == "dynamodb" and who.startswith(name)
        )
        return Decimal(sum(made)) / PEOPLE

    told = measured_profile().requests_per_contact
    assert asked("send_") <= Decimal("3.3")
    for part, name in {"sending": "send_", "receipts": "receive_receipt", "journal": "journal"}.items():
        assert abs(asked(name) - told[part]) <= told[part] * WITHIN, part
