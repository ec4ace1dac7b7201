"""What a carrier's no means for the person we wanted to reach: seven answers, the same for every channel.

An outcome table maps (error code, reason) to one of these words; reason "" is the code's default. UNKNOWN in
a table marks an answer after which the message may still have left (DESIGN §3: counted, never sent again,
settled by a receipt).
"""

from collections.abc import Mapping

RETRY = "retry"  # nothing is wrong with the message: soon again, by the queue's back-off
NEXT_CHANNEL = (
    "next_channel"  # this message cannot go this way; the point and the channel are good for others
)
OPTED_OUT = "opted_out"  # somebody there told the carrier to stop us: the address is closed for everybody
SUPPRESS = "suppress"  # this address cannot be used any more, whoever has it
BLOCK_CHANNEL = "block_channel"  # this channel is closed at this address; the address serves other channels
OPEN_CIRCUIT = (
    "open_circuit"  # every further message would meet the same answer: stop the channel, call a person
)
PARK = "park"  # our request is wrong in a way that no rule of ours explains: a person looks at it
UNKNOWN = "unknown"

Outcomes = Mapping[tuple[str, str], str]

AWS_COMMON: dict[str, str] = {
    "Throttling": RETRY,
    "ThrottlingException": RETRY,
    "ThrottledException": RETRY,
    "RequestThrottled": RETRY,
    "RequestThrottledException": RETRY,
    "RequestLimitExceeded": RETRY,
    "TooManyRequestsException": RETRY,
    "ExpiredToken": RETRY,
    "ExpiredTokenException": RETRY,
    "RequestExpired": RETRY,
    "AccessDenied": OPEN_CIRCUIT,
    "AccessDeniedException": OPEN_CIRCUIT,
    "AuthFailure": OPEN_CIRCUIT,
    "IncompleteSignature": OPEN_CIRCUIT,
    "InvalidClientTokenId": OPEN_CIRCUIT,
    "InvalidSignatureException": OPEN_CIRCUIT,
    "MissingAuthenticationToken": OPEN_CIRCUIT,
    "NotAuthorized": OPEN_CIRCUIT,
    "OptInRequired": OPEN_CIRCUIT,
    "SignatureDoesNotMatch": OPEN_CIRCUIT,
    "UnrecognizedClientException": OPEN_CIRCUIT,
}
"""Errors that any AWS service may answer without listing them ("Common Errors" of every API reference)."""
