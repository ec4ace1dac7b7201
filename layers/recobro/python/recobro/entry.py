"""How a queue's messages meet their use case: each on its own, each error answered as its family says (DESIGN §8)."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from recobro.adapters.asides import Asides
from recobro.errors import Conflict, InvalidInput, InvariantBroken, NotFound, Stale, Unavailable
from recobro.house import House

logger = Logger()

Work = Callable[[Any], Mapping[str, Any] | None]


def each_message(event: Mapping[str, Any], house: House, source: str, work: Work) -> dict[str, Any]:
    """Run `work` on every SQS record's JSON body. What can't be used is set aside with its reason; what passes comes again."""
    failures = []
    for record in event["Records"]:
        try:
            done = work(_json(record["body"]))
            logger.info(source, extra=dict(done or {}))
        except (InvalidInput, NotFound, Conflict, InvariantBroken) as error:
            set_aside(house.asides, house, source, error, record["body"])
        except (Stale, Unavailable) as error:
            logger.warning("comes_again", extra={"source": source, "family": type(error).__name__})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def set_aside(asides: Asides, house: House, source: str, error: Exception, body: str) -> str:
    """An `ASIDE#` item with reason and body; the log names the family and the id, never the body."""
    ident = asides.put(source, f"{type(error).__name__}: {error}", body, house.now())
    level = logger.error if isinstance(error, InvariantBroken | Conflict) else logger.warning
    level("set_aside", extra={"source": source, "family": type(error).__name__, "aside": ident})
    return ident


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise InvalidInput("body", "is not JSON", "send one JSON object") from error
