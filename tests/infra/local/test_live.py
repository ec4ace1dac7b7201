"""Beside its user the deployment answers at an address of this machine and keeps the clock on the wall."""

import threading
import time
import urllib.error
import urllib.request

import pytest

from infra.local.live import Live
from tests.infra.local.sample import HEARD, PLAYS, Sample


def fetch(port: int, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status), bytes(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_routes_answer_at_a_port_of_this_machine(sample: Sample) -> None:
    sample.api("POST /hooks/{gateway}", "GET /p/{token}")
    PLAYS["page"] = lambda event, _context: {"statusCode": 200, "body": event["routeKey"]}
    with sample.running(start=None) as system:
        live = Live(system, 0)
        live.start()
        try:
            assert fetch(live.port, "/p/t?x=1") == (200, b"GET /p/{token}")
            assert fetch(live.port, "/hooks/conekta", b"{}") == (200, b"POST /hooks/{gateway}")
            assert fetch(live.port, "/elsewhere")[0] == 404
        finally:
            live.stop()
    assert HEARD[0]["rawQueryString"] == "x=1"


def test_what_a_request_sets_going_is_done_by_itself(sample: Sample) -> None:
    sample.worker()
    sample.api("POST /hooks/{gateway}")
    done = threading.Event()
    PLAYS["work"] = lambda _event, _context: done.set()
    with sample.running(start=None) as system:
        url = system.inventory.queue_at("jobs").url  # type: ignore[union-attr]

        def enqueue(_event: object, _context: object) -> None:
            system.client("sqs").send_message(QueueUrl=url, MessageBody="a")

        PLAYS["page"] = enqueue
        live = Live(system, 0)
        live.start()
        try:
            fetch(live.port, "/hooks/conekta", b"{}")
            assert done.wait(5)
        finally:
            live.stop()


def test_schedules_run_by_the_wall_clock(sample: Sample) -> None:
    sample.function("work")
    sample.schedule("rate(1 minute)")
    started = threading.Event()
    PLAYS["work"] = lambda _event, _context: started.set()
    with sample.running(start=None) as system:
        live = Live(system, 0)
        live.start()
        try:
            assert started.wait(5)
            assert abs(system.now.timestamp() - time.time()) < 1
        finally:
            live.stop()


def test_a_moved_clock_cannot_be_served(sample: Sample) -> None:
    with sample.running() as system, pytest.raises(ValueError, match="movable clock"):
        Live(system, 0)
