"""A message as the rules see it: words with their families, numbers with their value, days and sums as one token each."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from recobro.understanding.folding import STOP
from recobro.understanding.lexicon import MOST_WORDS, Lexicon
from recobro.understanding.numbers import number_at
from recobro.understanding.phrases import Hit
from recobro.understanding.standing import Symbols
from recobro.understanding.understood import Day, Sum

JOINS = frozenset({"y", "e", "and"})
YEARS = range(2020, 2041)
NUMBER, ORDINARY, YEAR, DAY, TIME, SUM, PAST, NOW = (
    "<n>",
    "<dom>",
    "<year>",
    "<day>",
    "<time>",
    "<sum>",
    "<past>",
    "<now>",
)
BLANK: Symbols = frozenset()


@dataclass(frozen=True, slots=True)
class Token:
    """words: as folded. symbols: what phrases may call it. value: of a number; day, sum: what was read there.

    form: of days.py, by which a day was read as it stands, or "numeric".
    """

    words: str
    symbols: Symbols
    value: Fraction | None = None
    day: Day | None = None
    sum: Sum | None = None
    form: str = ""


def tokens_of(words: Sequence[str], lexicon: Lexicon) -> list[Token]:
    """Numbers are put together, words get their families, and an unknown word is read as the known one it misspells."""
    found: list[Token] = []
    place = 0
    while place < len(words):
        value, end = number_at(words, place, lexicon.numbers, JOINS)
        if value is not None:
            said = " ".join(words[place:end])
            is_share = words[end : end + 1] == ["%"] or words[end : end + 2] in (
                ["por", "ciento"],
                ["por", "cento"],
            )
            found.append(_number(said, value, is_share, lexicon))
            place = end
            continue
        word = words[place]
        if word != ",":
            found.append(_word(word, lexicon))
        place += 1
    return found


@lru_cache(maxsize=MOST_WORDS)
def _word(word: str, lexicon: Lexicon) -> Token:
    spelled = word if word[0].isdigit() or word == STOP else lexicon.spelled(word)
    return Token(word, lexicon.symbols(spelled))


@lru_cache(maxsize=MOST_WORDS)
def _number(said: str, value: Fraction, is_share: bool, lexicon: Lexicon) -> Token:  # noqa: FBT001 - remembered by place
    is_one_word = " " not in said
    names = {NUMBER} | ({said} if is_one_word else set())
    whole = value.numerator if value.denominator == 1 else 0
    if 1 <= whole <= 31 and not is_share and not any(sign in said for sign in ".,"):
        names.add(ORDINARY)
    if whole in YEARS:
        names.add(YEAR)
    if is_one_word:
        names |= lexicon.symbols(said)
    return Token(said, frozenset(names), value)


def blanked(tokens: Sequence[Token], hits: Sequence[Hit]) -> list[Token]:
    """The tokens with those that hits saw left without meaning."""
    seen = {place for hit in hits for place in hit.places}
    return [Token(one.words, BLANK) if at in seen else one for at, one in enumerate(tokens)]
