"""The account itself: whose it is, and whether it lets enough functions run at once."""

from collections.abc import Iterator

from infra.doctor.finding import Asked, Finding, note, ok, wrong

SPARE = 10
"""Copies that sweeps, webhooks, receipts and the journal may need beside the senders."""


def check(asked: Asked) -> Iterator[Finding]:
    who = asked.clients("sts").get_caller_identity()
    yield ok("account", f"{who['Account']} in {asked.client.region}, as {who['Arn']}")
    limit = asked.clients("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    wanted = SPARE + sum(asked.client.at_once(channel) for channel in asked.client.channels)
    fix = "ask in Service Quotas for Lambda's 'Concurrent executions' (L-B99A9384): 100 is plenty, and free"
    if limit < SPARE:
        yield wrong("functions at once", f"{limit}", fix)
    elif limit < wanted:
        yield note("functions at once", f"{limit}, and all channels together may want {wanted}", fix)
    else:
        yield ok("functions at once", f"{limit}")
