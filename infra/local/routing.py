"""Where each request goes: to the emulated services, to the outside world, or to a function; never to a network."""

import json
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from infra.local.backends import SERVICES, Backend
from infra.local.backends.answer import answer, body_of
from infra.local.calls import Call
from infra.local.carriers.counter import Counter
from infra.local.functions import Outcome
from infra.local.outside import CARRIERS


class Router:
    """Answers the requests of every client of this system."""

    def __init__(
        self,
        backend: Backend,
        carriers: Counter,
        run_now: Callable[[str, Any], Outcome],
        run_later: Callable[[str, Any], None],
    ) -> None:
        """run_now and run_later invoke a function by name, waiting for its answer or not."""
        self._backend = backend
        self._carriers = carriers
        self._run_now = run_now
        self._run_later = run_later

    def __call__(self, call: Call, request: AWSPreparedRequest) -> AWSResponse:
        texts = call.service == "sns" and call.operation == "Publish" and "PhoneNumber" in call.params
        if call.service in CARRIERS or texts:
            return self._carriers.take(call.service, call.operation, request)
        if call.service in SERVICES:
            return self._backend.send(call.service, request)
        if (call.service, call.operation) == ("lambda", "Invoke"):
            return self._invoke(call, request)
        raise RuntimeError(
            f"{call.service}.{call.operation} was asked by {call.who}; nothing here answers for it"
        )

    def _invoke(self, call: Call, request: AWSPreparedRequest) -> AWSResponse:
        """https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"""
        event = json.loads(body_of(request) or b"{}")
        name = str(call.params["FunctionName"])
        if call.params.get("InvocationType", "RequestResponse") == "Event":
            self._run_later(name, event)
            return answer(request.url, 202, {}, b"")
        outcome = self._run_now(name, event)
        headers = {"x-amz-executed-version": "$LATEST", "x-amzn-requestid": outcome.request_id}
        if outcome.failure is None:
            return answer(request.url, 200, headers, json.dumps(outcome.value).encode())
        failed = {
            "errorMessage": outcome.failure.message,
            "errorType": outcome.failure.type,
            "requestId": outcome.request_id,
            "stackTrace": outcome.failure.trace.splitlines(),
        }
        return answer(
            request.url, 200, headers | {"x-amz-function-error": "Unhandled"}, json.dumps(failed).encode()
        )
