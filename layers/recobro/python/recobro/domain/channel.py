"""Through which ways a person can be reached, and the families the laws speak of."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a person. `voice` is a call by a human, `voice_auto` one that a machine speaks."""

    VOICE = "voice"
    VOICE_AUTO = "voice_auto"
    VOICEMAIL = "voicemail"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    PUSH = "push"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    SOCIAL_DM = "social_dm"
    SOCIAL_PUBLIC = "social_public"


GROUPS: dict[str, frozenset[Channel]] = {
    "phone": frozenset({Channel.VOICE, Channel.VOICE_AUTO, Channel.VOICEMAIL}),
    "text": frozenset({Channel.SMS, Channel.WHATSAPP, Channel.PUSH, Channel.SOCIAL_DM}),
    "emsg": frozenset({Channel.SMS, Channel.WHATSAPP, Channel.PUSH, Channel.SOCIAL_DM, Channel.EMAIL}),
    "remote": frozenset(
        {Channel.SMS, Channel.WHATSAPP, Channel.PUSH, Channel.SOCIAL_DM, Channel.EMAIL, Channel.LETTER}
    ),
    "all": frozenset(Channel),
}

MACHINE_CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.WHATSAPP, Channel.VOICE_AUTO, Channel.PUSH)
"""What a Lambda can send by itself; every other channel is a person's work."""


class Kind(StrEnum):
    """What a contact is for; packs exempt some kinds from their measures."""

    REMINDER_PRE_DUE = "reminder_pre_due"
    COLLECTION = "collection"
    DUTY_NOTICE = "duty_notice"
    PAYMENT_RECEIPT = "payment_receipt"
    AGREEMENT_COPY = "agreement_copy"
    REPLY_TO_INBOUND = "reply_to_inbound"
    INFO_REQUESTED = "info_requested"
    OPTOUT_CONFIRMATION = "optout_confirmation"
    CONSENTED_CALLBACK = "consented_callback"
