"""What the run would have cost at AWS, by the same price book as `recobro cost`: an estimate to compare by, not an invoice."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from infra.pricing.book import PriceBook, price_book
from infra.pricing.usage import Usage, cost_of

REGION = "us-east-1"

PARTS: Mapping[str, tuple[str, ...]] = {
    "DynamoDB": ("dynamodb_write", "dynamodb_read"),
    "Lambda": ("lambda_request", "lambda_gb_second"),
    "SQS and SNS": ("sqs_request", "sns_publish"),
    "S3, Secrets Manager and logs": ("s3_write", "s3_read", "secret_request", "log_ingest"),
}


@dataclass(frozen=True, slots=True)
class Bill:
    """USD for the whole run. messages: what carriers ask; parts: everything else AWS charges."""

    messages: float
    parts: Mapping[str, float]

    @property
    def total(self) -> float:
        return self.messages + sum(self.parts.values())

    def per_thousand(self, contacts: int) -> float:
        """USD per thousand contacts; 0 without any."""
        return 1000 * self.total / contacts if contacts else 0.0


def bill(message_micro_usd: int, usage: Usage, book: PriceBook) -> Bill:
    """message_micro_usd: as the ledger recorded it."""
    cost = cost_of(usage, book)
    parts = {
        name: float(sum((cost.get(item, Decimal(0)) for item in items), Decimal(0)))
        for name, items in PARTS.items()
    }
    return Bill(message_micro_usd / 1e6, parts)


def told_by() -> str:
    """Where the prices are from, for the page."""
    book = price_book(REGION)
    return (
        f"Prices of {book.region} as looked up from {book.oldest} on, without free tiers (recobro cost prices names each page). "
        "Fees for SMS, voice and WhatsApp are what the client's file expects and receipts told: the first bill decides."
    )
