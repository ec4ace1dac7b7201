"""Where a carrier takes a request: read it, check it as the carrier would, ask the outside world, write what it says."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.model import OperationModel, ServiceModel

from infra.local.carriers.constraints import complaints
from infra.local.carriers.reading import read_request
from infra.local.carriers.writing import write_answer, write_error
from infra.local.outside import BrokenDown, LineCut, NotReached, OutsideWorld, Refusal, Silence

_INVALID: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "pinpoint-sms-voice-v2": ("ValidationException", {"Reason": "FIELD_VALIDATION_FAILED"}),
    "socialmessaging": ("ValidationException", {}),
    "pinpoint": ("BadRequestException", {}),
    "sesv2": ("BadRequestException", {}),
    "sns": ("InvalidParameter", {}),
}
"""How each service refuses a request that does not fit its own model."""


class Counter:
    """Takes requests for all carriers. `model` gives a service's model; `request_id` names the next request."""

    def __init__(
        self,
        world: OutsideWorld | None,
        model: Callable[[str], ServiceModel],
        request_id: Callable[[], str],
    ) -> None:
        self._world = world
        self._model = model
        self._request_id = request_id

    def take(self, service: str, operation_name: str, request: AWSPreparedRequest) -> AWSResponse:
        """The carrier's answer. Raises what boto3 raises when there is none."""
        operation = self._model(service).operation_model(operation_name)
        params = read_request(operation, request)
        url, number = request.url, self._request_id()
        found = complaints(operation.input_shape, params)
        if found:
            code, members = _INVALID[service]
            return write_error(operation, url, code, "; ".join(found), members, None, number)
        if self._world is None:
            raise RuntimeError(
                f"{service}.{operation_name} was asked, but this system was booted without an outside world"
            )
        try:
            told = self._world.answer(service, operation_name, params)
        except Refusal as refusal:
            return write_error(
                operation, url, refusal.code, refusal.message, refusal.members, refusal.status, number
            )
        except BrokenDown as fault:
            return write_error(operation, url, "InternalServerException", "", {}, fault.status, number)
        except Silence as fault:
            raise ReadTimeoutError(endpoint_url=url, error=fault) from fault
        except LineCut as fault:
            raise ConnectionClosedError(endpoint_url=url, request=request, error=fault) from fault
        except NotReached as fault:
            raise EndpointConnectionError(endpoint_url=url, error=fault) from fault
        _check_answer(operation, told)
        return write_answer(operation, url, told, number)


def _check_answer(operation: OperationModel, told: Mapping[str, Any]) -> None:
    """The outside world may lie about what happened, but not about the form in which a carrier answers."""
    found = complaints(operation.output_shape, told) if operation.output_shape else [*told]
    if found:
        raise ValueError(
            f"no {operation.name} of {operation.service_model.service_name} is answered so: {'; '.join(found)}"
        )
