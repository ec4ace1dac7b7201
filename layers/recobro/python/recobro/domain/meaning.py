"""What a message was taken to mean, in the words that the house acts by; whoever read it, rules or a person, says it like this."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

PERSONS_WORK = frozenset({"asks_person", "complaint", "abusive"})
RESTS = frozenset({"already_paid", "dispute", "hardship", "complaint", "asks_person", "abusive"})
"""What leaves a person in peace, or brings a person in."""
BINDS = frozenset({"opt_out", "stop_channel", "wrong_person", "deceased", "minor"})
"""What binds us before anything else is made of a message, and ends the talk."""
_ASKING = re.compile(
    r"\?|\b(?:c[oó]mo|cu[aá]nt[oa]s?|d[oó]nde|quant[oa]s?|onde|how|where|what)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Meant:
    """intent, also: as understanding/understood.py names them, most binding first. is_sure: nobody has to read it first.
    is_cut: only part of it was read, and a person reads it all.

    family: what "stop this channel" stops. parts: how many payments were named; amount (minor units), share, day: of the first.
    asks_amount, asks_day: named, but not so that it could be written down. has_file: a picture or document came with it.
    text: as written, for the identity check and numbered choices; it is never kept. is_vouched: False: anybody may have written
    it under that address. may_stop: a refusal was heard that a person has to confirm. says_yes: to the day that we asked about.
    """

    intent: str
    is_sure: bool = True
    is_cut: bool = False
    also: tuple[str, ...] = ()
    family: str = ""
    parts: int = 0
    amount: int | None = None
    share: Fraction | None = None
    day: date | None = None
    asks_amount: bool = False
    asks_day: bool = False
    has_file: bool = False
    text: str = ""
    is_vouched: bool = True
    may_stop: bool = False
    says_yes: bool = False

    @property
    def every(self) -> tuple[str, ...]:
        """All that it says, most binding first."""
        return tuple(dict.fromkeys((self.intent, *self.also)))

    @property
    def names_sum(self) -> bool:
        """Whether it says how much, whatever else it leaves open."""
        return self.amount is not None or self.share is not None

    @property
    def is_question(self) -> bool:
        """Whether it asks something: who asks how much half of it is offers no half."""
        return _ASKING.search(self.text) is not None

    @property
    def is_wordless(self) -> bool:
        """Whether it has nothing to read: a voice note, a sticker or a place, which only a person can make sense of."""
        return not self.is_sure and not self.text.strip()

    @property
    def needs_reader(self) -> bool:
        """Whether it leaves somebody in peace, or has to be read before it means anything, whoever of several wrote it."""
        is_in_doubt = not self.is_sure and self.intent != "other"
        return self.may_stop or self.is_wordless or is_in_doubt or not RESTS.isdisjoint(self.every)
