"""Learns the weights of `recobro.understanding` from labelled replies: `python -m tests.understanding.weigh`.

Multinomial logistic regression by AdaGrad (Duchi et al. 2011), in a fixed order, so that the same lines give the same file; beside it
a plain one that says whether somebody asks us to stop, among whatever else (`also=opt_out`).
Run it again whenever a rule or a line changes: test_replies.py fails while what is kept is older.
"""

import argparse
import hashlib
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from recobro.understanding.understand import read_closely
from recobro.understanding.understood import Intent, Understood
from recobro.understanding.weights import COLUMNS, INTENTS, LOUDNESS, SCALE, WEIGHTS, kept, loaded
from tests.understanding.measure import LEARNED, Count, Line, context_of, counted, read, show, shown

EPOCHS, RATE, SHRINK = 15, 0.08, 2e-3
SEEN = 2
"""Features of fewer lines say nothing of the next one."""
LIGHT = 3
"""Sixteenths: a feature that says no more for or against any intent moves nothing, and is left out."""
FULL = 127
"""What a signed byte holds."""
NO_ERROR = 1e-3
LEARNED_FROM = Path(__file__).with_name("learned_from.sha256")
Example = tuple[Sequence[str], str, bool]
"""What is counted, the label, and whether it asks us to stop."""


def examples(lines: Iterable[Line]) -> list[Example]:
    """What is counted of each line, and how it is labelled."""
    return [
        (sorted(seen_in(line)), str(line.intent), Intent.OPT_OUT in (line.intent, *line.also))
        for line in lines
    ]


def seen_in(line: Line) -> frozenset[str]:
    return read_closely(
        line.text,
        language=line.language,
        country=line.country,
        now_local=line.said_on,
        context=context_of(line),
    )


def learn(lines: Sequence[Example]) -> dict[str, list[int]]:
    """feature → its weight per column, in sixteenths and in the order of COLUMNS."""
    counts = Counter(feature for seen, *_ in lines for feature in seen)
    places = {one: at for at, one in enumerate(sorted(one for one, count in counts.items() if count >= SEEN))}
    data = [
        (
            [(places[one], loudness(one)) for one in seen if one in places],
            INTENTS.index(Intent(label)),
            stops,
        )
        for seen, label, stops in lines
    ]
    weights = [[0.0] * len(COLUMNS) for _ in places]
    slopes = [[1e-6] * len(COLUMNS) for _ in places]
    order = random.Random(1)
    for _ in range(EPOCHS):
        order.shuffle(data)
        for seen, label, stops in data:
            _step(seen, label, weights, slopes, stops=stops)
    learned = {one: _whole(weights[at], loudness(one)) for one, at in places.items()}
    return {one: row for one, row in learned.items() if max(row) - min(row) > LIGHT}


def loudness(feature: str) -> float:
    return LOUDNESS.get(feature[0], 1.0)


def _whole(row: Sequence[float], loud: float) -> list[int]:
    return [max(-FULL, min(FULL, round(weight * loud * SCALE))) for weight in row]


def _step(
    seen: Sequence[tuple[int, float]],
    label: int,
    weights: list[list[float]],
    slopes: list[list[float]],
    *,
    stops: bool,
) -> None:
    rows = [(weights[at] if loud == 1 else [loud * one for one in weights[at]]) for at, loud in seen]
    *totals, stopping = [sum(column) for column in zip(*rows, strict=True)]
    highest = max(totals)
    powers = [math.exp(total - highest) for total in totals]
    whole = sum(powers)
    errors = [(at, power / whole - (at == label)) for at, power in enumerate(powers)]
    errors.append((len(INTENTS), 1 / (1 + math.exp(-stopping)) - stops))
    errors = [(at, error) for at, error in errors if abs(error) >= NO_ERROR]
    for at, loud in seen:
        row, slope = weights[at], slopes[at]
        for intent, error in errors:
            step = loud * error + SHRINK * row[intent]
            slope[intent] += step * step
            row[intent] -= RATE * step / math.sqrt(slope[intent])


def fingerprint() -> str:
    """Of the words and the lines that weights are learned from."""
    digest = hashlib.sha256()
    for path in (*sorted(WEIGHTS.parent.glob("*.toml")), *LEARNED):
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
        weights = loaded(kept(learn([one for at, one in enumerate(seen) if at not in held])))
        misses += counted([lines[at] for at in sorted(held)], weights, count)[1]
    return count, misses


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", default=LEARNED)
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
    arguments.to.write_bytes(kept(learned))
    LEARNED_FROM.write_text(fingerprint() + "\n", encoding="utf-8")
    print(f"{len(learned)} features in {arguments.to}")


if __name__ == "__main__":
    main()
