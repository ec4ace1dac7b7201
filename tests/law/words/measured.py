"""How many forbidden sentences the word lists find and how many innocent ones they leave alone, per pack and class.

`python -m tests.law.words.measured` prints the report; the tests assert the levels that were reached.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recobro.domain.channel import Channel, Kind
from recobro.law.content import lint
from recobro.law.load import load_packs
from recobro.law.pack import Pack

HERE = Path(__file__).parent
TUNED, HELD_OUT, UNSEEN = "tuned on", "held out", "unseen"
"""Sentences that may be looked at while a list is tuned; that may not; and that were written after the lists."""
INNOCENT = "innocent"
EVERY_ITEM = frozenset({"anything"})


@dataclass(frozen=True)
class Sentence:
    """part: TUNED, HELD_OUT or UNSEEN."""

    pack: str
    label: str
    text: str
    part: str


@dataclass
class Score:
    """Counts over sentences. found: forbidden ones in which their own class was found; refused: in which any was, so that

    they would not be sent; wronged: innocent ones refused.
    """

    forbidden: int = 0
    found: int = 0
    refused: int = 0
    innocent: int = 0
    wronged: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.forbidden if self.forbidden else 1.0

    @property
    def precision(self) -> float:
        """Of all sentences that were refused, those that deserved it."""
        stopped = self.refused + self.wronged
        return self.refused / stopped if stopped else 1.0


def sentences() -> Iterator[Sentence]:
    """The labelled sentences in their order."""
    for file, parts in (("sentences.txt", (TUNED, HELD_OUT)), ("unseen.txt", (UNSEEN,))):
        written = (HERE / file).read_text("utf-8").splitlines()
        for number, line in enumerate(line for line in written if line and not line.startswith("#")):
            pack, label, text = (part.strip() for part in line.split("|", 2))
            yield Sentence(pack, label, text, parts[number % len(parts)])


def classes_in(pack: Pack, text: str, label: str = "") -> dict[str, list[str]]:
    """The forbidden classes that a pack finds in a text, with the phrases."""
    kind = Kind.PAYMENT_RECEIPT if label == "impure_receipt" else Kind.COLLECTION
    content = {rule.id: rule.content for rule in pack.forbidden}
    found: dict[str, list[str]] = defaultdict(list)
    for one in lint(pack, text, channel=Channel.EMAIL, kind=kind, first_contact=False, provided=EVERY_ITEM):
        if one.rule in content:
            found[content[one.rule]].append(one.detail)
    return dict(found)


def measured(packs: Mapping[str, Pack], part: str) -> dict[str, Score]:
    """Scores by pack, by class ("class:…") and in all ("all")."""
    scores: dict[str, Score] = defaultdict(Score)
    for one in sentences():
        if one.part != part:
            continue
        found = classes_in(packs[one.pack], one.text, one.label)
        for key in ("all", one.pack, f"class:{one.label}"):
            _count(scores[key], one, found)
    return dict(scores)


def _count(score: Score, one: Sentence, found: Mapping[str, list[str]]) -> None:
    said = f"{one.pack} {one.label}: {one.text}"
    if one.label == INNOCENT:
        score.innocent += 1
        if found:
            score.wronged += 1
            score.false.append(f"{said} {dict(found)}")
        return
    score.forbidden += 1
    score.refused += bool(found)
    if one.label in found:
        score.found += 1
    else:
        score.missed.append(f"{said} {dict(found)}")


def report(packs: Mapping[str, Pack], part: str) -> str:
    """The scores as a table."""
    rows = [f"{part:40} recall           refused          precision"]
    for key, score in sorted(measured(packs, part).items()):
        recall = f"{score.recall:6.1%} {score.found}/{score.forbidden}"
        stopped = f"{score.refused}/{score.forbidden}"
        innocent = f"({score.wronged} of {score.innocent} innocent)"
        rows.append(f"{key:40} {recall:16} {stopped:16} {score.precision:6.1%} {innocent}")
    return "\n".join(rows)


if __name__ == "__main__":
    every = load_packs()
    for part in (TUNED, HELD_OUT, UNSEEN):
        sys.stdout.write(report(every, part) + "\n\n")
    if "--missed" in sys.argv:
        score = measured(every, TUNED)["all"]
        sys.stdout.write("\n".join((*score.missed, *score.false)) + "\n")
