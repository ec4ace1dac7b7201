"""Events handed to Lambda without waiting for an answer: it retries a failed one twice, then sets it aside where it is told.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from datetime import datetime, timedelta
from typing import Any

from infra.local.drivers.destinations import send_to
from infra.local.drivers.platform import Platform, stamp
from infra.local.functions import Outcome
from infra.local.inventory import AsyncRules, Function

_WAITS = (60, 120)
"""Seconds: "one minute before the second attempt … two minutes before the third"."""


class Asynchronous:
    """Lambda's own queue of events."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def accept(self, function_arn: str, event: Any) -> None:
        """Take an event for a function or its alias, each with rules of its own; it runs when the work before it is done."""
        platform = self._platform
        function = platform.inventory.functions[platform.inventory.behind(function_arn)]
        rules = platform.inventory.async_rules.get(function_arn, AsyncRules())
        accepted = platform.now()
        platform.plan(0, lambda: self._attempt(function, event, accepted, 1, rules))

    def _attempt(
        self, function: Function, event: Any, accepted: datetime, number: int, rules: AsyncRules
    ) -> None:
        platform = self._platform
        outcome = platform.invoke(function, event)
        if outcome.failure is None:
            return
        if number <= rules.retries:
            wait = timedelta(seconds=_WAITS[number - 1])
            if platform.now() + wait - accepted <= timedelta(seconds=rules.max_age):
                platform.plan(
                    wait.total_seconds(), lambda: self._attempt(function, event, accepted, number + 1, rules)
                )
                return
            self._give_up(function, event, outcome, number, "EventAgeExceeded", rules)
        else:
            self._give_up(function, event, outcome, number, "RetriesExhausted", rules)

    def _give_up(
        self,
        function: Function,
        event: Any,
        outcome: Outcome,
        attempts: int,
        condition: str,
        rules: AsyncRules,
    ) -> None:
        platform, failure = self._platform, outcome.failure
        if rules.on_failure_arn and failure is not None:
            told = {
                "version": "1.0",
                "timestamp": stamp(platform.now()),
                "requestContext": {
                    "requestId": outcome.request_id,
                    "functionArn": f"{function.arn}:$LATEST",
                    "condition": condition,
                    "approximateInvokeCount": attempts,
                },
                "requestPayload": event,
                "responseContext": {
                    "statusCode": 200,
                    "executedVersion": "$LATEST",
                    "functionError": "Unhandled",
                },
                "responsePayload": {"errorMessage": failure.message, "errorType": failure.type},
            }
            send_to(platform, rules.on_failure_arn, told, key=f"aws/lambda/async/{outcome.request_id}")
        if function.dead_letter_arn:
            send_to(platform, function.dead_letter_arn, event)
