"""Ways to break the protocol that a tired programmer would find: each is one line elsewhere, and each ends in a broken promise.

A checker that has never said no has proved nothing: `make model` breaks all of them and prints how it ended.
"""

from dataclasses import dataclass, replace

from infra.model.claim import Bounds, Rules
from infra.model.ledger import RELEASED

QUIET = Bounds(
    deliveries=2,
    crashes=0,
    lost_answers=0,
    late_writes=0,
    pays=False,
    opts_out=False,
    imports=False,
    receipts=0,
)
CRASH = replace(QUIET, crashes=1)
PAYMENT = replace(QUIET, pays=True)
LOST_ANSWER = replace(QUIET, lost_answers=1)
OPT_OUT = replace(QUIET, deliveries=1, opts_out=True)
OPT_OUT_AND_IMPORT = replace(OPT_OUT, imports=True)
RECEIPT = replace(QUIET, receipts=1)


@dataclass(frozen=True)
class Broken:
    """said: the mistake in words. bounds: the least in which it shows."""

    name: str
    said: str
    rules: Rules
    bounds: Bounds


ALL: tuple[Broken, ...] = (
    Broken("sends_first", "send, then write the claim", Rules(claims_first=False), QUIET),
    Broken("claims_over", "claim without the condition", Rules(claim_is_conditional=False), QUIET),
    Broken(
        "records_over",
        "write the outcome over what stands there",
        Rules(outcome_is_conditional=False),
        PAYMENT,
    ),
    Broken("posts_over", "post the payment on what was read", Rules(payment_is_conditional=False), PAYMENT),
    Broken(
        "imports_over", "import without the condition", Rules(import_is_conditional=False), OPT_OUT_AND_IMPORT
    ),
    Broken("retries_a_timeout", "take a time-out for a no", Rules(timeout_is="released"), QUIET),
    Broken("frees_a_lease", "free the slot when the lease ends", Rules(lease_ends_in=RELEASED), CRASH),
    Broken("sends_late", "never look at send_by", Rules(looks_at_send_by=False), QUIET),
    Broken(
        "takes_any_save_for_its_own",
        "after a lost answer, take a failed condition for its own save",
        Rules(asks_whose_save=False),
        replace(LOST_ANSWER, pays=True),
    ),
    Broken(
        "takes_any_claim_for_its_own",
        "take a claim of the same try for its own",
        Rules(asks_whose_claim=False),
        QUIET,
    ),
    Broken(
        "trusts_its_claim",
        "call under a later save without looking at it",
        Rules(rechecks_after_a_later_save=False),
        replace(LOST_ANSWER, pays=True),
    ),
    Broken("resumes", "send what another one claimed", Rules(resumes_a_claim_it_finds=True), CRASH),
    Broken("lets_the_sdk_repeat", "let the SDK call the carrier again", Rules(carrier_tries=2), QUIET),
    Broken("reuses_the_try", "give a new try the old one's number", Rules(try_grows=False), QUIET),
    Broken("forgets_the_mark", "do not mark the step as done", Rules(marks_the_step=False), QUIET),
    Broken("forgets_unknowns", "go on while one is unknown", Rules(waits_for_an_unknown=False), QUIET),
    Broken(
        "reads_before_it_is_found",
        "import: read the suppression before the lookup is written",
        Rules(lookup_before_suppression=False),
        OPT_OUT_AND_IMPORT,
    ),
    Broken(
        "is_found_too_late",
        "import: write the lookup after the save",
        Rules(lookup_before_save=False),
        OPT_OUT_AND_IMPORT,
    ),
    Broken(
        "looks_before_it_suppresses",
        "opt-out: read the lookups before the address is suppressed",
        Rules(suppresses_first=False),
        OPT_OUT_AND_IMPORT,
    ),
    Broken(
        "leaves_no_stub",
        "opt-out: save nothing where the point is not yet on record",
        Rules(bumps_whom_it_finds=False),
        OPT_OUT_AND_IMPORT,
    ),
    Broken("answers_the_gateway_first", "answer 2xx, then post", Rules(payment_saves_first=False), PAYMENT),
    Broken(
        "answers_the_person_first", "answer, then close the point", Rules(opt_out_saves_first=False), OPT_OUT
    ),
    Broken("forgets_leases", "never write that a lease ended", Rules(sweep_settles=False), CRASH),
)
