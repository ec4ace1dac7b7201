"""Learns the weights of `recobro.understanding` from labelled replies: `python -m tests.understanding.weigh`.

Multinomial logistic regression by AdaGrad (Duchi et al. 2011), in a fixed order, so that the same lines give the same file.
Run it again whenever a rule or a line changes: test_replies.py fails while what is kept is older.
"""

import argparse
import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from recobro.understanding.understand import read_closely
from recobro.understanding.understood import Intent, Understood
from recobro.understanding.weights import SCALE, WEIGHTS
from tests.understanding.measure import REPLIES, SECOND, Count, Line, context_of, counted, read, show, shown

EPOCHS, RATE, SHRINK = 15, 0.15, 2e-3
SEEN = 2
"""Features of fewer lines say nothing of the next one."""
LIGHT = 20
"""Hundredths below which a weight is left out: it moves nothing."""
LEARNED_FROM = Path(__file__).with_name("learned_from.sha256")
Example = tuple[Sequence[str], str]


def examples(lines: Iterable[Line]) -> list[Example]:
    """What is counted of each line, and its label."""
    return [(sorted(seen_in(line)), str(line.intent)) for line in lines]


def seen_in(line: Line) -> frozenset[str]:
    return read_closely(
        line.text,
        language=line.language,
        country=line.country,
        now_local=line.said_on,
        context=context_of(line),
    )


def learn(lines: Sequence[Example]) -> dict[str, dict[str, int]]:
    """feature → intent → weight in hundredths; "" names all intents."""
    counts = Counter(feature for seen, _ in lines for feature in seen)
    data = [([one for one in seen if counts[one] >= SEEN], label) for seen, label in lines]
    intents = [str(one) for one in Intent]
    weights: dict[str, dict[str, float]] = {one: defaultdict(float) for one in intents}
    slopes: dict[str, dict[str, float]] = {one: defaultdict(lambda: 1e-6) for one in intents}
    order = random.Random(1)
    for _ in range(EPOCHS):
        order.shuffle(data)
        for seen, label in data:
            _step(seen, label, weights, slopes)
    kept: dict[str, dict[str, int]] = {"": dict.fromkeys(intents, 0)}
    for intent in intents:
        for feature, weight in weights[intent].items():
            if abs(round(weight * SCALE)) >= LIGHT:
                kept.setdefault(feature, {})[intent] = round(weight * SCALE)
    return kept


def _step(
    seen: Sequence[str],
    label: str,
    weights: dict[str, dict[str, float]],
    slopes: dict[str, dict[str, float]],
) -> None:
    totals = {intent: sum(own[one] for one in seen if one in own) for intent, own in weights.items()}
    highest = max(totals.values())
    powers = {intent: math.exp(total - highest) for intent, total in totals.items()}
    whole = sum(powers.values())
    for intent, own in weights.items():
        error = powers[intent] / whole - (intent == label)
        if abs(error) < 1e-3:
            continue
        slope = slopes[intent]
        for one in seen:
            step = error + SHRINK * own[one]
            slope[one] += step * step
            own[one] -= RATE * step / math.sqrt(slope[one])


def fingerprint() -> str:
    """Of the words and the lines that weights are learned from."""
    digest = hashlib.sha256()
    for path in (*sorted(WEIGHTS.parent.glob("*.toml")), REPLIES, SECOND):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cross_validated(lines: Sequence[Line], folds: int) -> tuple[Count, list[tuple[str, Line, Understood]]]:
    """Each line read by weights that never saw it. The rules did see it: a held-out half says what this cannot."""
    order = list(range(len(lines)))
    random.Random(7).shuffle(order)
    seen = examples(lines)
    count, misses = Count(), []
    for fold in range(folds):
        held = set(order[fold::folds])
        weights = learn([one for at, one in enumerate(seen) if at not in held])
        misses += counted([lines[at] for at in sorted(held)], weights, count)[1]
    return count, misses


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", default=[REPLIES, SECOND])
    parser.add_argument("--to", type=Path, default=WEIGHTS)
    parser.add_argument(
        "--folds",
        type=int,
        default=0,
        help="keep nothing: show how lines are read that were not learned from",
    )
    arguments = parser.parse_args()
    lines = [line for file in arguments.files for line in read(file)]
    if arguments.folds:
        count, misses = cross_validated(lines, arguments.folds)
        for kind, line, found in misses:
            if kind != "handed_over":
                show(kind, line, found)
        for name, value in count.figures().items():
            print(f"{name:24}{shown(name, value)}")
        return
    learned = learn(examples(lines))
    rows = (f"{json.dumps(one, ensure_ascii=False)}: {json.dumps(learned[one])}" for one in sorted(learned))
    arguments.to.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    LEARNED_FROM.write_text(fingerprint() + "\n", encoding="utf-8")
    print(f"{len(learned)} features in {arguments.to}")


if __name__ == "__main__":
    main()
