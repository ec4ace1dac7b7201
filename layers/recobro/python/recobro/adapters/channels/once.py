"""Nobody may get the same message twice, so a carrier is asked once, and doubt is told apart from refusal.

No carrier's API has an idempotency key. "refused" means that it is certain that nothing was accepted: a 4xx,
or a connection that was never made. After a 5xx, a time-out or a connection lost under way the message may
have left: "unknown".
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from recobro.adapters.channels.outcomes import AWS_COMMON, PARK, RETRY, UNKNOWN, Outcomes
from recobro.ports import Sent

SEND_CONFIG: Mapping[str, Any] = {
    "retries": {"total_max_attempts": 1},
    "connect_timeout": 3,
    "read_timeout": 8,
}
"""botocore configuration of every client that sends: its own retries repeat what may have been accepted."""

TOO_MANY_REQUESTS = 429

Reasoner = Callable[[Mapping[str, Any]], str]


def fresh(client: Any) -> None:
    """Close a client's pooled connections, so that its next call opens a new one.

    Between two invocations Lambda freezes the process and servers drop idle connections; a request written to
    such a dead connection ends as "unknown", though nobody received it.
    """
    client.close()


def modelled_reason(response: Mapping[str, Any]) -> str:
    """The `Reason` member that some services give beside the error code."""
    return str(response.get("Reason") or "")


def ask(
    operation: Callable[..., Mapping[str, Any]],
    request: Mapping[str, Any],
    outcomes: Outcomes,
    reason_of: Reasoner = modelled_reason,
) -> Mapping[str, Any] | Sent:
    """Call `operation` once: its answer, or what its failure means by `outcomes`. A failed call never raises."""
    try:
        return operation(**request)
    except Exception as error:  # whatever is not known to precede the request is doubt, not a crash
        return _judged(error, outcomes, reason_of)


def concluded(answer: Mapping[str, Any] | Sent, id_field: str, cost: int) -> Sent:
    """What `ask` brought, as a `Sent`. cost: micro-USD of what was accepted, or may have been."""
    if not isinstance(answer, Sent):
        return Sent("accepted", provider_id=str(answer.get(id_field) or ""), cost=cost)
    return replace(answer, cost=cost) if answer.status == UNKNOWN else answer


def _judged(error: Exception, outcomes: Outcomes, reason_of: Reasoner) -> Sent:
    from botocore import exceptions

    name = type(error).__name__
    if isinstance(error, exceptions.ClientError):
        return _answered(error.response, outcomes, reason_of)
    if isinstance(
        error,
        exceptions.EndpointConnectionError  # refused, unreachable, or its name does not resolve
        | exceptions.ConnectTimeoutError
        | exceptions.ProxyConnectionError
        | exceptions.NoCredentialsError
        | exceptions.PartialCredentialsError
        | exceptions.CredentialRetrievalError,
    ):
        return Sent("refused", code=name, then=RETRY)
    if isinstance(error, exceptions.SSLError) and _certificate_refused(error):
        return Sent("refused", code=name, then=RETRY)
    if isinstance(
        error,
        exceptions.ParamValidationError | exceptions.NoRegionError | exceptions.EndpointProviderError,
    ):
        return Sent("refused", code=f"unrecognised:{name}", then=PARK)
    return Sent(UNKNOWN, code=name)


def _answered(response: Mapping[str, Any], outcomes: Outcomes, reason_of: Reasoner) -> Sent:
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
    code = str(response.get("Error", {}).get("Code") or status)
    reason = reason_of(response)
    then = outcomes.get((code, reason)) or outcomes.get((code, "")) or AWS_COMMON.get(code, "")
    full = f"{code}:{reason}" if reason else code
    if status >= 500 or then == UNKNOWN:
        return Sent(UNKNOWN, code=full)
    if not then and status == TOO_MANY_REQUESTS:
        then = RETRY
    if not then:
        return Sent("refused", code=f"unrecognised:{full}", then=PARK)
    return Sent("refused", code=full, then=then)


def _certificate_refused(error: BaseException) -> bool:
    """Whether the handshake failed on the certificate: before any request. Other TLS errors may come later."""
    import ssl

    told: Any = getattr(error, "kwargs", {}).get("error")
    seen: set[int] = set()
    while told is not None and id(told) not in seen:
        seen.add(id(told))
        if isinstance(told, ssl.SSLCertVerificationError):
            return True
        told = next((one for one in told.args if isinstance(one, BaseException)), told.__cause__)
    return False
