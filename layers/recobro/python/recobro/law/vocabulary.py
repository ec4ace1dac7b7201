"""The words that a pack may use, so that a misspelt one is caught when the pack is read and not when a person
is called.
"""

from recobro.domain.channel import Kind

KINDS = frozenset({*(kind.value for kind in Kind), "security_alert", "legal_service", "location_inquiry"})
STAGES = ("pre_due", "past_due", "litigation", "insolvency")
ACTORS = frozenset({"original_creditor", "third_party", "debt_buyer"})
SCOPES = frozenset({"person", "household", "debt", "account", "creditor", "collector", "contact_point"})
SHARERS = frozenset({"creditor", "other_agency"})
PERIODS = frozenset({"", "day", "week", "month"})
HOLIDAY = frozenset({"forbid", "forbid_known", "allow"})
ANCHORS = frozenset({"send", "ring", "arrive"})
CONDITIONS = frozenset(
    {"residential_line", "contact_point_work", "no_prior_express_consent", "no_consent_yet"}
)
WHO = frozenset(
    {
        "codebtor",
        "guarantor",
        "spouse",
        "reference",
        "workplace",
        "minor",
        "elderly_non_debtor",
        "third_party_disclosure",
        "location_inquiry",
        "leave_message_with_third_party",
    }
)
TREATMENTS = frozenset(
    {
        "own_bucket_same_rules",
        "treated_as_consumer_own_bucket",
        "third_party",
        "never",
        "only_if_given_as_contact_point",
        "only_on_request",
        "unless_employer_prohibits",
        "locate_only_no_debt",
        "locate_only_once",
        "once_no_debt",
        "parent_is_consumer",
        "human_review",
    }
)
REQUIREMENTS = frozenset(
    {
        "opt_in",
        "opt_in_from_disclosed_list",
        "written_opt_in",
        "platform_opt_in",
        "prior_express_consent",
        "prior_express_consent_or_manual",
        "safe_harbour_or_policy",
    }
)
RESERVING = frozenset({"due_date_missed", "info_given_and_silent_15_days", "intent_to_report_negative"})
"""Triggers that a person's record can tell (domain/duties.py): only such a duty can keep a slot free."""
MOMENTS = frozenset({"first_contact", "every_message", "every_call", "voicemail", "agreement", "validation"})
INITIATORS = frozenset({"any", "collector", "debtor"})
KEPT_FROM = frozenset({"event", "last_activity", "last_collection_activity"})
STATUSES = frozenset({"enacted", "draft", "policy"})
