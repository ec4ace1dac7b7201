"""What a reply means: which intent binds first, what was promised for when, and which words said so. Pure: no clock, no network."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from recobro.domain.business_days import is_business_day
from recobro.understanding.dates import numeric
from recobro.understanding.days import day_of
from recobro.understanding.deciding import by_rules, decided
from recobro.understanding.doubting import counted_of
from recobro.understanding.excerpt import LONGEST
from recobro.understanding.folding import STOP, folded, words_of
from recobro.understanding.lexicon import Lexicon, lexicon_of, markers
from recobro.understanding.phrases import Hit, Phrases
from recobro.understanding.plain import plainly, with_likeliest
from recobro.understanding.spoken import Spoken
from recobro.understanding.sums import sum_of
from recobro.understanding.tokens import DAY, NOW, PAST, SUM, TIME, Token, blanked, tokens_of
from recobro.understanding.understood import Context, Day, Intent, Matched, Understood, Verdict
from recobro.understanding.weights import Weights, features, learned

LANGUAGES = ("es", "pt", "en")
NOTHING = Context()
SAYS_NOTHING = frozenset({STOP})
MOST_COUNTRIES = 200
COUNTED = "<counted>"
"""What a number counts that is no day."""


def understand(
    text: str, *, language: str, country: str, channel: str, now_local: date, context: Context = NOTHING
) -> Understood:
    """What one message means.

    language: the person's, as we write to them; the message may be in another of ours. country: ISO 3166, whose words and
    money are meant. channel: "sms" | "whatsapp" | "email" …: what "no me escriban por aquí" stops. now_local: the day it
    is where the person lives, when they wrote. Never raises, and takes time in proportion to at most LONGEST characters.
    """
    return understood_by(
        learned(),
        text,
        language=language,
        country=country,
        channel=channel,
        now_local=now_local,
        context=context,
    )


def understood_by(
    weights: Weights,
    text: str,
    *,
    language: str,
    country: str,
    channel: str,
    now_local: date,
    context: Context,
) -> Understood:
    """`understand` with a second reading that learned these weights."""
    flat = folded(text)
    chosen = _choice(flat, context)
    if chosen is not None:
        why = Matched("choice", chosen, flat.strip())
        return Understood(chosen, Verdict.SURE, matched=(why,), language=language)
    spoken = _spoken(flat, language, country, now_local, context)
    found = decided(spoken, context, weights, channel=channel, cut=len(text) > LONGEST)
    promise = plainly(found.promise, spoken, now_local)
    if found.intent is Intent.PROMISE:
        promise = with_likeliest(promise, spoken, context, now_local)
    return replace(found, promise=promise)


def read_closely(
    text: str, *, language: str, country: str, now_local: date, context: Context = NOTHING
) -> frozenset[str]:
    """What the second reading counts of a message: for learning its weights."""
    spoken = _spoken(folded(text), language, country, now_local, context)
    first = by_rules(spoken, context, channel="", cut=False).first
    return counted_of(spoken, first)


def _spoken(flat: str, language: str, country: str, today: date, context: Context) -> list[Spoken]:
    return [_heard(flat, one, country, today, context) for one in _lexicons(flat, language, country)]


def _choice(flat: str, context: Context) -> Intent | None:
    """The intent of a button or numbered option that was given back as it stands."""
    said = flat.strip().rstrip(".)")
    return next((intent for shown, intent in context.choices.items() if folded(shown).strip() == said), None)


def _lexicons(flat: str, language: str, country: str) -> list[Lexicon]:
    """The person's language, unless the message is plainly in another: then that one first."""
    own = language[:2] if language[:2] in LANGUAGES else ("pt" if country == "BR" else "es")
    words = set(flat.split())
    told = {one: len(words & marks) for one, marks in markers().items()}
    told[own] += 1
    best = max((own, *LANGUAGES), key=lambda one: told[one])
    return [lexicon_of(best)] if best == own else [lexicon_of(best), lexicon_of(own)]


def _heard(flat: str, lexicon: Lexicon, country: str, today: date, context: Context) -> Spoken:
    """The message as one language's rules see it."""
    words = words_of(flat, lexicon.known, lexicon.shorthand)
    tokens = tokens_of(words, lexicon)
    plain = tokens
    tokens = blanked(tokens, _hits(lexicon, lexicon.innocent, tokens, country))
    tokens = _with_days(tokens, lexicon, country, today, context)
    tokens = _with_sums(tokens, lexicon, country, context)
    hits = _hits(lexicon, lexicon.says, tokens, country)
    return Spoken(lexicon, country, plain, tokens, hits, features(lexicon, tokens, hits, asks="?" in flat))


def _hits(lexicon: Lexicon, phrases: Phrases, tokens: Sequence[Token], country: str) -> list[Hit]:
    courtesy = [one.words in lexicon.courtesy or one.symbols <= SAYS_NOTHING for one in tokens]
    found = phrases.found_in([one.symbols for one in tokens], courtesy)
    elsewhere = _rules_elsewhere(lexicon, country)
    return [hit for hit in found if hit.rule not in elsewhere]


@lru_cache(maxsize=MOST_COUNTRIES)
def _rules_elsewhere(lexicon: Lexicon, country: str) -> frozenset[int]:
    """The numbers of the rules that do not hold in a country."""
    return frozenset(number for number, rule in enumerate(lexicon.rules) if not rule.holds_in(country))


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """The longest hits that do not overlap, in the order of the message."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            kept.append(hit)
            taken.update(span)
    return sorted(kept, key=lambda hit: hit.start)


def _with_days(
    tokens: list[Token], lexicon: Lexicon, country: str, today: date, context: Context
) -> list[Token]:
    """Every named day as one token; hours as well, so that they are no sums."""
    month_first = country == "US"
    made: list[Token] = []
    at = 0
    hits = {hit.start: hit for hit in _longest(_hits(lexicon, lexicon.days, tokens, country))}
    while at < len(tokens):
        hit = hits.get(at)
        one = tokens[at]
        if hit is not None and not _counts(hit, tokens, lexicon):
            made.append(_dated(hit, tokens, lexicon, today, context))
            at = hit.end
            continue
        if one.symbols and one.words[0].isdigit() and one.value is None:
            on, ask = numeric(one.words, today, month_first=month_first)
            if on is not None or ask:
                one = Token(
                    one.words, one.symbols | {DAY}, day=_day(on, one.words, ask, context), form="numeric"
                )
            elif ":" in one.words:
                one = Token(one.words, frozenset({TIME}))
        made.append(one)
        at += 1
    return made


def _counts(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a day of the month that a rule saw counts something after all: "de a 5 lucas", "a 10 contactos"."""
    last = tokens[hit.end - 1]
    if lexicon.rules[hit.rule].form != "day_of_month" or last.value is None or hit.end == len(tokens):
        return False
    return COUNTED in tokens[hit.end].symbols


def _dated(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon, today: date, context: Context) -> Token:
    span = tokens[hit.start : hit.end]
    words = " ".join(one.words for one in span)
    symbols = frozenset().union(*(one.symbols for one in span)) - {"<n>", "<dom>"}
    kind = lexicon.rules[hit.rule].intent
    if kind == "time":
        return Token(words, frozenset({TIME}))
    if kind == "thing":  # "segunda via": a copy of the bill and no Monday
        return Token(words, symbols | {lexicon.rules[hit.rule].value})
    if kind == "past":
        return Token(words, symbols | {PAST})
    on, ask = day_of(hit, tokens, today, lexicon, context.holidays)
    rule = lexicon.rules[hit.rule]
    if rule.value == "now":
        symbols |= {NOW}
    elif span[0].words == "para":  # it leads to a day and tells nobody to stop: "para el viernes ya queda"
        symbols -= lexicon.symbols("para")
    form = "" if rule.shift or rule.value else rule.form
    return Token(words, symbols | {DAY}, day=_day(on, words, ask, context), form=form)


def _day(on: date | None, words: str, ask: tuple[object, ...], context: Context) -> Day:
    return Day(on, words, ask, on is None or is_business_day(on, context.holidays))  # type: ignore[arg-type]


def _with_sums(tokens: list[Token], lexicon: Lexicon, country: str, context: Context) -> list[Token]:
    """Every named sum as one token."""
    made: list[Token] = []
    at = 0
    hits = {hit.start: hit for hit in _longest(_hits(lexicon, lexicon.sums, tokens, country))}
    while at < len(tokens):
        hit = hits.get(at)
        found = sum_of(hit, tokens, lexicon, country, context) if hit is not None else None
        if hit is None or found is None:
            made.append(tokens[at])
            at += 1
            continue
        span = tokens[hit.start : hit.end]
        symbols = frozenset().union(*(one.symbols for one in span)) - {"<n>", "<dom>"}
        made.append(Token(" ".join(one.words for one in span), symbols | {SUM}, sum=found))
        at = hit.end
    return made
