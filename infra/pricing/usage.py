"""From what was counted to what is charged: each request becomes units of an item that the price book has a price for."""

from collections.abc import Mapping
from decimal import Decimal

from infra.pricing.book import PriceBook
from infra.pricing.metered import CARRIERS, NOT_OURS, Metered
from recobro.errors import InvariantBroken

GB = Decimal(1_000_000_000)
Usage = dict[str, Decimal]
"""Item of the price book → how many units."""

WRITES = ("Put", "Copy", "List", "Create", "Upload", "Complete")
"""How the operations of S3 begin that are charged as writing; deleting is free."""

FREE_OF_CHARGE = frozenset(
    {"dynamodb", "dynamodb-streams", "lambda", "logs", "events", "scheduler", "cloudwatch"}
)
"""Counted otherwise (the table by its units), or not charged by the request: Lambda reads a table's stream for nothing."""

ITEMS = {
    "sqs": "sqs_request",
    "sns": "sns_publish",
    "secrets-manager": "secret_request",
    "kms": "kms_request",
}
DECIDING = ("send_", "receive_", "pre_reminder", "escalation", "import_partition")
"""Functions that load, decide and fold."""


def usage_of(found: Metered, book: PriceBook) -> Usage:
    """Units by item. Raises InvariantBroken for a service that nobody said how to charge."""
    usage: Usage = {}

    def add(item: str, units: Decimal | int) -> None:
        usage[item] = usage.get(item, Decimal(0)) + units

    for (who, service, operation), count in found.requests.items():
        if who in NOT_OURS or service in CARRIERS or service in FREE_OF_CHARGE:
            continue
        if service == "s3" and who == "platform":
            continue  # this machine's driver asks what it announces; AWS's own events cost nothing
        if service == "s3":
            if not operation.startswith("Delete"):
                add("s3_write" if operation.startswith(WRITES) else "s3_read", count)
        else:
            item = ITEMS.get(service)
            if item is None:
                raise InvariantBroken(f"nobody said how {service} charges {operation}: add it to ITEMS")
            add(item, count)
        if (service, operation) == ("sns", "Publish"):
            # What a topic hands to its queue is a request to that queue.
            add("sqs_request", count)
    add("dynamodb_write", sum(count for who, count in found.write_units.items() if who not in NOT_OURS))
    reads = sum(units for who, units in found.read_units.items() if who not in NOT_OURS)
    add("dynamodb_read", Decimal(str(round(reads, 1))))
    add("lambda_request", sum(found.invocations.values()))
    for function, runs in found.invocations.items():
        memory = Decimal(found.memory_mb.get(function, 512)) / 1024
        add("lambda_gb_second", seconds_of(function, runs, found, book) * memory)
    messages = _messages(found)
    add(
        "log_ingest",
        (
            sum(found.invocations.values()) * book.assumed("log_bytes_invocation")
            + messages * book.assumed("log_bytes_message")
        )
        / GB,
    )
    return {item: units for item, units in usage.items() if units}


def traced(usage: Usage) -> Usage:
    """The same where X-Ray follows the work: every start of a function is counted as a trace, which is the most that it can be.

    The default rule records the first request of a second and one in twenty of the others; a small client's are all first.
    https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
    """
    return usage | {"trace": usage.get("lambda_request", Decimal(0))}


def seconds_of(function: str, runs: int, found: Metered, book: PriceBook) -> Decimal:
    """How long a function ran, from what it asked for: no clock of this machine tells what Lambda's would."""
    asked = {key: count for key, count in found.requests.items() if key[0] == function}
    carried = sum(count for (_, service, _), count in asked.items() if service in CARRIERS)
    others = sum(asked.values()) - carried
    saves = sum(
        count
        for (_, service, operation), count in asked.items()
        if (service, operation) == ("dynamodb", "PutItem")
    )
    decided = saves if function.startswith(DECIDING) else 0
    return (
        runs * book.assumed("seconds_invocation")
        + others * book.assumed("seconds_request")
        + carried * book.assumed("seconds_carrier")
        + decided * book.assumed("seconds_decision")
    )


def _messages(found: Metered) -> int:
    return sum(count for (_, service, _), count in found.requests.items() if service in CARRIERS)


def cost_of(usage: Mapping[str, Decimal], book: PriceBook) -> dict[str, Decimal]:
    """USD by item, the dearest first."""
    found = {item: units * book.price(item).each for item, units in usage.items()}
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
