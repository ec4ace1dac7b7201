"""The outside world as this machine sees it: carriers that take a message, refuse it, stay silent, or never hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

CARRIERS = frozenset({"pinpoint-sms-voice-v2", "socialmessaging", "pinpoint", "sesv2", "bedrock-runtime"})
"""Services whose every request goes to the outside world, besides SNS messages to a phone number: carriers, and a client's model."""


class OutsideWorld(Protocol):
    """Whoever answers for the carriers. It reaches us only by topics, routes and files, through the system's own doors."""

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The carrier's answer, in the members of the operation's output; or raise a CarrierFault.

        params have passed the service's own model: required members, types, lengths, patterns, enumerations.
        A world that also answers for payment gateways' APIs has `http` (surroundings.py).
        """
        ...


class CarrierFault(Exception):
    """Something other than an acceptance."""


@dataclass
class Refusal(CarrierFault):
    """The carrier says no, with one of its documented errors. members: the error's further members, e.g. Reason.

    status: the HTTP status; needed only for errors that the service's model does not have.
    """

    code: str
    message: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None


@dataclass
class BrokenDown(CarrierFault):
    """The carrier answers with a server error: nobody knows whether it took the message."""

    status: int = 500


class Silence(CarrierFault):
    """No answer arrives in time: whether the message was taken is for the world to know and for us to learn."""


class LineCut(CarrierFault):
    """The connection is lost after the request went out."""


class NotReached(CarrierFault):
    """No connection: the carrier never heard of the request."""


class FunctionDied(BaseException):
    """The function's process ends here and now: no handler can catch it, no `finally` of its own runs after a real one.

    Raised by a world (or a test) to end a function between its claim and its outcome.
    """
