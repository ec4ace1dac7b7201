"""Everything that one client's deployment runs, on one screen: each function, what starts it, what it may do, its limits.

`python -m infra.app` writes the CloudFormation template of the client named by CLIENT (or `-c client=`) to `cdk.out`, or to
CDK_OUTDIR. It needs Python and nothing else: no Node of yours, no Docker, no AWS account.
"""

from infra.stack.access import (
    agency,
    carrier,
    channels,
    due,
    files,
    links,
    people,
    queue,
    queue_if_any,
    second_reader,
    secret,
    table,
)
from infra.stack.rows import (
    Limits,
    OnFiles,
    OnHours,
    OnLedger,
    OnMorning,
    OnQueue,
    OnRoutes,
    OnSweep,
    OnTopics,
    Row,
    asked_by_programs,
    makes_links,
    paid_by_gateway,
    tells_systems,
    worked_by_people,
)
from recobro.errors import RecobroError

# fmt: off
SAVES = table("GetItem PutItem Query")
SWEEP = (SAVES, table("BatchGetItem UpdateItem"), due(), secret(), channels())
SEND = (SAVES, table("BatchGetItem UpdateItem"), secret(), links(), agency())
WRITTEN = tuple(queue_if_any(f"send-{channel}") for channel in ("sms", "whatsapp", "email"))
SLOW = Limits(seconds=180)  # ten calls to a carrier that takes all the time that it is given, one after the other
PIECES = (queue("portfolio-partitions"), *files("PutObject", "work/"), secret())

ROWS = (
    #   function, its use case where shared, what starts it; what it may do; within which limits; for whom
    Row("import_portfolio", "",      OnFiles("inbox/", via="portfolio-files"),
        (table("PutItem"), *files("GetObject", "inbox/", "work/mappings/"), *PIECES),
        Limits(seconds=900, disk_mb=4096, batch=1)),
    Row("import_partition", "",      OnQueue("portfolio-partitions", keep_hours=96),
        (SAVES, table("BatchGetItem UpdateItem"), due(), *PIECES, *files("GetObject", "work/"),
         *files("PutObject", "results/")),
        Limits(seconds=300, batch=1, at_once=5)),

    Row("pre_reminder",     "sweep", OnSweep("pre_due"), SWEEP, Limits(seconds=600)),
    Row("escalation",       "sweep", OnSweep("overdue"), SWEEP, Limits(seconds=600)),

    Row("review_promises",  "",      OnMorning(),
        (SAVES, table("BatchGetItem"), due()), Limits(seconds=600)),

    Row("send_sms",         "send",  OnQueue("send-sms"),      (*SEND, carrier("sms")), SLOW),
    Row("send_email",       "send",  OnQueue("send-email"),    (*SEND, carrier("email")), SLOW),
    Row("send_whatsapp",    "send",  OnQueue("send-whatsapp"), (*SEND, carrier("whatsapp")), SLOW),
    Row("send_voice",       "send",  OnQueue("send-voice"),    (*SEND, carrier("voice")), SLOW),
    Row("send_push",        "send",  OnQueue("send-push"),     (*SEND, carrier("push")), SLOW),

    Row("receive_receipt",  "",      OnTopics("email-events sms-events whatsapp-events", via="receipts"),
        (SAVES, table("UpdateItem"))),
    Row("receive_message",  "",      OnTopics("sms-inbound whatsapp-events email-inbound", via="messages"),
        (SAVES, table("BatchGetItem"), *WRITTEN, secret(), second_reader(), *files("PutObject", "heard/"))),
    Row("receive_payment",  "",      OnRoutes("POST /hooks/{gateway}/{endpoint}"),
        (SAVES, table("BatchGetItem UpdateItem"), secret()), Limits(seconds=28), when=paid_by_gateway),
    Row("confirm_payment",  "",      OnQueue("payment-questions", keep_hours=96),
        (SAVES, table("BatchGetItem UpdateItem"), secret()), Limits(seconds=60, batch=5), when=paid_by_gateway),
    Row("reconcile_payments", "",    OnHours(minute=20),
        (SAVES, table("BatchGetItem UpdateItem"), due(), secret(), *files("PutObject", "reports/")),
        Limits(seconds=600), when=paid_by_gateway),
    Row("withdraw_link",    "",      OnQueue("links-to-withdraw", keep_hours=96),
        (SAVES, secret()), Limits(seconds=60, batch=5), when=makes_links),
    Row("notify_client",    "",      OnQueue("client-notices", keep_hours=96),
        (SAVES, secret()), Limits(seconds=60, batch=5), when=tells_systems),
    Row("debtor_portal",    "",      OnRoutes("GET /u/{token}", "POST /u/{token}",
                                              "GET /g/{token}", "POST /g/{token}",
                                              "GET /p/{token}", "GET /p/{token}/{page}",
                                              "POST /p/{token}/{page}"),
        (SAVES, table("BatchGetItem"), secret(), links(), *files("PutObject", "proofs/"),
         *files("GetObject", "letters/")),
        Limits(seconds=15)),

    Row("api",              "",      OnRoutes("POST /v1/portfolio", "GET /v1/debtors", "POST /v1/debtors/search",
                                              "GET /v1/debtors/{debtor}", "POST /v1/debtors/{debtor}/holds",
                                              "DELETE /v1/debtors/{debtor}/holds/{hold}",
                                              "POST /v1/contacts", "POST /v1/payments", "ANY /v1/{other+}"),
        (SAVES, table("BatchGetItem UpdateItem"), due(), secret(), *files("PutObject", "inbox/")),
        Limits(seconds=28), when=asked_by_programs),

    Row("console",          "",      OnRoutes("GET /console", "GET /console/{page}", "POST /console/{page}",
                                              "GET /console/{debtor}/{task}", "POST /console/{debtor}/{task}/{act}"),
        (SAVES, table("BatchGetItem UpdateItem"), due(), secret(), links(), agency(), people()),
        Limits(seconds=28), when=worked_by_people),

    Row("journal",          "",      OnLedger(),
        (table("UpdateItem BatchWriteItem"), queue_if_any("payment-questions"), queue_if_any("links-to-withdraw"),
         queue_if_any("client-notices"), *files("PutObject", "journal/")),
        Limits(seconds=60, batch=100)),
)
# fmt: on


def main() -> None:
    """Synthesise the client that the environment names. What is not in order is said in one sentence."""
    try:
        from infra.stack.synthesis import synthesise_from_environment

        synthesise_from_environment(ROWS)
    except RecobroError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
