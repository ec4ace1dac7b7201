"""Push: the application that the client's file names exists; AWS lets nobody create new ones (infra/decisions/0008)."""

from collections.abc import Iterator

from infra.doctor.finding import Asked, Finding, ok, wrong


def check(asked: Asked) -> Iterator[Finding]:
    if not asked.client.sends("push"):
        return
    pinpoint, application = asked.clients("pinpoint"), asked.client.channels["push"].application
    try:
        told = pinpoint.get_app(ApplicationId=application)["ApplicationResponse"]
    except pinpoint.exceptions.NotFoundException:
        fix = "correct channels.push.application_id, or set enabled = false"
        yield wrong("push application", f"{application} is not in this account and Region", fix)
    else:
        yield ok("push application", told["Name"])
