"""Several things in one breath: what binds us comes before what the person offers, and what we only suspect goes to a person."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from operator import itemgetter

from recobro.understanding.doubting import counted_of, second_reading
from recobro.understanding.evidence import Evidence
from recobro.understanding.folding import STOP
from recobro.understanding.lexicon import INWARD, Rule
from recobro.understanding.phrases import Hit
from recobro.understanding.promise import promised
from recobro.understanding.spoken import Spoken, names_nothing_else, speaks_of_paying, willing
from recobro.understanding.tokens import PAST, Token
from recobro.understanding.understood import (
    Awaited,
    Context,
    Day,
    Intent,
    Matched,
    Promised,
    Understood,
    Verdict,
)
from recobro.understanding.weights import Weights

PRIORITY = (
    Intent.DECEASED,
    Intent.MINOR,
    Intent.WRONG_PERSON,
    Intent.OPT_OUT,
    Intent.STOP_CHANNEL,
    Intent.ALREADY_PAID,
    Intent.DISPUTE,
    Intent.PROMISE,
    Intent.HARDSHIP,
    Intent.WANTS_PLAN,
    Intent.ASKS_PERSON,
    Intent.COMPLAINT,
    Intent.WANTS_TO_PAY,
    Intent.ABUSIVE,
    Intent.OTHER,
    Intent.GREETING,
)
"""Which of several intents a message is for: what binds us first, then what the person offers or asks, courtesy last."""

CLASHES = (
    frozenset({Intent.OPT_OUT, Intent.PROMISE}),
    frozenset({Intent.DISPUTE, Intent.PROMISE}),
    frozenset({Intent.ALREADY_PAID, Intent.PROMISE}),
    frozenset({Intent.MINOR, Intent.PROMISE}),
    frozenset({Intent.WRONG_PERSON, Intent.PROMISE}),
    frozenset({Intent.WRONG_PERSON, Intent.ALREADY_PAID}),
    frozenset({Intent.DECEASED, Intent.PROMISE}),
    frozenset({Intent.DECEASED, Intent.HARDSHIP}),
)
"""Both in one message: the first binds all the same, and a person reads the rest."""
PRESENT_TENSE = frozenset({"promise", "promise.day", "promise.no_day"})
"""Rules for a promise that see a day and a form of "to pay" which, without accents, may be past as well."""
OFFERS_A_SUM = ".promise.sum"
"""The rules for a promise without its day, "puedo pagar 750": the day is asked."""
NAMES_NO_DAY = ".promise.no_day"
"""The rules for "voy a pagar": a wish to pay, and a promise once it stands beside a stop ("ya no me escriban, voy a pagar")."""
ENDED = ".cancelled"
"""The rules for a service that was given up: the day beside it is when."""

LEADS_TO_A_VERB = frozenset({"<me>", "<can>", "<will>", "<be>"})
"""What may stand between "no" and the verb that it denies."""
ANSWERED = (Awaited.DAY, Awaited.AMOUNT)
YES_OR_NO = ("yes", "no")
MOST_REASONS = 8
"""Of one rule: more say nothing new."""
SCOPE = 3
"""Words before a phrase within which "no" takes it back."""


def decided(
    spoken: Sequence[Spoken], context: Context, weights: Weights, *, channel: str, cut: bool
) -> Understood:
    """The one reading of a message. cut: it was longer than we read, so that only what binds us is sure."""
    ruled = by_rules(spoken, context, channel=channel, cut=cut)
    if ruled.is_settled:
        return ruled.first
    found = second_reading(ruled.first, ruled.sure, counted_of(spoken, ruled.first), weights)
    is_but = ruled.says_yes and _is_a_yes_with_a_but(found, context)
    return replace(found, verdict=Verdict.UNSURE) if is_but else found


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules make of a message. sure: what they said and did not only hint at. is_settled: nobody reads it twice. says_yes: among
    other things.
    """

    first: Understood
    sure: frozenset[Intent] = frozenset()
    is_settled: bool = True
    says_yes: bool = False


def by_rules(spoken: Sequence[Spoken], context: Context, *, channel: str, cut: bool) -> Ruled:
    """The rules alone: a keyword, an answer to our question and a greeting are settled by them."""
    language = spoken[0].lexicon.language
    for one in spoken:
        keyword = _keyword(one)
        if keyword:
            why = Matched(f"{one.lexicon.language}.keyword", Intent.OPT_OUT, keyword)
            return Ruled(Understood(Intent.OPT_OUT, Verdict.SURE, matched=(why,), language=language))
    evidence = Evidence()
    for one in spoken:
        _gather(one, evidence)
    promise = next(
        (found for one in spoken if (found := promised(willing(one, context.holidays), context)) is not None),
        None,
    )
    answer = _answered(evidence, context) if any(_is_bare(one) for one in spoken) else None
    if answer is not None:
        return Ruled(replace(answer, language=language, promise=promise))
    says_yes = "yes" in evidence.by_intent
    is_offer = any(names_nothing_else(one) or speaks_of_paying(one) for one in spoken)
    _weigh(evidence, promise, context, is_offer=is_offer)
    courtesy = next((polite for one in spoken if (polite := _courtesy(one)) is not None), None)
    if courtesy is not None and not any(evidence.sure(one) for one in evidence.by_intent):
        return Ruled(replace(courtesy, language=language))
    chosen = _chosen(evidence, promise, channel, cut=cut)
    needs_person = evidence.needs_person()
    first = replace(chosen, language=language, paid_on=_paid_on(spoken), needs_person=needs_person)
    sure = frozenset(one for one in PRIORITY if evidence.sure(one))
    is_answer = (
        first.intent is Intent.PROMISE and context.awaited in ANSWERED and names_nothing_else(spoken[0])
    )
    return Ruled(first, sure, is_settled=needs_person or is_answer, says_yes=says_yes)


def _keyword(spoken: Spoken) -> str:
    """The carriers' opt-out word, when it stands alone but for courtesy, a "no" before it, or that it is what they answer."""
    lexicon = spoken.lexicon
    said = [one.words for one in spoken.plain if one.words != STOP]
    meant = [word for word in said if word not in lexicon.courtesy] or said
    keywords = lexicon.alone.get("*", frozenset()) | lexicon.alone.get(spoken.country, frozenset())
    bare = [*dropwhile(lexicon.before_keyword.__contains__, meant)]
    for words in (said, meant, bare):
        joined = "".join(words)
        if joined in keywords or (len(words) == 1 and lexicon.spelled(words[0]) in keywords):
            return " ".join(words)
    return ""


def _courtesy(spoken: Spoken) -> Understood | None:
    """A message of nothing but a greeting, or of a nod that asks for nothing ("ok gracias")."""
    words = [one.words for one in spoken.plain if one.words != STOP]
    lexicon = spoken.lexicon
    for known, intent in ((lexicon.nods, Intent.OTHER), (lexicon.greetings, Intent.GREETING)):
        if words and all(word in known or lexicon.spelled(word) in known for word in words):
            why = Matched(
                f"{lexicon.language}.{'nod' if intent is Intent.OTHER else 'greeting'}",
                intent,
                " ".join(words),
            )
            return Understood(intent, Verdict.SURE, matched=(why,))
    return None


def _gather(spoken: Spoken, evidence: Evidence) -> None:
    rules = spoken.lexicon.rules
    not_then = {at for hit in spoken.hits if rules[hit.rule].intent == "not_then" for at in hit.places}
    stands: dict[str, list[Hit]] = {}
    for hit in spoken.hits:
        stands.setdefault(rules[hit.rule].id, []).append(hit)
    left = dict.fromkeys((hit.rule for hit in spoken.hits), MOST_REASONS)
    for hit in spoken.hits:
        rule = rules[hit.rule]
        if (
            left[hit.rule]
            and not _is_contradicted(rule, hit, stands)
            and not (rule.negatable and _takes_back(spoken.tokens, hit, not_then))
            and _is_within(rule, hit, spoken.tokens)
        ):
            words = " ".join([one.words for one in spoken.tokens[hit.start : hit.end]])
            evidence.add(rule, words, sure=rule.sure)
            left[hit.rule] -= 1


def _is_contradicted(rule: Rule, hit: Hit, stands: Mapping[str, Sequence[Hit]]) -> bool:
    """Whether another rule stands that takes this one back. stands: a rule's id → where it does."""
    return any(other in stands for other in rule.unless) or any(
        _overlaps(hit, stands[other]) for other in rule.unless_there if other in stands
    )


def _overlaps(hit: Hit, others: Iterable[Hit]) -> bool:
    """Whether one of them saw a word of the hit: "no tengo plata, dejen de molestar" takes no stop back."""
    return any(one.start < hit.end and hit.start < one.end for one in others)


def _is_within(rule: Rule, hit: Hit, tokens: Sequence[Token]) -> bool:
    """Whether the numbers that a rule saw are as small as it asks: "tengo 12 años" says that a minor writes."""
    values = (tokens[place].value for place in hit.places)
    return not rule.most or all(value is None or value <= rule.most for value in values)


def is_denied(tokens: Sequence[Token], start: int, but: Container[int] = ()) -> bool:
    """Whether a "no" stands close before, in the same clause. but: places whose "no" denies something else."""
    for place in range(start - 1, max(-1, start - 1 - SCOPE), -1):
        symbols = tokens[place].symbols
        if STOP in symbols or "<but>" in symbols:
            return False
        if "<neg>" in symbols and place not in but:
            return True
    return False


def _takes_back(tokens: Sequence[Token], hit: Hit, but: Container[int]) -> bool:
    """Whether a "no" stands before the phrase, or within it at the word that it denies: "ahorita ya no le puedo dar"."""
    return is_denied(tokens, hit.start, but) or any(
        _is_denied_at(tokens, place, hit, but) for place in hit.places[1:]
    )


def _is_denied_at(tokens: Sequence[Token], place: int, hit: Hit, but: Container[int]) -> bool:
    before = place - 1
    while before > hit.start and not LEADS_TO_A_VERB.isdisjoint(tokens[before].symbols):
        before -= 1
    return (
        before > hit.start
        and "<neg>" in tokens[before].symbols
        and before not in hit.places
        and before not in but
    )


def _is_bare(spoken: Spoken) -> bool:
    """Whether a message is a yes or a no, courtesy, and at most a day or a sum: whatever else it says may take the yes back."""
    lexicon = spoken.lexicon
    said = {
        place
        for hit in spoken.hits
        if lexicon.rules[hit.rule].intent in YES_OR_NO
        for place in range(hit.start, hit.end)
    }
    polite = lexicon.courtesy | lexicon.nods
    return all(
        place in said
        or one.words == STOP
        or (one.words in polite and "<neg>" not in one.symbols)
        or one.day is not None
        or one.sum is not None
        for place, one in enumerate(spoken.tokens)
    )


def _answered(evidence: Evidence, context: Context) -> Understood | None:
    """A bare yes or no to what we asked; none where both are said ("ok, no"), or where something that binds is."""
    said = [word for word in YES_OR_NO if word in evidence.by_intent]
    if (
        context.awaited is not Awaited.YES_NO
        or len(said) != 1
        or any(evidence.sure(one) for one in PRIORITY[:7])
    ):
        return None
    meaning = context.yes if said == ["yes"] else context.no
    if meaning is Intent.OTHER:
        return None
    return Understood(meaning, Verdict.SURE, matched=(evidence.by_intent[said[0]][0][1],))


def _is_a_yes_with_a_but(found: Understood, context: Context) -> bool:
    """Whether what came back to "is it that day?" besides a yes is taken for a promise and names no day of its own: a person reads it."""
    parts = found.promise.parts if found.promise is not None else ()
    return (
        context.awaited is Awaited.YES_NO
        and found.intent is Intent.PROMISE
        and all(one.day is None for one in parts)
    )


def _weigh(evidence: Evidence, promise: Promised | None, context: Context, *, is_offer: bool) -> None:
    """What one reading makes of another. is_offer: it names a day or a sum alone, or speaks of paying: "me operan el viernes" does not."""
    days = [part.day for part in promise.parts if part.day is not None] if promise else []
    asked = context.awaited in ANSWERED
    if promise is not None and asked:
        rule = Rule("context.awaited", Intent.PROMISE)
        evidence.add(rule, " ".join(_said(promise)), sure=is_offer)
    offers = any(why.rule.endswith(OFFERS_A_SUM) for _, why, _ in evidence.by_intent.get(Intent.PROMISE, ()))
    if not days and not asked and not offers:
        _weigh_bare_promise(evidence)
    _weigh_promise(evidence)
    _weigh_stops(evidence)
    evidence.drop(*INWARD)
    if any(evidence.sure(one) for one in PRIORITY if one not in (Intent.GREETING, Intent.OTHER)):
        evidence.drop(Intent.GREETING, Intent.OTHER)


def _weigh_bare_promise(evidence: Evidence) -> None:
    """Without a day it is one only beside a stop, which it must not be lost for."""
    told = [one for one in evidence.by_intent.get(Intent.PROMISE, ()) if one[1].rule.endswith(NAMES_NO_DAY)]
    evidence.drop(Intent.PROMISE)
    if evidence.sure(Intent.OPT_OUT):
        for _, why, rule in told:
            evidence.add(rule, why.words, sure=True)


def _weigh_promise(evidence: Evidence) -> None:
    told = {why.rule.partition(".")[2] for _, why, _ in evidence.by_intent.get(Intent.PROMISE, ())}
    ended = any(why.rule.endswith(ENDED) for _, why, _ in evidence.by_intent.get(Intent.DISPUTE, ()))
    if (ended or evidence.sure(Intent.ALREADY_PAID)) and told <= PRESENT_TENSE:
        evidence.drop(Intent.PROMISE)  # the day is when they paid, or gave it up
    if evidence.sure(Intent.PROMISE):
        evidence.drop(Intent.WANTS_TO_PAY)
        evidence.drop_hints(Intent.HARDSHIP, Intent.ALREADY_PAID)
    elif any(evidence.sure(one) for one in PRIORITY if one not in (Intent.OTHER, Intent.GREETING)):
        evidence.drop(Intent.PROMISE)  # a day by the way: "me llamaron el domingo"


def _weigh_stops(evidence: Evidence) -> None:
    """Whether everything is to stop, or one channel while another is welcome."""
    stopped = {rule.channel for _, _, rule in evidence.by_intent.get(Intent.STOP_CHANNEL, ())}
    if not stopped:
        return
    if "contrast" in evidence.by_intent:
        evidence.drop(Intent.OPT_OUT, Intent.ASKS_PERSON)
    elif evidence.sure(Intent.OPT_OUT) or len(stopped - {""}) > 1:
        for sure, why, rule in evidence.by_intent.get(Intent.STOP_CHANNEL, ()):
            evidence.add(replace(rule, intent=Intent.OPT_OUT), why.words, sure=sure)
        evidence.drop(Intent.STOP_CHANNEL)


def _said(promise: Promised) -> Iterable[str]:
    for part in promise.parts:
        yield from (one.words for one in (part.sum, part.day) if one is not None)


def _chosen(evidence: Evidence, promise: Promised | None, channel: str, *, cut: bool) -> Understood:
    ranked = [intent for intent in PRIORITY if intent in evidence.by_intent]
    sure = [intent for intent in ranked if evidence.sure(intent)]
    matched = tuple(why for intent in (sure or ranked) for _, why, _ in evidence.by_intent[intent])
    if not sure:
        guess = ranked[0] if ranked else Intent.OTHER
        return Understood(guess, Verdict.UNSURE, tuple(ranked[1:]), matched, promise, cut=cut)
    clash = any(pair <= set(sure) for pair in CLASHES)
    binds = sure[0] in (Intent.OPT_OUT, Intent.WRONG_PERSON, Intent.DECEASED)
    verdict = Verdict.UNSURE if clash or evidence.needs_person() or (cut and not binds) else Verdict.SURE
    stopped = _stopped(evidence)
    also = tuple(intent for intent in sure[1:] if intent is not Intent.GREETING)
    return Understood(sure[0], verdict, also, matched, promise, stopped or _own(sure[0], channel), cut=cut)


def _stopped(evidence: Evidence) -> str:
    """The channel that was refused in the fewest words: "no me manden sms, mejor por correo" refuses no mail."""
    named = [
        (len(why.words.split()), rule.channel)
        for _, why, rule in evidence.by_intent.get(Intent.STOP_CHANNEL, ())
        if rule.channel
    ]
    return min(named, key=itemgetter(0))[1] if named else ""


def _own(intent: Intent, channel: str) -> str:
    """ "Por aquí no": the channel that they write on."""
    return channel if intent is Intent.STOP_CHANNEL else ""


def _paid_on(spoken: Sequence[Spoken]) -> Day | None:
    days = (one.day for each in spoken for one in each.tokens if one.day is not None and PAST in one.symbols)
    return next(days, None)
