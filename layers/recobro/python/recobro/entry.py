"""How an event meets its use case: each message on its own, each error answered as its family says (DESIGN §8)."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.logging import Logger

from recobro.counts import EXPIRED, FAILED_ANSWERS, HANDED, OF_RESULT, SET_ASIDE, embedded
from recobro.errors import (
    Conflict,
    InvalidInput,
    InvariantBroken,
    NotFound,
    RecobroError,
    Stale,
    Unavailable,
)
from recobro.house import House
from recobro.ports import Forged
from recobro.unforeseen import untold, where_it_broke

if TYPE_CHECKING:
    from recobro.usecases.send import About
    from recobro.web import Asked, Shown

logger = Logger()

Work = Callable[[str, datetime], Mapping[str, Any]]
"""What to do with one message: its body, and when the queue got it (aware UTC)."""

Told = TypeVar("Told")
Did = TypeVar("Did")

SWEEP_RESERVE = timedelta(seconds=30)
"""A sweep stops this long before its function's limit, and the next goes on at its cursor."""


def each_message(event: Mapping[str, Any], house: House, source: str, work: Work) -> dict[str, Any]:
    """Run `work` on every SQS record's body. What can't be used is set aside; what passes by waiting comes again.

    What nobody foresaw fails its own message and none of those that came with it: after five times a person has it.
    """
    try:
        return {"batchItemFailures": _again(event, house, source, work)}
    finally:
        tell_counts(house)


def _again(event: Mapping[str, Any], house: House, source: str, work: Work) -> list[dict[str, str]]:
    """Which messages have to come again, once each had its turn."""
    failures = []
    for record in event["Records"]:
        try:
            logger.info(source, extra=dict(work(record["body"], _queued_at(record, house))))
        except (InvalidInput, NotFound, Conflict, InvariantBroken) as error:
            set_aside(house, source, error, record["body"])
        except (Stale, Unavailable) as error:
            logger.warning("comes_again", extra={"source": source, "family": type(error).__name__})
            _remember_why(house, source, record, error)
            failures.append({"itemIdentifier": record["messageId"]})
        except Exception as error:
            logger.error("broken", extra={"source": source, "reason": where_it_broke(error)})  # noqa: TRY400 - a traceback ends in the error's text
            _remember_why(house, source, record, error)
            failures.append({"itemIdentifier": record["messageId"]})
    return failures


def each_told(
    told: Iterable[Told], work: Callable[[Told], Did]
) -> tuple[list[tuple[Told, Did]], RecobroError | None]:
    """Do all that one message tells of, and what it could not be done for: nobody's word waits behind another's trouble.

    The error to raise once the rest is done: what passes by waiting before what can't be used, as what was done already only
    repeats.
    """
    done: list[tuple[Told, Did]] = []
    errors: list[RecobroError] = []
    for one in told:
        try:
            done.append((one, work(one)))
        except RecobroError as error:
            errors.append(error)
    return done, min(errors, key=lambda one: not isinstance(one, Stale | Unavailable), default=None)


def tell_counts(house: House) -> None:
    """One line a batch or request, for CloudWatch to count; nothing where nothing worth it happened.

    Whoever runs a function's work tells at its end, however it ends: what is counted and not told rings no alarm.
    """
    if house.counts:
        logger.info("counted", extra=embedded(house.counts, house.playbook.client.name, house.now()))
        house.counts.clear()


def count_answer(house: House, status: int) -> None:
    """An answer that we owed and could not give is no error of Lambda's: it is counted here, or nobody would be called."""
    if status >= 500:
        house.counts[FAILED_ANSWERS] += 1


LAST_RECEIVE = 5
"""Receives before SQS sets a message aside (infra/stack/queues.py: ATTEMPTS)."""


def _remember_why(house: House, source: str, record: Mapping[str, Any], error: Exception) -> None:
    """A dead letter does not say why it died: its last failure does, as long as the table can be reached."""
    count = record.get("attributes", {}).get("ApproximateReceiveCount", "")
    if not count.isdigit() or int(count) < LAST_RECEIVE:
        return
    try:
        house.asides.failed(record["messageId"], f"{source}: {type(error).__name__}: {error}", house.now())
    except Unavailable:
        logger.warning("reason_lost", extra={"source": source, "message": record["messageId"]})


def _queued_at(record: Mapping[str, Any], house: House) -> datetime:
    """SQS `SentTimestamp`, milliseconds: for what carriers tell us without a time of its own."""
    sent = record.get("attributes", {}).get("SentTimestamp", "")
    return datetime.fromtimestamp(int(sent) / 1000, UTC) if sent.isdigit() else house.now()


def set_aside(house: House, source: str, error: Exception, body: str) -> str:
    """An `ASIDE#` item with reason and body; the log names the family and the id, never the body."""
    ident = house.asides.put(source, f"{type(error).__name__}: {error}", body, house.now())
    level = logger.error if isinstance(error, InvariantBroken | Conflict) else logger.warning
    level("set_aside", extra={"source": source, "family": type(error).__name__, "aside": ident})
    house.counts[SET_ASIDE] += 1
    return ident


def send_each(event: Mapping[str, Any], house: House, channel: str) -> dict[str, Any]:
    """Send what a channel's queue hints at. One slice of the rate serves the batch."""
    from recobro.usecases.send import may_send, send
    from recobro.usecases.spending import without_money

    switches = house.switches.watched(house.now)
    if not may_send(house, channel, len(event["Records"]), house.now()):
        logger.warning("rate_used_up", extra={"channel": channel, "dropped": len(event["Records"])})
        house.counts[EXPIRED] += len(event["Records"])
        tell_counts(house)
        return {"batchItemFailures": []}
    carrier = house.carrier(channel)
    spent = cache(lambda: without_money(house, house.now()))

    def work(body: str, at: datetime) -> dict[str, Any]:
        debtor_id, valid_until, about = _hint(body)
        outcome = send(house, carrier, channel, debtor_id, valid_until, switches, about, spent)
        if outcome.result in OF_RESULT:
            house.counts[OF_RESULT[outcome.result]] += 1
        return {
            "channel": channel,
            "result": outcome.result,
            "debtor": debtor_id,
            "attempt": outcome.attempt,
            "reason": outcome.reason,
        }

    return each_message(event, house, f"send_{channel}", work)


def _hint(body: str) -> tuple[str, datetime, "About | None"]:
    """Whom to write to, until when, and what a sweep has found out about it."""
    from recobro.usecases.send import About

    try:
        message = json.loads(body)
        about = None
        if "point" in message:
            # A hint that a release before this one gave does not say which debts its others owe.
            others, debts = message["others"].split(), message.get("debts", "").split()
            about = About(message["point"], tuple(others), tuple(debts))
        return str(message["debtor"]), datetime.fromisoformat(message["valid_until"]), about
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput("message", f"lacks {error}", '{"debtor": …, "valid_until": …}') from error


def run_sweep(house: House, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """One sweep of the lane that the schedule names."""
    from recobro.usecases.each_alone import check_all_done
    from recobro.usecases.sweep import sweep

    lane = event.get("lane")
    if lane not in {"pre_due", "overdue"}:
        raise InvalidInput("lane", f"is {lane!r}", "pre_due or overdue")
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    done = sweep(house, lane, house.now() + left - SWEEP_RESERVE)
    told = {
        "lane": done.lane,
        "looked_at": done.looked_at,
        "handed": dict(done.handed),
        "later": dict(done.later),
        "tasks": done.tasks,
        "moved": dict(done.moved),
        "lost_races": done.lost_races,
        "faults": {one: where_it_broke(fault) for one, fault in done.faults.items()},
    }
    logger.info("swept", extra=told)
    if done.handed.total():
        house.counts[HANDED] += done.handed.total()
    tell_counts(house)
    check_all_done(done.faults)
    return told


def raw_body(event: Mapping[str, Any]) -> bytes:
    """The body as it was signed (HTTP API, payload format 2.0)."""
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


@untold()
def asked(
    house: House,
    source: str,
    event: Mapping[str, Any],
    work: Callable[[], tuple[int, str]],
    *,
    tells: bool = True,
) -> tuple[int, str]:
    """(status, JSON body) of one HTTP request. A stranger learns nothing from an error; with tells=False, nobody does."""
    try:
        status, body = _asked(house, source, event, work, tells=tells)
        count_answer(house, status)
        return status, body
    finally:
        tell_counts(house)


def _asked(
    house: House,
    source: str,
    event: Mapping[str, Any],
    work: Callable[[], tuple[int, str]],
    *,
    tells: bool,
) -> tuple[int, str]:
    try:
        return work()
    except Forged as error:
        logger.warning("forged", extra={"source": source, "reason": str(error)})
        return 401, "{}"
    except InvalidInput as error:
        set_aside(house, source, error, raw_body(event).decode(errors="replace"))
        return 422, json.dumps({"field": error.field, "problem": "not accepted"}) if tells else "{}"
    except NotFound:
        return 404, "{}"
    except Conflict as error:
        set_aside(house, source, error, raw_body(event).decode(errors="replace"))
        return 409, "{}"
    except (Stale, Unavailable) as error:
        logger.warning("unavailable", extra={"source": source, "family": type(error).__name__})
        return 503, "{}"
    except InvariantBroken as error:
        # Our fault, or our settings': kept with its body, and 500, so that whoever sent it comes again.
        set_aside(house, source, error, raw_body(event).decode(errors="replace"))
        return 500, "{}"


NOES_AT_THE_DOOR = ("stop-here", "not-me")
"""What whoever has a link may say without showing who they are, and must be heard in."""


def _no_is_kept(house: House, event: Mapping[str, Any], error: Exception) -> bool:
    """Set a no aside with its link alone: it says whose no it was, and a body is whatever a stranger likes to have kept."""
    named, route = event.get("pathParameters") or {}, event["routeKey"]
    at_the_door = route.startswith("POST /p/") and named.get("page") in NOES_AT_THE_DOOR
    if not route.startswith("POST /u/") and not at_the_door:
        return False
    set_aside(house, "portal", error, str(named.get("token", ""))[:200])
    return True


@untold()
def asked_page(
    house: House, event: Mapping[str, Any], work: Callable[[House, "Asked"], "Shown"]
) -> dict[str, Any]:
    """One request to a page, answered with a page. A stop that cannot be done is set aside with its link: nobody's no is lost."""
    from recobro.web import answered

    try:
        shown = _asked_page(house, event, work)
        count_answer(house, shown.status)
        return answered(shown)
    finally:
        tell_counts(house)


def _asked_page(house: House, event: Mapping[str, Any], work: Callable[[House, "Asked"], "Shown"]) -> "Shown":
    from recobro.pages.stray import stray
    from recobro.web import Shown, asked_of

    def says(key: str, status: int) -> Shown:
        return Shown(stray(house.playbook.client, house.playbook.client.default_language, key), status)

    try:
        shown = work(house, asked_of(event))
    except InvalidInput as error:
        _no_is_kept(house, event, error)
        logger.warning("page_refused", extra={"field": error.field, "problem": error.problem[:40]})
        return says("dead" if error.field == "token" else "amiss", 422)
    except NotFound as error:
        _no_is_kept(house, event, error)
        return says("dead", 404)
    except (Stale, Unavailable) as error:
        logger.warning("unavailable", extra={"source": "portal", "family": type(error).__name__})
        return says("busy", 503)
    except (Conflict, InvariantBroken) as error:
        if not _no_is_kept(house, event, error):
            set_aside(house, "portal", error, event["routeKey"])
        return says("busy", 500)
    except Exception as error:
        _no_is_kept(house, event, InvariantBroken(where_it_broke(error)))
        raise
    if shown.status >= 400:
        logger.warning("page_refused", extra={"status": shown.status})
    return shown


def answer(asked_for: tuple[int, str], kind: str = "application/json") -> dict[str, Any]:
    """An HTTP API answer that no cache keeps and no frame shows."""
    status, body = asked_for
    headers = {
        "content-type": f"{kind}; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    }
    return {"statusCode": status, "headers": headers, "body": body}
