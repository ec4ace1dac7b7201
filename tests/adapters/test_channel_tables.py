"""Every word that a carrier documents has its row; a new one in a newer SDK fails here until somebody decides."""

import re
from typing import Any

import pytest

from recobro.adapters.channels import email, push, sms, sns_sms, voice, whatsapp
from recobro.adapters.channels.outcomes import (
    AWS_COMMON,
    BLOCK_CHANNEL,
    NEXT_CHANNEL,
    OPEN_CIRCUIT,
    OPTED_OUT,
    PARK,
    RETRY,
    SUPPRESS,
    UNKNOWN,
    Outcomes,
)
from recobro.domain.attempt import AttemptStatus
from recobro.law.counting import PROVES
from tests.adapters.carriers_stub import SESSION

WORDS = {RETRY, NEXT_CHANNEL, OPTED_OUT, SUPPRESS, BLOCK_CHANNEL, OPEN_CIRCUIT, PARK, UNKNOWN}

TABLES = [
    pytest.param("pinpoint-sms-voice-v2", "SendTextMessage", sms.OUTCOMES, set(), id="sms"),
    pytest.param("pinpoint-sms-voice-v2", "SendVoiceMessage", voice.OUTCOMES, set(), id="voice"),
    pytest.param("sns", "Publish", sns_sms.OUTCOMES, set(), id="sns_sms"),
    # SES answers its rate and quota as a "Common Error" too (ses/latest/dg/manage-sending-quotas-errors).
    pytest.param("sesv2", "SendEmail", email.OUTCOMES, {"ThrottlingException"}, id="email"),
    pytest.param("socialmessaging", "SendWhatsAppMessage", whatsapp.OUTCOMES, set(), id="whatsapp"),
    pytest.param("pinpoint", "SendMessages", push.OUTCOMES, set(), id="push"),
]

OURS = {"INVALID_DESTINATION", "DAILY_QUOTA"}
"""Reasons that we read from an answer ourselves."""

OF_OTHER_OPERATIONS = {
    "ServiceQuotaExceededException": """
        ASSOCIATIONS_PER_REGISTRATION CONFIGURATION_SETS_PER_ACCOUNT DAILY_NOTIFY_TIER_MESSAGE_LIMIT
        EVENT_DESTINATIONS_PER_CONFIGURATION_SET KEYWORDS_PER_PHONE_NUMBER KEYWORDS_PER_POOL
        MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY
        MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS NOTIFY_CONFIGURATIONS_PER_ACCOUNT OPT_OUT_LISTS_PER_ACCOUNT
        ORIGINATION_IDENTITIES_PER_POOL PHONE_NUMBERS_PER_ACCOUNT PHONE_NUMBERS_PER_REGISTRATION POOLS_PER_ACCOUNT
        PROTECT_CONFIGURATIONS_PER_ACCOUNT RCS_AGENTS_PER_ACCOUNT REGISTRATIONS_PER_ACCOUNT
        REGISTRATION_ATTACHMENTS_CREATED_PER_DAY REGISTRATION_ATTACHMENTS_PER_ACCOUNT
        REGISTRATION_VERSIONS_CREATED_PER_DAY SENDER_IDS_PER_ACCOUNT TAGS_PER_RESOURCE
        VERIFICATION_ATTEMPTS_PER_DAY VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT
    """,
    "ValidationException": """
        ATTACHMENT_TYPE_NOT_SUPPORTED CANNOT_ADD_OPTED_OUT_NUMBER CANNOT_PARSE FIELD_VALIDATION_FAILED INVALID_ARN
        INVALID_FILTER_VALUES INVALID_NEXT_TOKEN INVALID_PARAMETER INVALID_REGISTRATION_ASSOCIATION INVALID_REQUEST
        MEDIA_TYPE_NOT_SUPPORTED MISSING_PARAMETER OTHER PARAMETERS_CANNOT_BE_USED_TOGETHER
        PHONE_NUMBER_CANNOT_BE_OPTED_IN PHONE_NUMBER_CANNOT_BE_RELEASED REGISTRATION_FIELD_CANNOT_BE_DELETED
        REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT TWO_WAY_CHANNEL_NOT_PRESENT TWO_WAY_NOT_ENABLED
        TWO_WAY_NOT_SUPPORTED_IN_COUNTRY TWO_WAY_NOT_SUPPORTED_IN_REGION TWO_WAY_TOPIC_NOT_PRESENT UNKNOWN_OPERATION
        UNKNOWN_REGISTRATION_FIELD UNKNOWN_REGISTRATION_SECTION UNKNOWN_REGISTRATION_TYPE
        UNKNOWN_REGISTRATION_VERSION UNSPECIFIED_PARAMETER_NOT_SUPPORTED VERIFICATION_CODE_MISMATCH
    """,
    "ConflictException": """
        CREATE_REGISTRATION_VERSION_NOT_ALLOWED DELETION_PROTECTION_ENABLED DISASSOCIATE_REGISTRATION_NOT_ALLOWED
        DISCARD_REGISTRATION_VERSION_NOT_ALLOWED EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED
        EVENT_DESTINATION_MISMATCH LAST_PHONE_NUMBER NOTIFY_CONFIGURATION_NOT_ACTIVE OPT_OUT_LIST_MISMATCH
        PHONE_NUMBER_ASSOCIATED_TO_POOL PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL
        PHONE_NUMBER_NOT_IN_REGISTRATION_REGION POOL_ASSOCIATED_TO_NOTIFY_CONFIGURATION
        PROTECT_CONFIGURATION_ASSOCIATED_WITH_CONFIGURATION_SET PROTECT_CONFIGURATION_IS_ACCOUNT_DEFAULT
        PROTECT_CONFIGURATION_NOT_ASSOCIATED_WITH_CONFIGURATION_SET RCS_AGENT_ALREADY_ASSOCIATED_TO_REGISTRATION_TYPE
        RCS_AGENT_ASSOCIATED_TO_POOL REGISTRATION_ALREADY_SUBMITTED REGISTRATION_NOT_COMPLETE
        RESOURCE_ALREADY_ASSOCIATED RESOURCE_ALREADY_EXISTS RESOURCE_DELETION_NOT_ALLOWED
        RESOURCE_MODIFICATION_NOT_ALLOWED RESOURCE_NOT_EMPTY SELF_MANAGED_OPT_OUTS_MISMATCH
        SENDER_ID_ASSOCIATED_TO_POOL SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED TWO_WAY_CONFIG_MISMATCH
        VERIFICATION_ALREADY_COMPLETE VERIFICATION_CODE_EXPIRED
    """,
}
"""Read one by one: said of registrations, pools, keywords, other media, or of a request that we built wrongly. Each falls
to its code's default, a person's look."""


def enum_of(service: str, shape: str) -> set[str]:
    found: Any = SESSION.get_service_model(service).shape_for(shape)
    return set(found.enum)


@pytest.mark.parametrize(("service", "operation", "table", "common"), TABLES)
def test_every_documented_error_and_reason_is_decided(
    service: str, operation: str, table: Outcomes, common: set[str]
) -> None:
    model = SESSION.get_service_model(service).operation_model(operation)
    documented = set()
    for shape in model.error_shapes:
        code = shape.metadata.get("error", {}).get("code", shape.name)
        documented.add(code)
        assert (code, "") in table, f"{code} has no default"
        members: dict[str, Any] = getattr(shape, "members", {})
        reasons = set(members["Reason"].enum) if "Reason" in members else set()
        decided = {reason for its, reason in table if its == code and reason} - OURS
        left = set(OF_OTHER_OPERATIONS.get(code, "").split()) if reasons else set()
        assert decided | left == reasons, "a reason is new, or gone"
        assert not decided & left
        if left:
            assert table[code, ""] == PARK
    assert {code for code, _ in table} == documented | common
    assert set(table.values()) <= WORDS


def test_the_errors_common_to_all_of_aws_have_an_answer() -> None:
    assert set(AWS_COMMON.values()) <= {RETRY, OPEN_CIRCUIT}


def test_every_sms_and_voice_event_has_its_row() -> None:
    events = enum_of("pinpoint-sms-voice-v2", "EventType")
    assert set(sms.RECEIPTS) == {one for one in events if one.startswith("TEXT_")} - {"TEXT_ALL"}
    assert set(voice.RECEIPTS) == {one for one in events if one.startswith("VOICE_")} - {"VOICE_ALL"}


def test_every_email_event_has_its_row() -> None:
    enum = enum_of("sesv2", "EventType")
    rows = {
        re.sub(r"(?<=[a-z])(?=[A-Z])|[ ]", "_", event).upper() for event in email.RECEIPTS if ":" not in event
    }
    assert rows == enum


def test_every_push_delivery_has_its_row() -> None:
    enum = enum_of("pinpoint", "DeliveryStatus")
    assert {delivery for delivery, code in push.DELIVERIES if not code} == enum
    assert set(push.DELIVERIES.values()) <= WORDS | {""}


def test_every_whatsapp_status_and_error_we_know_of_has_its_row() -> None:
    # developers.facebook.com/documentation/business-messaging/whatsapp: webhooks/reference/messages/status; facts of 2026
    assert set(whatsapp.RECEIPTS) >= {"sent", "delivered", "read", "played", "failed", "deleted", "warning"}
    stops_all = {"368", "131031"}
    later = {"2", "130429", "130472", "131000", "131049", "131056"}
    this_person = {"131026", "131050"}
    configuration = {"132000", "132001", "132012", "132015", "132016"}
    assert {whatsapp.FAILURES[code] for code in stops_all | configuration} == {OPEN_CIRCUIT}
    assert {whatsapp.FAILURES[code] for code in later | {"131047", "131051"}} == {""}
    assert {whatsapp.FAILURES[code] for code in this_person} == {BLOCK_CHANNEL}


@pytest.mark.parametrize(
    "module", [sms, voice, email, whatsapp], ids=lambda module: module.__name__.split(".")[-1]
)
def test_receipts_speak_our_words_and_failures_those_the_law_counts_by(module: object) -> None:
    rows: dict[str, tuple[str, ...]] = module.RECEIPTS  # type: ignore[attr-defined]
    for event, (status, outcome, then, *_) in rows.items():
        assert status in {*AttemptStatus, "complaint"}, event
        assert then in {"", SUPPRESS, BLOCK_CHANNEL, OPEN_CIRCUIT}, event
        assert outcome
        if status is AttemptStatus.FAILED:
            assert outcome in PROVES, f"{event}: the law engine would not know {outcome!r}"
    assert set(whatsapp.FAILURES.values()) <= {"", BLOCK_CHANNEL, OPEN_CIRCUIT}


def test_the_voices_we_fall_back_to_exist() -> None:
    enum = enum_of("pinpoint-sms-voice-v2", "VoiceId")
    assert set(voice.VOICES.values()) <= enum
