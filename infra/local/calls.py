"""The one place through which every request to AWS passes: permitted, answered, counted, and told to whoever reacts to it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import local
from typing import Any

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import OperationModel, ServiceModel

from infra.local.meter import WRITES

OPERATOR = "operator"
"""A person at a keyboard: whatever asks through the system's own clients."""

PLATFORM = "platform"
"""AWS itself: event sources, expiry, deliveries."""


@dataclass(frozen=True)
class Call:
    """One request: who asks (a function's short name, OPERATOR or PLATFORM), what, with which parameters."""

    who: str
    service: str
    operation: str
    params: Mapping[str, Any]


Answer = dict[str, Any]
Wire = Callable[[Call, AWSPreparedRequest], AWSResponse]
Check = Callable[[Call], None]
Listener = Callable[[Call, Answer], None]
Meddler = Callable[[Call, Callable[[], AWSResponse]], AWSResponse]
"""Stands between a request and its answer: may lose either, or raise what the network raises. For tests of bad days."""

_OPTIONS: dict[str, Any] = {"ignore_configured_endpoint_urls": True}

_OWN = Config(
    signature_version=UNSIGNED,
    user_agent="recobro-local",
    account_id_endpoint_mode="disabled",
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path"},
    **_OPTIONS,
)
"""No signature, no checksum and no long user agent: nobody reads them here, and together they took a third of a call."""

_CALL = "recobro.call"

_GET_RECORDS = "DynamoDBStreams_20120810.GetRecords"


@cache
def _loader() -> Any:
    """One for the whole process: the services' models are megabytes of JSON, and the same for every client."""
    return botocore.session.Session().get_component("data_loader")


class Calls:
    """Makes boto3 clients whose requests never leave this process."""

    def __init__(self, region: str, wire: Wire, *, waits: bool) -> None:
        """waits: whether a long poll may wait; under a movable clock the time it waits for would never come."""
        self._region = region
        self._wire = wire
        self._waits = waits
        self._sessions: dict[str | None, boto3.Session] = {}
        self._clients: dict[tuple[str | None, str, str], Any] = {}
        self._plain: dict[tuple[str | None, str], Any] = {}
        self._here = local()
        self.function: str | None = None
        """The short name of the function that runs now."""
        self.check: Check | None = None
        self.listeners: list[Listener] = []
        self.meddler: Meddler | None = None

    def client(self, service: str, who: str | None, config: Config | None = None) -> Any:
        """A boto3 client. who: OPERATOR, PLATFORM, or None for whichever function runs when it is used."""
        if config is None and (who, service) in self._plain:
            return self._plain[who, service]
        chosen = (config or Config()).merge(_OWN)
        key = (who, service, repr(sorted(vars(chosen).items(), key=lambda pair: pair[0])))
        if key not in self._clients:
            make: Any = self.session(who).client
            self._clients[key] = make(service, region_name=self._region, config=chosen)
        if config is None:
            self._plain[who, service] = self._clients[key]
        return self._clients[key]

    def session(self, who: str | None) -> boto3.Session:
        """A boto3 session all of whose clients ask this machine."""
        if who not in self._sessions:
            inner: Any = botocore.session.Session()
            inner.register_component("data_loader", _loader())
            inner.set_credentials("local", "local")
            inner.set_default_client_config(_OWN)
            self._register(inner, who)
            self._sessions[who] = boto3.Session(botocore_session=inner, region_name=self._region)
        return self._sessions[who]

    def records(self, iterator: str, limit: int) -> Answer:
        """A page of a table's stream as it stands on the wire: parsed to Python and written to JSON again for the function,
        every image of a run took a twelfth of its time.

        Raises ClientError. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
        """
        call = Call(PLATFORM, "dynamodb-streams", "GetRecords", {"ShardIterator": iterator, "Limit": limit})
        headers: Any = HeadersDict(
            {"x-amz-target": _GET_RECORDS, "content-type": "application/x-amz-json-1.0"}
        )
        url = f"{self.client('dynamodbstreams', PLATFORM).meta.endpoint_url}/"
        request = AWSPreparedRequest("POST", url, headers, json.dumps(call.params).encode(), False)
        answered = self._send(call, request)
        parsed: Answer = json.loads(answered.content)
        if answered.status_code >= 300:
            code = parsed.get("__type", "").rpartition("#")[2]
            parsed = {"Error": {"Code": code, "Message": parsed.get("message", "")}}
        self._finish(call, parsed)
        if "Error" in parsed:
            raise ClientError({"Error": parsed["Error"]}, call.operation)
        return parsed

    def ordinary_session(self) -> boto3.Session:
        """boto3 as everybody has it, signing included, answered by this machine: nothing is checked, counted or told."""
        made = boto3.Session("local", "local", region_name=self._region)
        events: Any = made.events

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            return self._wire(self._here.call, request)

        def ask(params: Mapping[str, Any], model: OperationModel, **_: Any) -> None:
            self._here.call = Call(OPERATOR, model.service_model.service_id.hyphenize(), model.name, params)

        events.register("provide-client-params", ask)
        events.register("before-send", send)
        return made

    def model(self, service: str) -> ServiceModel:
        """A service's model, by the name of its client."""
        return ServiceModel(_loader().load_service_model(service, "service-2"), service)

    def _register(self, inner: Any, who: str | None) -> None:
        """botocore's events: https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html"""

        def ask(params: Mapping[str, Any], model: OperationModel, context: dict[str, Any], **_: Any) -> Any:
            asking = who or self.function or OPERATOR
            call = Call(asking, model.service_model.service_id.hyphenize(), model.name, params)
            context[_CALL] = self._here.call = call
            return self._begin(call)

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            call = self._here.call
            try:
                return self._send(call, request)
            finally:
                # The outside world may have made calls of its own while it answered; a retry is still of this one.
                self._here.call = call

        def answered(parsed: Answer, context: dict[str, Any], **_: Any) -> None:
            self._finish(context[_CALL], parsed)

        def unanswered(exception: Exception, context: dict[str, Any], **_: Any) -> None:
            self._finish(context[_CALL], {"Error": {"Code": type(exception).__name__}})

        inner.register("provide-client-params", ask)
        inner.register("before-send", send)
        inner.register("after-call", answered)
        inner.register("after-call-error", unanswered)

    def _begin(self, call: Call) -> Mapping[str, Any] | None:
        """Permit the call; the parameters to send instead, if any."""
        if self.check is not None and call.who not in (OPERATOR, PLATFORM):
            self.check(call)
        if call.service == "dynamodb" and call.operation in WRITES:
            return {**call.params, "ReturnConsumedCapacity": "INDEXES"}
        if call.operation == "ReceiveMessage" and not self._waits:
            return {**call.params, "WaitTimeSeconds": 0}
        return None

    def _send(self, call: Call, request: AWSPreparedRequest) -> AWSResponse:
        if self.meddler is None:
            return self._wire(call, request)
        return self.meddler(call, lambda: self._wire(call, request))

    def _finish(self, call: Call, parsed: Answer) -> None:
        for listener in self.listeners:
            listener(call, parsed)
        if call.operation in WRITES and not call.params.get("ReturnConsumedCapacity"):
            parsed.pop("ConsumedCapacity", None)
