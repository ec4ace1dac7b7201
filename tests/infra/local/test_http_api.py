"""A gateway's call, or a debtor's, reaches the function behind its route as API Gateway would hand it over.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
from typing import Any

import pytest

from infra.local.refusal import Refused
from tests.infra.local.sample import HEARD, PLAYS, Sample


def answering(value: Any) -> Any:
    return lambda _event, _context: value


def test_the_event_is_payload_format_2(sample: Sample) -> None:
    sample.api("POST /hooks/{gateway}/{endpoint}")
    with sample.running() as system:
        headers = {"Content-Type": "application/json", "X-Signature": "abc", "Cookie": "a=1; b=2"}
        system.http(
            "POST", "/hooks/conekta/main?x=1&x=2&y=", headers, b'{"ok": true}', source_ip="203.0.113.9"
        )
    (event,) = HEARD
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /hooks/{gateway}/{endpoint}"
    assert event["rawPath"] == "/hooks/conekta/main"
    assert event["rawQueryString"] == "x=1&x=2&y="
    assert event["queryStringParameters"] == {"x": "1,2", "y": ""}
    assert event["pathParameters"] == {"gateway": "conekta", "endpoint": "main"}
    assert event["headers"] == {"content-type": "application/json", "x-signature": "abc"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["body"] == '{"ok": true}'
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["requestContext"]["http"]["sourceIp"] == "203.0.113.9"
    assert event["requestContext"]["stage"] == "$default"
    assert event["requestContext"]["timeEpoch"] == 1772452800000


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/octet-stream"])
def test_a_body_that_is_no_text_comes_in_base64(sample: Sample, kind: str) -> None:
    sample.api("ANY /u/{token}")
    with sample.running() as system:
        system.http("POST", "/u/t", {"content-type": kind}, b"List-Unsubscribe=One-Click")
    assert HEARD[0]["isBase64Encoded"] is True
    assert base64.b64decode(HEARD[0]["body"]) == b"List-Unsubscribe=One-Click"


def test_the_most_specific_route_wins(sample: Sample) -> None:
    """ "API Gateway selects the route with the most-specific match": full, then greedy, then $default.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    """
    routes = ["$default", "ANY /p/{proxy+}", "GET /p/{token}", "GET /p/help", "ANY /p/{token}"]
    sample.api(*routes)
    PLAYS["page"] = lambda event, _context: event["routeKey"]
    with sample.running() as system:
        assert system.http("GET", "/p/help").json() == "GET /p/help"
        assert system.http("GET", "/p/abc").json() == "GET /p/{token}"
        assert system.http("POST", "/p/abc").json() == "ANY /p/{token}"
        assert system.http("GET", "/p/abc/deep").json() == "ANY /p/{proxy+}"
        assert system.http("GET", "/elsewhere").json() == "$default"


def test_an_unknown_address_is_not_found(sample: Sample) -> None:
    sample.api("GET /p/{token}")
    with sample.running() as system:
        answer = system.http("GET", "/admin")
        assert (answer.status, answer.json()) == (404, {"message": "Not Found"})
        assert system.http("POST", "/p/t").status == 404
        assert system.http("GET", "/p/").status == 404
    assert HEARD == []


def test_a_function_that_fails_answers_500_and_says_nothing_of_why(sample: Sample) -> None:
    sample.api("GET /p/{token}")
    PLAYS["page"] = lambda _event, _context: 1 / 0
    with sample.running() as system:
        answer = system.http("GET", "/p/t")
        assert (answer.status, answer.json()) == (500, {"message": "Internal Server Error"})
        assert len(system.failures) == 1


def test_the_answer_is_read_as_format_2(sample: Sample) -> None:
    """ "Format 2.0 … API Gateway makes assumptions … isBase64Encoded is false, statusCode is 200, content-type is JSON" """
    sample.api("GET /p/{token}")
    with sample.running() as system:
        PLAYS["page"] = answering({"greeting": "hola"})
        inferred = system.http("GET", "/p/t")
        assert (inferred.status, inferred.json()) == (200, {"greeting": "hola"})
        page = {
            "statusCode": 201,
            "headers": {"Content-Type": "text/html"},
            "body": "<p>hola</p>",
            "cookies": ["a=1"],
        }
        PLAYS["page"] = answering(page)
        written = system.http("GET", "/p/t")
        assert (written.status, written.headers["content-type"], written.body) == (
            201,
            "text/html",
            b"<p>hola</p>",
        )
        assert written.cookies == ("a=1",)
        PLAYS["page"] = answering(
            {"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(b"\x89PNG").decode()}
        )
        assert system.http("GET", "/p/t").body == b"\x89PNG"
        PLAYS["page"] = answering({"statusCode": "many"})
        assert system.http("GET", "/p/t").status == 500


def test_a_body_of_more_than_ten_megabytes_never_arrives(sample: Sample) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""
    sample.api("POST /p/{token}")
    with sample.running() as system:
        assert system.http("POST", "/p/t", {}, b"x" * (10 * 1024 * 1024 + 1)).status == 413
    assert HEARD == []


def test_a_route_whose_function_does_not_let_it_in_is_refused(sample: Sample) -> None:
    sample.api("GET /p/{token}")
    del sample.resources["mayCall"]
    with (
        pytest.raises(Refused, match=r"no AWS::Lambda::Permission lets apigateway\.amazonaws\.com invoke it"),
        sample.running(),
    ):
        pass


def test_a_named_stage_is_the_first_part_of_the_path(sample: Sample) -> None:
    sample.api("GET /p/{token}")
    sample.resources["stage"]["Properties"]["StageName"] = "live"
    with sample.running() as system:
        assert system.http("GET", "/live/p/t").status == 200
        assert system.http("GET", "/p/t").status == 404
    assert HEARD[0]["rawPath"] == "/live/p/t"
    assert HEARD[0]["requestContext"]["stage"] == "live"
