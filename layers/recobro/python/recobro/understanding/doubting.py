"""What rules read, read again by what was counted: they agree, or a person reads it too. What binds us is suspected early."""

from collections.abc import Sequence
from dataclasses import replace

from recobro.understanding.spoken import Spoken
from recobro.understanding.understood import Intent, Matched, Understood, Verdict
from recobro.understanding.weights import Weights, because, likelihood

BINDING = (Intent.OPT_OUT, Intent.WRONG_PERSON)
"""What binds us even where we are not sure: missing it is worse than asking somebody who did not mean it. Cross-validation chose the
numbers: a stranger who goes on being written to is worse than three more messages in a hundred that a person reads."""
SUSPECTED = {Intent.OPT_OUT: 0.35, Intent.WRONG_PERSON: 0.06}
SUSPECTED_IN_DOUBT = {Intent.OPT_OUT: 0.25, Intent.WRONG_PERSON: 0.03}
"""How likely the second reading must find one of these where rules are sure of another, and where a person reads it anyway."""
LEAST_BINDING, LEAST_LIKELY, MOST_LIKELY = 0.1, 0.45, 0.85
"""Of the second reading: to leave a rule that binds, or any rule, alone; to be believed where no rule is sure."""
LEAST_WORDS = 2
"""Words that were learned, for the second reading to be believed alone: "1" may be any option."""
NEVER_ALONE = (Intent.PROMISE, Intent.DECEASED, Intent.MINOR, Intent.STOP_CHANNEL, Intent.OTHER)
"""What the second reading may not say where no rule has so much as a hint of it."""
FIRST_TO_BIND = (Intent.DECEASED, Intent.MINOR, Intent.WRONG_PERSON, Intent.OPT_OUT, Intent.STOP_CHANNEL)
NEVER_DROPPED = frozenset({*FIRST_TO_BIND, Intent.DISPUTE})
"""What a person decides on once a rule has so much as a hint of it, however likely the second reading finds something else."""


def second_reading(first: Understood, spoken: Sequence[Spoken], weights: Weights) -> Understood:
    """`first`, or `first` in doubt. What binds us still binds."""
    seen = frozenset().union(*(one.seen for one in spoken))
    likely = likelihood(seen, weights)
    if not likely:
        return first
    best = Intent(max(likely, key=lambda one: likely[one]))
    said = {first.intent, *first.also}
    least = SUSPECTED if first.verdict is Verdict.SURE else SUSPECTED_IN_DOUBT
    suspected = [one for one in BINDING if one not in said and likely[one] >= least[one]]
    if suspected:
        suspected.sort(key=lambda one: -likely[one])
        because_of = tuple(Matched("weights", one, because(seen, one, weights)) for one in suspected)
        return replace(
            first,
            intent=suspected[0],
            verdict=Verdict.UNSURE,
            also=(*suspected[1:], *_others(first)),
            matched=(*because_of, *first.matched),
        )
    if first.verdict is Verdict.SURE:
        agrees = likely[first.intent] >= (LEAST_BINDING if first.intent in FIRST_TO_BIND else LEAST_LIKELY)
        return first if agrees else replace(first, verdict=Verdict.UNSURE)
    alone = (best not in NEVER_ALONE or best in said) and NEVER_DROPPED.isdisjoint(said - {best})
    told = sum(one[:2] == "w:" and one in weights for one in seen) >= LEAST_WORDS
    if likely[best] >= MOST_LIKELY and best not in BINDING and not first.cut and alone and told:
        why = Matched("weights", best, because(seen, best, weights))
        return replace(first, intent=best, verdict=Verdict.SURE, also=(), matched=(why, *first.matched))
    return first


def _others(first: Understood) -> tuple[Intent, ...]:
    return (first.intent, *first.also) if first.intent not in (Intent.OTHER, Intent.GREETING) else first.also
