"""A phrase is found wherever it stands, and nowhere else, whatever else is looked for and however long the message is."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.understanding.folding import STOP
from recobro.understanding.phrases import GAP, Hit, Phrases, parsed
from recobro.understanding.standing import WITHIN, Part, Symbols

WORDS = ("no", "me", "pago", "hoy", STOP)
NOBODY_POLITE = [False] * 100


def _hits(phrases: Sequence[str], message: str, polite: str = "") -> list[Hit]:
    words = message.split()
    found = Phrases(parsed(one, number) for number, one in enumerate(phrases))
    return found.found_in([frozenset({one}) for one in words], [one in polite.split() for one in words])


def test_a_gap_is_up_to_four_words_of_one_sentence() -> None:
    assert [hit.places for hit in _hits(["no ... hoy"], "no a b c d hoy")] == [(0, 5)]
    assert _hits(["no ... hoy"], "no a b c d e hoy") == []
    assert _hits(["no ... hoy"], "no a . hoy") == []


def test_a_part_may_be_left_out_and_a_phrase_begins_at_what_it_sees() -> None:
    assert [hit.places for hit in _hits(["ya? no me? manden"], "ya no manden")] == [(0, 1, 2), (1, 2)]
    assert [hit.places for hit in _hits(["ya? no me? manden"], "pues no me manden")] == [(1, 2, 3)]


def test_a_phrase_may_have_to_begin_or_end_what_is_said_but_for_courtesy() -> None:
    assert _hits(["^ baja $"], "hola baja gracias", polite="hola gracias") == [Hit(0, 1, 2, (1,))]
    assert _hits(["^ baja"], "la baja", polite="") == []
    assert _hits(["baja $"], "baja temporada", polite="") == []


@pytest.mark.parametrize("written", ["... no", "no ...", "no ... hoy?", "no?", "", "^ $"])
def test_a_phrase_that_ends_in_a_gap_or_needs_no_word_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="needed"):
        parsed(written, 0)


PIECE = st.builds(
    lambda words, end: "|".join(words) + end,
    st.lists(st.sampled_from(WORDS[:-1]), min_size=1, max_size=2, unique=True),
    st.sampled_from(("", "", "?")),
)


@st.composite
def written(draw: st.DrawFn) -> str:
    """A phrase of a few parts, some with a gap before them, the last one needed."""
    pieces = [draw(PIECE)]
    for _ in range(draw(st.integers(0, 3))):
        pieces += [GAP] * draw(st.integers(0, 1)) + [draw(PIECE)]
    return " ".join([*pieces[:-1], pieces[-1].removesuffix("?")])


def _ways(parts: Sequence[Part], tokens: Sequence[Symbols], place: int) -> Iterator[tuple[int, ...]]:
    """Every way in which parts stand from a token on, told by the tokens they see: the definition, word by word."""
    if not parts:
        yield ()
        return
    (alternatives, optional), *rest = parts
    if not alternatives:
        for skipped in range(WITHIN + 1):
            if any(STOP in one for one in tokens[place : place + skipped]) or place + skipped > len(tokens):
                return
            yield from _ways(rest, tokens, place + skipped)
        return
    if place < len(tokens) and alternatives & tokens[place]:
        yield from ((place, *seen) for seen in _ways(rest, tokens, place + 1))
    if optional:
        yield from _ways(rest, tokens, place)


@settings(max_examples=400, deadline=None)
@given(
    phrases=st.lists(written(), min_size=1, max_size=6),
    message=st.lists(st.sets(st.sampled_from(WORDS), max_size=2).map(frozenset), max_size=14),
)
def test_many_phrases_are_found_where_each_alone_stands(phrases: list[str], message: list[Symbols]) -> None:
    wanted = [parsed(one, number) for number, one in enumerate(phrases)]
    stands = [
        (start, one.rule, next((seen for seen in _ways(one.parts, message, start) if seen[0] == start), None))
        for start in range(len(message))
        for one in wanted
    ]

    found = Phrases(wanted).found_in(message, NOBODY_POLITE[: len(message)])

    assert [(hit.start, hit.rule, hit.places) for hit in found] == [
        one for one in stands if one[2] is not None
    ]
