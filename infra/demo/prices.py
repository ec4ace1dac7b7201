"""What a contact costs at AWS, from a small dated table: an estimate to compare by, not an invoice."""

from collections.abc import Mapping
from dataclasses import dataclass

AS_OF = "2026-11-22"
SOURCE = (
    "AWS price pages and secondary lists as read on 2026-11-22, us-east-1, on demand, no free tier: DynamoDB 0.625 and 0.125 "
    "USD per million write and read units, SQS 0.40 per million requests, Lambda 0.20 per million requests and 0.0000133334 per "
    "GB-second on arm64, SES 0.16 per 1,000, HTTP API 1.00 per million. Rates for SMS, voice and WhatsApp in Mexico and Colombia "
    "are the client's own expectation (client.toml) and unverified: the first bill decides."
)

PER_MILLION = {
    "write_units": 0.625,
    "read_units": 0.125,
    "sqs": 0.40,
    "sns": 0.50,
    "s3": 5.00,
    "lambda": 0.20,
    "secretsmanager": 5.00,
}
"""USD per million requests or units."""

GB_SECOND, MEMORY_GB, SECONDS_AN_INVOCATION = 0.0000133334, 0.5, 0.12
"""A warm handler of 512 MB takes about 0.12 s with its AWS calls (assumed; Lambda's own report decides)."""


@dataclass(frozen=True, slots=True)
class Bill:
    """USD for the whole run. messages: what carriers ask; compute: everything else AWS charges."""

    messages: float
    database: float
    queues: float
    functions: float
    files: float

    @property
    def compute(self) -> float:
        return self.database + self.queues + self.functions + self.files

    @property
    def total(self) -> float:
        return self.messages + self.compute

    def per_thousand(self, contacts: int) -> float:
        """USD per thousand contacts; 0 without any."""
        return 1000 * self.total / contacts if contacts else 0.0


def bill(
    *,
    message_micro_usd: int,
    write_units: float,
    read_units: float,
    requests: Mapping[str, int],
    invocations: int,
) -> Bill:
    """requests: service → requests. message_micro_usd: as the ledger recorded it."""
    seconds = invocations * SECONDS_AN_INVOCATION
    return Bill(
        messages=message_micro_usd / 1e6,
        database=(write_units * PER_MILLION["write_units"] + read_units * PER_MILLION["read_units"]) / 1e6,
        queues=sum(requests.get(name, 0) * PER_MILLION[name] for name in ("sqs", "sns")) / 1e6,
        functions=invocations * PER_MILLION["lambda"] / 1e6 + seconds * MEMORY_GB * GB_SECOND,
        files=sum(requests.get(name, 0) * PER_MILLION[name] for name in ("s3", "secretsmanager")) / 1e6,
    )
