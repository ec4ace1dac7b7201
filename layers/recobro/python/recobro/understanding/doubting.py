"""What rules read, read again by what was counted: they agree, or a person reads it too. What binds us is suspected early.

Every number below was chosen by cross-validation, on lines that the weights had not seen (tests/understanding/README.md): right or handed
over first, then opt-outs and wrong persons heard, then what people need not read.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from recobro.understanding.spoken import Spoken
from recobro.understanding.understood import Intent, Matched, Understood, Verdict
from recobro.understanding.weights import ANY, Weights, because, is_word, likelihood

Likely = Mapping[Intent, float]

SUSPECTED = {Intent.OPT_OUT: 0.3, Intent.WRONG_PERSON: 0.05}
"""What binds us even where we are not sure, and how likely it must be: missing it is worse than asking somebody who did not mean it."""
FIRST_TO_BIND = (Intent.DECEASED, Intent.MINOR, Intent.WRONG_PERSON, Intent.OPT_OUT, Intent.STOP_CHANNEL)
NEVER_DROPPED = frozenset({*FIRST_TO_BIND, Intent.DISPUTE})
"""What a person decides on once a rule has said it, however likely something else is."""
SAID_BESIDE = NEVER_DROPPED | {Intent.PROMISE}
"""What is kept beside another intent, once a rule was sure of it."""
NOT_STOPPING = 0.15
"""Below which a rule of opt-outs met its words in another sense ("no dejen de mandarme el recibo"): a person reads it before anybody is
taken off. Of 1,739 refusals that rules heard, five waited for that person (decision 0030)."""
STOPPING = 0.8
"""How likely it must be that we are asked to stop, for that to bind us beside whatever else the message is for."""
UNLIKELY = 0.05
"""Below which the hint of one of those met its words in another sense: "baja la tele" deletes nobody. What rules are sure of stays, but
for NOT_STOPPING."""
AGREES, AGREES_BINDING = 0.5, 0.3
"""Of the second reading, to leave a rule that is sure, or one that binds, alone."""
BELIEVED, BELIEVED_SPARINGLY = 0.8, 0.88
"""Of the second reading, to be believed where no rule is sure; and for what binds or what a rule has not so much as hinted at."""
SPARINGLY = frozenset(
    {*SUSPECTED, Intent.PROMISE, Intent.DECEASED, Intent.MINOR, Intent.STOP_CHANNEL, Intent.OTHER}
)
LEAST_WORDS = 2
"""Words that were learned, for the second reading to be believed alone: "1" may be any option."""
SAYS_LITTLE = frozenset({Intent.OTHER, Intent.GREETING})


def counted_of(spoken: Sequence[Spoken], first: Understood) -> frozenset[str]:
    """What is counted of a message: its words in every language we read it in, and what the rules made of them."""
    return frozenset({ANY, f"R:{first.intent} {first.verdict}"}).union(*(one.seen for one in spoken))


def second_reading(
    first: Understood, sure: Container[Intent], seen: frozenset[str], weights: Weights
) -> Understood:
    """`first` where what was counted agrees, another reading where that is all but certain, else `first` in doubt.

    sure: what rules said and did not only hint at.
    """
    rows = weights.known(seen)
    likely, stops = likelihood(rows)
    if not likely:
        return first
    words = len([*islice((one for one, _ in rows if is_word(one)), LEAST_WORDS)])
    is_doubted = Intent.OPT_OUT in (first.intent, *first.also) and stops < NOT_STOPPING
    if stops >= STOPPING:
        likely[Intent.OPT_OUT] = max(likely[Intent.OPT_OUT], SUSPECTED[Intent.OPT_OUT])
    second = doubted(first, sure, likely, words) if is_doubted else reread(first, sure, likely, words)
    if not is_doubted and (second.intent, second.verdict) == (first.intent, first.verdict):
        return second
    best = max(likely, key=lambda one: likely[one])
    spoke = dict.fromkeys((second.intent, best))
    why = tuple(Matched("weights", one, said) for one in spoke if (said := because(rows, one)))
    return replace(second, matched=(*why, *first.matched))


def doubted(first: Understood, sure: Container[Intent], likely: Likely, words: int) -> Understood:
    """The decision where a rule heard an opt-out, and all that was counted says that nobody asks us to stop: a person's."""
    named = [one for one in (first.intent, *first.also) if one is not Intent.OPT_OUT] or [Intent.OTHER]
    others = replace(first, intent=named[0], also=tuple(named[1:]))
    return replace(reread(others, sure, likely, words), verdict=Verdict.UNSURE, is_stop_doubted=True)


def reread(first: Understood, sure: Container[Intent], likely: Likely, words: int) -> Understood:
    """The decision, without its reasons. words: how many of the message's words were ever learned, up to LEAST_WORDS."""
    named = (first.intent, *first.also)
    said = [one for one in named if one not in NEVER_DROPPED or one in sure or likely[one] >= UNLIKELY]
    suspected = _suspected(said, likely) if words or said != [Intent.OTHER] else []
    if suspected:
        return _bound(first, said, suspected, likely, words)
    if first.verdict is Verdict.SURE and first.intent in said:
        return _agreed(first, said, likely)
    best = max(likely, key=lambda one: likely[one])
    least = BELIEVED_SPARINGLY if best in SPARINGLY else BELIEVED
    if likely[best] >= least and words >= LEAST_WORDS and not first.cut and _may_replace(best, said):
        beside = tuple(one for one in said if one in SAID_BESIDE and one in sure and one != best)
        return replace(first, intent=best, verdict=Verdict.SURE, also=beside)
    is_guess = words >= LEAST_WORDS and likely[best] >= SUSPECTED.get(best, 0.0)
    guess = next((one for one in said if one is not Intent.OTHER), best if is_guess else Intent.OTHER)
    return replace(
        first, intent=guess, verdict=Verdict.UNSURE, also=tuple(one for one in said if one != guess)
    )


def _suspected(said: Sequence[Intent], likely: Likely) -> list[Intent]:
    found = [one for one, least in SUSPECTED.items() if one not in said and likely[one] >= least]
    return sorted(found, key=lambda one: -likely[one])


def _bound(
    first: Understood, said: Sequence[Intent], suspected: Sequence[Intent], likely: Likely, words: int
) -> Understood:
    """It binds; and a person reads it, unless it is all but certain."""
    intent, *more = suspected
    is_certain = likely[intent] >= BELIEVED_SPARINGLY and words >= LEAST_WORDS and not first.cut
    others = [
        one
        for one in said
        if one in FIRST_TO_BIND
        or (one not in SAYS_LITTLE and (not is_certain or likely[one] >= 1 - BELIEVED_SPARINGLY))
    ]
    verdict = Verdict.SURE if is_certain else Verdict.UNSURE
    return replace(first, intent=intent, verdict=verdict, also=(*more, *others))


def _agreed(first: Understood, said: Sequence[Intent], likely: Likely) -> Understood:
    """What rules were sure of, once it was counted."""
    also = tuple(one for one in said if one != first.intent)
    binds = first.intent in NEVER_DROPPED
    if likely[first.intent] >= (AGREES_BINDING if binds else AGREES):
        return replace(first, also=also)
    best = max(likely, key=lambda one: likely[one])
    if likely[best] >= BELIEVED_SPARINGLY and not binds and not first.cut:
        kept = tuple(one for one in also if one in NEVER_DROPPED and one != best)
        return replace(first, intent=best, verdict=Verdict.SURE, also=kept)
    return replace(first, verdict=Verdict.UNSURE, also=also)


def _may_replace(best: Intent, said: Sequence[Intent]) -> bool:
    return all(one == best or one not in NEVER_DROPPED for one in said)
